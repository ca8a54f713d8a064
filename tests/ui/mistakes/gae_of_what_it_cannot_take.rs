use istar::objective;

objective! {
    pub Accumulated = rl(adv = gae(outcome, 1, 0.95)) + critic(0.5)
}

objective! {
    pub Coarse = rl(adv = gae(reward, 1, 0.95)) + critic(0.5, per = token)
}

objective! {
    pub Segments = rl(adv = gae(log_ratio(old, init), 1, 0.95, per = segment)) + critic(0.5)
}

objective! {
    pub Follows = rl(adv = gae(reward, 1, 0.95, within = step, next = reward)) + critic(0.5)
}

objective! {
    pub Bare = rl(adv = value) + critic(0.5)
}

fn main() {}
