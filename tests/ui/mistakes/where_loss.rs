use istar::objective;

objective! {
    pub X = rl(adv = traj) + l where l = kl(0.1)
}

fn main() {}
