use istar::objective;

objective! { pub Estimate = rl(adv = share(q, by = exp(log_ratio(old, init)), per = step)) + td_prm(1, 1) }
objective! { pub Finer = rl(adv = share(reward, by = exp(log_ratio(old, init)), per = traj)) }
objective! { pub Coarser = rl(adv = share(outcome, by = success, per = step)) }
objective! { pub Weights = rl(adv = share(outcome, by = reward, per = traj)) }
objective! { pub Kinds = rl(adv = maximum(outcome, reward)) }
objective! { pub Same = rl(adv = divergence(old, old)) }

fn main() {}
