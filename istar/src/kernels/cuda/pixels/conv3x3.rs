//! 3×3 convolution over a grid of cells: the neighbours of every cell are laid out, and one product does the rest.

use super::super::core::linear::{bend, unbend};
use super::super::memory::{
    Blocks, Matrix, Module, Numbers, fresh, gradient, launch, module, product, scratch, take_gradient, view,
};
use super::parts;
use crate::kernels::{Activation, Grid, conv3x3};
use dfdx::prelude::*;

const MODULE: Module = module!("conv3x3");

/// [`Vision::conv3x3`](crate::kernels::Vision::conv3x3). What is laid out is not kept, but laid out again on the way back.
pub(super) fn convolved<C: Dim, K: Dim, O: Dim, T: Tape<f32, Cuda>>(
    x: Tensor<(usize, C), f32, Cuda, T>,
    w: &Tensor<(O, K), f32, Cuda>,
    b: &Tensor<(O,), f32, Cuda>,
    grid: Grid,
    activation: Activation,
) -> Tensor<(usize, O), f32, Cuda, T> {
    let (cells, channels) = (x.shape().0, x.shape().1.size());
    let (outputs, inputs) = (w.shape().0.size(), w.shape().1.size());
    conv3x3::check(cells, channels, inputs, grid);
    let (x, mut tape) = x.split_tape();
    let y = fresh((cells, w.shape().0));
    let lay_out = Layout { grid, channels };
    let room = scratch(lay_out.room(cells));
    for part in parts(cells, grid.cells(), inputs) {
        let (first, n) = (part.start, part.len());
        let unfolded = lay_out.unfold(view(&x).part(first * channels, n * channels), n, Numbers::of(&room));
        let weight = Matrix::rows(view(w), inputs).transposed();
        product(
            (n, inputs, outputs),
            view(&y).part(first * outputs, n * outputs),
            false,
            1.0,
            unfolded,
            weight,
        );
    }
    bend(view(&y), view(b), activation);
    if T::OWNS_TAPE {
        let (out, w, b) = (y.clone(), w.clone(), b.clone());
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let dy = Numbers::of(&dy);
            unbend(dy, view(&out), outputs, activation, gradient(gradients, &b)?);
            let room = scratch(lay_out.room(cells));
            for part in parts(cells, grid.cells(), inputs) {
                let (first, n) = (part.start, part.len());
                let unfolded =
                    lay_out.unfold(view(&x).part(first * channels, n * channels), n, Numbers::of(&room));
                let dy = Matrix::rows(dy.part(first * outputs, n * outputs), outputs);
                product((outputs, n, inputs), gradient(gradients, &w)?, true, 1.0, dy.transposed(), unfolded);
                let dunfolded = Numbers::of(&room).part(0, n * inputs);
                product((n, outputs, inputs), dunfolded, false, 1.0, dy, Matrix::rows(view(&w), inputs));
                let dx = gradient(gradients, &x)?.part(first * channels, n * channels);
                lay_out.fold(dunfolded, n, dx);
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// How neighbours are laid out.
#[derive(Clone, Copy)]
struct Layout {
    grid: Grid,
    channels: usize,
}

impl Layout {
    fn inputs(self) -> usize {
        9 * self.channels
    }

    /// Numbers of the largest part.
    fn room(self, cells: usize) -> usize {
        parts(cells, self.grid.cells(), self.inputs()).next().map_or(1, |part| part.len() * self.inputs())
    }

    fn unfold<'a>(self, x: Numbers<'_>, cells: usize, room: Numbers<'a>) -> Matrix<'a> {
        let room = room.part(0, cells * self.inputs());
        let (height, width) = (self.grid.height as u32, self.grid.width as u32);
        let blocks = Blocks::of_elements(room.len());
        launch!(MODULE, "unfold", blocks, x, cells, self.channels as u32, height, width, room);
        Matrix::rows(room, self.inputs())
    }

    fn fold(self, dunfolded: Numbers<'_>, cells: usize, dx: Numbers<'_>) {
        let (height, width) = (self.grid.height as u32, self.grid.width as u32);
        let blocks = Blocks::of_elements(dx.len());
        launch!(MODULE, "fold", blocks, dunfolded, cells, self.channels as u32, height, width, dx);
    }
}
