//! What networks that look at pixels need besides.

mod conv3x3;
mod patch;

use super::core::linear::affine;
use crate::kernels::{Activation, Grid, Vision};
use conv3x3::Neighbours;
use dfdx::prelude::*;
use patch::Patches;

impl Vision for Cuda {
    fn conv3x3<C: Dim, K: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, C), f32, Self, T>,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        grid: Grid,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        let (x, tape) = x.split_tape();
        affine(Neighbours::new(x, w.shape().1.size(), grid), w, b, activation, tape)
    }

    fn patch<K: Dim, O: Dim, T: Tape<f32, Self>>(
        frames: &[u8],
        grid: Grid,
        tile: usize,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        tape: T,
    ) -> Tensor<(usize, O), f32, Self, T> {
        affine(Patches::new(frames, w.shape().1.size(), grid, tile), w, b, Activation::Relu, tape)
    }
}

/// How many cells are laid out together for a product, whole images of them, and how many numbers that takes, with `inputs` for each cell: a quarter
/// of a gigabyte at most, if an image takes no more. In tests it is little, so that there are several parts.
fn cells_together(cells: usize, grid: Grid, inputs: usize) -> (usize, usize) {
    const NUMBERS: usize = if cfg!(test) { 1 << 10 } else { 1 << 26 };
    let step = (NUMBERS / (grid.cells() * inputs)).max(1) * grid.cells();
    (step, step.min(cells.max(1)) * inputs)
}
