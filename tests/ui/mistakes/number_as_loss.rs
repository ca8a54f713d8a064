use istar::objective;

objective! {
    pub X<beta> = beta + 0.5 + rl(adv = traj)
}

fn main() {}
