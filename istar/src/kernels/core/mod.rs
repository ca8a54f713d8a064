//! What every network needs.

pub mod adam;
pub(super) mod buffer;
pub mod linear;
pub mod logprob;
pub(super) mod panels;
pub(super) mod parallel;
pub mod scatter;
pub(super) mod tile;

use dfdx::prelude::*;

pub use self::{
    adam::{AdamStep, Squares},
    linear::Activation,
    parallel::{set_threads, threads},
};

/// One number for each of some elements, without a tape.
pub type Column<D> = Tensor<(usize,), f32, D>;

/// A device that networks run on: dfdx's own operations, and the fused ones of this module.
///
/// The methods panic when run-time dimensions disagree or an index is out of range, as dfdx's own operations do: the
/// callers are policies, which derive both from the same numbers.
pub trait Backend: Device<f32> {
    /// Its name, as arguments and manifests have it.
    const NAME: &'static str;

    /// Its name, and what else decides how its numbers round: what a study has to be finished with.
    #[must_use]
    fn described() -> String {
        Self::NAME.to_owned()
    }

    /// The device of this thread.
    #[must_use]
    fn here() -> Self {
        Self::default()
    }

    /// `activation(x · wᵀ + b)`: `x` is `(rows, inputs)`, `w` is `(outputs, inputs)`, `b` is `(outputs,)`.
    fn linear<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self, T>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::stock(x, w, b, activation)
    }

    /// As [`linear`](Self::linear), of numbers that have no gradient: what a network is shown.
    fn linear_of<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
        tape: T,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::stock(x.put_tape(tape), w, b, activation)
    }

    /// The elements `(row, column)` of the logarithm of `softmax(logits / temperature)`, taken row by row, and on
    /// demand the entropy, in nats, of the distribution in that row: `logits` is `(rows, columns)`, the results are one
    /// number for each pair. They come without a tape, under the ids that the tape beside them knows.
    fn logprob<A: Dim, T: Tape<f32, Self>>(
        logits: Tensor<(usize, A), f32, Self, T>,
        picks: (&[u32], &[u32]),
        temperature: f32,
        entropy: bool,
    ) -> (Column<Self>, Option<Column<Self>>, T) {
        logprob::stock(logits, picks, temperature, entropy)
    }

    /// A column of `len` numbers put together from parts: number `i` of a part goes to place `i` of its list, and what
    /// has no number is 0.
    fn scatter(device: &Self, len: usize, parts: &[(Column<Self>, &[u32])]) -> Column<Self> {
        scatter::stock(device, len, parts)
    }

    /// Adds the squares of a parameter's gradient to a sum; nothing where no gradient reached it.
    fn add_squares<S: Shape>(
        parameter: &Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        sum: &mut Squares<Self>,
    ) {
        adam::stock_squares(parameter, gradients, sum);
    }

    /// Moves a parameter one step against its gradient, which is 0 where none reached it; `moments` are the first and
    /// second, of as many elements as the parameter, in its order. See [`AdamStep`].
    fn adam<S: Shape>(
        parameter: &mut Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        moments: [&mut Column<Self>; 2],
        step: &AdamStep,
    ) {
        adam::stock(parameter, gradients, moments, step);
    }
}

impl Backend for Cpu {
    const NAME: &'static str = "cpu";

    fn linear<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self, T>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::fused(x, w, b, activation)
    }

    fn linear_of<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
        tape: T,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::fused_of(x, w, b, activation, tape)
    }

    fn logprob<A: Dim, T: Tape<f32, Self>>(
        logits: Tensor<(usize, A), f32, Self, T>,
        picks: (&[u32], &[u32]),
        temperature: f32,
        entropy: bool,
    ) -> (Column<Self>, Option<Column<Self>>, T) {
        logprob::fused(logits, picks, temperature, entropy)
    }

    fn scatter(device: &Self, len: usize, parts: &[(Column<Self>, &[u32])]) -> Column<Self> {
        scatter::fused(device, len, parts)
    }

    fn add_squares<S: Shape>(
        parameter: &Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        sum: &mut Squares<Self>,
    ) {
        adam::fused_squares(parameter, gradients, sum);
    }

    fn adam<S: Shape>(
        parameter: &mut Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        moments: [&mut Column<Self>; 2],
        step: &AdamStep,
    ) {
        adam::fused(parameter, gradients, moments, step);
    }
}
