//! The value loss of a critic.

use super::{Pass, Rank0Loss, Reduction, column, log, number, numbers, total};
use crate::batch::LevelId;
use crate::kernels::flat::{cost::Cost, sum_of_costs};
use dfdx::prelude::{Device, Dtype, HasShape, OwnedTape};

/// What one head of a critic is trained towards, per element (step or token) of the batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// Its prediction when the batch was sampled.
    pub old: Vec<f64>,
    /// The return that it should have predicted; an element without one has no place in the loss.
    pub target: Vec<Option<f64>>,
}

/// `coef` times the sum over the heads of the mean (that of `reduce`) of `max((v - ret)², (old + clip(v - old, ±c) - ret)²)` over those
/// elements of the part that have a target `ret`; without a clip of `(v - ret)²`. No factor ½.
///
/// `heads` has one entry per head of the critic, `None` for one that nothing trains; the predictions of the pass stand
/// head after head, each with one number per element of the part. Logs `losses/critic`, before the coefficient, the share
/// of elements `charts/critic_clip_fraction` at which the clip decides, and `charts/explained_variance`,
/// `1 - Var(ret - v) / Var(ret)` with the variances inside each head (none where all targets of a head are equal).
///
/// `None` with coefficient 0 or without a target. Source: the clip is that of the code released with PPO (arXiv
/// 1707.06347), the form that of verl's `compute_value_loss`.
///
/// # Panics
/// If the pass has another number of predictions than heads times elements.
pub fn value<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    coef: f64,
    clip: Option<f64>,
    level: LevelId,
    reduce: Reduction,
    heads: &[Option<Estimates>],
) -> Option<Rank0Loss<E, D>> {
    let elements = pass.part.elements(level);
    assert_eq!(pass.logp.shape().0, heads.len() * elements.len(), "one prediction per head and element");
    // Elements without a target are counted zero times.
    let rows = heads.len() * elements.len();
    let (mut old, mut target, mut weight) = (vec![0.0; rows], vec![0.0; rows], vec![0.0; rows]);
    for (head, estimates) in heads.iter().enumerate() {
        let Some(estimates) = estimates else { continue };
        let known: Vec<bool> = elements.iter().map(|i| estimates.target[*i as usize].is_some()).collect();
        let Some(weights) = reduce.weights(pass.part, level, &known) else { continue };
        for (row, element) in elements.iter().enumerate() {
            if let Some(number) = estimates.target[*element as usize] {
                let at = head * elements.len() + row;
                (old[at], target[at]) = (estimates.old[*element as usize], number);
                weight[at] = weights[row];
            }
        }
    }
    if coef == 0.0 || weight.iter().all(|weight| *weight == 0.0) {
        return None;
    }
    let predicted = numbers(&pass.logp);
    let leaf = || pass.logp.retaped::<OwnedTape<E, D>>();
    let cost = Cost::Squares { weight: &weight, target: &target, old: clip.map(|reach| (&old[..], reach)) };
    let loss = sum_of_costs(leaf(), cost).unwrap_or_else(|_| {
        let targets = column::<E, D>(pass.device, target.iter().copied());
        let free = (leaf() - targets.clone()).square();
        let each = match clip {
            None => free,
            Some(reach) => {
                let olds = column::<E, D>(pass.device, old.iter().copied());
                let near = (leaf() - olds.clone()).clamp(-reach, reach) + olds;
                free.maximum((near - targets).square())
            }
        };
        total(each * column::<E, D>(pass.device, weight.iter().copied()), 1.0)
    });
    log(pass.metrics, "losses/critic", &loss);

    let known: Vec<usize> = (0..rows).filter(|row| weight[*row] > 0.0).collect();
    if let Some(reach) = clip {
        let decides = |row: &&usize| {
            let (v, old, ret) = (predicted[**row], old[**row], target[**row]);
            (old + (v - old).clamp(-reach, reach) - ret).abs() > (v - ret).abs() && (v - old).abs() > reach
        };
        let share = known.iter().filter(decides).count() as f64 / known.len() as f64;
        pass.metrics.push(("charts/critic_clip_fraction", share));
    }
    if let Some(explained) = explained_variance(&known, elements.len(), &predicted, &target) {
        pass.metrics.push(("charts/explained_variance", explained));
    }
    Some(loss * number::<E>(coef))
}

/// `1 - Var(ret - v) / Var(ret)`, squares summed inside each head of `elements` rows; `None` where no target varies.
fn explained_variance(known: &[usize], elements: usize, predicted: &[f64], target: &[f64]) -> Option<f64> {
    let squares = |of: &dyn Fn(usize) -> f64| -> f64 {
        let heads = known.chunk_by(|a, b| a / elements == b / elements);
        heads
            .map(|rows| {
                let mean = rows.iter().map(|row| of(*row)).sum::<f64>() / rows.len() as f64;
                rows.iter().map(|row| (of(*row) - mean).powi(2)).sum::<f64>()
            })
            .sum()
    };
    let all = squares(&|row| target[row]);
    (all > 0.0).then(|| 1.0 - squares(&|row| target[row] - predicted[row]) / all)
}
