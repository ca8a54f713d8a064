//! Where in a unit `place` puts a number: `on = last, first, all`.

use crate::credit::Spot;

/// A spot as a type.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a spot", note = "`on` is `last`, `first` or `all`")]
pub trait On: Send + Sync + 'static {
    /// The spot as a value.
    const ID: Spot;
    /// As it is written.
    const NAME: &'static str;
}

/// The last element.
#[derive(Clone, Copy, Debug, Default)]
pub struct Last;
/// The first element.
#[derive(Clone, Copy, Debug, Default)]
pub struct First;
/// Every element, in equal shares.
#[derive(Clone, Copy, Debug, Default)]
pub struct All;

impl On for Last {
    const ID: Spot = Spot::Last;
    const NAME: &'static str = "last";
}
impl On for First {
    const ID: Spot = Spot::First;
    const NAME: &'static str = "first";
}
impl On for All {
    const ID: Spot = Spot::All;
    const NAME: &'static str = "all";
}
