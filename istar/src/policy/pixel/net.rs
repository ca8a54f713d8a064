//! The network under every pixel policy and pixel estimator.

use std::{fmt, hash::Hash, marker::PhantomData};

use dfdx::prelude::*;

use super::super::layer::{HEAD_GAIN, Layer};
use super::super::{Asked, Model, Parameter, Parameters, Readout};
use crate::kernels::{Activation, Backend, Grid, Vision};

/// Channels of a cell after the patch embedding and the first convolution.
pub const NARROW: usize = 32;
/// Channels of a cell after the second convolution.
pub const WIDE: usize = 64;
/// Width of the layer in front of the outputs.
pub const HIDDEN: usize = 128;

const NARROW_INPUTS: usize = 9 * NARROW;

/// Distinct observations in one recorded pass. With 6×6 cells of 8 pixels a pass holds about 45 kB for each, forward and
/// backward, so 720 MB in all; the largest batch of the tables here has 15,360 steps and is one pass.
pub(super) const CHUNK: usize = 1 << 14;

/// Something drawn as a grid of square tiles. Equality is equality of pixels.
pub trait Pixels: Clone + Eq + Hash + Send + Sync {
    /// Rows and columns of tiles.
    fn cells(&self) -> (usize, usize);

    /// Draws the whole picture, 8-bit RGB, row-major, `rows * tile` by `columns * tile` pixels. `out` has exactly
    /// that size and may hold anything before.
    fn write_rgb(&self, tile: usize, out: &mut [u8]);
}

/// A network from the pixels of a room to `A` numbers, for rooms of one size: logits of a policy, or estimates.
///
/// Patches of one tile to 32 channels, 3×3 convolutions 32 → 32 and 32 → 64, affine maps to 128 and to the outputs;
/// relu between.
#[derive(Clone)]
pub struct PixelNet<P, A: Dim, D: Backend> {
    embed: Layer<Const<NARROW>, usize, D>,
    near: Layer<Const<NARROW>, Const<NARROW_INPUTS>, D>,
    far: Layer<Const<WIDE>, Const<NARROW_INPUTS>, D>,
    hidden: Layer<Const<HIDDEN>, usize, D>,
    head: Layer<A, Const<HIDDEN>, D>,
    pub(super) grid: Grid,
    pub(super) tile: usize,
    observation: PhantomData<fn(P)>,
}

impl<P: Pixels, A: Dim, D: Vision> PixelNet<P, A, D> {
    /// A new network for rooms of `rows` by `columns` cells seen at `tile` pixels a cell.
    ///
    /// # Panics
    /// When a size is zero.
    pub(super) fn new(dev: &D, (rows, columns): (usize, usize), tile: usize, outputs: A, seed: u64) -> Self {
        assert!(
            rows * columns * tile > 0,
            "a room of {rows} x {columns} cells of {tile} pixels shows nothing"
        );
        let grid = Grid { height: rows, width: columns };
        Self {
            embed: Layer::new(dev, Const, tile * tile * 3, 1.0, seed, "embed"),
            near: Layer::new(dev, Const, Const, 1.0, seed, "near"),
            far: Layer::new(dev, Const, Const, 1.0, seed, "far"),
            hidden: Layer::new(dev, Const, grid.cells() * WIDE, 1.0, seed, "hidden"),
            head: Layer::new(dev, outputs, Const, HEAD_GAIN, seed, "head"),
            grid,
            tile,
            observation: PhantomData,
        }
    }

    /// A copy of everything but the last layer, which is new, an ordinary one, and has `outputs` outputs.
    pub(super) fn with_outputs<B: Dim>(&self, outputs: B, seed: u64) -> PixelNet<P, B, D> {
        PixelNet {
            embed: self.embed.clone(),
            near: self.near.clone(),
            far: self.far.clone(),
            hidden: self.hidden.clone(),
            head: Layer::new(self.embed.weight.device(), outputs, Const, 1.0, seed, "estimates"),
            grid: self.grid,
            tile: self.tile,
            observation: PhantomData,
        }
    }

    /// Number of outputs.
    pub(super) fn size(&self) -> usize {
        self.head.bias.shape().0.size()
    }

    /// `(observations, outputs)`.
    pub(super) fn outputs<'a, T: Tape<f32, D>>(
        &self,
        observations: impl ExactSizeIterator<Item = &'a P>,
        tape: T,
    ) -> Tensor<(usize, A), f32, D, T>
    where
        P: 'a,
    {
        let (grid, frame) = (self.grid, self.grid.cells() * self.tile * self.tile * 3);
        let rooms = observations.len();
        let mut frames = vec![0; rooms * frame];
        for (observation, frame) in observations.zip(frames.chunks_exact_mut(frame)) {
            let cells = observation.cells();
            assert_eq!(cells, (grid.height, grid.width), "an observation of another size than the policy's");
            observation.write_rgb(self.tile, frame);
        }
        let x = D::patch(&frames, grid, self.tile, &self.embed.weight, &self.embed.bias, tape);
        let x = D::conv3x3(x, &self.near.weight, &self.near.bias, grid, Activation::Relu);
        let x = D::conv3x3(x, &self.far.weight, &self.far.bias, grid, Activation::Relu);
        let x = x.reshape_like(&(rooms, grid.cells() * WIDE));
        let x = D::linear(x, &self.hidden.weight, &self.hidden.bias, Activation::Relu);
        D::linear(x, &self.head.weight, &self.head.bias, Activation::Identity)
    }

    /// Makes the head an ordinary layer, or a larger one.
    #[cfg(test)]
    pub(super) fn widen_head(&mut self, gain: f32, seed: u64) {
        let outputs = self.head.weight.shape().0;
        self.head = Layer::new(self.head.weight.device(), outputs, Const, gain, seed, "head");
    }
}

/// One row a layer, so that the two lists of parameters cannot disagree.
macro_rules! parameters {
    ($self:ident, [$($mutable:tt)?]) => {
        vec![
            ("embed.weight".into(), &$($mutable)? $self.embed.weight),
            ("embed.bias".into(), &$($mutable)? $self.embed.bias),
            ("near.weight".into(), &$($mutable)? $self.near.weight),
            ("near.bias".into(), &$($mutable)? $self.near.bias),
            ("far.weight".into(), &$($mutable)? $self.far.weight),
            ("far.bias".into(), &$($mutable)? $self.far.bias),
            ("hidden.weight".into(), &$($mutable)? $self.hidden.weight),
            ("hidden.bias".into(), &$($mutable)? $self.hidden.bias),
            ("head.weight".into(), &$($mutable)? $self.head.weight),
            ("head.bias".into(), &$($mutable)? $self.head.bias),
        ]
    };
}

impl<P, A: Dim, D: Backend> Parameters<D> for PixelNet<P, A, D> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        parameters!(self, [])
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        parameters!(self, [mut])
    }
}

impl<P: Pixels, D: Vision> Model<D> for PixelNet<P, usize, D> {
    type Observation = P;

    fn read<T: Tape<f32, D>>(&self, asked: &Asked<'_, P>, _entropy: bool, tape: T) -> Readout<D, T> {
        Readout::of_outputs(self.outputs(asked.observations(), tape), asked)
    }

    fn chunk(&self) -> usize {
        CHUNK
    }
}

impl<P, A: Dim, D: Backend> fmt::Debug for PixelNet<P, A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Grid { height, width }, outputs) = (self.grid, self.head.weight.shape().0.size());
        write!(f, "PixelNet({height}x{width} cells of {} pixels, {outputs} outputs)", self.tile)
    }
}
