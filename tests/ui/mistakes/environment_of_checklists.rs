//! What the macro cannot see: the environment has no judge, and does not describe its states.

use istar::env::{Env, EnvError, Offers, Transition};
use istar::objective::Objective;
use istar::recipes::{Cm2Traj, GiGpoSimilar};

/// It pays on the way, and that is all that it offers.
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

impl istar::env::StepReward for Dialogue {}

fn train<O: Objective, E: Offers<O>>() {}

fn main() {
    train::<Cm2Traj, Dialogue>();
    train::<GiGpoSimilar, Dialogue>();
}
