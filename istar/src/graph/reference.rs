//! The losses as their papers write them: plain loops over trajectories, steps and tokens in `f64`. Tests hold the
//! graphs to these.

use super::{Estimator, Labelled, Link, Over, Reduction, Shape};
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

/// A policy loss. All columns are those of the part. Where a source stops a gradient, `frozen` stands for the
/// log-probabilities and `live` carries the derivative.
pub(super) fn surrogate(
    part: &Part,
    form: &super::Surrogate<'_>,
    (live, frozen): (&[f64], &[f64]),
    (advantage, old, kept): (&[f64], &[f64], &[bool]),
) -> f64 {
    let nested = nested(part);
    let clip = form.clip.pick(part);
    let bounds = |i: usize| clip.at(i).unwrap_or((f64::INFINITY, f64::INFINITY));
    let log = |logp: &[f64], i: usize| {
        let (log, (lo, hi)) = (logp[i] - old[i], bounds(i));
        match form.shape {
            Shape::GeometricMean if advantage[i] > 0.0 => log.min(hi),
            Shape::GeometricMean if advantage[i] < 0.0 => log.max(-lo),
            _ => log,
        }
    };
    // the loss of token i of a unit; where a form stops the gradient of its ratio, `live` is frozen in it
    let token_loss = |unit: &[usize], i: usize| {
        let log_ratio = |live: &[f64]| match form.ratio {
            CountId::Each(LevelId::Token) => log(live, i),
            CountId::Sum(_) => unit.iter().map(|i| log(live, *i)).sum(),
            CountId::Mean(_) => {
                let s = mean(&unit.iter().map(|i| log(frozen, *i)).collect::<Vec<_>>());
                (s + log(live, i) - log(frozen, i)).min(10.0)
            }
            other => panic!("{other:?} is not a ratio"),
        };
        let (r, stopped, a) = (log_ratio(live).exp(), log_ratio(frozen).exp(), advantage[i]);
        let (p, q) = (frozen[i].exp(), old[i].exp());
        let (lo, hi) = bounds(i);
        match form.shape {
            Shape::Clip => {
                let loss = -(r * a).min(r.clamp(1.0 - lo, 1.0 + hi) * a);
                match form.dual {
                    Some(c) if a < 0.0 => loss.min(-c * a),
                    _ => loss,
                }
            }
            Shape::LogProb => -a * live[i],
            Shape::Cispo => -stopped.max(1.0 - lo).min(1.0 + hi) * a * live[i],
            Shape::GeometricMean => -r * a,
            Shape::Sapo { positive, negative } => {
                let tau = if a > 0.0 { positive } else { negative };
                -a * 4.0 / (tau * (1.0 + (tau * (1.0 - r)).exp()))
            }
            Shape::TotalVariation { most } => {
                let stays = if a > 0.0 { p - q <= hi } else { p - q >= -lo };
                if stays { -stopped.min(most) * a * live[i] } else { 0.0 }
            }
            Shape::BinaryKl { most } => {
                let kl = q * (q / p).ln() + (1.0 - q) * ((1.0 - q) / (1.0 - p)).ln();
                let stays = if a > 0.0 { kl <= hi || p <= q } else { kl <= lo || p >= q };
                if stays { -stopped.min(most) * a * live[i] } else { 0.0 }
            }
            Shape::Gamma { positive, negative } => {
                let (k, l) = if a >= 0.0 { positive } else { negative };
                -stopped.powf(k) * (l * (1.0 - stopped)).exp() * a * live[i]
            }
        }
    };
    let whole = matches!(form.ratio, CountId::Sum(LevelId::Traj) | CountId::Mean(LevelId::Traj));
    // per trajectory, per step, the losses of the kept tokens
    let of_traj = |traj: &Vec<Vec<usize>>| -> Vec<Vec<f64>> {
        let all = traj.concat();
        let kept = |step: &Vec<usize>| -> Vec<f64> {
            let unit = if whole { &all } else { step };
            step.iter().filter(|i| kept[**i]).map(|i| token_loss(unit, *i)).collect()
        };
        traj.iter().map(kept).collect()
    };
    reduced(part, form.reduce, &nested.iter().map(of_traj).collect::<Vec<_>>())
}

/// What losses come to, given per trajectory and step; those that do not count are left out.
fn reduced(part: &Part, reduce: Reduction, losses: &[Vec<Vec<f64>>]) -> f64 {
    let counts = |unit: &Vec<f64>| reduce.empty || !unit.is_empty();
    let steps: Vec<Vec<f64>> = losses.iter().flatten().filter(|step| counts(step)).cloned().collect();
    let by_traj: Vec<Vec<f64>> = losses.iter().map(|traj| traj.concat()).collect();
    let trajs: Vec<Vec<f64>> = by_traj.iter().filter(|traj| counts(traj)).cloned().collect();
    let of_group = |group: usize| -> Vec<f64> {
        let inside = |(traj, _): &(usize, &Vec<f64>)| part.group_of_traj[*traj] as usize == group;
        by_traj.iter().enumerate().filter(inside).flat_map(|(_, losses)| losses.clone()).collect()
    };
    let groups: Vec<Vec<f64>> = (0..part.groups).map(of_group).filter(|group| counts(group)).collect();
    let sums = |units: &[Vec<f64>]| mean(&units.iter().map(|unit| unit.iter().sum()).collect::<Vec<f64>>());
    let means = |units: &[Vec<f64>]| {
        let mean_or_0 = |unit: &Vec<f64>| if unit.is_empty() { 0.0 } else { mean(unit) };
        mean(&units.iter().map(mean_or_0).collect::<Vec<f64>>())
    };
    match reduce.over {
        CountId::Each(LevelId::Token) => mean(&steps.concat()),
        CountId::Mean(LevelId::Step) => means(&steps),
        CountId::Sum(LevelId::Step) => sums(&steps),
        CountId::Mean(LevelId::Traj) => means(&trajs),
        CountId::Sum(LevelId::Traj) => sums(&trajs),
        CountId::Prompt => means(&groups),
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
    // per trajectory, per step, what it adds to the log-ratio; and how many tokens there are
    let sizes: Vec<usize> = nested(part).iter().map(|traj| traj.concat().len()).collect();
    let shares: Vec<Vec<f64>> = nested(part)
        .iter()
        .map(|traj| {
            let share = |step: &Vec<usize>| {
                let log_ratio: f64 = step.iter().map(|i| logp[*i] - reference[*i]).sum();
                step_index += 1;
                weight[part.steps[step_index - 1] as usize] * log_ratio
            };
            traj.iter().map(share).collect()
        })
        .collect();
    let shares = |traj: u32| {
        let position = part.trajs.iter().position(|t| *t == traj)?;
        Some((&shares[position], sizes[position]))
    };
    let losses: Vec<f64> = pairs
        .iter()
        .filter_map(|(better, worse)| Some((shares(*better)?, shares(*worse)?)))
        .map(|(better, worse)| {
            let common = better.0.len().min(worse.0.len());
            let score = |(traj, tokens): (&Vec<f64>, usize)| {
                let z: f64 = match form.over {
                    Over::Sum => traj.iter().sum(),
                    Over::Mean => traj.iter().sum::<f64>() / traj.len().max(1) as f64,
                    Over::Tokens => traj.iter().sum::<f64>() / tokens.max(1) as f64,
                    Over::Common => traj[..common].iter().sum(),
                };
                if form.alpha == 1.0 {
                    z
                } else {
                    ((z * (form.alpha - 1.0)).exp() - 1.0) / (form.alpha - 1.0)
                }
            };
            cost(form.link, form.beta, score(better), score(worse))
        })
        .collect();
    mean(&losses)
}

/// What a pair costs whose trajectories have these log-ratios.
fn cost(link: Link, beta: f64, better: f64, worse: f64) -> f64 {
    let sigma = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (up, down) = (beta * better, beta * worse);
    let gap = up - down;
    match link {
        Link::Sigmoid { smooth: e, margin } => {
            let m = gap - margin;
            -(1.0 - e) * sigma(m).ln() - e * sigma(-m).ln()
        }
        Link::Robust { smooth: e } => (-(1.0 - e) * sigma(gap).ln() + e * sigma(-gap).ln()) / (1.0 - 2.0 * e),
        Link::Hinge { margin } => (1.0 - gap + margin).max(0.0),
        Link::Ipo => (better - worse - 1.0 / (2.0 * beta)).powi(2),
        Link::Exo { smooth: e } => {
            let (p, q) = (sigma(gap), sigma(-gap));
            p * (p / (1.0 - e)).ln() + q * (q / e).ln()
        }
        Link::Nca => -sigma(up).ln() - 0.5 * sigma(-up).ln() - 0.5 * sigma(-down).ln(),
        Link::Bco => -sigma(up).ln() - sigma(-down).ln(),
        Link::Sppo => (better - 0.5 / beta).powi(2) + (worse + 0.5 / beta).powi(2),
        Link::ApoZero => 1.0 - sigma(up) + sigma(down),
        Link::ApoDown => sigma(up) + 1.0 - sigma(gap),
        Link::Discopop { tau } => {
            let w = sigma(gap / tau);
            -(1.0 - w) * sigma(gap).ln() + w * (-gap).exp()
        }
        Link::Odds => {
            let odds = |z: f64| (z.exp() / (1.0 - z.exp())).ln();
            -sigma(odds(better) - odds(worse)).ln()
        }
    }
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

/// The divergence from a reference; the columns are those of the part. `frozen` is what has no gradient where another estimator
/// says the value.
pub(super) fn divergence(
    part: &Part,
    form: &super::Divergence,
    (live, frozen): (&[f64], &[f64]),
    reference: &[f64],
) -> f64 {
    let each = |id: Estimator, logp: f64, reference: f64| {
        let d = reference - logp;
        match id {
            Estimator::K1 => -d,
            Estimator::K2 => d * d / 2.0,
            Estimator::K3 => (d.exp() - d - 1.0).clamp(-10.0, 10.0),
            Estimator::Abs => d.abs(),
        }
    };
    let token = |i: &usize| {
        let (value, slope) = (form.estimator, form.gradient);
        each(value, frozen[*i], reference[*i]) + each(slope, live[*i], reference[*i])
            - each(slope, frozen[*i], reference[*i])
    };
    let step = |step: &Vec<usize>| -> Vec<f64> { step.iter().map(token).collect() };
    let losses: Vec<Vec<Vec<f64>>> =
        nested(part).iter().map(|traj| traj.iter().map(step).collect()).collect();
    form.coef * reduced(part, form.reduce, &losses)
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
