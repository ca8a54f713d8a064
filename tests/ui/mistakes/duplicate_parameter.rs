use istar::objective;

objective! {
    pub X<beta = 0.05, beta = 0.1> = dpo_prm(beta) + rl(adv = step)
}

fn main() {}
