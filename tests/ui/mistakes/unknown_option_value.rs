use istar::objective;

objective! {
    pub X = rl(adv = norm(outcome, within = promt, center = median))
}

fn main() {}
