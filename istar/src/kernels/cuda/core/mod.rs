//! What every network needs.

mod adam;
pub(super) mod by_row;
pub(super) mod linear;
mod logprob;
mod scatter;
pub(super) mod total;

use super::here;
use super::products::{Products, products};
use crate::kernels::{Activation, AdamStep, Backend, Column, Squares};
use dfdx::prelude::*;
use linear::There;

impl Backend for Cuda {
    const NAME: &'static str = "cuda";

    fn described() -> String {
        match products() {
            Products::F32 => Self::NAME.to_owned(),
            Products::Tf32 => format!("{}, products in tf32", Self::NAME),
        }
    }

    fn here() -> Self {
        here()
    }

    fn linear<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self, T>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        let (x, tape) = x.split_tape();
        linear::affine(There { x, has_gradient: true }, w, b, activation, tape)
    }

    fn linear_of<I: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, I), f32, Self>,
        w: &Tensor<(O, I), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        activation: Activation,
        tape: T,
    ) -> Tensor<(usize, O), f32, Self, T> {
        linear::affine(There { x, has_gradient: false }, w, b, activation, tape)
    }

    fn logprob<A: Dim, T: Tape<f32, Self>>(
        logits: Tensor<(usize, A), f32, Self, T>,
        picks: (&[u32], &[u32]),
        temperature: f32,
        entropy: bool,
    ) -> (Column<Self>, Option<Column<Self>>, T) {
        logprob::chosen(logits, picks, temperature, entropy)
    }

    fn scatter(_: &Self, len: usize, parts: &[(Column<Self>, &[u32])]) -> Column<Self> {
        scatter::together(len, parts)
    }

    fn add_squares<S: Shape>(
        parameter: &Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        sum: &mut Squares<Self>,
    ) {
        adam::squares(parameter, gradients, sum);
    }

    fn adam<S: Shape>(
        parameter: &mut Tensor<S, f32, Self>,
        gradients: &mut Gradients<f32, Self>,
        moments: [&mut Column<Self>; 2],
        step: &AdamStep,
    ) {
        adam::step(parameter, gradients, moments, step);
    }
}
