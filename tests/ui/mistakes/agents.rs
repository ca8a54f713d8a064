//! A preference that is split over agents wants to know who moved: one player alone cannot say, a relay can.

use istar::env::Offers;
use istar::env::relay::Relay;
use istar::env::sokoban::Sokoban;
use istar::objective::Objective;
use istar::recipes::open::PerAgent;

fn train<O: Objective, E: Offers<O>>() {}

fn main() {
    train::<PerAgent, Relay<Sokoban>>();
    train::<PerAgent, Sokoban>();
}
