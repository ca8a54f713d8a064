use istar::objective;

objective! {
    pub X = rl(adv = whiten(r) + route(action = route(switch = traj)))
        where r = 2 * route(action = traj)
}

fn main() {}
