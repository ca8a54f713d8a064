use istar::objective;

objective! {
    pub X<lambda> = rl(adv = traj + lambda * step)
}

fn main() {}
