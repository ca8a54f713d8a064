use istar::objective;

objective! {
    pub X = rl(adv = norm(outcome, min = 0, ddof = 2, eps = -1)) + dpo_prm(0.05, pairs = top_bottom(1.5), weight = dmpo(2))
}

fn main() {}
