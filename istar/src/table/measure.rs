//! Measurements on held-out tasks.

use super::cell::{Evaluation, Fidelity, Film, PairAccuracy};
use super::world::World;
use crate::batch::{Batch, Scope, Scored};
use crate::credit::{Credit, mean};
use crate::env::{Env, ExactCredit, Offers};
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::objective::{NeedsOf, Objective, Term, evaluate_tensor};
use crate::policy::Policy;
use crate::rollout::{Rollout, SampleError, Sampling, sample};
use crate::statistics::kendall;
use crate::trainer::Trainer;
use std::fmt::Debug;

/// One episode per task.
pub(super) fn evaluate<O, E, P, D>(
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
    let sampling = Sampling { per_group: 1, temperature, ..trainer.settings.sampling };
    let at = (trainer.seed, "evaluate", trainer.iteration);
    let Rollout { batch, rewards, entropy, .. } =
        sample::<O, E, P, D>(env, tasks, &trainer.nets.policy.net, &sampling, at, None)?;
    let episodes = batch.layout.trajs();
    let solved: Vec<usize> = (0..episodes).filter(|i| batch.success[*i] == 1.0).collect();
    let n = episodes.max(1) as f64;
    // Episode by episode, as the sampler sums outcomes.
    let outcome = |i| rewards[batch.layout.steps_of(i)].iter().sum::<f64>();
    let steps = solved.iter().map(|i| batch.layout.steps_of(*i).len()).sum::<usize>();
    Ok(Evaluation {
        iteration: trainer.iteration,
        temperature,
        episodes: episodes as u64,
        success: solved.len() as f64 / n,
        outcome: (0..episodes).map(outcome).sum::<f64>() / n,
        steps_when_solved: (!solved.is_empty()).then(|| steps as f64 / solved.len() as f64),
        entropy,
    })
}

/// What the credit of whole groups on test tasks is worth.
pub(super) struct Judged {
    pub(super) fidelity: Option<Fidelity>,
    pub(super) pair_accuracy: Option<PairAccuracy>,
    pub(super) films: Vec<Film>,
}

/// Samples groups on these tasks, assigns credit as training would with the present parameters (no phase A is run), and compares it with the exact credit: by how much
/// the shortest remaining solution got shorter, a dead end counting as the whole budget.
pub(super) fn judge<O, E, P, D>(
    trainer: &mut Trainer<O, P, D>,
    world: &World<E>,
    tasks: &[E::Task],
) -> Result<Judged, SampleError>
where
    O: Objective,
    E: Env<Observation = P::Observation> + Offers<O> + ExactCredit,
    P: Policy<D> + Debug,
    D: Backend,
{
    let sampling = trainer.settings.sampling;
    let trajs = tasks.len() * sampling.per_group;
    let budget = f64::from(world.env.budget());
    let mut searches: Vec<E::Search> = tasks.iter().map(E::search).collect();
    let mut left: Vec<Vec<Option<u32>>> = vec![Vec::new(); trajs];
    let mut pictures: Vec<Vec<Vec<String>>> = vec![Vec::new(); trajs];
    let mut watch = |i: usize, env: &E| {
        left[i].push(env.remaining(&mut searches[i / sampling.per_group]));
        pictures[i].push((world.picture)(env));
    };
    let Rollout { batch, rewards, episode, .. } =
        trainer.sample(&world.env, tasks, &sampling, "judge", Some(&mut watch))?;
    let left: Vec<Vec<Option<u32>>> = episode.iter().map(|i| std::mem::take(&mut left[*i])).collect();
    let pictures: Vec<_> = episode.iter().map(|i| std::mem::take(&mut pictures[*i])).collect();

    let numbers = trainer.numbers();
    let (scope, plan) = (numbers.scope(trainer.iteration), numbers.plan::<O::Graph>(trainer.iteration));
    let batch = trainer.read_references(batch, &plan);
    let batch = trainer.score(batch);

    let credit = Credit { batch: batch.columns(), at: scope };
    let prepared = O::Graph::prepare(&credit, Phase::Policy);
    let advantage = O::Graph::advantage(&prepared)
        .map(|tokens| mean(tokens, batch.layout.step_of_token(), batch.layout.steps()));
    let cost = |left: &Option<u32>| left.map_or(budget, |steps| f64::from(steps).min(budget));
    let exact: Vec<f64> =
        left.iter().flat_map(|l| l.windows(2).map(|pair| cost(&pair[0]) - cost(&pair[1]))).collect();
    let dead = left.iter().flat_map(|l| &l[1..]).filter(|l| l.is_none()).count();
    let fidelity = advantage.as_ref().and_then(|advantage| {
        let agreement = kendall(advantage, &exact)?;
        Some(Fidelity {
            tau_b: agreement.tau_b,
            steps: exact.len() as u64,
            dead_ends: dead as f64 / exact.len().max(1) as f64,
            ties: agreement.ties_x,
            exact_ties: agreement.ties_y,
        })
    });
    let film = |solved: bool| {
        let wanted = f64::from(u8::from(solved));
        // The longest of the first groups' episodes tells most; ties go to the first.
        let candidates = (0..episode.len())
            .filter(|i| episode[*i] < 16 * sampling.per_group)
            .filter(|i| batch.success[*i] == wanted);
        let traj = candidates.max_by_key(|i| (batch.layout.steps_of(*i).len(), usize::MAX - i))?;
        let steps = batch.layout.steps_of(traj);
        let tokens = batch.layout.tokens_of(steps.start).start..batch.layout.tokens_of(steps.end - 1).end;
        Some(Film {
            solved,
            levels: pictures[traj].clone(),
            actions: batch.token[tokens].iter().map(|t| t + 1).collect(),
            rewards: rewards[steps.clone()].to_vec(),
            credit: advantage.as_ref().map_or_else(Vec::new, |a| a[steps.clone()].to_vec()),
            exact: exact[steps].to_vec(),
        })
    };
    let films = [true, false].into_iter().filter_map(film).collect();
    let pair_accuracy = pair_accuracy(trainer, &batch, scope);
    Ok(Judged { fidelity, pair_accuracy, films })
}

/// How the preference term ranks the pairs of this batch.
fn pair_accuracy<O, P, D>(
    trainer: &Trainer<O, P, D>,
    batch: &Batch<NeedsOf<O>, P::Observation, Scored>,
    at: Scope<'_>,
) -> Option<PairAccuracy>
where
    O: Objective,
    P: Policy<D> + Debug,
    D: Backend,
{
    let logp = trainer.preference_readout(batch)?;
    let credit = Credit { batch: batch.columns(), at };
    let ranked = evaluate_tensor::<O::Graph, f32, D>(&credit, Phase::Reward, &logp, [None, None]);
    Some(PairAccuracy {
        accuracy: ranked.metric("charts/pair_accuracy")?,
        length_only: ranked.metric("charts/length_accuracy")?,
        pairs: ranked.metric("charts/pairs")? as u64,
    })
}
