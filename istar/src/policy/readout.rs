//! What a network says.

use super::Asked;
use crate::kernels::{Backend, Column, logprob};
use dfdx::prelude::*;

/// What a network says about the rows of a question.
///
/// The columns come without a tape, under the ids the tape knows: a loss term reads `logp.retaped::<OwnedTape<_, _>>()`
/// as often as it likes, and the sum of the terms is run backward with `tape` merged in, so that the network is run
/// forward and backward once whatever reads it. A column that no loss reads costs nothing on the way back.
#[derive(Debug)]
pub struct Readout<D: Backend, T> {
    /// `(rows,)`: of a policy, the natural logarithm of the probability of each token asked for; of an estimator, the
    /// number asked for.
    pub logp: Column<D>,
    /// `(rows,)`: entropy, in nats, of the distribution there; when it was asked for.
    pub entropy: Option<Column<D>>,
    /// The way back from both to the parameters.
    pub tape: T,
}

impl<D: Backend, T: Tape<f32, D>> Readout<D, T> {
    /// Of a policy: `logits` is `(observations, tokens)`, divided by the temperature.
    ///
    /// # Panics
    /// When an output asked for is out of range.
    pub fn of_logits<A: Dim, O>(
        logits: Tensor<(usize, A), f32, D, T>,
        asked: &Asked<'_, O>,
        temperature: f32,
        entropy: bool,
    ) -> Self {
        let (logp, entropy, tape) = D::logprob(logits, (&asked.at, &asked.output), temperature, entropy);
        Readout { logp, entropy, tape }
    }

    /// Of an estimator: `outputs` is `(observations, outputs)`.
    ///
    /// # Panics
    /// When an output asked for is out of range.
    pub fn of_outputs<A: Dim, O>(outputs: Tensor<(usize, A), f32, D, T>, asked: &Asked<'_, O>) -> Self {
        let (logp, tape) = logprob::select(outputs, (&asked.at, &asked.output)).split_tape();
        Readout { logp, entropy: None, tape }
    }
}
