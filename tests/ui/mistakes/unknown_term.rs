use istar::objective;

objective! {
    pub X<beta = 0.05> = dpo_pmr(beta) + rl(adv = traj)
}

fn main() {}
