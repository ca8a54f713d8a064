use istar::objective;

objective! {
    pub X = dpo_prm(0.05) + rl(adv = traj + diff(q))
}

fn main() {}
