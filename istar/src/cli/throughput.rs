//! Environment steps per second of the whole training loop.

use super::Error;
use super::device::Device;
use crate::env::Offers;
use crate::kernels::set_threads;
use crate::objective;
use crate::objective::Objective;
use crate::seed::stream;
use crate::table::{Ablation, Schedule, Stage};
use crate::trainer::Trainer;
use crate::worlds::{self, Preset, Recipes, Visit, World};
use clap::{Parser, ValueEnum};
use serde_json::json;
use std::io::Write;
use std::time::Instant;

/// Iterations that are not timed.
const WARM_UP: u64 = 2;

/// Measures the training loop of one objective with the sizes of the preset default: 32 groups of 8, mini-batches of 512.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// The objective
    #[arg(long, value_enum, default_value = "grpo")]
    objective: Name,
    /// What is trained on
    #[arg(long, value_parser = super::worlds(), default_value = worlds::LIST[0].name)]
    env: String,
    /// Where the networks compute
    #[arg(long, value_enum, default_value = "cpu")]
    device: Device,
    /// Timed iterations
    #[arg(long, default_value_t = 20, value_parser = super::at_least_one::<u64>)]
    iterations: u64,
    /// Threads of the kernels
    #[arg(long, default_value_t = 2, value_parser = super::at_least_one::<u64>)]
    threads: u64,
    /// Seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Name {
    Grpo,
    Istar,
}

/// Runs the measurement and prints one JSON line.
///
/// # Errors
/// When no task can be made, or training stops.
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    set_threads(arguments.threads as usize);
    worlds::visit_on(arguments.device.place()?, &arguments.env, Measure(&arguments, out))
        .expect("the arguments name a world of the list")
}

/// Measures in the world that it is shown.
struct Measure<'a>(&'a Arguments, &'a mut dyn Write);

impl Visit for Measure<'_> {
    type Output = Result<(), Error>;

    fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
        self,
        make: fn(Preset) -> (W, Schedule),
    ) -> Self::Output {
        let Measure(arguments, out) = self;
        let (world, schedule) = make(Preset::Default);
        let stage = Stage::of(world)?;
        match arguments.objective {
            Name::Grpo => {
                let objective = objective!(< rl(adv = traj) + entropy(0.01) >);
                measure(arguments, &stage, &schedule, ("grpo", objective), out)
            }
            Name::Istar => {
                let objective = objective!(<
                    dpo_prm(0.05, net = separate, ref = old, pairs = success, read = before)
                        + rl(adv = traj + 1.0 * step, ratio = sum(step), reduce = mean(step)) + entropy(0.01)
                >);
                measure(arguments, &stage, &schedule, ("istar", objective), out)
            }
        }
    }
}

fn measure<O: Objective, W: World>(
    arguments: &Arguments,
    stage: &Stage<W>,
    schedule: &Schedule,
    (name, objective): (&str, O),
    out: &mut dyn Write,
) -> Result<(), Error>
where
    W::Env: Offers<O>,
{
    let policy = stage.world.policy(arguments.seed);
    let mut trainer = Trainer::new(objective, policy, schedule.settings, arguments.seed)?;
    let (mut begun, mut before, mut distinct) = (Instant::now(), 0, 0.0);
    for iteration in 0..WARM_UP + arguments.iterations {
        if iteration == WARM_UP {
            (begun, before) = (Instant::now(), trainer.env_steps);
        }
        let mut random = stream(arguments.seed, "tasks", iteration);
        let tasks: Vec<_> = (0..schedule.groups).map(|_| stage.task(&mut random)).collect();
        let metrics = trainer.iterate(&stage.env, &tasks)?;
        if iteration >= WARM_UP {
            distinct += metrics["charts/distinct_observations"] / arguments.iterations as f64;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let steps = trainer.env_steps - before;
    let line = json!({
        "objective": name,
        "iterations": arguments.iterations,
        "env_steps": steps,
        "seconds": seconds,
        "steps_per_second": steps as f64 / seconds,
        "distinct": distinct,
    });
    writeln!(out, "{line}")?;
    Ok(())
}
