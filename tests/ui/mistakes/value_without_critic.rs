use istar::objective;

objective! {
    pub Alone = rl(adv = to_go(reward) - value)
}

objective! {
    pub LeftOut<gamma = 0.99> = rl(adv = gae(reward, gamma, 0.95))
}

fn main() {}
