use istar::objective;

objective! { pub Log = rl(adv = log(outcome)) }
objective! { pub Exp = rl(adv = exp(outcome)) }
objective! { pub Abs = rl(adv = abs(reward)) }
objective! { pub Max = rl(adv = max(outcome, 0)) }
objective! { pub MaxPer = rl(adv = max(reward, per = traj)) }
objective! { pub Normalised = rl(adv = normalised(outcome)) }
objective! { pub Mean = rl(adv = traj, ratio = mean(traj)) }

fn main() {}
