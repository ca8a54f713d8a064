use istar::{ablations, objective};

objective! {
    pub Grpo = rl(adv = traj)
}

ablations! {
    pub Table {
        "GRPO" = Grpo,
        "GRPO" = rl(adv = loo),
        "free" = dpo_prm(beta) + rl(adv = step),
        "slip" = rl(adv = trja),
    }
}

ablations! {
    pub Empty {}
}

ablations! {
    pub Rows {
        GRPO = Grpo,
        "two" rl(adv = traj),
    }
}

fn main() {}
