use istar::objective;

objective! {
    pub X = rl(adv = log_ratio(prm, init))
}

fn main() {}
