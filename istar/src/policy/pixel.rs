//! A policy that looks at pixels: patch embedding, two 3×3 convolutions, two affine maps.

use std::{fmt, hash::Hash, marker::PhantomData};

use dfdx::prelude::*;

use super::{Choices, Parameter, Policy, Readout, fresh, init};
use crate::kernels::{Activation, Backend, Grid, Input, logprob::log_softmax};

/// Channels of a cell after the patch embedding and the first convolution.
pub const NARROW: usize = 32;
/// Channels of a cell after the second convolution.
pub const WIDE: usize = 64;
/// Width of the layer in front of the logits.
pub const HIDDEN: usize = 128;
/// Tokens to choose from: the four moves.
pub const ACTIONS: usize = 4;

const NARROW_INPUTS: usize = 9 * NARROW;

/// Observations forwarded at a time when a sampler asks: bounds memory, and is fixed so that the numbers are too.
const BATCH: usize = 512;

/// The head starts a hundred times smaller than the other layers, so that the first distributions are nearly uniform
/// (Andrychowicz et al., "What Matters in On-Policy Reinforcement Learning?", ICLR 2021, section 3.2).
const HEAD_GAIN: f32 = 0.01;

/// Something drawn as a grid of square tiles. Equality is equality of pixels.
pub trait Pixels: Clone + Eq + Hash + Send + Sync {
    /// Rows and columns of tiles.
    fn cells(&self) -> (usize, usize);

    /// Draws the whole picture, 8-bit RGB, row-major, `rows * tile` by `columns * tile` pixels. `out` has exactly
    /// that size and may hold anything before.
    fn write_rgb(&self, tile: usize, out: &mut [u8]);
}

struct Layer<O: Dim, I: Dim, D: Backend> {
    weight: Tensor<(O, I), f32, D>,
    bias: Tensor<(O,), f32, D>,
}

impl<O: Dim, I: Dim, D: Backend> Layer<O, I, D> {
    fn new(dev: &D, outputs: O, inputs: I, gain: f32, seed: u64, name: &str) -> Self {
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

/// A policy over the four moves from the pixels of a room, for rooms of one size.
///
/// Patches of one tile to 32 channels, 3×3 convolutions 32 → 32 and 32 → 64, affine maps to 128 and to the 4 logits;
/// relu between. With 6×6 cells and tiles of 8 pixels that is 329,476 parameters, of which 295,040 are in the
/// first affine map.
#[derive(Clone)]
pub struct PixelPolicy<P, D: Backend> {
    embed: Layer<Const<NARROW>, usize, D>,
    near: Layer<Const<NARROW>, Const<NARROW_INPUTS>, D>,
    far: Layer<Const<WIDE>, Const<NARROW_INPUTS>, D>,
    hidden: Layer<Const<HIDDEN>, usize, D>,
    head: Layer<Const<ACTIONS>, Const<HIDDEN>, D>,
    grid: Grid,
    tile: usize,
    /// Divides the logits; 1 unless set otherwise. Above 1 the policy chooses more evenly.
    pub temperature: f32,
    observation: PhantomData<fn(P)>,
}

impl<P: Pixels, D: Backend> PixelPolicy<P, D> {
    /// A new policy for rooms of `rows` by `columns` cells seen at `tile` pixels a cell. Equal seeds give equal
    /// networks, on every device.
    ///
    /// # Panics
    /// When a size is zero.
    pub fn new(dev: &D, (rows, columns): (usize, usize), tile: usize, seed: u64) -> Self {
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
            head: Layer::new(dev, Const, Const, HEAD_GAIN, seed, "head"),
            grid,
            tile,
            temperature: 1.0,
            observation: PhantomData,
        }
    }

    /// `(observations, 4)` logits, before the temperature.
    fn logits<T: Tape<f32, D>>(
        &self,
        observations: &[P],
        tape: T,
    ) -> Tensor<(usize, Const<ACTIONS>), f32, D, T> {
        let (grid, frame) = (self.grid, self.grid.cells() * self.tile * self.tile * 3);
        let mut frames = vec![0; observations.len() * frame];
        for (observation, frame) in observations.iter().zip(frames.chunks_exact_mut(frame)) {
            let cells = observation.cells();
            assert_eq!(cells, (grid.height, grid.width), "an observation of another size than the policy's");
            observation.write_rgb(self.tile, frame);
        }
        let x = D::patch(&frames, grid, self.tile, &self.embed.weight, &self.embed.bias, tape);
        let x = D::conv3x3(x, &self.near.weight, &self.near.bias, grid, Activation::Relu, Input::Hidden);
        let x = D::conv3x3(x, &self.far.weight, &self.far.bias, grid, Activation::Relu, Input::Hidden);
        let x = x.reshape_like(&(observations.len(), grid.cells() * WIDE));
        let x = D::linear(x, &self.hidden.weight, &self.hidden.bias, Activation::Relu, Input::Hidden);
        D::linear(x, &self.head.weight, &self.head.bias, Activation::Identity, Input::Hidden)
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

impl<P: Pixels, D: Backend> Policy<D> for PixelPolicy<P, D> {
    type Observation = P;

    fn read<T: Tape<f32, D>>(
        &self,
        observations: &[P],
        choices: Choices<'_>,
        entropy: bool,
        tape: T,
    ) -> Readout<D, T> {
        D::logprob(self.logits(observations, tape), choices, self.temperature, entropy)
    }

    fn distribution(&self, observations: &[P]) -> Vec<f32> {
        let mut all = Vec::with_capacity(observations.len() * ACTIONS);
        for batch in observations.chunks(BATCH) {
            all.extend(self.logits(batch, NoneTape).as_vec());
        }
        log_softmax(&mut all, ACTIONS, self.temperature);
        all
    }

    fn actions(&self) -> usize {
        ACTIONS
    }

    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        parameters!(self, [])
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        parameters!(self, [mut])
    }
}

impl<P, D: Backend> fmt::Debug for PixelPolicy<P, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Grid { height, width } = self.grid;
        write!(
            f,
            "PixelPolicy({height}x{width} cells of {} pixels, temperature {})",
            self.tile, self.temperature
        )
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, assert_same_with_any_threads};

    /// A room of 3 by 2 cells in one colour each.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub(crate) struct Cells(pub(crate) [u8; 6]);

    impl Pixels for Cells {
        fn cells(&self) -> (usize, usize) {
            (3, 2)
        }

        fn write_rgb(&self, tile: usize, out: &mut [u8]) {
            for (i, pixel) in out.iter_mut().enumerate() {
                let (y, x) = (i / (2 * tile * 3) / tile, i % (2 * tile * 3) / 3 / tile);
                *pixel = self.0[y * 2 + x].wrapping_mul(1 + (i % 3) as u8);
            }
        }
    }

    pub(crate) fn policy(seed: u64) -> PixelPolicy<Cells, Cpu> {
        PixelPolicy::new(&Cpu::default(), (3, 2), 4, seed)
    }

    fn rooms(count: u8) -> Vec<Cells> {
        (0..count)
            .map(|i| {
                Cells(std::array::from_fn(|cell| {
                    i.wrapping_mul(41).wrapping_add(57u8.wrapping_mul(cell as u8))
                }))
            })
            .collect()
    }

    /// The values of a taped read and the gradient of all parameters, end to end.
    fn gradient(policy: &PixelPolicy<Cells, Cpu>, rooms: &[Cells]) -> Vec<Vec<f32>> {
        let observation: Vec<u32> = (0..20).map(|row| row % rooms.len() as u32).collect();
        let token: Vec<u32> = (0..20).map(|row| row % 4).collect();
        let choices = Choices { observation: &observation, token: &token };
        let Readout { logp, entropy, tape } = policy.read(rooms, choices, true, OwnedTape::default());
        let entropy = entropy.expect("asked for");
        let terms = logp.retaped::<OwnedTape<_, _>>().exp() + entropy.retaped::<OwnedTape<_, _>>();
        let (loss, terms) = terms.sum::<Rank0, _>().split_tape();
        let mut gradients = loss.put_tape(terms.merge(tape)).backward();
        let mut all = vec![logp.as_vec(), entropy.as_vec()];
        for (_, parameter) in policy.parameters() {
            parameter.gradient(&mut gradients, &mut |gradient| all.push(gradient.to_vec()));
        }
        all
    }

    #[test]
    fn a_read_agrees_with_the_distribution() {
        let (policy, rooms) = (policy(1), rooms(3));
        let (observation, token) = ([2, 0, 2, 1], [0, 1, 3, 2]);
        let choices = Choices { observation: &observation, token: &token };
        let read = policy.read(&rooms, choices, true, NoneTape);
        let all = policy.distribution(&rooms);
        let row = |o: u32| &all[o as usize * 4..][..4];
        let logp: Vec<f32> = observation.iter().zip(token).map(|(&o, t)| row(o)[t as usize]).collect();
        let entropy: Vec<f32> =
            observation.iter().map(|&o| -row(o).iter().map(|l| l.exp() * l).sum::<f32>()).collect();
        assert_close("logp", &read.logp.as_vec(), &logp, 1e-6);
        assert_close("entropy", &read.entropy.expect("asked for").as_vec(), &entropy, 1e-6);
        assert!(policy.distribution(&[]).is_empty());
    }

    #[test]
    fn every_parameter_has_a_gradient_that_shows_in_the_loss() {
        let (mut policy, rooms) = (policy(2), rooms(3));
        // The head starts tiny, and behind it all gradients are: make it an ordinary layer.
        policy.head = Layer::new(&Cpu::default(), Const, Const, 3.0, 2, "head");
        let before = gradient(&policy, &rooms);
        let loss = |all: &[Vec<f32>]| -> f64 {
            all[0].iter().map(|&l| f64::from(l).exp()).chain(all[1].iter().map(|&h| f64::from(h))).sum()
        };
        const LENGTH: f32 = 2e-3;
        for (i, gradient_of) in before[2..].iter().enumerate() {
            let norm = gradient_of.iter().map(|g| g * g).sum::<f32>().sqrt();
            assert!(norm > 1e-3, "{} has a gradient of norm {norm}", policy.parameters()[i].0);
            // Along the gradient the loss changes by the gradient's norm, whichever element is wrong.
            let [above, below] = [LENGTH, -LENGTH].map(|length| {
                let mut moved = policy.clone();
                let values: Vec<f32> = {
                    let values = policy.parameters()[i].1.values();
                    values.iter().zip(gradient_of).map(|(v, g)| v + length * g / norm).collect()
                };
                moved.parameters_mut()[i].1.set(&values);
                loss(&gradient(&moved, &rooms))
            });
            let slope = (above - below) / f64::from(2.0 * LENGTH);
            let name = &policy.parameters()[i].0;
            assert!((slope / f64::from(norm) - 1.0).abs() < 0.02, "{name}: slope {slope}, gradient {norm}");
        }
    }

    #[test]
    fn threads_do_not_show() {
        let (policy, rooms) = (policy(3), rooms(200));
        assert_same_with_any_threads(|| gradient(&policy, &rooms));
    }

    #[test]
    fn a_seed_is_a_network() {
        let values = |policy: &PixelPolicy<Cells, Cpu>| -> Vec<Vec<f32>> {
            policy.parameters().iter().map(|(_, parameter)| parameter.values()).collect()
        };
        assert_eq!(values(&policy(4)), values(&policy(4)));
        assert_ne!(values(&policy(4)), values(&policy(5)));
        assert_eq!(values(&policy(4)), values(&policy(4).clone()));
        let room_of_the_paper = PixelPolicy::<Cells, Cpu>::new(&Cpu::default(), (6, 6), 8, 0);
        assert_eq!(values(&room_of_the_paper).concat().len(), 329_476);
    }

    #[test]
    fn a_clone_has_gradients_of_its_own() {
        let (policy, rooms) = (policy(6), rooms(2));
        let choices = Choices { observation: &[0, 1], token: &[2, 3] };
        let [a, b] = [policy.clone(), policy].map(|policy| {
            let read = policy.read(&rooms, choices, false, OwnedTape::default());
            (policy, read)
        });
        let terms = a.1.logp.put_tape(a.1.tape) + b.1.logp.put_tape(b.1.tape) * 2.0;
        let mut gradients = terms.sum::<Rank0, _>().backward();
        let mut head = |policy: &PixelPolicy<Cells, Cpu>| {
            let mut copy = Vec::new();
            policy.parameters()[8]
                .1
                .gradient(&mut gradients, &mut |gradient| copy.extend_from_slice(gradient));
            copy
        };
        let twice: Vec<f32> = head(&a.0).iter().map(|g| 2.0 * g).collect();
        assert_eq!(head(&b.0), twice);
    }

    #[test]
    fn temperature_flattens() {
        let (mut policy, rooms) = (policy(7), rooms(1));
        policy.head = Layer::new(&Cpu::default(), Const, Const, 3.0, 7, "head");
        let spread = |policy: &PixelPolicy<Cells, Cpu>| {
            let all = policy.distribution(&rooms);
            all.iter().fold(f32::MIN, |a, &b| a.max(b)) - all.iter().fold(f32::MAX, |a, &b| a.min(b))
        };
        let cold = spread(&policy);
        policy.temperature = 4.0;
        assert_close("spread", &[spread(&policy) * 4.0], &[cold], 1e-5);
    }

    #[test]
    #[should_panic = "of another size"]
    fn a_room_of_another_size_is_refused() {
        PixelPolicy::<Cells, Cpu>::new(&Cpu::default(), (6, 6), 4, 0).distribution(&rooms(1));
    }

    #[test]
    fn networks_on_the_cpu_can_be_shared_by_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&policy(0));
    }
}
