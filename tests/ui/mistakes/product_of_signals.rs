use istar::objective;

objective! {
    pub X = rl(adv = outcome * reward)
}

fn main() {}
