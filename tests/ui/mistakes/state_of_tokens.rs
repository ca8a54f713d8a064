use istar::objective;

objective! {
    pub X = dpo_prm(0.05) + rl(adv = norm(implicit, within = state))
}

fn main() {}
