use istar::objective;

objective! {
    pub X = rl(adv = to_go(norm(outcome)))
}

fn main() {}
