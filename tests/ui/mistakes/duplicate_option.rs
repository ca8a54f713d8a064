use istar::objective;

objective! {
    pub X = dpo_prm(0.05, beta = 0.1) + rl(adv = step, clip = 0.2, clip = 0.3)
}

fn main() {}
