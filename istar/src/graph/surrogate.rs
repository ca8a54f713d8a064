//! PPO's clipped surrogate and its relatives.

use super::bounds::Bounds;
use super::runs::Runs;
use super::shape::{Seen, Shape};
use super::{Pass, Rank0Loss, Reduction, Taped, column, far, log, note, number, numbers, total, weighted};
use crate::batch::{CountId, LevelId, Part};
use crate::kernels::flat::{cost::Cost, sum_of_costs};
use dfdx::prelude::{Device, Dtype, OwnedTape};
use std::borrow::Cow;

/// GSPO's log-ratio goes no higher; where it is cut off there is no gradient.
const CEILING: f64 = 10.0;

/// The numbers of a surrogate.
#[derive(Clone, Debug, PartialEq)]
pub struct Surrogate<'a> {
    /// The form of a token's loss.
    pub shape: Shape,
    /// How far below and above 1 the ratio may go; of each token, if it differs, those of the batch.
    pub clip: Bounds<'a>,
    /// The largest ratio that a negative advantage may have.
    pub dual: Option<f64>,
    /// What the log-ratio is added up over: each token, the sum or the mean of a step or a trajectory.
    pub ratio: CountId,
    /// What the loss is averaged over.
    pub reduce: Reduction,
}

/// `sum_i w_i · max(-r_i A_i, -clip(r_i) A_i)` over the tokens of the part, where `r` is the ratio of the policy to the
/// one that produced the batch and the weights `w` say what is averaged; with a dual clip `c` at most `-c A_i` where
/// `A_i < 0`; or a form in which the ratio or part of it is a constant, see [`Shape`].
///
/// `advantage` and `old` (log-probabilities in nats) have one number per token of the batch; `kept`, one flag per token
/// of the batch, says which tokens have a place in the loss and its denominators. Units without such a token do not
/// count. Logs `losses/policy` and, as token means, `charts/clip_fraction` (the clip decides; of another form, its bounds), `charts/dual_clip_fraction`
/// (the second bound decides) and `charts/approx_kl` (k3 of `KL(old, policy)`: `r - 1 - log r` with the token's ratio); where
/// they act, for how many tokens the log-ratio went beyond what `exp` takes ([`far`](super::far)), `charts/ratio_guarded`, and
/// beyond GSPO's ceiling of 10, `charts/ratio_at_ceiling`.
///
/// `None` if no token is kept. Sources: PPO arXiv 1707.06347; dual clip arXiv 1912.09729; `sum(step)` iStar arXiv
/// 2509.19199, eq. 6; `mean(step)` GSPO arXiv 2507.18071, in its per-token form.
pub fn surrogate<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    form: &Surrogate<'_>,
    advantage: &[f64],
    old: &[f64],
    kept: Option<&[bool]>,
) -> Option<Rank0Loss<E, D>> {
    let part = pass.part;
    let kept: Vec<bool> = kept.map_or_else(|| vec![true; part.tokens.len()], |kept| part.pick(kept));
    let weight = form.reduce.weights(part, LevelId::Token, &kept)?;
    let form = &Surrogate { clip: form.clip.pick(part), ..form.clone() };
    let (advantage, old) = (part.pick(advantage), part.pick(old));
    let token_logs: Vec<f64> = numbers(&pass.logp).iter().zip(&old).map(|(new, old)| new - old).collect();
    let far = far::<E>();
    let ceiling = if let CountId::Mean(_) = form.ratio { CEILING } else { f64::INFINITY };
    let (loss, logs, cut) = if form.shape == Shape::Clip {
        let logs = shared_logs(part, form.ratio, &token_logs);
        // the slope of the loss in the ratio where nothing is clipped
        let slope: Vec<f64> = advantage.iter().zip(&weight).map(|(a, w)| -a * w).collect();
        let log_ratio = pass.logp.retaped::<OwnedTape<E, D>>() - column::<E, D>(pass.device, old);
        let mut bounds = Cow::Borrowed(&form.clip);
        let (log_ratio, slope) = match form.ratio {
            CountId::Sum(unit) => {
                let (log_ratio, slope, firsts) = per_unit(pass.device, part, unit, log_ratio, &slope);
                bounds = Cow::Owned(form.clip.of(&firsts));
                (log_ratio, slope)
            }
            CountId::Mean(_) => {
                // the value of the unit's ratio, the gradient of the token's own log-probability
                let shift = logs.iter().zip(&token_logs).map(|(shared, own)| shared - own);
                let shared = log_ratio + column::<E, D>(pass.device, shift);
                (shared.clamp(f64::NEG_INFINITY, CEILING), slope)
            }
            _ => (log_ratio, slope),
        };
        let within = bounds.around_one();
        let within = within.as_ref().map(|(lower, upper)| (&lower[..], &upper[..]));
        let cost = Cost::Clip { slope: &slope, within, dual: form.dual, far };
        let loss = sum_of_costs(log_ratio, cost).unwrap_or_else(|log_ratio| {
            let ratio = log_ratio.clamp(-far, far).exp();
            total(bounded(pass.device, ratio, &bounds, form.dual, &slope), 1.0)
        });
        let ratio = |i: usize| logs[i].min(ceiling).clamp(-far, far).exp();
        let decides = |i: usize| {
            let clipped = |(lo, hi): (f64, f64)| ratio(i).max(1.0 - lo).min(1.0 + hi);
            form.clip.at(i).is_some_and(|clip| -advantage[i] * clipped(clip) > -advantage[i] * ratio(i))
        };
        let cut: Vec<bool> = (0..kept.len()).map(decides).collect();
        (loss, logs, cut)
    } else {
        bent(pass, form, &advantage, &old, &weight, ceiling)
    };

    log(pass.metrics, "losses/policy", &loss);
    let mean = |x: &dyn Fn(usize) -> f64| {
        let tokens = || (0..kept.len()).filter(|i| kept[*i]);
        tokens().map(x).sum::<f64>() / tokens().count() as f64
    };
    let ratio = |i: usize| logs[i].min(ceiling).clamp(-far, far).exp();
    let clipped =
        |i: usize| form.clip.at(i).map_or(ratio(i), |(lo, hi)| ratio(i).max(1.0 - lo).min(1.0 + hi));
    if form.clip != Bounds::Open && form.shape.has_bounds() {
        pass.metrics.push(("charts/clip_fraction", mean(&|i| f64::from(cut[i]))));
    }
    if let Some(dual) = form.dual {
        let decides = |i: usize| f64::from(advantage[i] < 0.0 && ratio(i).max(clipped(i)) > dual);
        pass.metrics.push(("charts/dual_clip_fraction", mean(&decides)));
    }
    pass.metrics.push(("charts/approx_kl", mean(&|i| token_logs[i].min(far).exp_m1() - token_logs[i])));
    let cut_off =
        |beyond: &dyn Fn(f64) -> bool| (0..kept.len()).filter(|i| kept[*i] && beyond(logs[*i])).count();
    let guarded = cut_off(&|log| log.min(ceiling).abs() > far);
    note(pass.metrics, "charts/ratio_guarded", guarded);
    note(pass.metrics, "charts/ratio_at_ceiling", cut_off(&|log| log > ceiling));
    Some(loss)
}

/// The loss of a form that is no clip, as a slope in each token's log-probability and what is missing to its value; per token, the
/// log-ratio of its unit, and whether the bounds decide.
fn bent<E: Dtype, D: Device<E>>(
    pass: &Pass<'_, E, D>,
    form: &Surrogate<'_>,
    advantage: &[f64],
    old: &[f64],
    weight: &[f64],
    ceiling: f64,
) -> (Rank0Loss<E, D>, Vec<f64>, Vec<bool>) {
    let (logp, far) = (numbers(&pass.logp), far::<E>());
    let own: Vec<f64> = logp.iter().zip(old).map(|(new, old)| new - old).collect();
    let held: Vec<f64> =
        (0..own.len()).map(|i| form.shape.held(form.clip.at(i), advantage[i], own[i])).collect();
    let logs = shared_logs(pass.part, form.ratio, &held);
    let (mut value, mut by_ratio, mut slope) = (0.0, vec![0.0; logp.len()], vec![0.0; logp.len()]);
    let mut cut = Vec::with_capacity(logp.len());
    for i in 0..logp.len() {
        let log_ratio = logs[i].min(ceiling).clamp(-far, far);
        let seen = Seen { advantage: advantage[i], logp: logp[i], old: old[i], log_ratio };
        let bent = form.shape.bend(form.clip.at(i), seen);
        value += weight[i] * bent.loss;
        slope[i] = weight[i] * bent.by_own;
        by_ratio[i] = if log_ratio == logs[i] { weight[i] * bent.by_ratio } else { 0.0 };
        cut.push(bent.cut || held[i] != own[i]);
    }
    // a ratio that is a sum changes with each token of its unit
    if let CountId::Sum(unit) = form.ratio {
        let (owner, units) = units(pass.part, unit);
        for run in Runs::of(&owner, units).iter() {
            let sum: f64 = by_ratio[run.clone()].iter().sum();
            by_ratio[run.clone()].fill(sum);
        }
    }
    for i in (0..logp.len()).filter(|i| held[*i] == own[*i]) {
        slope[i] += by_ratio[i];
    }
    let missing = value - slope.iter().zip(&logp).map(|(slope, logp)| slope * logp).sum::<f64>();
    let loss = weighted(pass.device, pass.logp.retaped::<OwnedTape<E, D>>(), &slope) + number::<E>(missing);
    (loss, logs, cut)
}

/// Per token, the log-ratio that it shares with what the ratio is taken over.
fn shared_logs(part: &Part, ratio: CountId, token_logs: &[f64]) -> Vec<f64> {
    let (unit, mean) = match ratio {
        CountId::Sum(unit) => (unit, false),
        CountId::Mean(unit) => (unit, true),
        _ => return token_logs.to_vec(),
    };
    let (owner, units) = units(part, unit);
    let mut out = Vec::with_capacity(token_logs.len());
    for run in Runs::of(&owner, units).iter() {
        let sum: f64 = token_logs[run.clone()].iter().sum();
        out.resize(run.end, if mean { sum / run.len() as f64 } else { sum });
    }
    out
}

/// Per token, its step or trajectory, and how many of these there are.
fn units(part: &Part, unit: LevelId) -> (Cow<'_, [u32]>, usize) {
    if unit == LevelId::Step {
        return (Cow::Borrowed(&part.step_of_token), part.steps.len());
    }
    (part.step_of_token.iter().map(|step| part.traj_of_step[*step as usize]).collect(), part.trajs.len())
}

/// One log-ratio and one slope for each unit that has a token, and its first token.
fn per_unit<E: Dtype, D: Device<E>>(
    device: &D,
    part: &Part,
    unit: LevelId,
    log_ratio: Taped<E, D>,
    slope: &[f64],
) -> (Taped<E, D>, Vec<f64>, Vec<usize>) {
    let (owner, units) = units(part, unit);
    let mut met = owner.to_vec();
    met.dedup();
    let runs = Runs::of(&owner, units).pick(&met);
    let slope = runs.iter().map(|run| slope[run.clone()].iter().sum()).collect();
    let firsts = runs.iter().map(|run| run.start).collect();
    (runs.sum(device, log_ratio, None), slope, firsts)
}

/// Each ratio between bounds of its own.
fn clamp_each<E: Dtype, D: Device<E>>(
    device: &D,
    ratio: &Taped<E, D>,
    lo: &[f64],
    hi: &[f64],
) -> Taped<E, D> {
    let held = numbers(ratio).into_iter().zip(lo.iter().zip(hi));
    let held: Vec<(f64, f64)> =
        held.map(|(ratio, (lo, hi))| (ratio, ratio.max(1.0 - lo).min(1.0 + hi))).collect();
    // inside of its bounds the ratio itself, with its gradient; beyond them the bound, a constant
    let inside = held.iter().map(|(ratio, held)| f64::from(u8::from(ratio == held)));
    let beyond = held.iter().map(|(ratio, held)| if ratio == held { 0.0 } else { *held });
    ratio.retaped::<OwnedTape<E, D>>() * column::<E, D>(device, inside) + column::<E, D>(device, beyond)
}

/// `max(s r, s clip(r))`, and at most `c s` where the slope `s` is positive.
fn bounded<E: Dtype, D: Device<E>>(
    device: &D,
    ratio: Taped<E, D>,
    bounds: &Bounds<'_>,
    dual: Option<f64>,
    slope: &[f64],
) -> Taped<E, D> {
    let slopes = column::<E, D>(device, slope.iter().copied());
    let clipped = match bounds {
        Bounds::Open => None,
        Bounds::Same(lo, hi) => Some(ratio.retaped::<OwnedTape<E, D>>().clamp(1.0 - lo, 1.0 + hi)),
        Bounds::Each(lo, hi) => Some(clamp_each(device, &ratio, lo, hi)),
    };
    let mut each = match clipped {
        Some(clipped) => (ratio * slopes.clone()).maximum(clipped * slopes),
        None => ratio * slopes,
    };
    if let Some(dual) = dual {
        let bound = |slope: &f64| if *slope > 0.0 { dual * slope } else { f64::INFINITY };
        each = each.minimum(column::<E, D>(device, slope.iter().map(bound)));
    }
    each
}
