use istar::objective;

objective! { pub NoBounds = rl(adv = traj, shape = logp, clip = 0.1) }
objective! { pub NoRatio = rl(adv = traj, shape = logp, ratio = mean(traj)) }
objective! { pub NoDual = rl(adv = traj, shape = cispo, dual = 3) }
objective! { pub NoUnits = rl(adv = traj, empty = count) }
objective! { pub NoForm = rl(adv = traj, shape = cispoo) }
objective! { pub Heat = rl(adv = traj, shape = sapo(0)) }
objective! { pub Doubt = dpo(0.1, link = robust(smooth = 0.5)) }
objective! { pub Needed = dpo(0.1, link = exo) }
objective! { pub NoLink = dpo(0.1, link = hinges) }
objective! { pub Free = rl(adv = traj) + kl(0.1, ref = none) }

fn main() {}
