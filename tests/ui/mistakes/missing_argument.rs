use istar::objective;

objective! {
    pub X = rl() + dpo_prm(net = separate) + kl
}

fn main() {}
