//! What `norm` divides by: `scale = std, none`.

/// A scale as a type.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a scale", note = "`scale` is `std` or `none`")]
pub trait Scale: Send + Sync + 'static {
    /// Whether the spread of the pool divides.
    const SPREAD: bool;
    /// As it is written.
    const NAME: &'static str;
}

/// The standard deviation of the pool, plus `eps`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Std;
/// Nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct None;

impl Scale for Std {
    const SPREAD: bool = true;
    const NAME: &'static str = "std";
}
impl Scale for None {
    const SPREAD: bool = false;
    const NAME: &'static str = "none";
}
