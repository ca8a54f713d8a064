//! What the macro cannot see: the environment has to offer what the objective demands.

use istar::env::{Env, EnvError, Offers, Transition};
use istar::objective::Objective;
use istar::recipes::{GiGpo, IStarEnvReward};

// GiGPO groups steps by state, the other reads what a step pays.

/// It ends after four turns, and neither compares its states nor pays on the way.
#[derive(Clone)]
struct Dialogue {
    turns: u32,
}

impl Env for Dialogue {
    type Task = ();
    type Observation = u32;

    fn reset(&mut self, _: &()) -> Result<(), EnvError> {
        self.turns = 0;
        Ok(())
    }

    fn observe(&self) -> u32 {
        self.turns
    }

    fn step(&mut self, _: &[u32]) -> Result<Transition, EnvError> {
        self.turns += 1;
        Ok(Transition { ended: self.turns == 4, ..Transition::default() })
    }
}

fn train<O: Objective, E: Offers<O>>() {}

fn main() {
    train::<GiGpo, Dialogue>();
    train::<IStarEnvReward, Dialogue>();
}
