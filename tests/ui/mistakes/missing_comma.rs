use istar::objective;

objective! { pub Option = rl(adv = traj clip = 0.3) }
objective! { pub Signal = rl(adv = traj reward) }
objective! { pub Parameter<a = 1 b = 2> = rl(adv = a * traj) + kl(b) }

fn main() {}
