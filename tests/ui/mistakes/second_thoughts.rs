use istar::objective;

// Odds of a ratio, no trajectory, a column without a name, a term where a signal stands.
objective! { pub OfRatios = dpo(1, over = token, link = odds) }
objective! { pub OfReferences = dpo(1, ref = old, link = odds) }
objective! { pub NoTrajectory = rl(adv = traj(min = traj(0))) }
objective! { pub NoSteps = rl(adv = traj(min = step(2))) }
objective! { pub NoName = rl(adv = traj + reward(1)) }
objective! { pub Trained = rl(adv = traj + entropy(0.1)) }

fn main() {}
