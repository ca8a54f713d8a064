use istar::objective;

objective! {
    pub X<lam = 0.95> = rl(adv = gae(reward, 1, lam) + gae(reward, 1, 1)) + critic(0.5)
}

fn main() {}
