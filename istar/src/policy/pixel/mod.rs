//! A policy that looks at pixels: patch embedding, two 3×3 convolutions, two affine maps.

mod net;

use std::fmt;

use dfdx::prelude::*;

use self::net::CHUNK;
pub use self::net::{HIDDEN, NARROW, PixelNet, Pixels, WIDE};
use super::{Asked, ByObservation, Model, Parameter, Parameters, Policy, Readout, Session, masked};
use crate::batch::Legal;
use crate::kernels::{Backend, Grid, Vision, logprob::log_softmax};

/// Tokens to choose from: the four moves.
pub const ACTIONS: usize = 4;

/// Observations forwarded at a time when a sampler asks: bounds memory, and is fixed so that the numbers are too.
const BATCH: usize = 512;

/// A policy from the pixels of a room, for rooms of one size: a [`PixelNet`] whose outputs are logits, of the four moves
/// unless `A` says otherwise. With four moves, 6×6 cells and tiles of 8 pixels that is 329,476 parameters, of which
/// 295,040 are in the first affine map.
#[derive(Clone)]
pub struct PixelPolicy<P, D: Backend, A: Dim = Const<ACTIONS>> {
    net: PixelNet<P, A, D>,
    /// Divides the logits; 1 unless set otherwise. Above 1 the policy chooses more evenly.
    pub temperature: f32,
}

impl<P: Pixels, D: Vision> PixelPolicy<P, D> {
    /// A new policy for rooms of `rows` by `columns` cells seen at `tile` pixels a cell. Equal seeds give equal
    /// networks, on every device.
    ///
    /// # Panics
    /// When a size is zero.
    pub fn new(dev: &D, size: (usize, usize), tile: usize, seed: u64) -> Self {
        Self { net: PixelNet::new(dev, size, tile, Const, seed), temperature: 1.0 }
    }
}

impl<P: Pixels, D: Vision> PixelPolicy<P, D, usize> {
    /// As [`new`](PixelPolicy::new), with so many tokens to choose from.
    ///
    /// # Panics
    /// When a size is zero.
    pub fn with_actions(dev: &D, size: (usize, usize), tile: usize, actions: usize, seed: u64) -> Self {
        assert!(actions > 0, "a policy without a token to choose");
        Self { net: PixelNet::new(dev, size, tile, actions, seed), temperature: 1.0 }
    }
}

impl<P: Pixels, D: Vision, A: Dim> PixelPolicy<P, D, A> {
    /// `(observations, tokens)` logits, before the temperature.
    ///
    /// # Panics
    /// When an observation has no legal token.
    fn logits<'a, T: Tape<f32, D>>(
        &self,
        observations: impl ExactSizeIterator<Item = &'a P>,
        legal: impl Iterator<Item = &'a Legal> + Clone,
        tape: T,
    ) -> Tensor<(usize, A), f32, D, T>
    where
        P: 'a,
    {
        masked(self.net.outputs(observations, tape), legal)
    }

    /// Log-probabilities, natural, of every token at each observation: `(observations, tokens)`, row-major, on the host.
    ///
    /// # Panics
    /// When an observation has no legal token.
    pub fn distribution(&self, observations: &[P], legal: &[Legal]) -> Vec<f32> {
        let mut all = Vec::with_capacity(observations.len() * self.net.size());
        for (observations, legal) in observations.chunks(BATCH).zip(legal.chunks(BATCH)) {
            all.extend(self.logits(observations.iter(), legal.iter(), NoneTape).as_vec());
        }
        log_softmax(&mut all, self.net.size(), self.temperature);
        all
    }
}

impl<P, D: Backend, A: Dim> Parameters<D> for PixelPolicy<P, D, A> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        self.net.parameters()
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        self.net.parameters_mut()
    }
}

impl<P: Pixels, D: Vision, A: Dim> Model<D> for PixelPolicy<P, D, A> {
    type Observation = P;

    fn read<T: Tape<f32, D>>(&self, asked: &Asked<'_, P>, entropy: bool, tape: T) -> Readout<D, T> {
        let logits = self.logits(asked.observations(), asked.legal(), tape);
        Readout::of_logits(logits, asked, self.temperature, entropy)
    }

    fn chunk(&self) -> usize {
        CHUNK
    }
}

impl<P: Pixels, D: Vision, A: Dim> Policy<D> for PixelPolicy<P, D, A> {
    type Estimator = PixelNet<P, usize, D>;

    fn session(&self) -> impl Session<P> {
        ByObservation::new(self.actions(), |observations: &[P], legal: &[Legal]| {
            self.distribution(observations, legal)
        })
    }

    fn actions(&self) -> usize {
        self.net.size()
    }

    fn estimator(&self, outputs: usize, seed: u64) -> Self::Estimator {
        self.net.with_outputs(outputs, seed)
    }
}

impl<P, D: Backend, A: Dim> fmt::Debug for PixelPolicy<P, D, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Grid { height, width } = self.net.grid;
        write!(
            f,
            "PixelPolicy({height}x{width} cells of {} pixels, temperature {})",
            self.net.tile, self.temperature
        )
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::batch::{History, Layout};
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

    /// Answers to a question about one trajectory of steps of one token.
    fn read<M: Model<Cpu, Observation = O>, O, T: Tape<f32, Cpu>>(
        net: &M,
        observations: &[O],
        (observation, token): (&[u32], &[u32]),
        tape: T,
    ) -> Readout<Cpu, T> {
        let layout = Layout::from_lengths([1], [token.len()], vec![1; token.len()]);
        net.read(&Asked::all(History::new(&layout, observations, observation, token)), true, tape)
    }

    /// The values of a taped read and the gradient of all parameters, end to end.
    fn gradient(policy: &PixelPolicy<Cells, Cpu>, rooms: &[Cells]) -> Vec<Vec<f32>> {
        let observation: Vec<u32> = (0..20).map(|row| row % rooms.len() as u32).collect();
        let token: Vec<u32> = (0..20).map(|row| row % 4).collect();
        let Readout { logp, entropy, tape } =
            read(policy, rooms, (&observation, &token), OwnedTape::default());
        let entropy = entropy.expect("asked for");
        let terms = logp.retaped::<OwnedTape<_, _>>().exp() + entropy.retaped::<OwnedTape<_, _>>();
        let (loss, terms) = terms.sum::<Rank0, _>().split_tape();
        let mut gradients = loss.put_tape(terms.merge(tape)).backward();
        let mut all = vec![logp.as_vec(), entropy.as_vec()];
        for (_, parameter) in policy.parameters() {
            all.push(parameter.gradient(&mut gradients));
        }
        all
    }

    #[test]
    fn a_read_agrees_with_the_distribution() {
        let (policy, rooms) = (policy(1), rooms(3));
        let (observation, token) = ([2, 0, 2, 1], [0, 1, 3, 2]);
        let read = read(&policy, &rooms, (&observation, &token), NoneTape);
        let all = policy.distribution(&rooms, &vec![Legal::ALL; rooms.len()]);
        let row = |o: u32| &all[o as usize * 4..][..4];
        let logp: Vec<f32> = observation.iter().zip(token).map(|(&o, t)| row(o)[t as usize]).collect();
        let entropy: Vec<f32> =
            observation.iter().map(|&o| -row(o).iter().map(|l| l.exp() * l).sum::<f32>()).collect();
        assert_close("logp", &read.logp.as_vec(), &logp, 1e-6);
        assert_close("entropy", &read.entropy.expect("asked for").as_vec(), &entropy, 1e-6);
        assert!(policy.distribution(&[], &[]).is_empty());
    }

    #[test]
    fn every_parameter_has_a_gradient_that_shows_in_the_loss() {
        let (mut policy, rooms) = (policy(2), rooms(3));
        // The head starts tiny, and behind it all gradients are: make it an ordinary layer.
        policy.net.widen_head(3.0, 2);
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
        let [a, b] = [policy.clone(), policy].map(|policy| {
            let read = read(&policy, &rooms, (&[0, 1], &[2, 3]), OwnedTape::default());
            (policy, read)
        });
        let terms = a.1.logp.put_tape(a.1.tape) + b.1.logp.put_tape(b.1.tape) * 2.0;
        let mut gradients = terms.sum::<Rank0, _>().backward();
        let mut head = |policy: &PixelPolicy<Cells, Cpu>| policy.parameters()[8].1.gradient(&mut gradients);
        let twice: Vec<f32> = head(&a.0).iter().map(|g| 2.0 * g).collect();
        assert_eq!(head(&b.0), twice);
    }

    #[test]
    fn temperature_flattens() {
        let (mut policy, rooms) = (policy(7), rooms(1));
        policy.net.widen_head(3.0, 7);
        let spread = |policy: &PixelPolicy<Cells, Cpu>| {
            let all = policy.distribution(&rooms, &vec![Legal::ALL; rooms.len()]);
            all.iter().fold(f32::MIN, |a, &b| a.max(b)) - all.iter().fold(f32::MAX, |a, &b| a.min(b))
        };
        let cold = spread(&policy);
        policy.temperature = 4.0;
        assert_close("spread", &[spread(&policy) * 4.0], &[cold], 1e-5);
    }

    #[test]
    #[should_panic = "of another size"]
    fn a_room_of_another_size_is_refused() {
        PixelPolicy::<Cells, Cpu>::new(&Cpu::default(), (6, 6), 4, 0).distribution(&rooms(1), &[Legal::ALL]);
    }

    #[test]
    fn an_estimator_starts_as_the_body_with_outputs_of_its_own() {
        let (policy, rooms) = (policy(8), rooms(3));
        let values = |net: &dyn Parameters<Cpu>| -> Vec<(String, Vec<f32>)> {
            net.parameters().iter().map(|(name, parameter)| (name.clone(), parameter.values())).collect()
        };
        let estimator = policy.estimator(2, 1);
        let (ours, theirs) = (values(&policy), values(&estimator));
        assert_eq!(ours[..8], theirs[..8]);
        assert_eq!(theirs[8].1.len(), 2 * HIDDEN);
        assert_eq!(theirs, values(&policy.estimator(2, 1)));
        assert_ne!(theirs, values(&policy.estimator(2, 2)));
        assert_ne!(theirs[8], values(&policy.estimator(3, 1))[8]);

        let all = estimator.outputs(rooms.iter(), NoneTape).as_vec();
        let Readout { logp, tape, .. } =
            read(&estimator, &rooms, (&[2, 0, 2], &[1, 0, 0]), OwnedTape::default());
        assert_eq!(logp.as_vec(), [all[5], all[0], all[4]]);
        // d sum / d bias of an output is how often it was read.
        let mut gradients = logp.put_tape(tape).sum::<Rank0, _>().backward();
        let (name, bias) = &estimator.parameters()[9];
        assert_eq!(name, "head.bias");
        assert_eq!(bias.gradient(&mut gradients), [2.0, 1.0]);
        assert!(policy.parameters()[0].1.gradient(&mut gradients).iter().all(|g| *g == 0.0));
        assert!(estimator.parameters()[0].1.gradient(&mut gradients).iter().any(|g| *g != 0.0));
    }

    /// Rooms in which some tokens mean something.
    fn parts() -> (PixelPolicy<Cells, Cpu, usize>, Vec<Cells>, [Legal; 3]) {
        let legal = [Legal::from(0..2), [2, 4, 3].into_iter().collect(), [5, 7, 900].into_iter().collect()];
        (PixelPolicy::with_actions(&Cpu::default(), (3, 2), 4, 6, 9), rooms(3), legal)
    }

    #[test]
    fn what_is_not_legal_has_no_probability_and_the_rest_all() {
        for temperature in [0.01, 1.0, 100.0] {
            let (mut policy, rooms, legal) = parts();
            policy.temperature = temperature;
            for (legal, row) in legal.iter().zip(policy.distribution(&rooms, &legal).chunks(6)) {
                let p: Vec<f32> = row.iter().map(|l| l.exp()).collect();
                assert!((0..).zip(&p).all(|(token, p)| legal.contains(token) != (*p == 0.0)), "{p:?}");
                assert_close("total", &[p.iter().sum()], &[1.0], 1e-6);
            }
        }
    }

    #[test]
    fn what_is_not_legal_gets_no_gradient_from_what_is() {
        for (taken, entropy_of) in [(1, [0.0, 1.0, 0.0]), (0, [1.0, 0.0, 0.0])] {
            let (policy, rooms, legal) = parts();
            let layout = Layout::from_lengths([1], [3], [1; 3]);
            let token = [taken, 3, 5];
            let history = History::new(&layout, &rooms, &[0, 1, 2], &token);
            let asked = Asked::all(History { legal: &legal, ..history });
            let Readout { logp, entropy, tape } = policy.read(&asked, true, OwnedTape::default());
            let entropy = entropy.expect("asked for");
            let found = entropy.as_vec();
            assert!(
                found.iter().all(|h| h.is_finite()) && found[2] == 0.0,
                "one token leaves no choice: {found:?}"
            );
            let entropy_of = Cpu::default().tensor_from_vec(entropy_of.to_vec(), (3,));
            // The first room's log-probability, and the entropy of one room.
            let first = Cpu::default().tensor_from_vec(vec![1.0f32, 0.0, 0.0], (3,));
            let terms = logp.put_tape(tape) * first;
            let (loss, tape) = (terms + entropy * entropy_of).sum::<Rank0, _>().split_tape();
            let mut gradients = loss.put_tape(tape).backward();
            let bias = policy.net.parameters()[9].1.gradient(&mut gradients);
            assert!(bias.iter().all(|g| g.is_finite()));
            assert!(bias[0] != 0.0 && bias[5] == 0.0, "{bias:?}");
            assert!(bias[2..5].iter().all(|g| *g == 0.0), "{bias:?}");
        }
    }

    #[test]
    #[should_panic = "tokens 6 to 8 of 6: there is nothing to choose from"]
    fn a_room_without_a_legal_token_is_refused() {
        let (policy, rooms, _) = parts();
        policy.distribution(&rooms[..1], &[(6..9).into()]);
    }

    #[test]
    fn networks_on_the_cpu_can_be_shared_by_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&policy(0));
    }
}
