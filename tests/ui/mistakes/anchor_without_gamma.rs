use istar::objective;

objective! {
    pub X = rl(adv = traj + anchor)
}

fn main() {}
