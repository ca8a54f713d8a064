use istar::objective;

objective! {
    pub X = traj + rl(adv = traj)
}

fn main() {}
