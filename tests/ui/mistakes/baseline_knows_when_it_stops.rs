#![deny(deprecated)]

use istar::objective;

objective! { pub Turns = rl(adv = to_go(norm(reward, within = turn))) }
objective! { pub Sums = rl(adv = sum(0.5 * norm(reward, within = turn) - invalid, per = traj)) }

// What is free of it: centred after the sum, inside of a turn, by no mean, in the whole group.
objective! { pub After = rl(adv = norm(to_go(reward), within = turn)) }
objective! { pub Inside = rl(adv = to_go(norm(reward, within = turn), within = segment)) }
objective! { pub Scaled = rl(adv = to_go(norm(reward, within = turn, center = none))) }
objective! { pub Group = rl(adv = to_go(norm(reward))) }

fn main() {}
