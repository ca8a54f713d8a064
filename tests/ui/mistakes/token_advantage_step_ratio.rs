use istar::objective;

objective! {
    pub X = dpo_prm(0.05) + rl(adv = traj + token, ratio = sum(step))
}

fn main() {}
