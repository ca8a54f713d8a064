//! What must not compile: each mistake with its message at the right token and a way out.
//!
//! The messages belong to the compiler of `rust-toolchain.toml`; `TRYBUILD=overwrite` writes them anew.

#[test]
fn ui() {
    trybuild::TestCases::new().compile_fail("mistakes/*.rs");
}
