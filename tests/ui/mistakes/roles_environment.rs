//! A plain Sokoban has no decision and no subgoal to route credit to; the planned one has.

use istar::env::Offers;
use istar::env::sokoban::Sokoban;
use istar::objective;
use istar::objective::Objective;

objective! {
    pub Routed = rl(adv = route(action = traj))
}

fn train<O: Objective, E: Offers<O>>() {}

fn main() {
    train::<Routed, Sokoban>();
}
