use istar::objective;

objective! { pub Bare = rl(adv = column(format)) }
objective! { pub Segments = rl(adv = column(format, segment, reward)) }
objective! { pub Kind = rl(adv = column(format, step, rewards)) }
objective! { pub Estimate = rl(adv = column(baseline, traj, value)) }
objective! { pub Number = rl(adv = column(0.5, step, reward)) }
objective! { pub Declared<format = 1.0> = format * rl(adv = column(format, step, reward)) }
objective! { pub Gate = rl(adv = norm(outcome, where = column(good, traj, return))) }
objective! { pub Items = rl(adv = norm(reward, within = state * item)) }
objective! { pub Key = rl(adv = norm(reward, within = key(0))) }
objective! { pub Wide = rl(adv = traj(scale_within = state)) }

fn main() {}
