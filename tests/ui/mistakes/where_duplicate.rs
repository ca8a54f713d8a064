use istar::objective;

objective! {
    pub X<r> = rl(adv = r * s) where r = reward, s = outcome, s = traj
}

fn main() {}
