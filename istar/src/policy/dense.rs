//! A policy that looks at a vector of numbers: affine maps with activations between them.

use super::layer::{HEAD_GAIN, Layer};
use super::{Categorical, Outputs, Parameter, Parameters};
use crate::kernels::{Activation, Backend};
use dfdx::prelude::*;
use serde::{Deserialize, Serialize};
use serde_big_array::BigArray;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

/// An observation that is so many numbers. Equal observations are forwarded once.
pub trait Vector: Clone + Eq + Hash + Send + Sync {
    /// How many numbers.
    const SIZE: usize;

    /// Writes them; `out` has the size and is zero before. Numbers of about -1 to 1 are learnt from best.
    fn write(&self, out: &mut [f32]);
}

/// Numbers as they are. They are equal where their bits are.
///
/// ```
/// use istar::policy::{Floats, Vector};
///
/// let mut out = [0.0; 2];
/// Floats([0.5, -1.0]).write(&mut out);
/// assert_eq!(out, [0.5, -1.0]);
/// assert_ne!(Floats([0.0]), Floats([-0.0]));
/// ```
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Floats<const N: usize>(#[serde(with = "BigArray")] pub [f32; N]);

impl<const N: usize> Floats<N> {
    fn bits(&self) -> [u32; N] {
        self.0.map(f32::to_bits)
    }
}

impl<const N: usize> Default for Floats<N> {
    /// Zeros.
    fn default() -> Self {
        Floats([0.0; N])
    }
}

impl<const N: usize> PartialEq for Floats<N> {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl<const N: usize> Eq for Floats<N> {}

impl<const N: usize> Hash for Floats<N> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bits().hash(state);
    }
}

impl<const N: usize> Vector for Floats<N> {
    const SIZE: usize = N;
    fn write(&self, out: &mut [f32]) {
        out.copy_from_slice(&self.0);
    }
}

/// A hidden layer so many numbers wide, with `max(x, 0)` behind it.
#[derive(Clone, Copy, Debug)]
pub struct Relu<const WIDTH: usize>;

/// A hidden layer so many numbers wide, with `tanh(x)` behind it.
#[derive(Clone, Copy, Debug)]
pub struct Tanh<const WIDTH: usize>;

/// What stands behind the affine map of a hidden layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bend {
    /// `max(x, 0)`.
    Relu,
    /// `tanh(x)`.
    Tanh,
}

/// A kind of hidden layer.
pub trait Hidden {
    /// How many numbers it gives, and what stands behind the affine map.
    const LAYER: (usize, Bend);
}

impl<const WIDTH: usize> Hidden for Relu<WIDTH> {
    const LAYER: (usize, Bend) = (WIDTH, Bend::Relu);
}

impl<const WIDTH: usize> Hidden for Tanh<WIDTH> {
    const LAYER: (usize, Bend) = (WIDTH, Bend::Tanh);
}

/// Hidden layers, one after the other: `()` is none, `(Tanh<64>, Relu<32>)` two, and so on to four.
pub trait Layers: Send + Sync + 'static {
    /// From the observation on.
    const LAYERS: &'static [(usize, Bend)];
}

macro_rules! layers {
    ($(($($layer:ident)*))*) => {$(
        impl<$($layer: Hidden + Send + Sync + 'static),*> Layers for ($($layer,)*) {
            const LAYERS: &'static [(usize, Bend)] = &[$($layer::LAYER),*];
        }
    )*};
}
layers! { () (A) (A B) (A B C) (A B C E) }

/// A policy that looks at a vector: a [`DenseNet`] whose outputs are logits.
///
/// ```
/// use dfdx::prelude::Cpu;
/// use istar::policy::{Dense, Floats, Parameters, Policy, Tanh};
///
/// // Four numbers, two hidden layers of 64, three tokens to choose from.
/// let policy = Dense::<Floats<4>, (Tanh<64>, Tanh<64>)>::new(&Cpu::default(), 3, 0);
/// assert_eq!(policy.actions(), 3);
/// let names: Vec<String> = policy.parameters().into_iter().map(|(name, _)| name).collect();
/// assert_eq!(names[..2], ["hidden.0.weight", "hidden.0.bias"]);
/// assert_eq!(names[4..], ["head.weight", "head.bias"]);
/// ```
pub type Dense<O, L, D = Cpu> = Categorical<DenseNet<O, L, D>>;

impl<O: Vector, L: Layers, D: Backend> Dense<O, L, D> {
    /// A new policy with so many tokens to choose from. Equal seeds give equal networks, on every device.
    ///
    /// # Panics
    /// When there is no token.
    pub fn new(dev: &D, actions: usize, seed: u64) -> Self {
        assert!(actions > 0, "a policy without a token to choose");
        Categorical(DenseNet::new(dev, actions, seed))
    }
}

/// A network from a [`Vector`] to so many numbers: the hidden [`Layers`], then an affine map. The parameters of hidden layer
/// `i`, from 0, are `hidden.i.weight`, `(outputs, inputs)`, and `hidden.i.bias`; those of the last map `head.weight` and
/// `head.bias`.
pub struct DenseNet<O, L, D: Backend> {
    hidden: Vec<Layer<usize, usize, D>>,
    head: Layer<usize, usize, D>,
    kind: PhantomData<fn(O) -> L>,
}

impl<O: Vector, L: Layers, D: Backend> DenseNet<O, L, D> {
    pub(super) fn new(dev: &D, outputs: usize, seed: u64) -> Self {
        let mut inputs = O::SIZE;
        let hidden = L::LAYERS.iter().enumerate().map(|(i, (width, _))| {
            let layer = Layer::new(dev, *width, inputs, 1.0, seed, &format!("hidden.{i}"));
            inputs = *width;
            layer
        });
        let hidden = hidden.collect();
        let head = Layer::new(dev, outputs, inputs, HEAD_GAIN, seed, "head");
        DenseNet { hidden, head, kind: PhantomData }
    }
}

impl<O: Vector, L: Layers, D: Backend> Outputs<D> for DenseNet<O, L, D> {
    type Observation = O;

    fn outputs<'a, T: Tape<f32, D>>(
        &self,
        observations: impl ExactSizeIterator<Item = &'a O>,
        tape: T,
    ) -> Tensor<(usize, usize), f32, D, T>
    where
        O: 'a,
    {
        let rows = observations.len();
        let mut numbers = vec![0.0; rows * O::SIZE];
        for (observation, row) in observations.zip(numbers.chunks_exact_mut(O::SIZE.max(1))) {
            observation.write(row);
        }
        let shown = self.head.weight.device().tensor_from_vec(numbers, (rows, O::SIZE));
        let bends = L::LAYERS.iter().map(|(_, bend)| Some(*bend)).chain([None]);
        let mut layers = self.hidden.iter().chain([&self.head]).zip(bends);
        let relu = |bend| match bend {
            Some(Bend::Relu) => Activation::Relu,
            Some(Bend::Tanh) | None => Activation::Identity,
        };
        let then = |x: Tensor<(usize, usize), f32, D, T>, bend| match bend {
            Some(Bend::Tanh) => x.tanh(),
            Some(Bend::Relu) | None => x,
        };
        let (Layer { weight, bias }, bend) = layers.next().expect("a head at least");
        let x = then(D::linear_of(shown, weight, bias, relu(bend), tape), bend);
        layers.fold(x, |x, (Layer { weight, bias }, bend)| then(D::linear(x, weight, bias, relu(bend)), bend))
    }

    fn size(&self) -> usize {
        self.head.bias.shape().0
    }

    fn with_outputs(&self, outputs: usize, seed: u64) -> Self {
        let (_, inputs) = *self.head.weight.shape();
        let head = Layer::new(self.head.weight.device(), outputs, inputs, 1.0, seed, "estimates");
        DenseNet { hidden: self.hidden.clone(), head, kind: PhantomData }
    }
}

impl<O, L, D: Backend> Parameters<D> for DenseNet<O, L, D> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        let hidden = self.hidden.iter().enumerate().map(|(i, layer)| (format!("hidden.{i}"), layer));
        let all = hidden.chain([("head".to_owned(), &self.head)]);
        let both = all.flat_map(|(name, Layer { weight, bias })| {
            let weight: (String, &dyn Parameter<D>) = (format!("{name}.weight"), weight);
            [weight, (format!("{name}.bias"), bias)]
        });
        both.collect()
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        let hidden = self.hidden.iter_mut().enumerate().map(|(i, layer)| (format!("hidden.{i}"), layer));
        let all = hidden.chain([("head".to_owned(), &mut self.head)]);
        let both = all.flat_map(|(name, Layer { weight, bias })| {
            let weight: (String, &mut dyn Parameter<D>) = (format!("{name}.weight"), weight);
            [weight, (format!("{name}.bias"), bias)]
        });
        both.collect()
    }
}

impl<O, L, D: Backend> Clone for DenseNet<O, L, D> {
    fn clone(&self) -> Self {
        DenseNet { hidden: self.hidden.clone(), head: self.head.clone(), kind: PhantomData }
    }
}

impl<O, L, D: Backend> fmt::Debug for DenseNet<O, L, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sizes: Vec<usize> = self.hidden.iter().map(|layer| layer.weight.shape().1).collect();
        let (outputs, inputs) = *self.head.weight.shape();
        sizes.extend([inputs, outputs]);
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        write!(f, "DenseNet({})", sizes.join(" → "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{History, Layout, Legal};
    use crate::kernels::testing::{assert_close, assert_same_with_any_threads};
    use crate::policy::{Ask, Asked, Model, Policy, Readout, Session};

    type Net = Dense<Floats<3>, (Tanh<5>, Relu<4>)>;

    const SEEN: [Floats<3>; 3] =
        [Floats([0.5, -1.0, 2.0]), Floats([0.0, 0.3, -0.7]), Floats([1.0, 1.0, 1.0])];

    /// With an ordinary head, so that gradients show.
    fn net(seed: u64) -> Net {
        let Categorical(net) = Net::new(&Cpu::default(), 4, seed);
        Categorical(net.with_outputs(4, seed))
    }

    fn read<T: Tape<f32, Cpu>>(net: &Net, token: &[u32; 3], tape: T) -> Readout<Cpu, T> {
        let layout = Layout::from_lengths([1], [3], [1; 3]);
        net.read(&Asked::all(History::new(&layout, &SEEN, &[0, 1, 2], token)), false, tape)
    }

    /// What a network says of the tokens, by the formula.
    fn by_hand(values: &[Vec<f32>], token: &[u32; 3]) -> Vec<f64> {
        let affine = |x: &[f64], layer: usize| -> Vec<f64> {
            let (w, b) = (&values[2 * layer], &values[2 * layer + 1]);
            let row = |(w, b): (&[f32], &f32)| {
                f64::from(*b) + w.iter().zip(x).map(|(w, x)| f64::from(*w) * x).sum::<f64>()
            };
            w.chunks(x.len()).zip(b).map(row).collect()
        };
        let logp = |(seen, token): (&Floats<3>, &u32)| {
            let x: Vec<f64> = seen.0.map(f64::from).into();
            let x: Vec<f64> = affine(&x, 0).into_iter().map(f64::tanh).collect();
            let x: Vec<f64> = affine(&x, 1).into_iter().map(|x| x.max(0.0)).collect();
            let x = affine(&x, 2);
            x[*token as usize] - x.iter().map(|x| x.exp()).sum::<f64>().ln()
        };
        SEEN.iter().zip(token).map(logp).collect()
    }

    fn values(net: &Net) -> Vec<Vec<f32>> {
        net.parameters().iter().map(|(_, parameter)| parameter.values()).collect()
    }

    #[test]
    fn follows_the_formula_in_value_and_gradient() {
        let (net, token) = (net(3), [1, 0, 3]);
        let Readout { logp, tape, .. } = read(&net, &token, OwnedTape::default());
        let all = values(&net);
        let expected: Vec<f32> = by_hand(&all, &token).iter().map(|l| *l as f32).collect();
        assert_close("logp", &logp.as_vec(), &expected, 1e-6);
        let mut gradients = logp.put_tape(tape).sum::<Rank0, _>().backward();
        for (i, (name, parameter)) in net.parameters().into_iter().enumerate() {
            let found = parameter.gradient(&mut gradients);
            assert!(found.iter().any(|g| *g != 0.0), "{name}");
            for (j, found) in found.into_iter().enumerate() {
                let slope = [1e-3f32, -1e-3].map(|move_by| {
                    let mut moved = all.clone();
                    moved[i][j] += move_by;
                    (by_hand(&moved, &token).iter().sum::<f64>(), f64::from(moved[i][j]))
                });
                let slope = (slope[0].0 - slope[1].0) / (slope[0].1 - slope[1].1);
                assert!((slope - f64::from(found)).abs() < 2e-3, "{name}[{j}]: {found}, slope {slope}");
            }
        }
    }

    #[test]
    fn a_session_draws_from_what_is_read() {
        let net = net(4);
        let mut session = net.session();
        let mut memory = Default::default();
        let ask =
            Ask { observation: SEEN[1], legal: Legal::ALL, uniform: 0.6, about: &[2], memory: &mut memory };
        let drawn = session.draw(vec![ask], 1.0).remove(0);
        assert_close(
            "drawn",
            &[drawn.logp],
            &read(&net, &[0, drawn.token, 0], NoneTape).logp.as_vec()[1..2],
            1e-6,
        );
        assert_close("about", &drawn.about, &read(&net, &[0, 2, 0], NoneTape).logp.as_vec()[1..2], 1e-6);
    }

    #[test]
    fn a_seed_is_a_network_and_its_name_says_its_sizes() {
        assert_eq!((values(&net(5)), values(&net(5).clone())), (values(&net(5)), values(&net(5))));
        assert_ne!(values(&net(5)), values(&net(6)));
        assert_eq!(format!("{:?}", net(5).0), "DenseNet(3 → 5 → 4 → 4)");
        let linear = Dense::<Floats<3>, ()>::new(&Cpu::default(), 2, 0);
        assert_eq!(format!("{:?}", linear.0), "DenseNet(3 → 2)");
    }

    #[test]
    fn an_estimator_starts_as_the_body_with_outputs_of_its_own() {
        let net = net(7);
        let estimator = net.estimator(2, 1);
        let theirs = estimator.parameters();
        for ((name, ours), (their_name, their)) in net.parameters().iter().zip(&theirs).take(4) {
            assert_eq!((name, ours.values()), (their_name, their.values()));
        }
        assert_eq!(theirs[4].1.sizes(), [2, 4]);
    }

    #[test]
    fn threads_do_not_show() {
        let net = net(8);
        assert_same_with_any_threads(|| {
            let Readout { logp, tape, .. } = read(&net, &[0, 1, 2], OwnedTape::default());
            let mut gradients = logp.put_tape(tape).sum::<Rank0, _>().backward();
            net.parameters().iter().map(|(_, parameter)| parameter.gradient(&mut gradients)).collect()
        });
    }
}
