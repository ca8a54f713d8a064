//! Square patches of 8-bit RGB frames, which go to the device as they are, a byte a number.

use super::super::core::linear::Shown;
use super::super::memory::{Blocks, Matrix, Module, Numbers, launch, module, upload};
use super::cells_together;
use crate::kernels::{Grid, patch};
use cudarc::driver::CudaSlice;
use dfdx::prelude::*;
use std::ops::Range;

static MODULE: Module = module!("patch");

/// The pixels of every patch, as numbers from 0 to 1.
pub(super) struct Patches {
    pixels: CudaSlice<u8>,
    cells: usize,
    grid: Grid,
    tile: usize,
}

impl Patches {
    /// # Panics
    /// When the frames are not whole, or there is another number of inputs.
    pub(super) fn new(frames: &[u8], inputs: usize, grid: Grid, tile: usize) -> Self {
        let cells = patch::check(frames, grid, tile, inputs);
        Patches { pixels: upload(frames.to_vec(), 0), cells, grid, tile }
    }

    fn inputs(&self) -> usize {
        self.tile * self.tile * 3
    }
}

impl Shown for Patches {
    fn len(&self) -> usize {
        self.cells
    }

    fn part(&self) -> (usize, usize) {
        cells_together(self.cells, self.grid, self.inputs())
    }

    fn rows<'a>(&'a self, cells: &Range<usize>, room: Numbers<'a>) -> Matrix<'a> {
        let (first, n) = (cells.start, cells.len());
        let room = room.part(0, n * self.inputs());
        let (tile, width) = (self.tile as u32, self.grid.width as u32);
        let blocks = Blocks::of_elements(room.len());
        launch!(MODULE, "patches", blocks, &self.pixels, first, n, tile, width, patch::SCALE, room);
        Matrix::rows(room, self.inputs())
    }

    /// Pixels have no gradient.
    fn back(
        &self,
        _: &mut Gradients<f32, Cuda>,
        _: &Range<usize>,
        _: Matrix<'_>,
        _: Matrix<'_>,
        _: Numbers<'_>,
    ) -> Result<(), CudaError> {
        Ok(())
    }
}
