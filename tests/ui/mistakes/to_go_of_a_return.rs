use istar::objective;

objective! {
    pub X = rl(adv = to_go(outcome))
}

fn main() {}
