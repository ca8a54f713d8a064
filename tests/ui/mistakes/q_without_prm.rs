use istar::objective;

objective! {
    pub X = rl(adv = traj + diff(q))
}

fn main() {}
