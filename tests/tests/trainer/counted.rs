//! A pixel policy that counts its forward passes. A clone is another network and counts from 0.

use dfdx::prelude::{Cpu, Tape};
use istar::env::sokoban::Frame;
use istar::policy::{Asked, Model, Parameter, Parameters, PixelNet, PixelPolicy, Policy, Readout, Session};
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug)]
pub struct Counted {
    inner: PixelPolicy<Frame, Cpu>,
    forwards: AtomicUsize,
}

impl Counted {
    pub fn new(seed: u64) -> Self {
        Counted { inner: PixelPolicy::new(&Cpu::default(), (6, 6), 8, seed), forwards: AtomicUsize::new(0) }
    }

    /// Passes for losses and columns; the sampler's are not counted.
    pub fn forwards(&self) -> usize {
        self.forwards.load(Ordering::Relaxed)
    }

    pub fn values(&self) -> Vec<f32> {
        self.inner.parameters().iter().flat_map(|(_, parameter)| parameter.values()).collect()
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Counted { inner: self.inner.clone(), forwards: AtomicUsize::new(0) }
    }
}

impl Parameters<Cpu> for Counted {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<Cpu>)> {
        self.inner.parameters()
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<Cpu>)> {
        self.inner.parameters_mut()
    }
}

impl Model<Cpu> for Counted {
    type Observation = Frame;

    fn read<T: Tape<f32, Cpu>>(&self, asked: &Asked<'_, Frame>, entropy: bool, tape: T) -> Readout<Cpu, T> {
        self.forwards.fetch_add(1, Ordering::Relaxed);
        self.inner.read(asked, entropy, tape)
    }

    fn chunk(&self) -> usize {
        self.inner.chunk()
    }
}

impl Policy<Cpu> for Counted {
    type Estimator = PixelNet<Frame, usize, Cpu>;

    fn session(&self) -> impl Session<Frame> {
        self.inner.session()
    }

    fn actions(&self) -> usize {
        self.inner.actions()
    }

    fn estimator(&self, outputs: usize, seed: u64) -> Self::Estimator {
        self.inner.estimator(outputs, seed)
    }
}
