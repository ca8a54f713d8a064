//! What may not be said has no probability.

use crate::batch::Legal;
use crate::kernels::Backend;
use dfdx::prelude::*;

/// The logit of a token that is not legal: no probability, no entropy and no gradient, but a number that can be
/// multiplied by 0.
const NEVER: f32 = -1e30;

/// Logits, `(observations, tokens)`, in which tokens that are not legal have no probability; `legal` has a set for each
/// observation.
///
/// # Panics
/// When an observation has no legal token.
pub fn masked<'a, A: Dim, D: Backend, T: Tape<f32, D>>(
    logits: Tensor<(usize, A), f32, D, T>,
    legal: impl Iterator<Item = &'a Legal> + Clone,
) -> Tensor<(usize, A), f32, D, T> {
    let (rows, tokens) = *logits.shape();
    let n = tokens.size();
    if legal.clone().all(|legal| legal.covers(n)) {
        return logits;
    }
    let mut shift = vec![NEVER; rows * n];
    for (legal, row) in legal.zip(shift.chunks_exact_mut(n)) {
        legal.below(n).for_each(|token| row[token as usize] = 0.0);
        assert!(row.contains(&0.0), "{legal} of {n}: there is nothing to choose from");
    }
    let shift = logits.device().tensor_from_vec(shift, (rows, tokens));
    logits + shift
}
