use istar::objective;

objective! {
    pub X<beta = 0.05> = ce_prm(beta, ref = old, per = step) + rl(adv = token)
}

fn main() {}
