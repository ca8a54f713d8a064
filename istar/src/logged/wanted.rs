//! How much of a result is wanted, and with it how much of a batch is read.

use super::schema::Field;

/// What is to be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Advantage, losses and derivatives.
    All,
    /// The advantage alone.
    Advantage,
}

/// Fields whose demand is no proof that they are read: every batch of a sampler has the first three, and of the others a
/// term may be in want that does not touch the advantage. What the result says of [stand-ins](super::absent) decides.
const DOUBTFUL: &[Field] = &[
    Field::old,
    Field::outcome,
    Field::success,
    Field::logp,
    Field::init,
    Field::snapshot,
    Field::ema,
    Field::prm,
];

impl Wanted {
    /// Whether a field that an objective demands may be missing nevertheless.
    pub(super) fn doubts(self, field: Field) -> bool {
        let doubtful = if self == Wanted::All { &DOUBTFUL[..3] } else { DOUBTFUL };
        doubtful.contains(&field)
    }
}
