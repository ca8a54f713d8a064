//! A name that shadows. `step` in a line is the language's whatever else is called so, a capitalised name is what is in scope
//! there, and a captured variable is the last of its name: of one that is no number the whole line is named.

use istar::objective;
use istar::objective::signal::Outcome;

/// Hides nothing of the language: `step` in a line is the built-in, and there is no PRM.
fn step() -> f64 {
    0.0
}

objective! {
    pub BuiltIn = rl(adv = traj + step)
}

mod inner {
    use super::{Outcome as Given, objective};

    /// Not the library's signal of this name.
    pub struct Outcome;

    objective! {
        pub Theirs = rl(adv = norm(Given))
    }
    objective! {
        pub Mine = rl(adv = norm(Outcome))
    }
}

fn main() {
    let lambda = 0.5;
    let _ = objective!(rl(adv = traj + lambda * outcome));
    let lambda = "half";
    let _ = objective!(rl(adv = traj + lambda * outcome));
    let _ = (step(), inner::Outcome, Outcome);
}
