use istar::objective;

objective! {
    pub X = rl(adv = log_ratio(old, old))
}

fn main() {}
