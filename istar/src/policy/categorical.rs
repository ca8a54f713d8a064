//! A policy, and its estimators, from any network of an observation.

use super::{Asked, ByObservation, Model, Parameter, Parameters, Policy, Readout, Session, masked};
use crate::batch::Legal;
use crate::kernels::{Backend, logprob::log_softmax};
use dfdx::prelude::*;
use std::fmt::Debug;
use std::hash::Hash;

/// A network from an observation to so many numbers. [`Categorical`] makes a policy of it, [`Numbers`] an estimator.
///
/// `Clone` makes another network of equal values whose parameters have gradients of their own, see
/// [`fresh`](super::fresh).
pub trait Outputs<D: Backend>: Parameters<D> + Clone + Debug {
    /// What it looks at. Equal observations have equal outputs and are forwarded once.
    type Observation: Clone + Eq + Hash + Send + Sync;

    /// `(observations, outputs)`.
    fn outputs<'a, T: Tape<f32, D>>(
        &self,
        observations: impl ExactSizeIterator<Item = &'a Self::Observation>,
        tape: T,
    ) -> Tensor<(usize, usize), f32, D, T>
    where
        Self::Observation: 'a;

    /// How many outputs it has.
    fn size(&self) -> usize;

    /// A copy but for the last layer, which is new and has so many outputs. Equal seeds give equal last layers.
    fn with_outputs(&self, outputs: usize, seed: u64) -> Self;

    /// How many observations are forwarded at a time, see [`Model::chunk`].
    fn chunk(&self) -> usize {
        4096
    }
}

/// The policy whose logits are the outputs of a network; what is not legal has probability 0.
#[derive(Clone, Debug)]
pub struct Categorical<N>(pub N);

/// The estimator whose numbers are the outputs of a network.
#[derive(Clone, Debug)]
pub struct Numbers<N>(pub N);

macro_rules! parameters_of {
    ($($name:ident)*) => {$(
        impl<N: Parameters<D>, D: Backend> Parameters<D> for $name<N> {
            fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
                self.0.parameters()
            }

            fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
                self.0.parameters_mut()
            }
        }
    )*};
}
parameters_of!(Categorical Numbers);

impl<N: Outputs<D>, D: Backend> Model<D> for Numbers<N> {
    type Observation = N::Observation;

    fn read<T: Tape<f32, D>>(&self, asked: &Asked<'_, N::Observation>, _: bool, tape: T) -> Readout<D, T> {
        Readout::of_outputs(self.0.outputs(asked.observations(), tape), asked)
    }

    fn chunk(&self) -> usize {
        self.0.chunk()
    }
}

impl<N: Outputs<D>, D: Backend> Model<D> for Categorical<N> {
    type Observation = N::Observation;

    fn read<T: Tape<f32, D>>(
        &self,
        asked: &Asked<'_, N::Observation>,
        entropy: bool,
        tape: T,
    ) -> Readout<D, T> {
        let logits = masked(self.0.outputs(asked.observations(), tape), asked.legal());
        Readout::of_logits(logits, asked, 1.0, entropy)
    }

    fn chunk(&self) -> usize {
        self.0.chunk()
    }
}

impl<N: Outputs<D>, D: Backend> Policy<D> for Categorical<N> {
    type Estimator = Numbers<N>;

    fn session(&self) -> impl Session<N::Observation> {
        ByObservation::new(self.0.size(), |observations: &[N::Observation], legal: &[Legal]| {
            let mut all = Vec::with_capacity(observations.len() * self.0.size());
            let chunk = self.0.chunk().max(1);
            for (observations, legal) in observations.chunks(chunk).zip(legal.chunks(chunk)) {
                all.extend(masked(self.0.outputs(observations.iter(), NoneTape), legal.iter()).as_vec());
            }
            log_softmax(&mut all, self.0.size(), 1.0);
            all
        })
    }

    fn actions(&self) -> usize {
        self.0.size()
    }

    fn estimator(&self, outputs: usize, seed: u64) -> Numbers<N> {
        Numbers(self.0.with_outputs(outputs, seed))
    }
}
