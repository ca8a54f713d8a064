//! A table is for environments that offer what each of its rows demands.

use istar::env::{Env, EnvError, Transition};
use istar::table::Ablation;

istar::ablations! { pub Rows { "GRPO" = rl(adv = traj), "steps" = rl(adv = norm(reward)) } }

#[derive(Clone)]
struct Dialogue;

impl Env for Dialogue {
    type Task = ();
    type Observation = u32;

    fn reset(&mut self, _: &()) -> Result<(), EnvError> {
        Ok(())
    }

    fn observe(&self) -> u32 {
        0
    }

    fn step(&mut self, _: &[u32]) -> Result<Transition, EnvError> {
        Ok(Transition::default())
    }
}

fn run<E: Env, A: Ablation<E>>() {}

fn main() {
    run::<Dialogue, Rows>();
}
