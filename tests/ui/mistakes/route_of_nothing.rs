use istar::objective;

objective! {
    pub X = rl(adv = route)
}

fn main() {}
