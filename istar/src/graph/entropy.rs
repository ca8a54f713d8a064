//! The entropy bonus.

use super::{Pass, Rank0Loss, Reduction, log, number, total, weighted};
use crate::batch::LevelId;
use dfdx::prelude::{Device, Dtype, OwnedTape};

/// `-coef · mean_i H_i` over the tokens of the part, in nats; the mean is that of `reduce`. Logs `losses/entropy`, the mean entropy.
///
/// `None` with coefficient 0 or without tokens.
///
/// # Panics
/// If the pass carries no entropy: the demand of [`Entropy`](crate::objective::term::Entropy) asks for it.
pub fn entropy<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    coef: f64,
    reduce: Reduction,
) -> Option<Rank0Loss<E, D>> {
    let tokens = pass.part.tokens.len();
    if coef == 0.0 || tokens == 0 {
        return None;
    }
    let entropy = pass.entropy.as_ref().expect("the demand puts the entropy into the pass");
    let entropy = entropy.retaped::<OwnedTape<E, D>>();
    let mean = if reduce == Reduction::ALL {
        total(entropy, 1.0 / tokens as f64)
    } else {
        let weights = reduce.weights(pass.part, LevelId::Token, &vec![true; tokens])?;
        weighted(pass.device, entropy, &weights)
    };
    log(pass.metrics, "losses/entropy", &mean);
    Some(mean * number::<E>(-coef))
}
