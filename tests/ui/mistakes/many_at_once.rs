use istar::objective;

objective! {
    pub X<beta = 0.05, unused> = dpo_pmr(beta) + rl(adv = setp, clp = 0.1) + traj
}

fn main() {}
