use istar::objective;

objective! {
    pub X<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = step)
}

fn main() {}
