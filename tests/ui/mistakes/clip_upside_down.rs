use istar::objective;

objective! {
    pub X = rl(adv = clip(outcome, 1, -1))
}

fn main() {}
