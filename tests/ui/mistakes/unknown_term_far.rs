use istar::objective;

objective! {
    pub X = gradient(0.5) + rl(adv = traj)
}

fn main() {}
