use istar::objective;

objective! {
    pub X = kl(0.1, ref = ema(2)) + kl(0.1, ref = geo(-0.5)) + kl(0.1, ref = snapshot(every = 0)) + rl(adv = traj)
}

fn main() {}
