use istar::objective;

objective! {
    pub X = rl(adv = has(swich) * traj + route(actions = traj))
}

fn main() {}
