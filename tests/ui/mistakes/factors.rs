use istar::objective;

objective! { pub Exponent = rl(adv = exp(outcome) * traj) }
objective! { pub Alone = rl(adv = exp(log_ratio(old, sampler))) }
objective! { pub Weighed = rl(adv = traj, weight = outcome) }
objective! { pub Items = rl(adv = traj, weight = keep(checklist, 0, 1)) }
objective! { pub Ranked = rl(adv = pool(outcome, stat = rank)) }
objective! { pub Product = rl(adv = outcome * pool(outcome)) }
objective! { pub Bounds = rl(adv = keep(outcome, 1, 0) * traj) }
objective! { pub Same = rl(adv = traj, weight = exp(log_ratio(old, old))) }
objective! { pub After = rl(adv = next(outcome)) }
objective! { pub Last = rl(adv = next(reward, last = log_ratio(old, init))) }

fn main() {}
