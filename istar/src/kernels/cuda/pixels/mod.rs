//! What networks that look at pixels need besides.

mod conv3x3;
mod patch;

use crate::kernels::{Activation, Grid, Vision};
use dfdx::prelude::*;
use std::ops::Range;

impl Vision for Cuda {
    fn conv3x3<C: Dim, K: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, C), f32, Self, T>,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        grid: Grid,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        conv3x3::convolved(x, w, b, grid, activation)
    }

    fn patch<K: Dim, O: Dim, T: Tape<f32, Self>>(
        frames: &[u8],
        grid: Grid,
        tile: usize,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        tape: T,
    ) -> Tensor<(usize, O), f32, Self, T> {
        patch::embedded(frames, grid, tile, w, b, tape)
    }
}

/// Cells in parts of whole images, so that what is laid out for a product, `inputs` numbers of each cell, takes a quarter of a gigabyte; in tests
/// parts are small, so that there is more than one.
fn parts(cells: usize, of_image: usize, inputs: usize) -> impl Iterator<Item = Range<usize>> {
    const NUMBERS: usize = if cfg!(test) { 1 << 10 } else { 1 << 26 };
    let step = (NUMBERS / (of_image * inputs)).max(1) * of_image;
    (0..cells).step_by(step).map(move |first| first..cells.min(first + step))
}
