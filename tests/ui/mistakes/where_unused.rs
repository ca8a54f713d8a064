use istar::objective;

objective! {
    pub X = rl(adv = traj) where r = reward
}

fn main() {}
