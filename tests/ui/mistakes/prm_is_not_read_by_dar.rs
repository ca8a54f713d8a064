#![deny(deprecated)]
use istar::objective;

objective! {
    pub X<beta = 0.05> = ce_prm(beta) + dar(beta, 0.1, adv = traj)
}

fn main() {}
