use istar::objective;

objective! {
    pub X = mc_prm(0, 0.95) + rl(adv = traj + step)
}

fn main() {}
