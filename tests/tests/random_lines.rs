//! The random lines that `line.rs` compares are made from the catalogue, so that a new name is among them.

#[path = "line/draw.rs"]
mod draw;
#[path = "line/generate.rs"]
mod generate;

const HEAD: &str = "\
// Made from the catalogue by `generate.rs`; `random_lines.rs` checks that.
lines! {
";

/// `ISTAR_BLESS=1` writes them anew.
#[test]
fn random_lines_are_those_of_the_catalogue() {
    let lines = generate::lines(60);
    let lines = lines.iter().enumerate().map(|(number, line)| format!("    L{number} {{ {line} }}\n"));
    let text = format!("{HEAD}{}}}\n", lines.collect::<String>());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/line/lines.rs");
    if std::env::var_os("ISTAR_BLESS").is_some() {
        std::fs::write(path, &text).expect("a file of this package");
    }
    let found = std::fs::read_to_string(path).expect("a file of this package");
    assert!(found == text, "the catalogue has changed: ISTAR_BLESS=1 writes {path} anew");
}

/// `cargo run --release -p istar-tests --bin front_end -- 100000000` puts more of them through.
#[test]
fn no_text_makes_the_front_end_panic() {
    assert!(istar_tests::front_end::texts(0..10_000) > 0, "some are objectives");
}
