use istar::objective;

objective! {
    pub X = dpo_prm(0.05) + dpo_prm(0.1, net = separate) + rl(adv = step)
}

fn main() {}
