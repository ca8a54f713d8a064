use istar::objective;

pub struct Mine;

objective! {
    pub X = rl(adv = traj) + Mine
}

fn main() {}
