use istar::objective;

objective! {
    pub X<gamma = 1.5> = dpo_prm(0) + rl(adv = step + to_go(reward, gamma), clip = -0.1, dual = 1)
}

fn main() {}
