//! What a network says about the tokens that were taken.

use crate::kernels::{Backend, Column, logprob};
use dfdx::prelude::*;

/// Which tokens were taken at which observation; one row a token, in batch order. Rows may share an observation.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// Index of each row's observation.
    pub observation: &'a [u32],
    /// The token taken, below the number of actions.
    pub token: &'a [u32],
}

/// What a network says about the tokens that were taken.
///
/// The columns come without a tape, under the ids the tape knows: a loss term reads `logp.retaped::<OwnedTape<_, _>>()`
/// as often as it likes, and the sum of the terms is run backward with `tape` merged in, so that the network is run
/// forward and backward once whatever reads it. A column that no loss reads costs nothing on the way back.
#[derive(Debug)]
pub struct Readout<D: Backend, T> {
    /// `(rows,)`: natural logarithm of each token's probability.
    pub logp: Column<D>,
    /// `(rows,)`: entropy, in nats, of the distribution each token was drawn from; when it was asked for.
    pub entropy: Option<Column<D>>,
    /// The way back from both to the parameters.
    pub tape: T,
}

impl<D: Backend, T: Tape<f32, D>> Readout<D, T> {
    /// Of a policy: `logits` is `(observations, tokens)`, divided by the temperature.
    ///
    /// # Panics
    /// When an index of `choices` is out of range.
    pub fn of_logits<A: Dim>(
        logits: Tensor<(usize, A), f32, D, T>,
        choices: Choices<'_>,
        temperature: f32,
        entropy: bool,
    ) -> Self {
        let picks = (choices.observation, choices.token);
        let (logp, entropy, tape) = D::logprob(logits, picks, temperature, entropy);
        Readout { logp, entropy, tape }
    }

    /// Of an estimator: for every row the output whose index stands in `choices.token`, as it is, in place of a
    /// log-probability; `outputs` is `(observations, outputs)`.
    ///
    /// # Panics
    /// When an index of `choices` is out of range.
    pub fn of_outputs<A: Dim>(outputs: Tensor<(usize, A), f32, D, T>, choices: Choices<'_>) -> Self {
        let (logp, tape) = logprob::select(outputs, (choices.observation, choices.token)).split_tape();
        Readout { logp, entropy: None, tape }
    }
}
