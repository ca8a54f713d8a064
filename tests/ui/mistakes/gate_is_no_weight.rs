use istar::objective;

objective! {
    pub X = rl(adv = norm(outcome, where = reward))
}

fn main() {}
