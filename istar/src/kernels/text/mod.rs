//! What networks that read tokens need besides.

pub mod attention;
pub mod chosen;
pub(crate) mod decode;
pub(crate) mod drawn;
pub mod embed;
mod exp;
pub mod feed;
pub mod linear;
pub mod norm;
pub mod rotary;

use super::core::buffer::{Matrix, product};
use super::core::parallel::threads;
use super::{Backend, Column};
use crate::batch::Legal;
use dfdx::prelude::*;

pub use self::attention::Heads;
use self::linear::stock_linear;

/// Rows of numbers: one per token of sequences that lie one behind the other, without anything between.
pub type Rows<D, T = NoneTape> = Tensor<(usize, usize), f32, D, T>;

/// A device that networks over tokens run on. The methods panic as those of [`Backend`] do.
pub trait Text: Backend {
    /// Rows of a table.
    fn embed<T: Tape<f32, Self>>(table: Rows<Self, T>, rows: &[u32]) -> Rows<Self, T> {
        embed::stock(table, rows)
    }

    /// Every row over its root mean square, times `gain`: `x / √(mean(x²) + eps) ⊙ gain`; with a bias the mean is taken off
    /// first and the bias added at the end. `x` is `(rows, width)`, `gain` and `bias` are `(width,)`.
    fn norm<T: Tape<f32, Self>>(
        x: Rows<Self, T>,
        gain: &Column<Self>,
        bias: Option<&Column<Self>>,
        eps: f32,
    ) -> Rows<Self, T> {
        norm::stock(x, gain, bias, eps)
    }

    /// `norm(x) · wᵀ` for each of some maps, see [`norm`](Self::norm): `w` is `(outputs, width)`. The first output carries what was
    /// recorded for all.
    fn norm_linear<T: Tape<f32, Self>, const N: usize>(
        x: Rows<Self, T>,
        gain: &Column<Self>,
        bias: Option<&Column<Self>>,
        eps: f32,
        maps: [&Rows<Self>; N],
    ) -> [Rows<Self, T>; N] {
        norm::stock_linear(x, gain, bias, eps, maps)
    }

    /// `onto + x · wᵀ`: `onto` is `(rows, outputs)`, `x` is `(rows, inputs)`, `w` is `(outputs, inputs)`.
    fn add_linear<T: Tape<f32, Self>>(
        onto: Rows<Self, T>,
        x: Rows<Self, T>,
        w: &Rows<Self>,
    ) -> Rows<Self, T> {
        onto + stock_linear(x, w)
    }

    /// Turns element `i` and element `i + head / 2` of every head by `position · base^(-2i / head)`: `x` is
    /// `(rows, heads * head)`, with a position for each row.
    fn rotate<T: Tape<f32, Self>>(
        x: Rows<Self, T>,
        positions: &[u32],
        head: usize,
        base: f64,
    ) -> Rows<Self, T> {
        rotary::stock(x, positions, head, base)
    }

    /// Every query looks at the keys of its sequence up to its own: `softmax(q · kᵀ / √size) · v`, head by head. `q` is
    /// `(rows, queries * size)`, `k` and `v` are `(rows, shared * size)`; the sequences lie one behind the other and are of
    /// these lengths.
    fn attention<T: Tape<f32, Self>>(
        q: Rows<Self, T>,
        k: Rows<Self, T>,
        v: Rows<Self, T>,
        lengths: &[usize],
        heads: Heads,
    ) -> Rows<Self, T> {
        attention::stock(q, k, v, lengths, heads)
    }

    /// `silu(gate) ⊙ up`, element by element.
    fn swiglu<T: Tape<f32, Self>>(gate: Rows<Self, T>, up: Rows<Self, T>) -> Rows<Self, T> {
        feed::stock_swiglu(gate, up)
    }

    /// The tangent's form of gelu, element by element.
    fn gelu<T: Tape<f32, Self>>(x: Rows<Self, T>) -> Rows<Self, T> {
        x.fast_gelu()
    }

    /// As [`Backend::logprob`] of the logits `hidden · tableᵀ`, at a temperature of 1, where what is not legal has no
    /// probability: `hidden` is `(rows, width)` with a set for each row, `table` is `(columns, width)`.
    fn chosen<T: Tape<f32, Self>>(
        hidden: Rows<Self, T>,
        table: &Rows<Self>,
        legal: &[Legal],
        picks: (&[u32], &[u32]),
        entropy: bool,
    ) -> (Column<Self>, Option<Column<Self>>, T) {
        chosen::stock(hidden, table, legal, picks, entropy)
    }

    /// The same numbers on the CPU.
    fn host<S: Shape>(tensor: &Tensor<S, f32, Self>) -> Tensor<S, f32, Cpu> {
        Cpu::default().tensor_from_vec(tensor.as_vec(), *tensor.shape())
    }
}

impl Text for Cpu {
    fn embed<T: Tape<f32, Self>>(table: Rows<Self, T>, rows: &[u32]) -> Rows<Self, T> {
        embed::fused(table, rows)
    }

    fn norm<T: Tape<f32, Self>>(
        x: Rows<Self, T>,
        gain: &Column<Self>,
        bias: Option<&Column<Self>>,
        eps: f32,
    ) -> Rows<Self, T> {
        norm::fused(x, gain, bias, eps)
    }

    fn norm_linear<T: Tape<f32, Self>, const N: usize>(
        x: Rows<Self, T>,
        gain: &Column<Self>,
        bias: Option<&Column<Self>>,
        eps: f32,
        maps: [&Rows<Self>; N],
    ) -> [Rows<Self, T>; N] {
        norm::fused_linear(x, gain, bias, eps, maps)
    }

    fn add_linear<T: Tape<f32, Self>>(
        onto: Rows<Self, T>,
        x: Rows<Self, T>,
        w: &Rows<Self>,
    ) -> Rows<Self, T> {
        linear::fused(onto, x, w)
    }

    fn rotate<T: Tape<f32, Self>>(
        x: Rows<Self, T>,
        positions: &[u32],
        head: usize,
        base: f64,
    ) -> Rows<Self, T> {
        rotary::fused(x, positions, head, base)
    }

    fn attention<T: Tape<f32, Self>>(
        q: Rows<Self, T>,
        k: Rows<Self, T>,
        v: Rows<Self, T>,
        lengths: &[usize],
        heads: Heads,
    ) -> Rows<Self, T> {
        attention::fused(q, k, v, lengths, heads)
    }

    fn swiglu<T: Tape<f32, Self>>(gate: Rows<Self, T>, up: Rows<Self, T>) -> Rows<Self, T> {
        feed::fused_swiglu(gate, up)
    }

    fn gelu<T: Tape<f32, Self>>(x: Rows<Self, T>) -> Rows<Self, T> {
        feed::fused_gelu(x)
    }

    fn chosen<T: Tape<f32, Self>>(
        hidden: Rows<Self, T>,
        table: &Rows<Self>,
        legal: &[Legal],
        picks: (&[u32], &[u32]),
        entropy: bool,
    ) -> (Column<Self>, Option<Column<Self>>, T) {
        chosen::fused(hidden, table, legal, picks, entropy)
    }

    /// Nothing is copied.
    fn host<S: Shape>(tensor: &Tensor<S, f32, Self>) -> Tensor<S, f32, Cpu> {
        tensor.clone()
    }
}

/// Rows times a matrix `(outputs, inputs)`: `x · wᵀ`, onto what stands in `out` if `onto`.
pub(crate) fn project(x: &[f32], w: &[f32], inputs: usize, out: &mut Vec<f32>, onto: bool) {
    let (rows, outputs) = (x.len() / inputs, w.len() / inputs);
    out.resize(rows * outputs, 0.0);
    let w = Matrix::rows(w, inputs).transposed();
    product((rows, inputs, outputs), out, onto, 1.0, Matrix::rows(x, inputs), w, threads());
}
