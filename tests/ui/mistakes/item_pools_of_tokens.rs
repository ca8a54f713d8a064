//! Pools of items make Items of a coarser signal, and tokens are no coarser.
use istar::objective;

objective! {
    /// Pools.
    pub Wrong = dpo_prm(0.05) + rl(adv = norm(implicit, within = item))
}

fn main() {}
