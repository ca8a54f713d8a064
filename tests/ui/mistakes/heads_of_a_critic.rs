use istar::objective;

objective! {
    pub Slip = rl(adv = gae(reward, 1, 0.95, value = value(hihg))) + critic(0.5, heads = (low, high))
}

objective! {
    pub Which = rl(adv = gae(reward, 1, 0.95)) + critic(0.5, heads = (low, high))
}

objective! {
    pub NoName = rl(adv = gae(reward, 1, 0.95, value = value(low))) + critic(0.5)
}

objective! {
    pub Twice = rl(adv = gae(reward, 1, 0.95, value = value(low))) + critic(0.5, heads = (low, low))
}

objective! {
    pub NoList = rl(adv = gae(reward, 1, 0.95)) + critic(0.5, heads = low)
}

fn main() {}
