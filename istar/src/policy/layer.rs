//! One affine map of a network.

use super::{fresh, init};
use crate::kernels::Backend;
use dfdx::prelude::*;

/// The head of a policy starts a hundred times smaller than the other layers, so that the first distributions are nearly
/// uniform (Andrychowicz et al., "What Matters in On-Policy Reinforcement Learning?", ICLR 2021, section 3.2).
pub(super) const HEAD_GAIN: f32 = 0.01;

/// `x · weightᵀ + bias`.
pub(super) struct Layer<O: Dim, I: Dim, D: Backend> {
    pub(super) weight: Tensor<(O, I), f32, D>,
    pub(super) bias: Tensor<(O,), f32, D>,
}

impl<O: Dim, I: Dim, D: Backend> Layer<O, I, D> {
    pub(super) fn new(dev: &D, outputs: O, inputs: I, gain: f32, seed: u64, name: &str) -> Self {
        let weight =
            init::uniform(dev, (outputs, inputs), inputs.size(), gain, seed, &format!("{name}.weight"));
        let bias = init::uniform(dev, (outputs,), inputs.size(), gain, seed, &format!("{name}.bias"));
        Self { weight, bias }
    }
}

impl<O: Dim, I: Dim, D: Backend> Clone for Layer<O, I, D> {
    fn clone(&self) -> Self {
        Self { weight: fresh(&self.weight), bias: fresh(&self.bias) }
    }
}
