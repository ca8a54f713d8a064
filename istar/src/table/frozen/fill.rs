//! One cell of a table off line: a PRM taught on frozen batches and measured on held-out groups.

use super::Frozen;
use super::measure::{Known, measured};
use super::on_policy::{Acting, HELD_OUT, Kept, OnPolicy};
use crate::Line;
use crate::batch::{self, Batch, Columns, Read, Sampled};
use crate::credit::Credit;
use crate::env::{Env, Offers};
use crate::graph::Phase;
use crate::kernels::Column;
use crate::objective::{NeedsOf, Objective, Prm, evaluate_tensor};
use crate::policy::take_passed;
use crate::recipes::Rloo;
use crate::rollout::{Lost, Rollout, Watch};
use crate::seed::stream;
use crate::table::cell::{Cell, Point, Timing};
use crate::table::checkpoint::{answers, forget};
use crate::table::clock::Clock;
use crate::table::error::CellError;
use crate::table::schedule::Schedule;
use crate::table::seen::Seen;
use crate::table::start::Start;
use crate::table::train::Tick;
use crate::table::world::{Stage, TaskOf, TrainerOf, World};
use crate::trainer::Settings;
use rand::seq::SliceRandom;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

type Of<O, W, S> = Batch<NeedsOf<O>, <<W as World>::Env as Env>::Observation, S>;
type Fresh<O, W> = Of<O, W, Sampled>;
type BatchOf<O, W> = Of<O, W, Read>;

/// Teaches the PRM of one objective from one start, and measures it, under a row's name. Nothing is kept on the way: who is
/// killed begins anew, and ends with the same bits. `tick` is told how far the cell is.
///
/// A loss or gradient that is not finite is no error: the cell says what and where, and ends there.
pub(in crate::table) fn fill<O: Objective, W: World>(
    (row, objective): (&str, &O),
    (stage, schedule, frozen): (&Stage<W>, &Schedule, Frozen),
    (start, kept): (&Start<W>, &Kept),
    dir: &Path,
    tick: &(dyn Fn(Tick) + Sync),
) -> Result<(Cell, Timing), CellError>
where
    W::Env: Offers<O>,
{
    let mut clock = Clock::new(Timing::default());
    let tell = |phase, iteration, iterations, env_steps| {
        tick(Tick { iteration, iterations, success: 0.0, env_steps, phase });
    };
    tell("warm start", 0, schedule.iterations, 0);
    let policy = start.policy(stage)?;
    let mut trainer = TrainerOf::<O, W>::new(objective.clone(), policy, schedule.settings, start.seed)?;
    let mut cell = Cell::begin(row, objective, start.seed);
    let mut sampler = Sampler { stage, env: stage.env.clone(), dir, lost: Lost::default() };
    sampler.env.record(&answers(dir, None))?;
    let batches = sampler.freeze(&mut trainer, schedule, frozen, &tell)?;
    let env_steps = trainer.env_steps;
    let held = sampler.held_out(&mut trainer, schedule, frozen, kept)?;
    trainer.env_steps = env_steps;
    trainer.iteration = 0;
    cell.lost = sampler.lost;

    cell.points.push(Point { iteration: 0, env_steps, metrics: held.measure(&trainer) });
    for iteration in 0..schedule.iterations {
        tell("PRM", iteration, schedule.iterations, env_steps);
        let from = Instant::now();
        take_passed();
        let taken = order(start.seed, iteration, (frozen.batches, schedule.settings.replay));
        let taught = trainer.teach(taken.into_iter().map(|place| &batches[place]));
        clock.training += from.elapsed().as_secs_f64();
        let mut metrics = match taught {
            Ok(metrics) => metrics,
            Err(stop) => {
                cell.stopped = Some(stop.to_string());
                break;
            }
        };
        metrics.insert("charts/forward_passes".to_owned(), take_passed() as f64);
        let done = trainer.iteration;
        if done.is_multiple_of(schedule.validate_every.max(1)) || done == schedule.iterations {
            metrics.extend(held.measure(&trainer));
        }
        metrics.retain(|_, value| value.is_finite());
        cell.points.push(Point { iteration: done, env_steps, metrics });
    }
    cell.iterations = trainer.iteration;
    tell("PRM", cell.iterations, schedule.iterations, env_steps);
    Ok((cell, clock.timing(env_steps)))
}

/// The places of the batches of an iteration: its own, and others that are drawn.
fn order(seed: u64, iteration: u64, (batches, replay): (u64, usize)) -> Vec<usize> {
    let own = iteration % batches;
    let mut others: Vec<u64> = (0..batches).filter(|place| *place != own).collect();
    others.shuffle(&mut stream(seed, "replay", iteration));
    [own].into_iter().chain(others.into_iter().take(replay)).map(|place| place as usize).collect()
}

/// Samples under the trainer's policy what is sampled once.
struct Sampler<'a, W: World> {
    stage: &'a Stage<W>,
    /// That of the stage, which writes down what it is told from outside.
    env: W::Env,
    dir: &'a Path,
    lost: Lost,
}

impl<W: World> Sampler<'_, W> {
    /// The batches of the first iterations, with their references as they are then.
    fn freeze<O: Objective>(
        &mut self,
        trainer: &mut TrainerOf<O, W>,
        schedule: &Schedule,
        frozen: Frozen,
        tell: &dyn Fn(&'static str, u64, u64, u64),
    ) -> Result<Vec<BatchOf<O, W>>, CellError>
    where
        W::Env: Offers<O>,
    {
        let policy = trainer.nets.policy.net.clone();
        let actor = || TrainerOf::<Rloo, W>::new(Rloo, policy, schedule.settings, trainer.seed);
        let mut actor = frozen.learning.then(actor).transpose()?;
        let mut batches = Vec::new();
        for index in 0..frozen.batches {
            tell("frozen batches", index, frozen.batches, trainer.env_steps);
            let tasks = self.stage.batch(trainer.seed, index, schedule.groups);
            trainer.iteration = index;
            let (batch, _) = self.sample(trainer, &tasks, "rollout", None)?;
            let batch = read::<O, W>(trainer, batch);
            if let Some(actor) = &mut actor {
                let kept: batch::Kept<_> = (&batch).into();
                let outcomes = kept.batch().expect("outcomes are in every batch");
                actor.learn(outcomes, None).map_err(CellError::Actor)?;
                trainer.nets.policy.net = actor.nets.policy.net.clone();
                trainer.renew_average(&trainer.numbers().plan::<O::Graph>(index));
            }
            batches.push(batch);
        }
        Ok(batches)
    }

    /// The groups that the PRM is measured on, with what is known of their steps.
    fn held_out<O: Objective>(
        &mut self,
        trainer: &mut TrainerOf<O, W>,
        schedule: &Schedule,
        frozen: Frozen,
        kept: &Kept,
    ) -> Result<HeldOut<O, W>, CellError>
    where
        W::Env: Offers<O>,
    {
        let (stage, test) = (self.stage, &self.stage.tasks.test);
        let tasks = &test[..schedule.credit_tasks.min(test.len())];
        let mut seen = Seen::new(stage, tasks, trainer.settings.sampling.per_group, 0);
        let mut watch = |episode: usize, env: &W::Env| seen.look(stage, episode, env);
        trainer.iteration = 0;
        let (batch, episodes) = self.sample(trainer, tasks, HELD_OUT, Some(&mut watch))?;
        // What a run would read after so many iterations.
        trainer.iteration = if frozen.learning { frozen.batches } else { 0 };
        let batch = read::<O, W>(trainer, batch);
        seen.keep(&episodes);
        let on_policy = stage.world.on_policy().map(|go_on| {
            let (policy, sampling) = (&trainer.nets.policy.net, &trainer.settings.sampling);
            kept.or_make(acting(schedule, frozen), || {
                go_on(&stage.env, tasks, policy, sampling, trainer.seed)
            })
        });
        let on_policy = on_policy.transpose()?;
        if on_policy.as_ref().is_some_and(|found| found.token != batch.token) {
            let other = "the groups with continuations are not those without: the environment is no function of its task, its steps \
                         and the streams of its seed, and its world must not offer an on-policy advantage";
            return Err(CellError::Other(other.into()));
        }
        let line = Line::written(O::NAME, O::SOURCE, &trainer.numbers()).ok();
        let line = line.and_then(|line| line.prm().map(|prm| (line, prm)));
        Ok(HeldOut { line, batch, exact: seen.exact_credit(), on_policy })
    }

    fn sample<O: Objective>(
        &mut self,
        trainer: &mut TrainerOf<O, W>,
        tasks: &[TaskOf<W>],
        name: &str,
        watch: Option<Watch<'_, W::Env>>,
    ) -> Result<(Fresh<O, W>, Vec<usize>), CellError>
    where
        W::Env: Offers<O>,
    {
        let sampled = trainer.sample(&self.env, tasks, &trainer.settings.sampling, name, watch);
        let Rollout { batch, episode, lost, .. } =
            sampled.map_err(|error| forget(&answers(self.dir, None), error))?;
        let continued = batch.columns().continued.map_or(0, |continued| continued.env_steps());
        trainer.env_steps += batch.layout.steps() as u64 + continued + lost.steps;
        self.lost.add(&lost);
        Ok((batch, episode))
    }
}

/// The batch with its references, as they are in the trainer's iteration.
fn read<O: Objective, W: World>(trainer: &mut TrainerOf<O, W>, batch: Fresh<O, W>) -> BatchOf<O, W> {
    let plan = trainer.numbers().plan::<O::Graph>(trainer.iteration);
    trainer.read_references(batch, &plan)
}

/// What decides the policy and its groups; a PRM and a critic have no hand in them.
fn acting(schedule: &Schedule, frozen: Frozen) -> Acting {
    let Settings { sampling, minibatch, epochs, policy, .. } = schedule.settings;
    (frozen, schedule.groups, Settings { sampling, minibatch, epochs, policy, ..Settings::default() })
}

/// Whole groups of test tasks, sampled once.
struct HeldOut<O: Objective, W: World> {
    line: Option<(Line, Prm)>,
    batch: BatchOf<O, W>,
    exact: Option<Vec<f64>>,
    on_policy: Option<Arc<OnPolicy>>,
}

impl<O: Objective, W: World> HeldOut<O, W> {
    /// What the PRM says of them now.
    fn measure(&self, trainer: &TrainerOf<O, W>) -> BTreeMap<String, f64> {
        let Some((line, prm)) = &self.line else { return BTreeMap::new() };
        let readout = trainer.preference_readout(&self.batch);
        let wide = |logp: &Column<W::Device>| logp.as_vec().into_iter().map(f64::from).collect::<Vec<f64>>();
        let logp = readout.as_ref().map(wide);
        let q = trainer.explicit_readout(&self.batch);
        let columns = Columns { prm: logp.as_deref(), q: q.as_deref(), ..self.batch.columns() };
        let numbers = trainer.numbers();
        let cx = Credit { batch: columns, at: numbers.scope(trainer.iteration) };
        let on_policy = self.on_policy.as_ref().map(|found| &found.advantage[..]);
        let mut found = measured(line, prm, &cx, Known { exact: self.exact.as_deref(), on_policy });
        let loss = readout.and_then(|logp| {
            let ranked = evaluate_tensor::<O::Graph, f32, W::Device>(&cx, Phase::Reward, &logp, [None, None]);
            ranked.metric("losses/prm").filter(|loss| loss.is_finite())
        });
        found.extend(loss.map(|loss| ("prm/loss".to_owned(), loss)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Parameters;
    use crate::recipes::IStar;
    use crate::worlds::{Preset, SokobanWorld};

    type Of<O> = TrainerOf<O, SokobanWorld>;

    #[test]
    fn a_history_is_that_of_the_outcome_alone() {
        let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
        let stage = Stage::of(SokobanWorld { train: 8, validation: 2, test: 4, ..world }).expect("levels");
        let (policy, settings) = (stage.world.policy(3), schedule.settings);
        let mut learner = Of::<Rloo>::new(Rloo, policy.clone(), settings, 3).expect("no number");
        let mut trainer = Of::<IStar>::new(IStar::default(), policy, settings, 3).expect("in range");
        let mut sampler =
            Sampler { stage: &stage, env: stage.env.clone(), dir: Path::new(""), lost: Lost::default() };
        let frozen = Frozen { batches: 3, learning: true };
        let batches = sampler.freeze(&mut trainer, &schedule, frozen, &|_, _, _, _| ()).expect("finite");
        for batch in &batches {
            let tasks = stage.batch(3, learner.iteration, schedule.groups);
            let sampled = learner.sample(&stage.env, &tasks, &settings.sampling, "rollout", None);
            assert_eq!(sampled.expect("none is lost").batch.token, batch.token);
            learner.iterate(&stage.env, &tasks).expect("finite");
        }
        let values = |net: &<SokobanWorld as World>::Policy| {
            net.parameters().into_iter().flat_map(|(_, parameter)| parameter.values()).collect::<Vec<f32>>()
        };
        assert_eq!(values(&trainer.nets.policy.net), values(&learner.nets.policy.net));
        // The initial policy falls behind.
        let apart = |batch: &BatchOf<IStar, SokobanWorld>| {
            let apart = batch.init.iter().zip(&batch.old).map(|(init, old)| (init - old).abs());
            apart.fold(0.0, f64::max)
        };
        assert!(
            apart(&batches[0]) < 1e-5 && apart(&batches[2]) > 1e-3,
            "{:?}",
            batches.iter().map(apart).collect::<Vec<_>>()
        );
    }
}
