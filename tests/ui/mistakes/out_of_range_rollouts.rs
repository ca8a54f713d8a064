use istar::objective;

objective! {
    pub X = mc_prm(0.5, 1.5) + rl(adv = to_go(reward) - mc(0) + diff(q))
}

fn main() {}
