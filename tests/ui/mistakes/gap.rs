use istar::objective;

objective! {
    pub X = rl(adv = )
}

fn main() {}
