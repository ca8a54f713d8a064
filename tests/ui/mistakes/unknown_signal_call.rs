use istar::objective;

objective! {
    pub X = rl(adv = normalise(outcome))
}

fn main() {}
