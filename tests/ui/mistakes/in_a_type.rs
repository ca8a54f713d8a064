use istar::objective;

type Fixed = objective!(< dpo_pmr(0.05) + rl(adv = setp) >);

fn main() {}
