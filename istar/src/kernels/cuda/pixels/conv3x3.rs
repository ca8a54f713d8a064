//! 3×3 convolution over a grid of cells: an affine map of the nine neighbours of every cell.

use super::super::core::linear::Shown;
use super::super::memory::{Blocks, Matrix, Module, Numbers, gradient, launch, module, product, view};
use super::cells_together;
use crate::kernels::{Grid, conv3x3};
use dfdx::prelude::*;
use std::ops::Range;

static MODULE: Module = module!("conv3x3");

/// The neighbours of every cell, one behind the other.
pub(super) struct Neighbours<C: Dim> {
    x: Tensor<(usize, C), f32, Cuda>,
    grid: Grid,
}

impl<C: Dim> Neighbours<C> {
    /// # Panics
    /// When the cells are no whole number of images, or there is another number of inputs.
    pub(super) fn new(x: Tensor<(usize, C), f32, Cuda>, inputs: usize, grid: Grid) -> Self {
        conv3x3::check(x.shape().0, x.shape().1.size(), inputs, grid);
        Neighbours { x, grid }
    }

    fn channels(&self) -> usize {
        self.x.shape().1.size()
    }

    fn inputs(&self) -> usize {
        9 * self.channels()
    }

    /// What belongs to these cells.
    fn of_cells<'a>(&self, numbers: Numbers<'a>, cells: &Range<usize>) -> Numbers<'a> {
        numbers.part(cells.start * self.channels(), cells.len() * self.channels())
    }

    /// Starts a kernel with a thread for each number of `to`.
    fn launch(&self, kernel: &'static str, from: Numbers<'_>, cells: usize, to: Numbers<'_>) {
        let (height, width) = (self.grid.height as u32, self.grid.width as u32);
        let blocks = Blocks::of_elements(to.len());
        launch!(MODULE, kernel, blocks, from, cells, self.channels() as u32, height, width, to);
    }
}

impl<C: Dim> Shown for Neighbours<C> {
    fn len(&self) -> usize {
        self.x.shape().0
    }

    fn part(&self) -> (usize, usize) {
        cells_together(self.len(), self.grid, self.inputs())
    }

    fn rows<'a>(&'a self, cells: &Range<usize>, room: Numbers<'a>) -> Matrix<'a> {
        let room = room.part(0, cells.len() * self.inputs());
        self.launch("unfold", self.of_cells(view(&self.x), cells), cells.len(), room);
        Matrix::rows(room, self.inputs())
    }

    fn back(
        &self,
        gradients: &mut Gradients<f32, Cuda>,
        cells: &Range<usize>,
        dy: Matrix<'_>,
        w: Matrix<'_>,
        room: Numbers<'_>,
    ) -> Result<(), CudaError> {
        let unfolded = room.part(0, cells.len() * self.inputs());
        product((cells.len(), dy.width(), self.inputs()), unfolded, false, 1.0, dy, w);
        let dx = self.of_cells(gradient(gradients, &self.x)?, cells);
        self.launch("fold", unfolded, cells.len(), dx);
        Ok(())
    }
}
