//! Trajectory DPO.

use super::link::{HIGHEST, Link};
use super::margin::{mean_surprise, ranked};
use super::runs::Runs;
use super::{Pass, Phase, Rank0Loss, column, log, number, numbers, pick, weighted};
use dfdx::prelude::{Device, Dtype, OwnedTape, PutTape, SplitTape, Trace};

/// How the score of a trajectory comes from its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The sum over steps of the step's summed log-ratio.
    Sum,
    /// The mean over steps of the step's summed log-ratio.
    Mean,
    /// The mean over tokens of their log-ratios, steps or not.
    Tokens,
    /// In each pair, the sum over as many first steps as the shorter trajectory has.
    Common,
}

/// The numbers of a preference loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preference {
    /// The inverse temperature.
    pub beta: f64,
    /// Over which steps the score of a trajectory is taken, and whether it is their sum or mean.
    pub over: Over,
    /// What a pair of scores costs.
    pub link: Link,
    /// The log-ratio `z` of a trajectory scores `(exp((alpha - 1) z) - 1) / (alpha - 1)`, which for 1 is `z`: the reward of an
    /// alpha-divergence (arXiv 2309.16240); 0 is forward KL.
    pub alpha: f64,
}

/// What a phase logs: loss, accuracy, control, number of pairs.
const fn names(phase: Phase) -> [&'static str; 4] {
    match phase {
        Phase::Reward => ["losses/prm", "charts/pair_accuracy", "charts/length_accuracy", "charts/pairs"],
        Phase::Policy | Phase::Value => [
            "losses/dpo",
            "charts/policy_pair_accuracy",
            "charts/policy_length_accuracy",
            "charts/policy_pairs",
        ],
    }
}

/// The mean over all pairs `(w, l)` of `-log sigmoid(s_w - s_l)`, where the score `s` of a trajectory is `beta` times
/// the sum or mean over its steps of `weight_t · sum_i (logp_i - ref_i)`. With `Over::Common` both scores of a pair
/// are sums over as many first steps as the shorter trajectory has, so what is added to the log-ratio of every step
/// changes no pair. Another [`Link`] is another cost of the two scores.
///
/// `pairs` are trajectories of the batch, the preferred one first; a pair counts if both have a place in the part, and
/// a score is taken over the steps that the part has. `reference` has one log-probability in nats per token of the
/// batch, `weight` one number per step. Logs the loss, the share of pairs whose preferred trajectory has the higher
/// score, the control (the share whose preferred trajectory is the shorter one; ties count one half in both) and the
/// number of pairs: in phase A as `losses/prm`, `charts/pair_accuracy`, `charts/length_accuracy`, `charts/pairs`, in
/// phase B as `losses/dpo`, `charts/policy_pair_accuracy`, `charts/policy_length_accuracy`, `charts/policy_pairs`.
///
/// `None` without pairs, or if no score has a token. Source: iStar, arXiv 2509.19199, eq. 2; the weights are those of
/// DMPO, arXiv 2406.14868; the common steps are ours.
pub fn preference<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    form: &Preference,
    pairs: &[(u32, u32)],
    reference: &[f64],
    weight: Option<&[f64]>,
) -> Option<Rank0Loss<E, D>> {
    let part = pass.part;
    let steps_of = Runs::of(&part.traj_of_step, part.trajs.len());
    let steps: Vec<usize> = steps_of.iter().map(ExactSizeIterator::len).collect();
    let place = |traj: u32| part.trajs.binary_search(&traj).ok();
    // a score is that of so many first steps of a trajectory; only trajectories that stand in a pair have one
    let scores = |(better, worse): &(u32, u32)| {
        let (better, worse) = (place(*better)?, place(*worse)?);
        let [long, short] = match form.over {
            Over::Sum | Over::Mean | Over::Tokens => [steps[better], steps[worse]],
            Over::Common => [steps[better].min(steps[worse]); 2],
        };
        Some(((better, long), (worse, short)))
    };
    let pairs: Vec<_> = pairs.iter().filter_map(scores).collect();
    let mut scored: Vec<(usize, usize)> =
        pairs.iter().flat_map(|(better, worse)| [*better, *worse]).collect();
    scored.sort_unstable();
    scored.dedup();
    let runs: Runs = scored
        .iter()
        .map(|(traj, steps)| {
            let start = steps_of.get(*traj).start;
            let token = |step: usize| part.step_of_token.partition_point(|at| (*at as usize) < step);
            token(start)..token(start + steps)
        })
        .collect();
    if runs.iter().all(|run| run.is_empty()) {
        return None;
    }

    let mut tokens = vec![0usize; part.trajs.len()];
    part.step_of_token.iter().for_each(|step| tokens[part.traj_of_step[*step as usize] as usize] += 1);
    let factor: Vec<f64> = part
        .step_of_token
        .iter()
        .map(|step| {
            let weight = weight.map_or(1.0, |weight| weight[part.steps[*step as usize] as usize]);
            let traj = part.traj_of_step[*step as usize] as usize;
            let share = match form.over {
                Over::Sum | Over::Common => 1.0,
                Over::Mean => 1.0 / steps[traj] as f64,
                Over::Tokens => 1.0 / tokens[traj] as f64,
            };
            form.beta * weight * share
        })
        .collect();

    let ratio = pass.logp.retaped::<OwnedTape<E, D>>() - column::<E, D>(pass.device, part.pick(reference));
    let scores = runs.sum(pass.device, ratio, Some(&factor));
    let row = |score: &(usize, usize)| scored.binary_search(score).expect("a score of a pair has a row");
    let n = pairs.len() as f64;
    let (loss, margins) = if form.link == Link::DPO && form.alpha == 1.0 {
        let (scores, tape) = scores.split_tape();
        let better =
            pick(pass.device, scores.clone().put_tape(tape), pairs.iter().map(|(better, _)| row(better)));
        let worse = pick(pass.device, scores.leaky_traced(), pairs.iter().map(|(_, worse)| row(worse)));
        let margin = better - worse;
        let margins = numbers(&margin);
        (mean_surprise(pass.device, margin), margins)
    } else {
        // what pairs cost, as slopes in the scores and what is missing to the value
        let plain = numbers(&scores);
        let bent: Vec<(f64, f64)> = plain.iter().map(|score| form.bend(*score)).collect();
        let (mut value, mut slope) = (0.0, vec![0.0; plain.len()]);
        let mut margins = Vec::with_capacity(pairs.len());
        for (better, worse) in &pairs {
            let (better, worse) = (row(better), row(worse));
            let cost = form.link.cost(form.beta, bent[better].0, bent[worse].0);
            value += cost.loss / n;
            slope[better] += cost.better * bent[better].1 / n;
            slope[worse] += cost.worse * bent[worse].1 / n;
            margins.push(bent[better].0 - bent[worse].0);
        }
        let missing = value - slope.iter().zip(&plain).map(|(slope, score)| slope * score).sum::<f64>();
        (weighted(pass.device, scores, &slope) + number::<E>(missing), margins)
    };
    let [name, accuracy, control, count] = names(pass.phase);
    log(pass.metrics, name, &loss);
    let shorter = pairs.iter().map(|((better, _), (worse, _))| steps[*worse] as f64 - steps[*better] as f64);
    ranked(pass.metrics, [accuracy, control, count], &margins, shorter);
    Some(loss)
}

impl Preference {
    /// What a log-ratio times beta scores, and its derivative by that.
    fn bend(&self, score: f64) -> (f64, f64) {
        let power = self.alpha - 1.0;
        if power == 0.0 {
            return (score, 1.0);
        }
        let bent = (power * score / self.beta).min(HIGHEST);
        (self.beta * bent.exp_m1() / power, bent.exp())
    }
}
