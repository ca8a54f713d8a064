//! What a margin of preference costs.

use super::{Rank0Loss, Taped, column, numbers, total};
use crate::kernels::flat::{cost::Cost, sum_of_costs};
use dfdx::prelude::{Device, Dtype, HasShape};

/// The mean over margins `m` of `-log sigmoid(m)`, in nats.
pub(super) fn mean_surprise<E: Dtype, D: Device<E>>(device: &D, margin: Taped<E, D>) -> Rank0Loss<E, D> {
    let share = 1.0 / margin.shape().0 as f64;
    sum_of_costs(margin, Cost::Surprise { weight: share })
        .unwrap_or_else(|margin| total(surprise(device, margin), share))
}

/// Per margin `m`, `-log sigmoid(m)` in nats.
///
/// It is `log(1 + exp(-m))` with the constant shift `c = max(-m, 0)`. The shift carries no gradient: dfdx's relu and abs
/// have derivative 0 at 0, where every margin stands before the first update and the slope is -1/2.
pub(super) fn surprise<E: Dtype, D: Device<E>>(device: &D, margin: Taped<E, D>) -> Taped<E, D> {
    let shift: Vec<f64> = numbers(&margin).iter().map(|m| (-m).max(0.0)).collect();
    let floor = column::<E, D>(device, shift.iter().map(|c| (-c).exp()));
    let shift = column::<E, D>(device, shift);
    ((-margin - shift.clone()).exp() + floor).ln() + shift
}

/// Logs how many pairs a score ranks right, how many the rule "the shorter one is better" does, and how many there are,
/// under these names; nothing without pairs.
pub(super) fn ranked(
    metrics: &mut Vec<(&'static str, f64)>,
    names: [&'static str; 3],
    margins: &[f64],
    shorter: impl Iterator<Item = f64>,
) {
    let n = margins.len() as f64;
    if n > 0.0 {
        let shares = [right(margins.iter().copied()) / n, right(shorter) / n, n];
        metrics.extend(names.into_iter().zip(shares));
    }
}

/// How many margins are right; a tie is half right.
pub(super) fn right(margins: impl Iterator<Item = f64>) -> f64 {
    let half = |m: f64| if m > 0.0 { 1.0 } else { 0.5 * f64::from(u8::from(m == 0.0)) };
    margins.map(half).sum()
}
