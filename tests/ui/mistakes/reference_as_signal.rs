use istar::objective;

objective! {
    pub X = rl(adv = old)
}

fn main() {}
