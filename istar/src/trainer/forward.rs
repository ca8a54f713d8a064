//! Passes of a network over a question of any length, forward and back.
//!
//! A loss may couple all rows of a question (a preference compares trajectories), but what it sees of the network is a
//! column or two. So a question that is too long for one recorded pass is answered chunk by chunk without a recording; the
//! loss is computed on the answers and gives its slope in each of them; then each chunk is forwarded once more, recorded,
//! and its slopes are run back, the gradients of the parameters adding up in the order of the chunks. This costs a second
//! forward pass and holds in memory one chunk's activations, the gradients of the parameters and a few numbers a row,
//! however long the question is.

use crate::kernels::{Backend, Column};
use crate::policy::{Asked, Chunk, Model, Readout, passed};
use dfdx::prelude::*;

/// A column as the host computes with it.
pub(super) fn wide<D: Backend>(column: &Column<D>) -> Vec<f64> {
    column.as_vec().into_iter().map(f64::from).collect()
}

/// One pass of a network, which is counted.
fn pass<M: Model<D>, D: Backend, T: Tape<f32, D>>(
    net: &M,
    asked: &Asked<'_, M::Observation>,
    entropy: bool,
    tape: T,
) -> Readout<D, T> {
    passed(asked.observations().len());
    net.read(asked, entropy, tape)
}

/// The answers to a question, and the way back from them.
pub(crate) struct Forward<'a, O, D: Backend> {
    /// Per row of the question.
    pub(crate) logp: Column<D>,
    /// Per row of the question, if asked for.
    pub(crate) entropy: Option<Column<D>>,
    way: Way<'a, O, D>,
}

enum Way<'a, O, D: Backend> {
    /// One pass that was recorded.
    Recorded(OwnedTape<f32, D>),
    /// Chunks to be forwarded again.
    Again(Vec<Chunk<'a, O>>),
}

impl<'a, O, D: Backend> Forward<'a, O, D> {
    /// Answers a question so that a loss of the answers can be run back to the parameters.
    pub(crate) fn new<M: Model<D, Observation = O>>(net: &M, asked: &Asked<'a, O>, entropy: bool) -> Self {
        let chunks = net.chunks(asked);
        if chunks.is_empty() {
            let Readout { logp, entropy, tape } = pass(net, asked, entropy, OwnedTape::default());
            return Forward { logp, entropy, way: Way::Recorded(tape) };
        }
        let (logp, entropy) = together(net, asked.rows.len(), &chunks, entropy);
        Forward { logp, entropy, way: Way::Again(chunks) }
    }

    /// Answers that lead back to no parameter.
    pub(crate) fn constant(logp: Column<D>) -> Self {
        Forward { logp, entropy: None, way: Way::Recorded(OwnedTape::default()) }
    }
}

/// Answers a question.
pub(crate) fn read<M: Model<D>, D: Backend>(net: &M, asked: &Asked<'_, M::Observation>) -> Column<D> {
    let chunks = net.chunks(asked);
    match chunks.is_empty() {
        true => pass(net, asked, false, NoneTape).logp,
        false => together(net, asked.rows.len(), &chunks, false).0,
    }
}

/// The answers to all chunks, in the order of the whole.
fn together<M: Model<D>, D: Backend>(
    net: &M,
    rows: usize,
    chunks: &[Chunk<'_, M::Observation>],
    entropy: bool,
) -> (Column<D>, Option<Column<D>>) {
    let (mut logp, mut entropies) = (Vec::new(), Vec::new());
    for chunk in chunks {
        let readout = pass(net, &chunk.asked, entropy, NoneTape);
        entropies.extend(readout.entropy.map(|entropy| (entropy, &chunk.rows[..])));
        logp.push((readout.logp, &chunk.rows[..]));
    }
    let device = logp[0].0.device().clone();
    (D::scatter(&device, rows, &logp), entropy.then(|| D::scatter(&device, rows, &entropies)))
}

/// Runs a loss back through the passes whose answers it was computed from, all of them of the network `net`.
pub(crate) fn backward<'a, M: Model<D>, D: Backend>(
    net: &M,
    loss: Tensor<Rank0, f32, D, OwnedTape<f32, D>>,
    passes: impl IntoIterator<Item = Forward<'a, M::Observation, D>>,
) -> Gradients<f32, D>
where
    M::Observation: 'a,
{
    let (loss, mut tape) = loss.split_tape();
    let mut again = Vec::new();
    for Forward { logp, entropy, way } in passes {
        match way {
            Way::Recorded(recorded) => tape = tape.merge(recorded),
            Way::Again(chunks) => again.push((logp, entropy, chunks)),
        }
    }
    let mut gradients = loss.put_tape(tape).backward();
    let mut slope = |answers: Column<D>| {
        gradients.try_alloc_for(&answers).expect("room for a gradient");
        gradients.get(&answers)
    };
    let again: Vec<_> = again
        .into_iter()
        .map(|(logp, entropy, chunks)| (slope(logp), entropy.map(&mut slope), chunks))
        .collect();
    again.into_iter().fold(gradients, |gradients, (logp, entropy, chunks)| {
        chunk_by_chunk(net, gradients, (logp, entropy), &chunks)
    })
}

/// Forwards each chunk again and runs the slopes of its answers back onto these gradients.
fn chunk_by_chunk<M: Model<D>, D: Backend>(
    net: &M,
    gradients: Gradients<f32, D>,
    (logp, entropy): (Column<D>, Option<Column<D>>),
    chunks: &[Chunk<'_, M::Observation>],
) -> Gradients<f32, D> {
    let device = logp.device().clone();
    // Of what a pass leaves behind only the parameters' gradients are kept, for the next to add to.
    let keep = |mut from: Gradients<f32, D>| {
        let mut kept = Gradients::leaky();
        net.parameters().iter().for_each(|(_, parameter)| parameter.move_gradient(&mut from, &mut kept));
        kept
    };
    chunks.iter().fold(keep(gradients), |gradients, Chunk { asked, rows }| {
        let places: Vec<usize> = rows.iter().map(|row| *row as usize).collect();
        let places = device.tensor_from_vec(places, (rows.len(),));
        let slope = |of: &Column<D>| of.clone().gather(places.clone());
        let (_, tape) = Tensor::<Rank0, f32, D>::traced(device.zeros(), gradients).split_tape();
        let readout = pass(net, asked, entropy.is_some(), tape);
        // The slope of this sum in an answer is the slope of the loss in it.
        let mut sum = (readout.logp.retaped::<OwnedTape<f32, D>>() * slope(&logp)).sum::<Rank0, _>();
        if let (Some(answers), Some(entropy)) = (&readout.entropy, &entropy) {
            sum = sum + (answers.retaped::<OwnedTape<f32, D>>() * slope(entropy)).sum::<Rank0, _>();
        }
        let (sum, own) = sum.split_tape();
        keep(sum.put_tape(own.merge(readout.tape)).backward())
    })
}
