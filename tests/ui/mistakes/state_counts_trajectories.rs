use istar::objective;

objective! {
    pub X = rl(adv = norm(to_go(reward), within = state, count = mean(traj)))
}

fn main() {}
