#![deny(deprecated)]
use istar::objective;

objective! {
    pub X = rl(adv = gae(reward, 1, 0.95, value = value(low))) + critic(0.5, heads = (low, high))
}

fn main() {}
