use istar::objective;

// Bounds of a ratio are what has no dimension, no finer than the ratio.
objective! { pub OfRewards = rl(adv = traj, clip = band(reward)) }
objective! { pub TooFine = rl(adv = traj, clip = band(0.2, 0.1 * entropy), ratio = sum(step)) }
objective! { pub Unused = rl(adv = traj, clip = band(0.2), shape = sapo) }
objective! { pub Bare = rl(adv = traj, clip = 0.1 * entropy) }
objective! { pub Fits = rl(adv = traj, clip = band(0.2, 0.1 * mean(entropy, per = step)), ratio = sum(step)) }

fn main() {}
