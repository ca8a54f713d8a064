//! A dialogue that says at its end how it went, and nothing else: what needs turns, roles, a way back or an expert is refused.

use istar::env::{Env, EnvError, Offers, Transition};
use istar::objective;
use istar::objective::Objective;
use istar::recipes::{Cm2Turn, Grpo, HiPer, HiPerIStar, IStar, VinePpo};

objective! {
    pub Imitation = rl(adv = traj) + bc(1)
}

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
    // Outcomes are enough.
    train::<Grpo, Dialogue>();
    train::<IStar, Dialogue>();
    // They are not.
    train::<Cm2Turn, Dialogue>();
    train::<HiPer, Dialogue>();
    train::<HiPerIStar, Dialogue>();
    train::<VinePpo, Dialogue>();
    train::<Imitation, Dialogue>();
}
