//! The items of a step lie side by side.
use istar::objective;

objective! {
    /// To go.
    pub Wrong = rl(adv = sum(to_go(checklist), per = step) + sum(whiten(checklist), per = step)
        + sum(gae(checklist, 1, 0.95), per = step) + sum(diff(checklist), per = step)) + critic(0.5)
}

fn main() {}
