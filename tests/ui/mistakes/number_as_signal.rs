use istar::objective;

objective! {
    pub X<w> = rl(adv = norm(w)) + rl(adv = 2)
}

fn main() {}
