use istar::objective;

objective! {
    pub X = kl(0.1, ref = snapshot) + rl(adv = traj)
}

fn main() {}
