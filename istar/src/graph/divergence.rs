//! The divergence of the policy from a reference, estimated from the tokens taken.

use super::{Pass, Rank0Loss, Reduction, Taped, column, far, log, note, number, numbers, total, weighted};
use crate::batch::LevelId;
use dfdx::prelude::{Device, Dtype, OwnedTape};

/// The value of k3 is kept in `[-CLAMP, CLAMP]`; where it is cut off there is no gradient.
const CLAMP: f64 = 10.0;

/// The estimator of a divergence from `d = log ref - log pi` (Schulman, "Approximating KL Divergence", 2020).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// `exp(d) - d - 1`, its value clamped to 10, without gradient there.
    K3,
    /// `-d`.
    K1,
    /// `d^2 / 2`.
    K2,
    /// `|d|`.
    Abs,
}

impl Estimator {
    /// What it says of one token.
    pub fn of(self, d: f64) -> f64 {
        match self {
            Estimator::K3 => (d.exp_m1() - d).min(CLAMP),
            Estimator::K1 => -d,
            Estimator::K2 => d * d / 2.0,
            Estimator::Abs => d.abs(),
        }
    }
}

/// The numbers of a divergence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// What it is multiplied by.
    pub coef: f64,
    /// What its value is.
    pub estimator: Estimator,
    /// Whose gradient it has: that of k2 is the gradient of the divergence in expectation, whichever says the value.
    pub gradient: Estimator,
    /// What it is averaged over.
    pub reduce: Reduction,
}

/// `coef` times the mean, over the part, of an estimator of `KL(pi, ref)` with `d = log ref - log pi` in nats:
/// k1 `-d`, k2 `d²/2`, k3 `exp(d) - d - 1`, abs `|d|`; with the gradient of another where `gradient` is another. `reference` has one
/// log-probability per token of the batch. Logs `losses/kl`, the mean, and `charts/k3_cut_off`, for how many tokens k3 was cut off at
/// 10, if there are any.
///
/// `None` with coefficient 0 or without tokens. Source: Schulman, "Approximating KL Divergence" (2020).
pub fn divergence<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    form: &Divergence,
    reference: &[f64],
) -> Option<Rank0Loss<E, D>> {
    let tokens = pass.part.tokens.len();
    if form.coef == 0.0 || tokens == 0 {
        return None;
    }
    let mut each = estimate(pass, form.gradient, reference);
    if form.gradient != form.estimator {
        let value = estimate(pass, form.estimator, reference);
        let missing = numbers(&value).into_iter().zip(numbers(&each)).map(|(value, other)| value - other);
        each = each + column::<E, D>(pass.device, missing);
    }
    if form.estimator == Estimator::K3 {
        let cut_off = numbers(&each).into_iter().filter(|k3| *k3 >= CLAMP).count();
        note(pass.metrics, "charts/k3_cut_off", cut_off);
    }
    let mean = if form.reduce == Reduction::ALL {
        total(each, 1.0 / tokens as f64)
    } else {
        let weights = form.reduce.weights(pass.part, LevelId::Token, &vec![true; tokens])?;
        weighted(pass.device, each, &weights)
    };
    log(pass.metrics, "losses/kl", &mean);
    Some(mean * number::<E>(form.coef))
}

/// Per token, an estimator of the divergence.
fn estimate<E: Dtype, D: Device<E>>(
    pass: &Pass<'_, E, D>,
    estimator: Estimator,
    reference: &[f64],
) -> Taped<E, D> {
    // -d, so that k1 needs no further op
    let gap = pass.logp.retaped::<OwnedTape<E, D>>() - column::<E, D>(pass.device, pass.part.pick(reference));
    match estimator {
        Estimator::K1 => gap,
        Estimator::K2 => gap.square() * number::<E>(0.5),
        Estimator::K3 => {
            // Far beyond the clamp there is no gradient, and `exp` must not overflow on the way.
            let far = far::<E>();
            let exp = (-gap.retaped::<OwnedTape<E, D>>()).clamp(-far, far).exp();
            (exp + gap - number::<E>(1.0)).clamp(-CLAMP, CLAMP)
        }
        Estimator::Abs => gap.abs(),
    }
}
