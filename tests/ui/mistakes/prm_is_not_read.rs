#![deny(deprecated)]
use istar::objective;

objective! {
    pub X<beta = 0.05> = dpo_prm(beta) + rl(adv = traj)
}

fn main() {}
