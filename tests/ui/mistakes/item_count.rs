//! What is counted of items, and items of what.
use istar::objective;

objective! {
    /// Counts.
    pub Wrong = dpo_prm(0.05) + rl(adv = sum(norm(checklist, count = traj), per = step) + sum(norm(checklist, count = token), per = step) + norm(implicit, count = item))
}

fn main() {}
