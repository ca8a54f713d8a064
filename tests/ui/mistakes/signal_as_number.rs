use istar::objective;

objective! {
    pub X = dpo_prm(outcome) + rl(adv = step)
}

fn main() {}
