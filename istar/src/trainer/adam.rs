//! Adam with decoupled weight decay and clipping by the global norm.
//!
//! Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1; Loshchilov & Hutter, "Decoupled
//! Weight Decay Regularization", ICLR 2019, algorithm 2 (with the learning rate as the schedule multiplier). dfdx's own
//! Adam keeps its moments private, which rules out checkpoints.

use dfdx::prelude::{Gradients, HasShape};
use serde::{Deserialize, Serialize};

use crate::kernels::{AdamStep, Backend, Column, Squares};
use crate::policy::{
    Parameters,
    weights::{Arrays, WeightsError},
};

/// Hyper-parameters of [`Adam`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdamConfig {
    /// Learning rate, ≥ 0. Default 3e-4.
    pub lr: f64,
    /// Decay rates of the first and second moment, each in [0, 1). Default 0.9 and 0.999.
    pub betas: [f64; 2],
    /// Added to the root of the second moment. Default 1e-8.
    pub eps: f64,
    /// Each step takes `lr * weight_decay` of every parameter away. Default 0.
    pub weight_decay: f64,
    /// Gradients of a larger global norm are scaled down to it; `None` leaves them as they are. Default 1.
    pub max_norm: Option<f64>,
}

impl Default for AdamConfig {
    fn default() -> Self {
        Self { lr: 3e-4, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.0, max_norm: Some(1.0) }
    }
}

/// What a step saw.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a step with a gradient that is not finite changed nothing"]
pub struct Step {
    /// Euclidean norm of all gradients together, before clipping.
    pub norm: f64,
}

impl Step {
    /// Whether the step was taken. It is not when the norm is infinite or not a number.
    pub fn finite(self) -> bool {
        self.norm.is_finite()
    }
}

/// First and second moment of one parameter, on its device.
#[derive(Clone, Debug)]
pub struct Moments<D: Backend> {
    /// Name of the parameter.
    pub name: String,
    /// Running mean of the gradient, row-major.
    pub first: Column<D>,
    /// Running mean of its square.
    pub second: Column<D>,
}

/// The optimiser of one network. A step happens on the network's device; of it the host sees the norm alone.
#[derive(Clone, Debug)]
pub struct Adam<D: Backend> {
    /// May be changed between steps, for schedules.
    pub config: AdamConfig,
    /// Steps taken.
    pub steps: u64,
    /// One entry a parameter, in the network's order.
    pub moments: Vec<Moments<D>>,
}

impl<D: Backend> Adam<D> {
    /// An optimiser for a network like `net`, with moments of zero.
    pub fn new<P: Parameters<D>>(config: AdamConfig, net: &P) -> Self {
        let moments = net.parameters().into_iter().map(|(name, parameter)| {
            let like = parameter.flat();
            let [first, second] = [(); 2].map(|()| like.device().zeros_like(like.shape()));
            Moments { name, first, second }
        });
        Self { config, steps: 0, moments: moments.collect() }
    }

    /// Moves the parameters one step against their gradients. When those are not finite nothing is changed, and
    /// the result says so.
    ///
    /// # Panics
    /// When `net` has other parameters than the network this optimiser was made for.
    pub fn step<P: Parameters<D>>(&mut self, net: &mut P, gradients: &mut Gradients<f32, D>) -> Step {
        let mut squares = Squares::default();
        for (_, parameter) in net.parameters() {
            parameter.add_squares(gradients, &mut squares);
        }
        let norm = squares.root();
        if !norm.is_finite() {
            return Step { norm };
        }
        self.steps += 1;
        let step = self.config.at(self.steps, norm);
        let parameters = net.parameters_mut();
        assert_eq!(parameters.len(), self.moments.len(), "the optimiser of another network");
        for ((name, parameter), moments) in parameters.into_iter().zip(&mut self.moments) {
            assert_eq!(name, moments.name, "the optimiser of another network");
            parameter.adam(gradients, [&mut moments.first, &mut moments.second], &step);
        }
        Step { norm }
    }

    /// Adds the moments and the number of steps to `arrays`, their names starting with `prefix`.
    pub fn export(&self, prefix: &str, arrays: &mut Arrays) {
        arrays.insert_u64(format!("{prefix}.steps"), vec![self.steps]);
        for Moments { name, first, second } in &self.moments {
            for (part, moment) in [("first", first), ("second", second)] {
                let values = moment.as_vec();
                arrays.insert_f32(format!("{prefix}.{name}.{part}"), vec![values.len()], values);
            }
        }
    }

    /// Takes moments and number of steps back from what [`export`](Self::export) wrote.
    ///
    /// # Errors
    /// When an array is missing or has another length than the parameter; nothing is changed then.
    pub fn import(&mut self, prefix: &str, arrays: &Arrays) -> Result<(), WeightsError> {
        let steps = arrays.u64(&format!("{prefix}.steps"), 1)?[0];
        let found = self.moments.iter().map(|Moments { name, first, .. }| {
            let read = |part| arrays.f32(&format!("{prefix}.{name}.{part}"), &[first.shape().0]);
            Ok([read("first")?, read("second")?])
        });
        let found = found.collect::<Result<Vec<_>, WeightsError>>()?;
        for (moments, [first, second]) in self.moments.iter_mut().zip(found) {
            moments.first.copy_from(first);
            moments.second.copy_from(second);
        }
        self.steps = steps;
        Ok(())
    }
}

impl AdamConfig {
    /// The numbers of the step with this number, from 1, for gradients of this global norm.
    fn at(&self, step: u64, norm: f64) -> AdamStep {
        let [first, second] = self.betas.map(|beta| 1.0 - beta.powf(step as f64));
        let clip = self.max_norm.filter(|&most| norm > most).map_or(1.0, |most| most / norm);
        AdamStep {
            clip: clip as f32,
            decay: (1.0 - self.lr * self.weight_decay) as f32,
            betas: self.betas.map(|beta| beta as f32),
            rate: (self.lr / first) as f32,
            root: second.sqrt().recip() as f32,
            eps: self.eps as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use dfdx::{optim, prelude::*};

    use super::{Adam, AdamConfig, Arrays, Parameters, Step};
    use crate::{
        kernels::testing::{assert_close, random},
        policy::Parameter,
    };

    /// The least a network can be: one vector.
    #[derive(Clone)]
    struct Vector(Tensor<Rank1<3>, f32, Cpu>);

    impl Parameters<Cpu> for Vector {
        fn parameters(&self) -> Vec<(String, &dyn Parameter<Cpu>)> {
            vec![("vector".into(), &self.0)]
        }

        fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<Cpu>)> {
            vec![("vector".into(), &mut self.0)]
        }
    }

    fn vector(values: [f32; 3]) -> Vector {
        Vector(Cpu::default().tensor(values))
    }

    /// Gradients that are exactly `values`.
    fn gradients(policy: &Vector, values: [f32; 3]) -> Gradients<f32, Cpu> {
        (policy.0.leaky_trace() * policy.0.device().tensor(values)).sum::<Rank0, _>().backward()
    }

    fn state(adam: &Adam<Cpu>) -> Arrays {
        let mut arrays = Arrays::new();
        adam.export("adam", &mut arrays);
        arrays
    }

    #[test]
    fn two_steps_by_hand() {
        // lr 0.1, betas 0.5 and 0.75, eps 0: the first step moves by lr in the direction of the sign, with decay
        // 0.5 * 0.1 of the value taken away. Second step for gradient (3, 1, 0):
        //   m = 0.5 m + 0.5 g, v = 0.75 v + 0.25 g²; corrections 1 - 0.25 = 0.75 and 1 - 0.5625 = 0.4375
        let config = AdamConfig { lr: 0.1, betas: [0.5, 0.75], eps: 0.0, weight_decay: 0.5, max_norm: None };
        let mut policy = vector([1.0, 2.0, -4.0]);
        let mut adam = Adam::new(config, &policy);
        let mut g = gradients(&policy, [1.0, -2.0, 4.0]);
        let step = adam.step(&mut policy, &mut g);
        assert_close("norm", &[step.norm as f32], &[f32::sqrt(21.0)], 1e-6);
        assert_close("first", &policy.0.as_vec(), &[0.85, 2.0, -3.9], 1e-6);
        let mut g = gradients(&policy, [3.0, 1.0, 0.0]);
        assert!(adam.step(&mut policy, &mut g).finite());
        let moved =
            |value: f64, m: f64, v: f64| (value * 0.95 - 0.1 * (m / 0.75) / (v / 0.4375).sqrt()) as f32;
        let second = [moved(0.85, 1.75, 0.1875 + 2.25), moved(2.0, 0.0, 0.75 + 0.25), moved(-3.9, 1.0, 3.0)];
        assert_close("second", &policy.0.as_vec(), &second, 1e-6);
        assert_eq!(adam.moments[0].first.as_vec(), [1.75, 0.0, 1.0]);
        assert_eq!(adam.moments[0].second.as_vec(), [2.4375, 1.0, 3.0]);
    }

    #[test]
    fn equals_the_adam_of_dfdx() {
        let config = AdamConfig { lr: 3e-3, weight_decay: 0.1, max_norm: None, ..AdamConfig::default() };
        let mut ours = vector([0.3, -0.7, 1.1]);
        let mut theirs = ours.0.clone();
        let mut adam = Adam::new(config, &ours);
        let mut reference = optim::Adam::<Tensor<Rank1<3>, f32, Cpu>, f32, Cpu>::new(
            &theirs,
            optim::AdamConfig {
                lr: config.lr,
                betas: config.betas,
                eps: config.eps,
                weight_decay: Some(WeightDecay::Decoupled(config.weight_decay)),
            },
        );
        for step in 0..200 {
            let target = random(Rank1::<3>::default(), &step.to_string());
            let loss = |v: &Tensor<Rank1<3>, f32, Cpu>| {
                (v.leaky_trace() - target.clone()).square().mean::<Rank0, _>()
            };
            let (mut g, h) = (loss(&ours.0).backward(), loss(&theirs).backward());
            assert!(adam.step(&mut ours, &mut g).finite());
            Optimizer::update(&mut reference, &mut theirs, &h).expect("no unused tensors");
            assert_close(&format!("step {step}"), &ours.0.as_vec(), &theirs.as_vec(), 1e-5);
        }
    }

    #[test]
    fn clipping_scales_the_whole_gradient() {
        let config = AdamConfig { max_norm: Some(2.5), ..AdamConfig::default() };
        let mut policy = vector([0.0; 3]);
        let mut adam = Adam::new(config, &policy);
        let mut g = gradients(&policy, [3.0, 0.0, -4.0]);
        assert_eq!(adam.step(&mut policy, &mut g), Step { norm: 5.0 });
        assert_close("first", &adam.moments[0].first.as_vec(), &[0.15, 0.0, -0.2], 1e-6);
        // A shorter gradient is left alone.
        let mut adam = Adam::new(config, &policy);
        let mut g = gradients(&policy, [1.5, 0.0, -2.0]);
        assert_eq!(adam.step(&mut policy, &mut g), Step { norm: 2.5 });
        assert_close("first", &adam.moments[0].first.as_vec(), &[0.15, 0.0, -0.2], 1e-6);
    }

    #[test]
    fn a_gradient_that_is_not_finite_changes_nothing() {
        for bad in [f32::NAN, f32::INFINITY] {
            let mut policy = vector([1.0, 2.0, 3.0]);
            let mut adam = Adam::new(AdamConfig::default(), &policy);
            let before = state(&adam);
            let mut g = gradients(&policy, [1.0, bad, 0.0]);
            assert!(!adam.step(&mut policy, &mut g).finite());
            assert_eq!((policy.0.array(), state(&adam)), ([1.0, 2.0, 3.0], before));
        }
    }

    #[test]
    fn a_restored_optimiser_goes_on_as_if_nothing_had_happened() {
        let mut policy = vector([1.0, 2.0, 3.0]);
        let mut adam = Adam::new(AdamConfig::default(), &policy);
        let train = |adam: &mut Adam<Cpu>, policy: &mut Vector, scale: f32| {
            let mut g = gradients(policy, [scale, -scale, 0.5]);
            assert!(adam.step(policy, &mut g).finite());
        };
        (0..5).for_each(|i| train(&mut adam, &mut policy, i as f32));
        let arrays = state(&adam);
        assert!(arrays.names().eq(["adam.steps", "adam.vector.first", "adam.vector.second"]));
        assert_eq!(arrays.f32("adam.vector.first", &[3]).expect("flat"), adam.moments[0].first.as_vec());
        let (mut again, mut restored) = (policy.clone(), Adam::new(AdamConfig::default(), &policy));
        restored.import("adam", &arrays).expect("restored");
        assert_eq!(state(&restored), arrays);
        (0..5).for_each(|i| train(&mut adam, &mut policy, i as f32));
        (0..5).for_each(|i| train(&mut restored, &mut again, i as f32));
        assert_eq!((policy.0.array(), state(&adam)), (again.0.array(), state(&restored)));
        let error = restored.import("other", &arrays).expect_err("refused").to_string();
        assert!(error.contains("no array `other.steps`"), "{error}");
    }
}
