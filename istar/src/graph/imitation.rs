//! Behaviour cloning.

use super::{Pass, Rank0Loss, log, number, total};
use dfdx::prelude::{Device, Dtype, HasShape, OwnedTape};

/// `-coef · mean_i log pi(a_i)` over the demonstrated tokens. Logs `losses/bc`, the mean negative log-probability.
///
/// `None` with coefficient 0 or without demonstrated tokens.
///
/// # Panics
/// If the pass carries no demonstrations: the demand of [`Bc`](crate::objective::term::Bc) asks for them.
pub fn imitation<E: Dtype, D: Device<E>>(pass: &mut Pass<'_, E, D>, coef: f64) -> Option<Rank0Loss<E, D>> {
    let logp = pass.demonstration.as_ref().expect("the demand puts the demonstrations into the pass");
    let tokens = logp.shape().0;
    if coef == 0.0 || tokens == 0 {
        return None;
    }
    let mean = total(logp.retaped::<OwnedTape<E, D>>(), -1.0 / tokens as f64);
    log(pass.metrics, "losses/bc", &mean);
    Some(mean * number::<E>(coef))
}
