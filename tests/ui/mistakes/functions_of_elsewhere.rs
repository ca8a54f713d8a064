use istar::objective;

objective! { pub Log = rl(adv = log(outcome)) }
objective! { pub Sqrt = rl(adv = sqrt(outcome)) }
objective! { pub Max = rl(adv = max(outcome, 0)) }
objective! { pub Normalised = rl(adv = normalised(outcome)) }
objective! { pub Mean = rl(adv = traj, ratio = mean(segment)) }

fn main() {}
