use istar::objective;

objective! { pub X = rl(adv = traj, clip = (0.8, 1.2)) }
objective! { pub Higher<lo = 0.8, hi = 1.28> = rl(adv = traj, clip = (lo, hi)) }

fn main() {}
