use istar::objective;

objective! {
    pub X = rl(adv = norm(reward, count = traj))
}

fn main() {}
