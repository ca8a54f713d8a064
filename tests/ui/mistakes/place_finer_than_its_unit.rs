use istar::objective;

objective! {
    pub X = rl(adv = place(log_ratio(old, init), per = step, at = token))
}

fn main() {}
