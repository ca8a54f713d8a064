//! Embedding of the square patches of 8-bit RGB frames, with relu. Frames go to the device as they are, a byte a number.

use super::super::core::linear::{bend, unbend};
use super::super::memory::{
    Blocks, Matrix, Module, Numbers, fresh, gradient, launch, module, product, scratch, take_gradient,
    upload, view,
};
use super::parts;
use crate::kernels::{Activation, Grid, patch};
use cudarc::driver::CudaSlice;
use dfdx::prelude::*;

const MODULE: Module = module!("patch");

/// [`Vision::patch`](crate::kernels::Vision::patch).
pub(super) fn embedded<K: Dim, O: Dim, T: Tape<f32, Cuda>>(
    frames: &[u8],
    grid: Grid,
    tile: usize,
    w: &Tensor<(O, K), f32, Cuda>,
    b: &Tensor<(O,), f32, Cuda>,
    mut tape: T,
) -> Tensor<(usize, O), f32, Cuda, T> {
    let (outputs, inputs) = (w.shape().0.size(), w.shape().1.size());
    let cells = patch::check(frames, grid, tile, inputs);
    let frames = Frames { pixels: upload(frames.to_vec(), 0), grid, tile };
    let y = fresh((cells, w.shape().0));
    let room = scratch(frames.room(cells));
    for part in parts(cells, grid.cells(), inputs) {
        let (first, n) = (part.start, part.len());
        let patches = frames.patches(first, n, Numbers::of(&room));
        let weight = Matrix::rows(view(w), inputs).transposed();
        product(
            (n, inputs, outputs),
            view(&y).part(first * outputs, n * outputs),
            false,
            1.0,
            patches,
            weight,
        );
    }
    bend(view(&y), view(b), Activation::Relu);
    if T::OWNS_TAPE {
        let (out, w, b) = (y.clone(), w.clone(), b.clone());
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let dy = Numbers::of(&dy);
            unbend(dy, view(&out), outputs, Activation::Relu, gradient(gradients, &b)?);
            let room = scratch(frames.room(cells));
            for part in parts(cells, grid.cells(), inputs) {
                let (first, n) = (part.start, part.len());
                let patches = frames.patches(first, n, Numbers::of(&room));
                let dy = Matrix::rows(dy.part(first * outputs, n * outputs), outputs);
                product((outputs, n, inputs), gradient(gradients, &w)?, true, 1.0, dy.transposed(), patches);
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// Frames on the device.
struct Frames {
    pixels: CudaSlice<u8>,
    grid: Grid,
    tile: usize,
}

impl Frames {
    fn inputs(&self) -> usize {
        self.tile * self.tile * 3
    }

    /// Numbers of the largest part.
    fn room(&self, cells: usize) -> usize {
        parts(cells, self.grid.cells(), self.inputs()).next().map_or(1, |part| part.len() * self.inputs())
    }

    /// The patches of `n` cells from one on, as numbers from 0 to 1.
    fn patches<'a>(&self, first: usize, n: usize, room: Numbers<'a>) -> Matrix<'a> {
        let room = room.part(0, n * self.inputs());
        let (tile, width) = (self.tile as u32, self.grid.width as u32);
        launch!(
            MODULE,
            "patches",
            Blocks::of_elements(room.len()),
            &self.pixels,
            first,
            n,
            tile,
            width,
            patch::SCALE,
            room
        );
        Matrix::rows(room, self.inputs())
    }
}
