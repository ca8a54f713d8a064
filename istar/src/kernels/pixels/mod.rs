//! What networks that look at pixels need besides.

pub mod conv3x3;
pub mod patch;

use dfdx::prelude::*;

use super::{Activation, Backend};

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

/// A device that networks over images run on. The methods panic as those of [`Backend`] do.
pub trait Vision: Backend {
    /// 3×3 convolution with one cell of zero padding: `x` is `(images * cells, channels)`, `w` is
    /// `(outputs, 9 * channels)` whose columns run over `(row offset, column offset, channel)`, `b` is `(outputs,)`;
    /// the result is `(images * cells, outputs)`.
    fn conv3x3<C: Dim, K: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, C), f32, Self, T>,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        grid: Grid,
        activation: Activation,
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
}

impl Vision for Cpu {
    fn conv3x3<C: Dim, K: Dim, O: Dim, T: Tape<f32, Self>>(
        x: Tensor<(usize, C), f32, Self, T>,
        w: &Tensor<(O, K), f32, Self>,
        b: &Tensor<(O,), f32, Self>,
        grid: Grid,
        activation: Activation,
    ) -> Tensor<(usize, O), f32, Self, T> {
        conv3x3::fused(x, w, b, grid, activation)
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
}
