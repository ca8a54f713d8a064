//! Chunks give what one pass gives.

use super::forward::{Forward, backward, read};
use crate::batch::{History, Layout};
use crate::kernels::testing::{assert_close, assert_same_with_any_threads, random};
use crate::policy::pixel::tests::{Cells, policy};
use crate::policy::{Asked, Model, Parameter, Parameters, PixelPolicy, Readout};
use dfdx::prelude::*;
use proptest::prelude::*;

/// A network that is forwarded in chunks of another size.
#[derive(Clone)]
struct InChunks(PixelPolicy<Cells, Cpu>, usize);

impl Parameters<Cpu> for InChunks {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<Cpu>)> {
        self.0.parameters()
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<Cpu>)> {
        self.0.parameters_mut()
    }
}

impl Model<Cpu> for InChunks {
    type Observation = Cells;

    fn read<T: Tape<f32, Cpu>>(&self, asked: &Asked<'_, Cells>, entropy: bool, tape: T) -> Readout<Cpu, T> {
        assert!(asked.seen.len() <= self.1, "a chunk is small enough");
        self.0.read(asked, entropy, tape)
    }

    fn chunk(&self) -> usize {
        self.1
    }
}

/// Rows of a batch: the room and the token of each.
type Rows = (Vec<u32>, Vec<u32>);

const ROOMS: u32 = 16;

fn rooms() -> Vec<Cells> {
    let cell =
        |room: u32, cell: usize| (room as u8).wrapping_mul(41).wrapping_add(57u8.wrapping_mul(cell as u8));
    (0..ROOMS).map(|room| Cells(std::array::from_fn(|c| cell(room, c)))).collect()
}

/// Answers, and the gradient of a loss that couples every row with every other, in two questions to one network: a batch
/// with entropies, and demonstrations.
fn all(chunk: usize, rows: &Rows, demonstrated: &Rows) -> Vec<Vec<f32>> {
    let net = InChunks(policy(3), chunk);
    let rooms = rooms();
    let layouts =
        [rows, demonstrated].map(|(_, token)| Layout::from_lengths([1], [token.len()], vec![1; token.len()]));
    let [main, demonstration] = [(rows, &layouts[0]), (demonstrated, &layouts[1])]
        .map(|((observation, token), layout)| Asked::all(History::new(layout, &rooms, observation, token)));
    let untaped = read(&net, &main).as_vec();
    let main = Forward::new(&net, &main, true);
    let demonstration = Forward::new(&net, &demonstration, false);
    let entropy = main.entropy.clone().expect("asked for");
    let mut answers = vec![untaped, main.logp.as_vec(), entropy.as_vec(), demonstration.logp.as_vec()];
    let n = rows.0.len();
    let logp = main.logp.retaped::<OwnedTape<_, _>>() * random((n,), "of logp");
    let entropy = entropy.retaped::<OwnedTape<_, _>>() * random((n,), "of entropy");
    let other = demonstration.logp.retaped::<OwnedTape<_, _>>();
    let loss =
        logp.sum::<Rank0, _>().square() + entropy.sum::<Rank0, _>().square() * other.mean::<Rank0, _>();
    let mut gradients = backward(&net, loss, [main, demonstration]);
    answers.extend(net.parameters().iter().map(|(_, parameter)| parameter.gradient(&mut gradients)));
    answers
}

fn rows(n: u32, step: u32) -> Rows {
    ((0..n).map(|row| row * step % ROOMS).collect(), (0..n).map(|row| row * 3 % 4).collect())
}

#[test]
fn chunks_of_one_and_of_seven_are_one_pass() {
    let (batch, demonstrated) = (rows(50, 5), rows(20, 3));
    let whole = all(usize::MAX, &batch, &demonstrated);
    for chunk in [1, 7, 15] {
        for (i, (found, expected)) in all(chunk, &batch, &demonstrated).iter().zip(&whole).enumerate() {
            assert_close(&format!("answer or gradient {i} in chunks of {chunk}"), found, expected, 1e-5);
        }
    }
    let gradient: f32 = whole[4..].iter().flatten().map(|g| g.abs()).sum();
    assert!(gradient > 0.1, "there is something to agree on: {gradient}");
}

#[test]
fn threads_do_not_show() {
    let (batch, demonstrated) = (rows(50, 5), rows(20, 3));
    assert_same_with_any_threads(|| all(7, &batch, &demonstrated));
}

#[test]
fn one_question_may_be_short_where_the_other_is_long() {
    let (batch, demonstrated) = (rows(30, 1), rows(4, 1));
    for (a, b) in [(&batch, &demonstrated), (&demonstrated, &batch)] {
        let (found, whole) = (all(4, a, b), all(usize::MAX, a, b));
        for (found, expected) in found.iter().zip(&whole) {
            assert_close("short and long", found, expected, 1e-5);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn chunks_give_what_one_pass_gives(
        rows in prop::collection::vec((0..ROOMS, 0..4u32), 1..40),
        demonstrated in prop::collection::vec((0..ROOMS, 0..4u32), 1..10),
        chunk in 1..20usize,
    ) {
        let (rows, demonstrated) = (rows.into_iter().unzip(), demonstrated.into_iter().unzip());
        let [found, whole] = [chunk, usize::MAX].map(|chunk| all(chunk, &rows, &demonstrated));
        for (found, expected) in found.iter().zip(&whole) {
            assert_close("chunked", found, expected, 1e-5);
        }
    }
}
