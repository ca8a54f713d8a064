//! The arithmetic under every network: a handful of fused operations behind one small trait.
//!
//! Each operation has a stock form, a chain of dfdx operations that runs on any device, and a fused form for the CPU
//! with a backward pass written by hand. The stock form is the default body of the trait's method, so a device that
//! overrides nothing is still complete; the tests hold the fused forms to the stock ones in value and gradient.
//!
//! | operation | file | fused form |
//! |---|---|---|
//! | affine map, optional relu | [`linear`] | bias and relu ride on one matrix product |
//! | 3×3 convolution, optional relu | [`conv3x3`] | tiles of outputs in registers, straight from padded images that stay in cache |
//! | embedding of square pixel patches | [`patch`] | each distinct patch of a batch is embedded once |
//! | logits to chosen log-probabilities | [`logprob`] | one pass, rows that share an observation share its softmax |

mod buffer;
pub mod conv3x3;
pub mod linear;
pub mod logprob;
mod parallel;
pub mod patch;
#[cfg(test)]
pub(crate) mod testing;
mod tile;

use dfdx::prelude::*;

pub use self::{
    logprob::{Choices, Readout},
    parallel::{set_threads, threads},
};

/// What follows an affine map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    Identity,
    /// `max(x, 0)`.
    Relu,
}

/// Whether anything in front of a layer can learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The input is data: its gradient is of no use and is not computed by the fused forms.
    Data,
    /// The input is the output of another layer.
    Hidden,
}

/// The cells of an image: activations of images are `(images * height * width, channels)`, channels innermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grid {
    /// Rows of cells.
    pub height: usize,
    /// Cells in a row.
    pub width: usize,
}

impl Grid {
    /// Cells in one image.
    pub fn cells(self) -> usize {
        self.height * self.width
    }
}

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
        _input: Input,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::stock(x, w, b, activation)
    }

    /// 3×3 convolution with one cell of zero padding: `x` is `(images * cells, channels)`, `w` is
    /// `(outputs, 9 * channels)` whose columns run over `(row offset, column offset, channel)`, `b` is `(outputs,)`;
    /// the result is `(images * cells, outputs)`.
    fn conv3x3<C: Dim, K: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, C), f32, Self, T>,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        grid: Grid,
        activation: Activation,
        _input: Input,
    ) -> Tensor<(usize, O), f32, Self, T> {
        conv3x3::stock(x, w, b, grid, activation)
    }

    /// `relu(p · wᵀ / 255 + b)` for every square patch `p` of every frame: `frames` are 8-bit RGB images, row-major,
    /// of `grid.height * tile` by `grid.width * tile` pixels; `w` is `(outputs, tile * tile * 3)` whose columns run
    /// over `(row, column, colour)` of a patch; the result is `(frames * cells, outputs)`.
    fn patch<K: Dim, O: Dim, T: Tape<f32, Self>>(
        frames: &[u8],
        grid: Grid,
        tile: usize,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        tape: T,
    ) -> Tensor<(usize, O), f32, Self, T> {
        patch::stock(frames, grid, tile, w, b, tape)
    }

    /// The log-probability of each chosen token under `softmax(logits / temperature)`, and on demand the entropy of
    /// the distribution it was chosen from: `logits` is `(observations, actions)`, the results are `(rows,)`.
    fn logprob<A: Dim, T: Tape<f32, Self>>(
        logits: Tensor<(usize, A), f32, Self, T>,
        choices: Choices<'_>,
        temperature: f32,
        entropy: bool,
    ) -> Readout<Self, T> {
        logprob::stock(logits, choices, temperature, entropy)
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
        input: Input,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::fused(x, w, b, activation, input)
    }

    fn conv3x3<C: Dim, K: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, C), f32, Self, T>,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        grid: Grid,
        activation: Activation,
        input: Input,
    ) -> Tensor<(usize, O), f32, Self, T> {
        conv3x3::fused(x, w, b, grid, activation, input)
    }

    fn patch<K: Dim, O: Dim, T: Tape<f32, Self>>(
        frames: &[u8],
        grid: Grid,
        tile: usize,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        tape: T,
    ) -> Tensor<(usize, O), f32, Self, T> {
        patch::fused(frames, grid, tile, w, b, tape)
    }

    fn logprob<A: Dim, T: Tape<f32, Self>>(
        logits: Tensor<(usize, A), f32, Self, T>,
        choices: Choices<'_>,
        temperature: f32,
        entropy: bool,
    ) -> Readout<Self, T> {
        logprob::fused(logits, choices, temperature, entropy)
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
