use istar::objective;

objective! {
    pub X = rl(adv = traj) * kl(0.1)
}

fn main() {}
