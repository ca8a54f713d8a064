use istar::objective;

objective! {
    pub X<beta: f64 = 0.05> = rl(adv = traj) + kl(beta)
}

fn main() {}
