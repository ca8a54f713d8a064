#![deny(deprecated)]
use istar::{ablations, objective};

objective! { pub Coefficient = rl(adv = traj) + entropy(-0.01) }
objective! { pub Factor = rl(adv = traj) + -0.01 * kl(1) }
objective! { pub Minus = rl(adv = traj) - bc(0.1) }
objective! { pub Default<w = -0.5> = rl(adv = gae(reward, 1, 1)) + w * critic(0.5) }
objective! { pub Prm<beta = 0.05> = rl(adv = traj + step) - dpo_prm(beta) }
ablations! { pub Rows { "one" = rl(adv = traj) - kl(0.1), "other" = rl(adv = traj) } }

objective! { pub Meant = rl(adv = traj) + -1 * entropy(0.01) }
objective! {
    #[allow(deprecated)]
    pub Allowed = rl(adv = traj) - entropy(0.01)
}

fn main() {
    let c = 0.01;
    objective!(rl(adv = traj) - entropy(c));
    objective!(rl(adv = traj) + -1 * entropy(c));
}
