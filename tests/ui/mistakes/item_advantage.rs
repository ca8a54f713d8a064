//! An Item signal as advantage: a token has no items.
use istar::objective;

objective! {
    /// Step by step.
    pub Wrong = rl(adv = checklist)
}

fn main() {}
