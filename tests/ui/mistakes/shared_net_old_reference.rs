use istar::objective;

objective! {
    pub X<beta = 0.05> = dpo_prm(beta, ref = old) + rl(adv = step)
}

fn main() {}
