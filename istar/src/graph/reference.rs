//! The losses as their papers write them: plain loops over trajectories, steps and tokens in `f64`. Tests hold the
//! graphs to these.

use super::{Estimator, Labelled, Over};
use crate::batch::{CountId, LevelId, Part};

/// A part as nested lists: per trajectory, per step, the tokens' positions in the part.
pub(super) fn nested(part: &Part) -> Vec<Vec<Vec<usize>>> {
    (0..part.trajs.len())
        .map(|traj| {
            (0..part.steps.len())
                .filter(|step| part.traj_of_step[*step] as usize == traj)
                .map(|step| {
                    (0..part.tokens.len()).filter(|i| part.step_of_token[*i] as usize == step).collect()
                })
                .collect()
        })
        .collect()
}

fn mean(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() / xs.len() as f64
}

/// The surrogate of PPO. All columns are those of the part. Where a source stops a gradient, `frozen` stands for the
/// log-probabilities and `live` carries the derivative.
pub(super) fn surrogate(
    part: &Part,
    form: &super::Surrogate,
    (live, frozen): (&[f64], &[f64]),
    (advantage, old, kept): (&[f64], &[f64], &[bool]),
) -> f64 {
    let token_loss = |step: &[usize], i: usize| {
        let log = |logp: &[f64], i: usize| logp[i] - old[i];
        let log_ratio = match form.ratio {
            CountId::Each(LevelId::Token) => log(live, i),
            CountId::Sum(LevelId::Step) => step.iter().map(|i| log(live, *i)).sum(),
            CountId::Mean(LevelId::Step) => {
                let s = mean(&step.iter().map(|i| log(frozen, *i)).collect::<Vec<_>>());
                (s + live[i] - frozen[i]).min(10.0)
            }
            other => panic!("{other:?} is not a ratio"),
        };
        let (r, a) = (log_ratio.exp(), advantage[i]);
        let loss = match form.clip {
            Some((lo, hi)) => -(r * a).min(r.clamp(1.0 - lo, 1.0 + hi) * a),
            None => -r * a,
        };
        match form.dual {
            Some(c) if a < 0.0 => loss.min(-c * a),
            _ => loss,
        }
    };
    // per trajectory, per step, the losses of the kept tokens
    let losses: Vec<Vec<Vec<f64>>> = nested(part)
        .iter()
        .map(|traj| {
            let kept = |step: &Vec<usize>| -> Vec<f64> {
                step.iter().filter(|i| kept[**i]).map(|i| token_loss(step, *i)).collect()
            };
            traj.iter().map(kept).collect()
        })
        .collect();
    let steps: Vec<Vec<f64>> = losses.iter().flatten().filter(|step| !step.is_empty()).cloned().collect();
    let trajs: Vec<Vec<f64>> =
        losses.iter().map(|traj| traj.concat()).filter(|traj| !traj.is_empty()).collect();
    let sums = |units: &[Vec<f64>]| mean(&units.iter().map(|unit| unit.iter().sum()).collect::<Vec<f64>>());
    let means = |units: &[Vec<f64>]| mean(&units.iter().map(|unit| mean(unit)).collect::<Vec<f64>>());
    match form.reduce {
        CountId::Each(LevelId::Token) => mean(&steps.concat()),
        CountId::Mean(LevelId::Step) => means(&steps),
        CountId::Sum(LevelId::Step) => sums(&steps),
        CountId::Mean(LevelId::Traj) => means(&trajs),
        CountId::Sum(LevelId::Traj) => sums(&trajs),
        CountId::Constant(length) => steps.concat().iter().sum::<f64>() / length,
        other => panic!("{other:?} is not a reduction"),
    }
}

/// Trajectory DPO. `logp` and `reference` are per token of the part, `weight` per step of the batch.
pub(super) fn preference(
    part: &Part,
    form: &super::Preference,
    pairs: &[(u32, u32)],
    (logp, reference): (&[f64], &[f64]),
    weight: &[f64],
) -> f64 {
    let mut step_index = 0;
    // per trajectory, per step, what it adds to the score
    let shares: Vec<Vec<f64>> = nested(part)
        .iter()
        .map(|traj| {
            let share = |step: &Vec<usize>| {
                let log_ratio: f64 = step.iter().map(|i| logp[*i] - reference[*i]).sum();
                step_index += 1;
                form.beta * weight[part.steps[step_index - 1] as usize] * log_ratio
            };
            traj.iter().map(share).collect()
        })
        .collect();
    let shares = |traj: u32| part.trajs.iter().position(|t| *t == traj).map(|position| &shares[position]);
    let losses: Vec<f64> = pairs
        .iter()
        .filter_map(|(better, worse)| Some((shares(*better)?, shares(*worse)?)))
        .map(|(better, worse)| {
            let common = better.len().min(worse.len());
            let score = |traj: &Vec<f64>| match form.over {
                Over::Sum => traj.iter().sum::<f64>(),
                Over::Mean => traj.iter().sum::<f64>() / traj.len().max(1) as f64,
                Over::Common => traj[..common].iter().sum(),
            };
            -(1.0 / (1.0 + (score(worse) - score(better)).exp())).ln()
        })
        .collect();
    mean(&losses)
}

/// Cross-entropy against labels of trajectories. Both columns are those of the part, `label` is per trajectory of the
/// batch.
pub(super) fn cross_entropy(
    part: &Part,
    (beta, per): (f64, Labelled),
    label: &[f64],
    logp: &[f64],
    reference: &[f64],
) -> f64 {
    let mut losses = Vec::new();
    for (traj, steps) in part.trajs.iter().zip(nested(part)) {
        let units = match per {
            Labelled::Traj => vec![steps.concat()],
            Labelled::Step => steps,
        };
        for unit in units.iter().filter(|unit| !unit.is_empty()) {
            let score: f64 = unit.iter().map(|i| beta * (logp[*i] - reference[*i])).sum();
            let (p, label) = (1.0 / (1.0 + (-score).exp()), label[*traj as usize]);
            losses.push(-label * p.ln() - (1.0 - label) * (1.0 - p).ln());
        }
    }
    mean(&losses)
}

/// Weighted log-likelihood of trajectories; `logp` is per token of the part, `weight` per trajectory of the batch.
pub(super) fn regression(part: &Part, weight: &[f64], logp: &[f64]) -> f64 {
    let trajs = part.trajs.iter().zip(nested(part)).map(|(traj, steps)| (*traj, steps.concat()));
    let each = |(traj, tokens): (u32, Vec<usize>)| {
        -weight[traj as usize] * tokens.iter().map(|i| logp[*i]).sum::<f64>()
    };
    mean(&trajs.filter(|(_, tokens)| !tokens.is_empty()).map(each).collect::<Vec<_>>())
}

/// The divergence from a reference; both columns are those of the part.
pub(super) fn divergence(coef: f64, id: Estimator, logp: &[f64], reference: &[f64]) -> f64 {
    let each = |(logp, reference): (&f64, &f64)| {
        let d = reference - logp;
        match id {
            Estimator::K1 => -d,
            Estimator::K2 => d * d / 2.0,
            Estimator::K3 => (d.exp() - d - 1.0).clamp(-10.0, 10.0),
            Estimator::Abs => d.abs(),
        }
    };
    coef * mean(&logp.iter().zip(reference).map(each).collect::<Vec<_>>())
}

/// The value loss; `predicted` has the elements of the part for one head after the other.
pub(super) fn value(
    clip: Option<f64>,
    elements: &[u32],
    heads: &[Option<super::Estimates>],
    predicted: &[f64],
) -> f64 {
    let mut sum = 0.0;
    for (head, predicted) in heads.iter().zip(predicted.chunks(elements.len().max(1))) {
        let Some(head) = head else { continue };
        let mut losses = Vec::new();
        for (i, v) in elements.iter().zip(predicted) {
            let (old, Some(target)) = (head.old[*i as usize], head.target[*i as usize]) else { continue };
            let free = (v - target).powi(2);
            losses.push(match clip {
                Some(c) => free.max((v.clamp(old - c, old + c) - target).powi(2)),
                None => free,
            });
        }
        if !losses.is_empty() {
            sum += mean(&losses);
        }
    }
    sum
}
