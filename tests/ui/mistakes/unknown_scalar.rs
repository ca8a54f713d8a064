use istar::objective;

objective! {
    pub X = dpo_prm(b) + rl(adv = step)
}

fn main() {}
