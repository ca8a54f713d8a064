use istar::objective;

objective! {
    pub X = rl(adv = diff(outcome))
}

fn main() {}
