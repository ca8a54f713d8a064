//! One cell of a table: from the start that its seed shares to the last measurement, resumable at any moment.

use super::budget::Spent;
use super::cell::{Cell, Evaluation, Point, Timing};
use super::checkpoint::{answers, forget, resume, save, spent};
use super::clock::Clock;
use super::error::CellError;
use super::measure::{Judged, evaluate_each, judge_in};
use super::schedule::Schedule;
use super::seen::Seen;
use super::signals::{Measured, Signals};
use super::start::Start;
use super::world::{Stage, TaskOf, TrainerOf, World};
use crate::credit::Credit;
use crate::env::{Env, Offers};
use crate::objective::Objective;
use crate::rollout::SampleError;
use crate::trainer::IterateError;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Temperatures that policies are tested at.
pub const TEST_TEMPERATURES: [f64; 2] = [1.0, 0.4];

/// How far a cell is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Iterations of this phase done.
    pub iteration: u64,
    /// Iterations of this phase.
    pub iterations: u64,
    /// Share of solved training episodes, mean over the last five iterations; in the test, of the last validation.
    pub success: f64,
    /// Environment steps so far.
    pub env_steps: u64,
    /// What is being done: "warm start", "training", "test".
    pub phase: &'static str,
}

/// A cell that is filled, and the trainer that filled it.
pub struct Trained<O: Objective, W: World> {
    /// As it is after the last iteration, or at the last checkpoint if training broke off.
    pub trainer: TrainerOf<O, W>,
    /// What was measured.
    pub cell: Cell,
    /// How long it took.
    pub timing: Timing,
}

/// Trains one objective from one start, and measures it, under a row's name. Checkpoints are kept in `dir`, which must be
/// there; where it has one, training goes on from it. `tick` is told how far the cell is.
///
/// A loss, gradient or distribution that is not finite is no error: the cell says what and where, and is measured with the
/// parameters of the last checkpoint. Nor is an episode whose environment failed: it is left out, and the cell says how many
/// there were.
///
/// # Errors
/// When a number of the objective is out of range, the warm start breaks off, a checkpoint is damaged, the directory
/// cannot be written, or a batch has lost all its episodes; then what was computed is kept, and training goes on from it
/// when it is asked for again.
pub fn train<O: Objective, W: World>(
    (row, objective): (&str, &O),
    stage: &Stage<W>,
    schedule: &Schedule,
    start: &Start<W>,
    dir: &Path,
    tick: &(dyn Fn(Tick) + Sync),
) -> Result<Trained<O, W>, CellError>
where
    W::Env: Offers<O>,
{
    let tell = |phase, (iteration, iterations), env_steps, success| {
        tick(Tick { iteration, iterations, success, env_steps, phase });
    };
    tell("warm start", (0, schedule.iterations), 0, 0.0);
    let mut training = Training::begin((row, objective), stage, schedule, start, dir)?;
    while !training.over() && training.cell.stopped.is_none() {
        training.iterate()?;
        tell("training", training.progress(), training.trainer.env_steps, training.recent_success());
    }
    let success = training.cell.validation.last().map_or(0.0, |v| v.success);
    tell("test", training.progress(), training.trainer.env_steps, success);
    training.finish()
}

/// A cell under way.
struct Training<'a, O: Objective, W: World> {
    stage: &'a Stage<W>,
    schedule: &'a Schedule,
    dir: &'a Path,
    /// That of the stage, which writes down what it is told from outside.
    env: W::Env,
    /// Where.
    answers: PathBuf,
    trainer: TrainerOf<O, W>,
    cell: Cell,
    clock: Clock,
}

impl<'a, O: Objective, W: World> Training<'a, O, W>
where
    W::Env: Offers<O>,
{
    /// From the checkpoint, or else from the start, which is then measured and kept.
    fn begin(
        (row, objective): (&str, &O),
        stage: &'a Stage<W>,
        schedule: &'a Schedule,
        start: &Start<W>,
        dir: &'a Path,
    ) -> Result<Self, CellError> {
        let clock = Clock::new(spent(dir));
        let new = |policy| TrainerOf::<O, W>::new(objective.clone(), policy, schedule.settings, start.seed);
        // Whatever this policy is, the checkpoint replaces it.
        let mut trainer = new(stage.world.policy(start.seed))?;
        let mut env = stage.env.clone();
        if let Some(cell) = resume(dir, &mut trainer)? {
            let answers = answers(dir, Some(trainer.iteration));
            env.record(&answers)?;
            return Ok(Training { stage, schedule, dir, env, answers, trainer, cell, clock });
        }
        let trainer = new(start.policy(stage)?)?;
        let answers = answers(dir, None);
        env.record(&answers)?;
        let cell = Cell::begin(row, objective, start.seed);
        let mut training = Training { stage, schedule, dir, env, answers, trainer, cell, clock };
        training.cell.start = training.test()?.0;
        training.cell.validation = vec![training.measure(&stage.tasks.validation, 1.0)?];
        training.save()?;
        Ok(training)
    }

    /// One iteration, with the validation and the checkpoint that are due after it.
    fn iterate(&mut self) -> Result<(), CellError> {
        let from = Instant::now();
        let tasks = self.stage.batch(self.trainer.seed, self.trainer.iteration, self.schedule.groups);
        let learned = self.learn(&tasks);
        self.clock.training += from.elapsed().as_secs_f64();
        let broken = match learned {
            Ok(metrics) => {
                self.note(metrics);
                self.validate()?
            }
            Err(IterateError::Stop(stop)) => Some(stop.to_string()),
            Err(IterateError::Sample(error)) => {
                // The trainer is what it was before the batch: whoever asks again goes on from here.
                let error = self.forget(error);
                self.save()?;
                return Err(error);
            }
        };
        let stop = broken.is_some();
        if stop {
            let kept = resume(self.dir, &mut self.trainer)?;
            self.cell = kept.ok_or_else(|| CellError::Lost(self.dir.to_owned()))?;
            self.cell.stopped = broken;
        }
        if stop || self.due(self.schedule.checkpoint_every) {
            self.cell.iterations = self.trainer.iteration;
            self.save()?;
        }
        Ok(())
    }

    /// An iteration of training. Where a point of the learning curve was due before it, the signals that it is trained on are
    /// measured too.
    fn learn(&mut self, tasks: &[TaskOf<W>]) -> Result<BTreeMap<String, f64>, IterateError> {
        let Training { stage, trainer, env, cell, schedule, .. } = self;
        if !trainer.iteration.is_multiple_of(schedule.validate_every.max(1)) {
            return trainer.iterate(env, tasks);
        }
        let (numbers, iteration) = (trainer.numbers(), trainer.iteration);
        let seen = RefCell::new(Seen::new(stage, tasks, trainer.settings.sampling.per_group, 0));
        let mut watch = |episode: usize, env: &W::Env| seen.borrow_mut().look(stage, episode, env);
        let mut look = |episodes: &[usize], credit: &Credit<'_>| {
            let mut seen = seen.borrow_mut();
            seen.keep(episodes);
            let at = (Measured::Training, iteration);
            cell.along.push(Signals::of(O::SOURCE, &numbers, at, credit, &seen));
        };
        trainer.iterate_watched(env, tasks, Some(&mut watch), &mut look)
    }

    /// Writes down what an iteration brought.
    fn note(&mut self, metrics: BTreeMap<String, f64>) {
        let metrics = metrics.into_iter().filter(|(_, value)| value.is_finite()).collect();
        let (iteration, env_steps) = (self.trainer.iteration, self.trainer.env_steps);
        self.cell.points.push(Point { iteration, env_steps, metrics });
        self.cell.lost.add(&self.trainer.lost);
    }

    fn forget(&self, error: SampleError) -> CellError {
        forget(&self.answers, error)
    }

    /// The learning curve's next point if one is due, or what broke: the update after the last loss may be the one that
    /// broke the policy, and a checkpoint must not keep it.
    fn validate(&mut self) -> Result<Option<String>, CellError> {
        let point = self.due(self.schedule.validate_every);
        if !(point || self.due(self.schedule.checkpoint_every)) {
            return Ok(None);
        }
        let validation = self.measure(&self.stage.tasks.validation, 1.0)?;
        if !validation.entropy.is_finite() {
            let iteration = self.trainer.iteration;
            return Ok(Some(format!("the policy's entropy is not finite after iteration {iteration}")));
        }
        if point {
            self.cell.validation.push(validation);
        }
        Ok(None)
    }

    /// The last measurements.
    fn finish(mut self) -> Result<Trained<O, W>, CellError> {
        self.cell.iterations = self.trainer.iteration;
        (self.cell.last, self.cell.levels) = self.test()?;
        let test = &self.stage.tasks.test;
        let tasks = &test[..self.schedule.credit_tasks.min(test.len())];
        let judged = judge_in(&self.env, &mut self.trainer, self.stage, tasks);
        let Judged { fidelity, signals, pair_accuracy, films, lost } =
            judged.map_err(|error| self.forget(error))?;
        self.cell.lost.add(&lost);
        self.cell.along.extend(signals);
        self.cell = Cell { fidelity, pair_accuracy, films, ..self.cell };
        let timing = self.clock.timing(self.trainer.env_steps);
        Ok(Trained { trainer: self.trainer, cell: self.cell, timing })
    }

    fn measure(&self, tasks: &[TaskOf<W>], temperature: f64) -> Result<Evaluation, CellError> {
        Ok(self.measure_each(tasks, temperature)?.0)
    }

    fn measure_each(
        &self,
        tasks: &[TaskOf<W>],
        temperature: f64,
    ) -> Result<(Evaluation, Vec<Option<bool>>), CellError> {
        evaluate_each(&self.trainer, &self.env, tasks, temperature).map_err(|error| self.forget(error))
    }

    /// At both temperatures, and task by task at the first.
    fn test(&self) -> Result<([Evaluation; 2], Vec<Option<bool>>), CellError> {
        let [first, second] = TEST_TEMPERATURES;
        let tasks = &self.stage.tasks.test;
        let (warm, each) = self.measure_each(tasks, first)?;
        Ok(([warm, self.measure(tasks, second)?], each))
    }

    /// Something that is done every so many iterations, and after the last one.
    fn due(&self, every: u64) -> bool {
        self.trainer.iteration.is_multiple_of(every.max(1)) || self.over()
    }

    /// The last iteration is done: there are no more, or the budget is spent.
    fn over(&self) -> bool {
        self.trainer.iteration >= self.schedule.iterations || self.spent() >= 1.0
    }

    /// The share of the budget that is spent; 0 without one.
    fn spent(&self) -> f64 {
        let spent = Spent {
            env_steps: self.trainer.env_steps,
            updates: self.trainer.nets.policy.adam.steps,
            seconds: self.clock.training,
        };
        self.schedule.budget.map_or(0.0, |budget| budget.share(spent))
    }

    /// Iterations done, and how many it will be, as it looks.
    fn progress(&self) -> (u64, u64) {
        let (done, most) = (self.trainer.iteration, self.schedule.iterations);
        let spent = self.spent();
        (done, if spent > 0.0 { ((done as f64 / spent).ceil() as u64).clamp(done, most) } else { most })
    }

    /// Takes a checkpoint, with a record of its own for what is told after it.
    fn save(&mut self) -> Result<(), CellError> {
        save(self.dir, &self.trainer, &self.cell, &self.clock.timing(self.trainer.env_steps))?;
        self.answers = answers(self.dir, Some(self.trainer.iteration));
        Ok(self.env.record(&self.answers)?)
    }

    fn recent_success(&self) -> f64 {
        let recent = self.cell.points.iter().rev().take(5).filter_map(|p| p.metrics.get("charts/success"));
        recent.clone().sum::<f64>() / recent.count().max(1) as f64
    }
}
