use istar::objective;

objective! {
    pub X = rl(adv = gae(reward, 1, 0.95)) + critic(0.5) + critic(1, clip = none)
}

fn main() {}
