//! The arithmetic under every network: a handful of fused operations behind small traits.
//!
//! Each operation has a stock form, a chain of dfdx operations that runs on any device, and fused forms for the CPU and for CUDA
//! with a backward pass written by hand. The stock form is the default body of the trait's method, so a device that
//! overrides nothing is still complete; the tests hold the fused forms to the stock ones in value and gradient.
//!
//! | trait | operation | file | fused form |
//! |---|---|---|---|
//! | [`Backend`] | affine map, optional relu | [`linear`] | bias and relu ride on one matrix product; none for the gradient of what is only shown |
//! | [`Backend`] | logits to chosen log-probabilities | [`logprob`] | one pass, picks of one row share its softmax |
//! | [`Backend`] | norm of the gradients, a step of Adam | [`adam`] | sums in `f64`; one pass over value, gradient and moments |
//! | [`Backend`] | a column put together from parts | [`scatter`] | one pass |
//! | [`Vision`] | 3×3 convolution, optional relu | [`conv3x3`] | tiles of outputs in registers, straight from padded images that stay in cache; rows that are all border are left out |
//! | [`Vision`] | embedding of square pixel patches | [`patch`] | each distinct patch of a batch is embedded once |
//! | [`Text`] | norm, and linear maps behind it | [`norm`](text::norm) | what lies between is computed once for all maps, and again on the way back |
//! | [`Text`] | causal attention with shared heads | [`attention`](text::attention) | blocks of queries; weights are not kept |
//! | [`Text`] | log-probabilities of chosen tokens | [`chosen`](text::chosen) | blocks of rows; two numbers a row are kept |
//! | [`Text`] | linear map onto a sum, rotary positions, bends, rows of a table | [`text`] | one pass each |
//!
//! Loops are compiled for AVX-512, for AVX2 and for the least that the target has, and chosen when the program runs: [`instructions`] says
//! which. What every network needs is in `core/`; a kind of network with operations of its own has a folder and a trait above
//! [`Backend`], which is named where that network is and nowhere else.

mod core;
pub mod cuda;
pub(crate) mod flat;
mod pixels;
mod place;
#[cfg(test)]
pub(crate) mod testing;
pub mod text;

pub use self::core::buffer::instructions;
pub(crate) use self::core::buffer::view;
pub(crate) use self::core::panels::Panels;
pub(crate) use self::core::parallel::run;
pub use self::core::{
    Activation, AdamStep, Backend, Column, Squares, adam, linear, logprob, scatter, set_threads, threads,
};
pub use self::cuda::NoCuda;
pub use self::pixels::{Grid, Vision, conv3x3, patch};
pub use self::place::Place;
pub use self::text::{Heads, Rows, Text};
