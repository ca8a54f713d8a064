use istar::objective;

objective! {
    pub X = rl(adv = bound(traj))
}

fn main() {}
