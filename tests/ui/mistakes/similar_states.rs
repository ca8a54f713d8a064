//! How much alike states must be.
use istar::objective;

objective! {
    /// Similar.
    pub Wrong = rl(adv = norm(reward, within = state(similar = 1.5)) + norm(reward, within = state(like = 0.9)) + norm(reward, within = state(0.9)))
}

fn main() {}
