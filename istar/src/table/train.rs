//! One cell of a table: from the shared warm start to the last measurement, resumable at any moment.

use super::cell::{Cell, Evaluation, Point, Timing};
use super::measure::{evaluate, judge};
use super::run::{CellError, Tick};
use super::world::{Schedule, World};
use crate::env::{Demonstrate, Env, ExactCredit, Offers};
use crate::file;
use crate::kernels::Backend;
use crate::objective::{Objective, explain_with};
use crate::policy::Policy;
use crate::policy::weights::Arrays;
use crate::rollout::SampleError;
use crate::seed::{fnv1a, stream};
use crate::trainer::{IterateError, Trainer};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// Temperatures that policies are tested at.
pub const TEST_TEMPERATURES: [f64; 2] = [1.0, 0.4];

/// A cell under way: what is measured so far, and which file holds the trainer.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    weights: String,
    /// Of the bytes of that file.
    fnv1a: u64,
    cell: Cell,
}

/// Trains one objective with one seed. `net` makes a policy whose values do not matter, `start` the shared warm start; it
/// is called if there is no checkpoint.
///
/// A loss, gradient or distribution that is not finite is no error: the cell says what and where, and is measured with the
/// parameters of the last checkpoint.
///
/// # Errors
/// When a checkpoint is damaged, the directory cannot be written, or a number of the objective is out of range.
pub fn train<O, E, P, D>(
    (row, objective, seed): (&str, &O, u64),
    world: &World<E>,
    schedule: &Schedule,
    net: &(dyn Fn() -> P + '_),
    start: &(dyn Fn() -> Result<P, CellError> + '_),
    dir: &Path,
    tick: &(dyn Fn(Tick) + Sync),
) -> Result<(Cell, Timing), CellError>
where
    O: Objective,
    E: Env<Observation = P::Observation> + Offers<O> + Demonstrate + ExactCredit,
    P: Policy<D> + Debug,
    D: Backend,
{
    let begun = Instant::now();
    let ahead = |phase, iteration, env_steps, success| {
        tick(Tick { iteration, iterations: schedule.iterations, success, env_steps, phase });
    };
    ahead("warm start", 0, 0, 0.0);
    let new = |policy| Trainer::<O, P, D>::new(objective.clone(), policy, schedule.settings, seed);
    let measure = |trainer: &Trainer<O, P, D>, tasks: &[E::Task], t| evaluate(trainer, &world.env, tasks, t);
    let test = |trainer: &Trainer<O, P, D>| -> Result<[Evaluation; 2], SampleError> {
        let [hot, cool] = TEST_TEMPERATURES.map(|temperature| measure(trainer, &world.test, temperature));
        Ok([hot?, cool?])
    };
    let before = spent(dir);
    let timing = |trained: f64, env_steps: u64| Timing {
        train_seconds: trained,
        steps_per_second: env_steps as f64 / trained.max(f64::MIN_POSITIVE),
        seconds: before.seconds + begun.elapsed().as_secs_f64(),
    };
    let mut trained = before.train_seconds;

    let mut trainer = new(net())?;
    let mut cell = match resume(dir, &mut trainer)? {
        Some(cell) => cell,
        None => {
            trainer = new(start()?)?;
            let parameters = O::PARAMS.iter().map(|p| p.name.to_owned()).zip(objective.values()).collect();
            let cell = Cell {
                row: row.to_owned(),
                source: O::SOURCE.to_owned(),
                parameters,
                explain: explain_with(objective),
                seed,
                start: test(&trainer)?,
                validation: vec![measure(&trainer, &world.validation, 1.0)?],
                ..Cell::default()
            };
            save(dir, &trainer, &cell, &timing(trained, 0))?;
            cell
        }
    };

    while trainer.iteration < schedule.iterations && cell.stopped.is_none() {
        let from = Instant::now();
        let mut random = stream(seed, "tasks", trainer.iteration);
        let tasks: Vec<E::Task> = (0..schedule.groups).map(|_| world.task(&mut random)).collect();
        let learned = trainer.iterate(&world.env, &tasks);
        trained += from.elapsed().as_secs_f64();
        let iteration = trainer.iteration;
        let due = |every: u64| iteration.is_multiple_of(every.max(1)) || iteration == schedule.iterations;
        let mut stopped = None;
        match learned {
            Ok(metrics) => {
                let metrics = metrics.into_iter().filter(|(_, value)| value.is_finite()).collect();
                cell.points.push(Point { iteration, env_steps: trainer.env_steps, metrics });
            }
            Err(IterateError::Stop(stop)) => stopped = Some(stop.to_string()),
            Err(IterateError::Sample(error)) => return Err(error.into()),
        }
        if stopped.is_none() && (due(schedule.validate_every) || due(schedule.checkpoint_every)) {
            let validation = measure(&trainer, &world.validation, 1.0)?;
            // The update after the last loss may be the one that broke the policy.
            if !validation.entropy.is_finite() {
                stopped = Some(format!("the policy's entropy is not finite after iteration {iteration}"));
            } else if due(schedule.validate_every) {
                cell.validation.push(validation);
            }
        }
        let stop = stopped.is_some();
        if stop {
            cell = resume(dir, &mut trainer)?.ok_or("the checkpoint is gone: start the cell again")?;
            cell.stopped = stopped;
        }
        if stop || due(schedule.checkpoint_every) {
            cell.iterations = trainer.iteration;
            save(dir, &trainer, &cell, &timing(trained, trainer.env_steps))?;
        }
        let recent = cell.points.iter().rev().take(5).filter_map(|p| p.metrics.get("charts/success"));
        let success = recent.clone().sum::<f64>() / recent.count().max(1) as f64;
        ahead("training", trainer.iteration, trainer.env_steps, success);
    }

    let success = cell.validation.last().map_or(0.0, |v| v.success);
    ahead("test", trainer.iteration, trainer.env_steps, success);
    cell.iterations = trainer.iteration;
    cell.last = test(&trainer)?;
    let judged = judge(&mut trainer, world, &world.test[..schedule.credit_tasks.min(world.test.len())])?;
    cell.fidelity = judged.fidelity;
    cell.pair_accuracy = judged.pair_accuracy;
    cell.films = judged.films;
    Ok((cell, timing(trained, trainer.env_steps)))
}

const CHECKPOINT: &str = "checkpoint.json";
/// The one file here that depends on the clock.
const TIMING: &str = "timing.json";

/// The trainer first, under a name of its own, then the file that names it: whoever finds the second finds the first.
fn save<O, P, D>(
    dir: &Path,
    trainer: &Trainer<O, P, D>,
    cell: &Cell,
    timing: &Timing,
) -> Result<(), CellError>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
{
    let weights = format!("iteration-{:06}.safetensors", trainer.iteration);
    let bytes = trainer.export().to_bytes(&dir.join(&weights))?;
    file::write(&dir.join(&weights), &bytes)?;
    file::write(&dir.join(TIMING), &serde_json::to_vec(timing)?)?;
    let checkpoint = Checkpoint { weights: weights.clone(), fnv1a: fnv1a(&bytes), cell: cell.clone() };
    file::write(&dir.join(CHECKPOINT), &serde_json::to_vec(&checkpoint)?)?;
    for entry in fs::read_dir(dir)?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("iteration-") && name != weights.as_str() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn resume<O, P, D>(dir: &Path, trainer: &mut Trainer<O, P, D>) -> Result<Option<Cell>, CellError>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
{
    let path = dir.join(CHECKPOINT);
    if !path.exists() {
        return Ok(None);
    }
    let damaged = |reason: String| {
        format!("{} is damaged ({reason}): delete its directory, and the cell starts again", path.display())
    };
    let bytes = fs::read(&path).map_err(|e| damaged(e.to_string()))?;
    let found: Checkpoint = serde_json::from_slice(&bytes).map_err(|e| damaged(e.to_string()))?;
    let weights = dir.join(&found.weights);
    let bytes = fs::read(&weights).map_err(|e| damaged(e.to_string()))?;
    if fnv1a(&bytes) != found.fnv1a {
        return Err(damaged(format!("{} is not the file that was written", found.weights)).into());
    }
    let arrays = Arrays::from_bytes(&bytes, &weights).map_err(|e| damaged(e.to_string()))?;
    trainer.import(&arrays).map_err(|e| damaged(e.to_string()))?;
    Ok(Some(found.cell))
}

/// The time that a killed run had taken at its last checkpoint.
fn spent(dir: &Path) -> Timing {
    fs::read(dir.join(TIMING)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}
