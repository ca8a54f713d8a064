use istar::objective;

objective! {
    pub X = dpo_prm(0.05, pairs = top_botom(2)) + rl(adv = step)
}

fn main() {}
