//! Measurements on held-out tasks.

use super::cell::{Evaluation, Fidelity, Film, PairAccuracy};
use super::seen::Seen;
use super::signals::{Measured, Signals};
use super::world::{Stage, TaskOf, TrainerOf, World};
use crate::batch::{Batch, Scored};
use crate::credit::{Credit, mean};
use crate::env::{Env, Offers};
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, Term, evaluate_tensor};
use crate::policy::Policy;
use crate::rollout::{Lost, Rollout, SampleError, Sampling, sample};
use crate::statistics::kendall;
use crate::trainer::Trainer;
use std::fmt::Debug;

/// Samples one episode per task with the trainer's policy. Random streams are those of the trainer's seed and iteration, so
/// measuring twice gives the same numbers and moves nothing.
///
/// ```
/// use istar::recipes::Grpo;
/// use istar::table::{Schedule, Stage, World, evaluate, judge};
/// use istar::trainer::Trainer;
/// use istar::worlds::{Preset, SokobanWorld};
///
/// // Rooms of 6×6 with one box, and a policy that has learnt nothing.
/// let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
/// let stage = Stage::of(world)?;
/// let mut trainer = Trainer::new(Grpo, stage.world.policy(0), schedule.settings, 0)?;
///
/// let measured = evaluate(&trainer, &stage.env, &stage.tasks.test[..16], 1.0)?;
/// assert_eq!(measured.episodes, 16);
/// assert!(measured.success < 1.0 && measured.entropy > 1.0);
///
/// // Does the advantage of a step say what the step was worth? Groups of four episodes on eight tasks.
/// let judged = judge(&mut trainer, &stage, &stage.tasks.test[..8])?;
/// assert!(judged.fidelity.is_some_and(|fidelity| fidelity.steps > 8));
/// assert!(judged.pair_accuracy.is_none(), "GRPO has no PRM");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Every episode was lost, or an outcome is not stated: see [`sample`]. Numbers are over the episodes that are not lost.
pub fn evaluate<O, E, P, D>(
    trainer: &Trainer<O, P, D>,
    env: &E,
    tasks: &[E::Task],
    temperature: f64,
) -> Result<Evaluation, SampleError>
where
    O: Objective,
    E: Env<Observation = P::Observation> + Offers<O>,
    P: Policy<D> + Debug,
    D: Backend,
{
    Ok(evaluate_each(trainer, env, tasks, temperature)?.0)
}

/// As [`evaluate`], with whether each task was solved; none where its episode was lost.
pub(super) fn evaluate_each<O, E, P, D>(
    trainer: &Trainer<O, P, D>,
    env: &E,
    tasks: &[E::Task],
    temperature: f64,
) -> Result<(Evaluation, Vec<Option<bool>>), SampleError>
where
    O: Objective,
    E: Env<Observation = P::Observation> + Offers<O>,
    P: Policy<D> + Debug,
    D: Backend,
{
    let sampling = Sampling { per_group: 1, temperature, ..trainer.settings.sampling };
    let at = (trainer.seed, "evaluate", trainer.iteration);
    let Rollout { batch, rewards, scores, entropy, lost, episode } =
        sample::<O, E, P, D>(env, tasks, &trainer.nets.policy.net, &sampling, at, None)?;
    let episodes = batch.layout.trajs();
    let solved: Vec<usize> = (0..episodes).filter(|i| batch.success[*i] == 1.0).collect();
    let n = episodes.max(1) as f64;
    // Episode by episode, as the sampler sums outcomes.
    let outcome = |i| rewards[batch.layout.steps_of(i)].iter().sum::<f64>();
    let steps = solved.iter().map(|i| batch.layout.steps_of(*i).len()).sum::<usize>();
    let mut each = vec![None; tasks.len()];
    for (i, task) in episode.into_iter().enumerate() {
        each[task] = Some(batch.success[i] == 1.0);
    }
    let evaluation = Evaluation {
        iteration: trainer.iteration,
        temperature,
        episodes: episodes as u64,
        lost,
        success: solved.len() as f64 / n,
        outcome: (0..episodes).map(outcome).sum::<f64>() / n,
        score: mean_of(scores.into_iter().flatten()),
        steps_when_solved: (!solved.is_empty()).then(|| steps as f64 / solved.len() as f64),
        entropy,
    };
    Ok((evaluation, each))
}

/// The mean; none of nothing.
fn mean_of(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (n, sum) = numbers.fold((0u32, 0.0), |(n, sum), number| (n + 1, sum + number));
    (n > 0).then(|| sum / f64::from(n))
}

/// What the credit of whole groups is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// Step advantage against exact credit; none where the world has no exact credit, or the objective no advantage.
    pub fidelity: Option<Fidelity>,
    /// Each summand of the advantage by itself; none without tasks.
    pub signals: Option<Signals>,
    /// How the PRM ranks the pairs of its term; none without a PRM, or without a pair.
    pub pair_accuracy: Option<PairAccuracy>,
    /// One solved and one failed episode, where there are, of the first [`FILMED`] groups; none in a world without pictures.
    pub films: Vec<Film>,
    /// Episodes that came to nothing, and are in none of these.
    pub lost: Lost,
}

/// Groups that films are chosen from.
pub const FILMED: usize = 16;

/// Samples groups on these tasks, assigns credit as training would with the present parameters (no phase A is run), and
/// compares it with what the world knows: see [`evaluate`] for an example.
///
/// # Errors
/// As [`evaluate`].
pub fn judge<O: Objective, W: World>(
    trainer: &mut TrainerOf<O, W>,
    stage: &Stage<W>,
    tasks: &[TaskOf<W>],
) -> Result<Judged, SampleError>
where
    W::Env: Offers<O>,
{
    judge_in(&stage.env, trainer, stage, tasks)
}

/// As [`judge`], in an environment like the stage's.
pub(super) fn judge_in<O: Objective, W: World>(
    env: &W::Env,
    trainer: &mut TrainerOf<O, W>,
    stage: &Stage<W>,
    tasks: &[TaskOf<W>],
) -> Result<Judged, SampleError>
where
    W::Env: Offers<O>,
{
    if tasks.is_empty() {
        return Ok(Judged::default());
    }
    let sampling = trainer.settings.sampling;
    let mut seen = Seen::new(stage, tasks, sampling.per_group, FILMED);
    let mut watch = |episode: usize, env: &W::Env| seen.look(stage, episode, env);
    let Rollout { batch, rewards, episode, lost, .. } =
        trainer.sample(env, tasks, &sampling, "judge", Some(&mut watch))?;
    seen.keep(&episode);

    let batch = scored(trainer, batch);
    let advantage = step_advantage(trainer, &batch);
    let exact = seen.exact_credit();
    let fidelity = advantage.as_ref().zip(exact.as_ref()).and_then(|(ours, exact)| {
        let agreement = kendall(ours, exact)?;
        Some(Fidelity {
            tau_b: agreement.tau_b,
            steps: exact.len() as u64,
            dead_ends: seen.dead_ends() as f64 / exact.len().max(1) as f64,
            ties: agreement.ties_x,
            exact_ties: agreement.ties_y,
        })
    });
    let numbers = trainer.numbers();
    let credit = Credit { batch: batch.columns(), at: numbers.scope(trainer.iteration) };
    let signals = Signals::of(O::SOURCE, &numbers, (Measured::Test, trainer.iteration), &credit, &seen);
    let filmed = episode.partition_point(|i| *i < FILMED * sampling.per_group);
    let film = |solved: bool| {
        let traj = longest(&batch, filmed, solved)?;
        let steps = batch.layout.steps_of(traj);
        let caption = |step| stage.world.caption(&batch.token[batch.layout.tokens_of(step)]);
        let of = |column: &Option<Vec<f64>>| {
            column.as_ref().map_or_else(Vec::new, |column| column[steps.clone()].to_vec())
        };
        Some(Film {
            solved,
            states: seen.pictured(traj)?.to_vec(),
            captions: steps.clone().map(caption).collect(),
            rewards: rewards[steps.clone()].to_vec(),
            credit: of(&advantage),
            exact: of(&exact),
        })
    };
    let films = [true, false].into_iter().filter_map(film).collect();
    let signals = Some(signals);
    Ok(Judged { fidelity, signals, pair_accuracy: pair_accuracy(trainer, &batch), films, lost })
}

/// The longest solved or failed episode among the first ones, since it tells most; of equals the first.
fn longest<N: Needs, Obs>(batch: &Batch<N, Obs, Scored>, first: usize, solved: bool) -> Option<usize> {
    let wanted = f64::from(u8::from(solved));
    let candidates = (0..first).filter(|i| batch.success[*i] == wanted);
    candidates.max_by_key(|i| (batch.layout.steps_of(*i).len(), usize::MAX - i))
}

/// The batch as all networks of the trainer read it now.
fn scored<O, P, D>(
    trainer: &mut Trainer<O, P, D>,
    batch: Batch<NeedsOf<O>, P::Observation>,
) -> Batch<NeedsOf<O>, P::Observation, Scored>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
{
    let plan = trainer.numbers().plan::<O::Graph>(trainer.iteration);
    let batch = trainer.read_references(batch, &plan);
    trainer.score(batch)
}

/// Per step, the mean of the advantage of its tokens; none where the objective has no advantage.
fn step_advantage<O, P, D>(
    trainer: &Trainer<O, P, D>,
    batch: &Batch<NeedsOf<O>, P::Observation, Scored>,
) -> Option<Vec<f64>>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
{
    let numbers = trainer.numbers();
    let credit = Credit { batch: batch.columns(), at: numbers.scope(trainer.iteration) };
    let prepared = O::Graph::prepare(&credit, Phase::Policy);
    let tokens = O::Graph::advantage(&prepared)?;
    Some(mean(tokens, batch.layout.step_of_token(), batch.layout.steps()))
}

/// How the preference term ranks the pairs of this batch.
fn pair_accuracy<O, P, D>(
    trainer: &Trainer<O, P, D>,
    batch: &Batch<NeedsOf<O>, P::Observation, Scored>,
) -> Option<PairAccuracy>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
{
    let logp = trainer.preference_readout(batch)?;
    let numbers = trainer.numbers();
    let credit = Credit { batch: batch.columns(), at: numbers.scope(trainer.iteration) };
    let ranked = evaluate_tensor::<O::Graph, f32, D>(&credit, Phase::Reward, &logp, [None, None]);
    Some(PairAccuracy {
        accuracy: ranked.metric("charts/pair_accuracy")?,
        length_only: ranked.metric("charts/length_accuracy")?,
        pairs: ranked.metric("charts/pairs")? as u64,
    })
}
