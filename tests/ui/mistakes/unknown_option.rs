use istar::objective;

objective! {
    pub X = rl(adv = traj, clp = 0.2)
}

fn main() {}
