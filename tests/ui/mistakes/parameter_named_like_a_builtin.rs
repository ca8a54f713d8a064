use istar::objective;

objective! {
    pub X<step = 0.5> = rl(adv = step * traj)
}

fn main() {}
