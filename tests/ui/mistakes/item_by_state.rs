//! States are compared step by step.
use istar::objective;

objective! {
    /// By state.
    pub Wrong = rl(adv = sum(norm(checklist, within = state), per = step))
}

fn main() {}
