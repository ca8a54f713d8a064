use istar::objective;

objective! {
    pub X = rl(traj) + dpo_prm(0.05, separate)
}

fn main() {}
