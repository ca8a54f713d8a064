use istar::objective;

objective! {
    pub X = 0 * kl(0.1) + entropy(0.01) * 0 + bc(0) + rl(adv = traj)
}

fn main() {}
