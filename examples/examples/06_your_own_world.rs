//! A world of your own: steps of two tokens, a cut-off, a small network over a vector; three rows, a table, a report.
//!
//! `cargo run --release --example 06_your_own_world`

#![expect(clippy::print_stdout, reason = "an example talks")]

use dfdx::prelude::*;
use istar::ablations;
use istar::batch::Legal;
use istar::env::{Env, EnvError, StepReward, Transition};
use istar::policy::{Categorical, Outputs, Parameter, Parameters, fresh, init};
use istar::recipes::{Grpo, IStarStable};
use istar::table::{Schedule, Table, Tasks, World, report};
use serde::Serialize;
use std::error::Error;
use std::num::NonZeroUsize;

ablations! {
    Rows {
        "GRPO" = Grpo,
        "reward to go" = rl(adv = norm(to_go(reward))),
        "iStar stable" = IStarStable,
    }
}

/// Three dials from 0 to 4, to be turned to 0, and the steps taken. A step names a dial (0, 1, 2), then turns it (3 down, 4 up).
#[derive(Clone)]
struct Dials([u8; 3], u32);

impl Env for Dials {
    type Task = [u8; 3];
    /// The dials, and the one that is named, counted from 1.
    type Observation = [u8; 4];

    fn reset(&mut self, task: &[u8; 3]) -> Result<(), EnvError> {
        *self = Dials(*task, 0);
        Ok(())
    }
    fn observe(&self) -> [u8; 4] {
        [self.0[0], self.0[1], self.0[2], 0]
    }
    fn next(&self, said: &[u32]) -> Option<[u8; 4]> {
        (said.len() == 1).then(|| [self.0[0], self.0[1], self.0[2], said[0] as u8 + 1])
    }
    fn legal(&self, said: &[u32]) -> Legal {
        if said.is_empty() { Legal::from(0..3) } else { Legal::from(3..5) }
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let dial = &mut self.0[tokens[0] as usize];
        *dial = if tokens[1] == 3 { dial.saturating_sub(1) } else { (*dial + 1).min(4) };
        self.1 += 1;
        let success = self.0 == [0; 3];
        let reward = if success { 1.0 } else { -0.05 };
        Ok(Transition { reward, ended: success, truncated: self.1 == 12, success, valid: true, score: None })
    }
}

impl StepReward for Dials {}

/// One hidden layer, from an observation to so many numbers.
#[derive(Debug)]
struct Mlp {
    hidden: Tensor<(Const<32>, Const<4>), f32, Cpu>,
    head: Tensor<(usize, Const<32>), f32, Cpu>,
}

/// A clone has gradients of its own.
impl Clone for Mlp {
    fn clone(&self) -> Self {
        Mlp { hidden: fresh(&self.hidden), head: fresh(&self.head) }
    }
}

impl Parameters<Cpu> for Mlp {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<Cpu>)> {
        vec![("hidden".into(), &self.hidden), ("head".into(), &self.head)]
    }
    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<Cpu>)> {
        vec![("hidden".into(), &mut self.hidden), ("head".into(), &mut self.head)]
    }
}

impl Outputs<Cpu> for Mlp {
    type Observation = [u8; 4];

    fn outputs<'a, T: Tape<f32, Cpu>>(
        &self,
        observations: impl ExactSizeIterator<Item = &'a [u8; 4]>,
        tape: T,
    ) -> Tensor<(usize, usize), f32, Cpu, T> {
        let rows = observations.len();
        let inputs = observations.flatten().map(|x| f32::from(*x) - 1.5).collect();
        let x = Cpu::default().tensor_from_vec(inputs, (rows, Const::<4>)).put_tape(tape);
        x.matmul(self.hidden.clone().permute()).tanh().matmul(self.head.clone().permute())
    }
    fn size(&self) -> usize {
        self.head.shape().0
    }
    fn with_outputs(&self, outputs: usize, seed: u64) -> Self {
        let head = init::uniform(&Cpu::default(), (outputs, Const), 32, 1.0, seed, "head");
        Mlp { head, ..self.clone() }
    }
}

#[derive(Serialize)]
#[serde(tag = "world", rename = "dials")]
struct DialWorld {}

impl World for DialWorld {
    type Env = Dials;
    type Device = Cpu;
    type Policy = Categorical<Mlp>;

    fn setting(&self) -> String {
        "three dials, 12 steps".into()
    }
    fn env(&self) -> Dials {
        Dials([0; 3], 0)
    }
    fn policy(&self, seed: u64) -> Categorical<Mlp> {
        let hidden = init::uniform(&Cpu::default(), Default::default(), 4, 1.0, seed, "hidden");
        let none = Cpu::default().zeros_like(&(0, Const));
        Categorical(Mlp { hidden, head: none }.with_outputs(5, seed))
    }
    fn tasks(&self) -> Result<Tasks<[u8; 3]>, Box<dyn Error + Send + Sync>> {
        let all = (1..125).map(|i| [i % 5, i / 5 % 5, i / 25]);
        let of =
            |set: [u8; 2]| all.clone().filter(move |[a, b, c]| set.contains(&((a + b + c) % 5))).collect();
        Ok(Tasks { train: of([0, 1]), validation: of([2, 2]), test: of([3, 4]) })
    }
    fn caption(&self, tokens: &[u32]) -> String {
        format!("dial {} {}", tokens[0] + 1, if tokens[1] == 3 { "down" } else { "up" })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let schedule = Schedule { iterations: 40, groups: 16, ..Schedule::default() };
    let works = Table::new(DialWorld {}, schedule)?.seeds(2).works::<Rows>()?;
    let dir = std::env::temp_dir().join(format!("istar-dials-{}", std::process::id()));
    let finished = works.run(&dir, NonZeroUsize::MIN.saturating_add(1), &|_| {})?;
    println!("{}", report::markdown(&works.report(&finished)));
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}
