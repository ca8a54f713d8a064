use istar::objective;

objective! {
    pub X = rl(adv = norm(outcome, count = first(step)))
}

fn main() {}
