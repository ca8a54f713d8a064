use istar::objective;

objective! {
    pub X = dpo_prm(0.05) + ce_prm(0.05) + rl(adv = step)
}

fn main() {}
