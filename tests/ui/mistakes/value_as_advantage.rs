use istar::objective;

objective! {
    pub X = td_prm(1, 0.95) + rl(adv = q)
}

fn main() {}
