//! Environment steps per second of the whole training loop.

use super::Error;
use crate::env::Offers;
use crate::env::sokoban::{Frame, Sokoban};
use crate::kernels::set_threads;
use crate::objective;
use crate::objective::Objective;
use crate::policy::PixelPolicy;
use crate::rollout::Outcome;
use crate::seed::stream;
use crate::table::sokoban::{Preset, Setup};
use crate::trainer::Trainer;
use clap::{Parser, ValueEnum};
use dfdx::prelude::Cpu;
use serde_json::json;
use std::io::Write;
use std::time::Instant;

/// Iterations that are not timed.
const WARM_UP: u64 = 2;

/// Measures the training loop of one objective on 6×6 rooms with one box, 32 groups of 8, mini-batches of 512.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// The objective
    #[arg(long, value_enum, default_value = "grpo")]
    objective: Name,
    /// Timed iterations
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    iterations: u64,
    /// Threads of the kernels
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
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
/// When no level can be made, or training stops.
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    set_threads(arguments.threads as usize);
    match arguments.objective {
        Name::Grpo => measure(&arguments, "grpo", objective!(< rl(adv = traj) + entropy(0.01) >), out),
        Name::Istar => measure(
            &arguments,
            "istar",
            objective!(<
                dpo_prm(0.05, net = separate, ref = old, pairs = success, read = before)
                    + rl(adv = traj + 1.0 * step, ratio = sum(step), reduce = mean(step)) + entropy(0.01)
            >),
            out,
        ),
    }
}

fn measure<O: Objective>(
    arguments: &Arguments,
    name: &str,
    objective: O,
    out: &mut dyn Write,
) -> Result<(), Error>
where
    Sokoban: Offers<O>,
{
    let setup = Setup::new(Preset::Default, (6, 1), Outcome::Reward);
    let world = setup.world()?;
    let policy = PixelPolicy::<Frame, Cpu>::new(
        &Cpu::default(),
        (setup.size, setup.size),
        Frame::TILE,
        arguments.seed,
    );
    let mut trainer = Trainer::new(objective, policy, setup.schedule.settings, arguments.seed)?;
    let (mut begun, mut before, mut distinct) = (Instant::now(), 0, 0.0);
    for iteration in 0..WARM_UP + arguments.iterations {
        if iteration == WARM_UP {
            (begun, before) = (Instant::now(), trainer.env_steps);
        }
        let mut random = stream(arguments.seed, "tasks", iteration);
        let tasks: Vec<_> = (0..setup.schedule.groups).map(|_| world.task(&mut random)).collect();
        let metrics = trainer.iterate(&world.env, &tasks)?;
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
