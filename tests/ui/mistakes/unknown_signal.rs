use istar::objective;

objective! {
    pub X = dpo_prm(0.05) + rl(adv = traj + setp)
}

fn main() {}
