//! Training without a table: an environment of two tokens a step, `Dense` over a vector, a warm start; a checkpoint that is
//! gone on from, metrics in a file, the policy for Python.
//!
//! `cargo run --release --example 07_keep_what_was_learnt -- runs/cart`

#![expect(clippy::print_stdout, reason = "an example talks")]

use dfdx::prelude::Cpu;
use istar::batch::Legal;
use istar::env::{Env, EnvError, StepReward, Transition};
use istar::objective;
use istar::policy::weights::Arrays;
use istar::policy::{Dense, Floats, Tanh};
use istar::rollout::Sampling;
use istar::trainer::adam::AdamConfig;
use istar::trainer::{Settings, Trainer, WarmStart};
use rand::RngExt;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

objective! {
    /// Outcome against the group, what is still to come of the step rewards, and a little entropy to keep exploring.
    pub Rest<bonus = 0.01> = rl(adv = traj + norm(to_go(reward))) + entropy(bonus)
}

/// A cart on a line that must come to rest at 0. A step says where to push (0 left, 1 right), then how hard (2, 3 or 4).
#[derive(Clone, Default)]
struct Cart {
    place: f32,
    speed: f32,
    steps: u32,
}

impl Env for Cart {
    type Task = i32;
    /// Place, speed, and where to push, if that is said.
    type Observation = Floats<3>;

    fn reset(&mut self, task: &i32) -> Result<(), EnvError> {
        *self = Cart { place: *task as f32 / 10.0, ..Cart::default() };
        Ok(())
    }
    fn observe(&self) -> Floats<3> {
        Floats([self.place, self.speed, 0.0])
    }
    fn next(&self, said: &[u32]) -> Option<Floats<3>> {
        (said.len() == 1).then(|| Floats([self.place, self.speed, if said[0] == 0 { -1.0 } else { 1.0 }]))
    }
    fn legal(&self, said: &[u32]) -> Legal {
        if said.is_empty() { Legal::from(0..2) } else { Legal::from(2..5) }
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let push = (tokens[1] - 1) as f32 * if tokens[0] == 0 { -0.1 } else { 0.1 };
        self.speed = (self.speed + push) * 0.5;
        self.place += self.speed;
        self.steps += 1;
        let success = self.place.abs() < 0.05 && self.speed.abs() < 0.1;
        let reward = if success { 1.0 } else { -0.1 * self.place.abs().min(1.0) };
        // Success ends an episode; the budget cuts it off.
        Ok(Transition {
            reward: f64::from(reward),
            ended: success,
            truncated: self.steps == 12,
            success,
            valid: true,
            score: None,
        })
    }
}

impl StepReward for Cart {}

/// Pushes towards 0, however fast the cart is already: good enough to begin with.
fn expert(cart: &Cart) -> Option<Vec<u32>> {
    Some(vec![u32::from(cart.place < 0.0), 2])
}

type Policy = Dense<Floats<3>, (Tanh<32>, Tanh<32>)>;
type Training = Trainer<Rest, Policy, Cpu>;

const SEED: u64 = 0;

fn begin() -> Result<Training, Box<dyn Error>> {
    let warm = WarmStart { steps: 20, tasks: 16, adam: AdamConfig { lr: 1e-2, ..AdamConfig::default() } };
    let policy = Policy::new(&Cpu::default(), 5, SEED);
    let far = |random: &mut rand_chacha::ChaCha8Rng| random.random_range(-20..=20);
    let policy = warm.run::<_, _, Cpu>(policy, &Cart::default(), far, expert, SEED)?;
    let settings = Settings {
        sampling: Sampling { per_group: 8, ..Sampling::default() },
        minibatch: 256,
        policy: AdamConfig { lr: 3e-3, ..AdamConfig::default() },
        ..Settings::default()
    };
    Ok(Trainer::new(Rest::default(), policy, settings, SEED)?)
}

/// So many iterations, a line of metrics for each; the success of the last one.
fn train(trainer: &mut Training, iterations: u64, metrics: &mut dyn Write) -> Result<f64, Box<dyn Error>> {
    let mut success = 0.0;
    for _ in 0..iterations {
        let mut random = istar::seed::stream(trainer.seed, "tasks", trainer.iteration);
        let tasks: Vec<i32> = (0..16).map(|_| random.random_range(-20..=20)).collect();
        let found = trainer.iterate(&Cart::default(), &tasks)?;
        writeln!(metrics, "{}", serde_json::to_string(&found)?)?;
        success = found["charts/success"];
    }
    Ok(success)
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::args().nth(1).map_or_else(|| std::env::temp_dir().join("istar-cart"), PathBuf::from);
    fs::create_dir_all(&dir)?;
    let mut metrics = fs::File::create(dir.join("metrics.jsonl"))?;

    // Half of the way, then everything that the trainer is to a file ..
    let mut trainer = begin()?;
    println!("success begins at {:.2}", train(&mut trainer, 1, &mut metrics)?);
    println!("after 20 iterations: {:.2}", train(&mut trainer, 19, &mut metrics)?);
    trainer.export().save(&dir.join("checkpoint.safetensors"))?;

    // .. and from there on, as after a kill: the same bits as without one.
    let mut again = begin()?;
    again.import(&Arrays::load(&dir.join("checkpoint.safetensors"))?)?;
    println!("after 40 iterations: {:.2}", train(&mut again, 20, &mut metrics)?);
    train(&mut trainer, 20, &mut std::io::sink())?;
    assert!(again.export() == trainer.export(), "a resumed run is the run");

    // The policy alone, for whoever reads safetensors: policy.hidden.0.weight and so on.
    let mut policy = Arrays::new();
    policy.insert_network("policy", &again.nets.policy.net);
    policy.save(&dir.join("policy.safetensors"))?;
    println!("metrics, checkpoint and policy are in {}", dir.display());
    Ok(())
}
