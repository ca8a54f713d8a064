use istar::{ablations, objective};

objective! {
    pub Open<beta> = dpo_prm(beta) + rl(adv = step)
}

ablations! {
    pub Table {
        "open" = Open,
    }
}

fn main() {}
