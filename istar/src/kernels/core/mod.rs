//! What every network needs.

pub(super) mod buffer;
pub mod linear;
pub mod logprob;
pub(super) mod parallel;
pub(super) mod tile;

use dfdx::prelude::*;

pub use self::{
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
    /// `activation(x · wᵀ + b)`: `x` is `(rows, inputs)`, `w` is `(outputs, inputs)`, `b` is `(outputs,)`.
    fn linear<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self, T>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::stock(x, w, b, activation)
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

    /// Shows the gradient of a parameter, row-major; zeros when no gradient reached it.
    fn gradient<S: Shape>(
        tensor: &Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        read: &mut dyn FnMut(&[f32]),
    ) {
        gradients.try_alloc_for(tensor).expect("room for a gradient");
        read(&gradients.get(tensor).as_vec());
    }

    /// Lets `edit` rewrite a parameter, given its elements and its gradient, both row-major.
    fn update<S: Shape>(
        tensor: &mut Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        edit: &mut dyn FnMut(&mut [f32], &[f32]),
    ) {
        let mut values = tensor.as_vec();
        Self::gradient(tensor, gradients, &mut |gradient| edit(&mut values, gradient));
        tensor.copy_from(&values);
    }
}

impl Backend for Cpu {
    fn linear<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self, T>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::fused(x, w, b, activation)
    }

    fn logprob<A: Dim, T: Tape<f32, Self>>(
        logits: Tensor<(usize, A), f32, Self, T>,
        picks: (&[u32], &[u32]),
        temperature: f32,
        entropy: bool,
    ) -> (Column<Self>, Option<Column<Self>>, T) {
        logprob::fused(logits, picks, temperature, entropy)
    }

    fn gradient<S: Shape>(
        tensor: &Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        read: &mut dyn FnMut(&[f32]),
    ) {
        read(gradients.get_or_alloc_mut(tensor).expect("room for a gradient"));
    }

    fn update<S: Shape>(
        tensor: &mut Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        edit: &mut dyn FnMut(&mut [f32], &[f32]),
    ) {
        let gradient = gradients.get_or_alloc_mut(&*tensor).expect("room for a gradient");
        edit(buffer::view_mut(tensor), gradient);
    }
}

#[cfg(feature = "cuda")]
impl Backend for Cuda {}
