use istar::objective;

objective! {
    pub X = rl(adv = outcome(1) + whiten(traj, 2))
}

fn main() {}
