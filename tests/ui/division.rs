use istar::objective;

objective! {
    pub X<n> = rl(adv = traj / n)
}

fn main() {}
