//! `true` is the value of an option.
use istar::objective;

objective! {
    /// True.
    pub Wrong = rl(adv = true)
}

fn main() {}
