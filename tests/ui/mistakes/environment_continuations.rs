//! Fresh continuations ask for an environment that can go back; without them an explicit PRM asks for nothing.

use istar::env::{Env, EnvError, Offers, Transition};
use istar::objective;
use istar::objective::Objective;
use istar::recipes::AgentPrm;

objective! {
    pub Fresh = mc_prm(4, 0.95) + rl(adv = traj + diff(q))
}

/// The partner remembers what was said: nobody can go back.
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
    train::<AgentPrm, Dialogue>();
    train::<Fresh, Dialogue>();
}
