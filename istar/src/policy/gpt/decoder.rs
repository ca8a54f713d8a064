//! A network that reads and says one token after the other, and computes every token once.

use super::config::Positions;
use super::net::{Block, Gpt, Matrix, Norm};
use crate::kernels::text::decode::{self, Matrices};
use crate::kernels::text::rotary::Turns;
use crate::kernels::{Panels, run, view};
use dfdx::prelude::*;
use rustc_hash::FxHashMap;

/// How many tokens are computed side by side: bounds memory, and is fixed so that the numbers are too.
const BLOCK: usize = 256;
/// How many rows of logits a thread computes side by side.
const ROWS: usize = 24;

/// The end of a sequence of tokens that a [`Decoder`] has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(u32);

/// What was read, as a tree: sequences that begin alike share what they have in common, whatever order they come in. Each
/// token that was read keeps its keys and values in every layer, and its last hidden state, until the decoder is dropped:
/// `4 · (2 · layers · kv_width + width)` bytes.
///
/// What comes after a token is asked of few, such as the last of a prompt. So of the last block a token that is read gets its
/// keys and values, which those behind it look at; the rest of it is computed when its logits are asked for.
#[derive(Debug)]
pub struct Decoder {
    net: Gpt<Cpu>,
    /// The matrices of the net once more, laid out for products with few rows.
    blocks: Vec<Matrices>,
    vocabulary: Panels,
    /// Per slot, the one before it; a number that no slot has at the beginning of a sequence.
    before: Vec<u32>,
    tokens: Vec<u32>,
    /// Per slot, how many tokens stand before it.
    positions: Vec<u32>,
    /// By the slot before and the token.
    after: FxHashMap<(u32, u32), u32>,
    /// Per layer, `(slots, kv_width)`.
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
    /// `(slots, width)`: of a slot that is finished after the last norm, of others as it goes into the last block.
    hidden: Vec<f32>,
    /// Per slot, whether its last block is computed.
    finished: Vec<bool>,
}

/// Before the first token.
const NONE: u32 = u32::MAX;

impl Gpt<Cpu> {
    /// Begins to read. The parameters are those of now: nothing is copied, and what they become later does not show.
    pub fn decoder(&self) -> Decoder {
        Decoder::new(self.map(Matrix::clone, Tensor::clone))
    }
}

impl Decoder {
    pub(super) fn new(net: Gpt<Cpu>) -> Self {
        let layers = net.config.layers;
        Decoder {
            blocks: net.blocks.iter().map(laid_out).collect(),
            vocabulary: panels(net.vocabulary()),
            net,
            before: Vec::new(),
            tokens: Vec::new(),
            positions: Vec::new(),
            after: FxHashMap::default(),
            keys: vec![Vec::new(); layers],
            values: vec![Vec::new(); layers],
            hidden: Vec::new(),
            finished: Vec::new(),
        }
    }

    /// How many tokens have been computed.
    pub fn computed(&self) -> usize {
        self.tokens.len()
    }

    /// Whether a token is of the vocabulary.
    pub(super) fn knows(&self, token: u32) -> bool {
        (token as usize) < self.net.config.vocabulary
    }

    /// How many tokens a sequence has.
    pub fn length(&self, end: Slot) -> usize {
        self.positions[end.0 as usize] as usize + 1
    }

    /// Reads more tokens of some sequences: of one that goes on from an end, or of a new one. Returns their new ends. What
    /// was read before is not computed again.
    ///
    /// # Panics
    /// When a sequence has no token, one that the vocabulary has not, or more tokens than the context.
    pub fn read(&mut self, sequences: &[(Option<Slot>, &[u32])]) -> Vec<Slot> {
        let known = self.tokens.len();
        let ends = sequences.iter().map(|(from, tokens)| {
            let end = tokens
                .iter()
                .fold(from.map_or(NONE, |Slot(slot)| slot), |before, token| self.slot(before, *token));
            assert_ne!(end, NONE, "a sequence without a token");
            Slot(end)
        });
        let ends: Vec<Slot> = ends.collect();
        for first in (known..self.tokens.len()).step_by(BLOCK) {
            self.compute(first, self.tokens.len().min(first + BLOCK));
        }
        ends
    }

    /// The slot of a token after what stands before it.
    fn slot(&mut self, before: u32, token: u32) -> u32 {
        let next = self.tokens.len() as u32;
        let slot = *self.after.entry((before, token)).or_insert(next);
        if slot == next {
            let position = self.positions.get(before as usize).map_or(0, |position| position + 1);
            let config = &self.net.config;
            assert!(
                (token as usize) < config.vocabulary,
                "token {token} of a vocabulary of {}",
                config.vocabulary
            );
            assert!(
                (position as usize) < config.context,
                "a sequence of more than {} tokens",
                config.context
            );
            self.before.push(before);
            self.tokens.push(token);
            self.positions.push(position);
        }
        slot
    }

    /// The slots from the beginning of a sequence to its end.
    fn path(&self, end: u32) -> Vec<u32> {
        let mut path: Vec<u32> = std::iter::successors(Some(end), |slot| {
            Some(self.before[*slot as usize]).filter(|before| *before != NONE)
        })
        .collect();
        path.reverse();
        path
    }

    /// The turns of queries and keys at these positions, where positions are turns.
    fn turns(&self, positions: impl Iterator<Item = u32>) -> Option<Turns> {
        match self.net.config.positions {
            Positions::Rotary { base } => Some(Turns::new(self.net.heads().size, base, positions)),
            Positions::Learned => None,
        }
    }

    /// Computes slots that follow one another, up to the keys and values of the last block; those before them are computed.
    fn compute(&mut self, first: usize, end: usize) {
        let (net, config) = (&self.net, &self.net.config);
        let (width, heads) = (config.width, net.heads());
        let paths: Vec<Vec<u32>> = (first..end).map(|slot| self.path(slot as u32)).collect();
        let paths: Vec<&[u32]> = paths.iter().map(Vec::as_slice).collect();
        let positions = &self.positions[first..end];
        let turns = self.turns(positions.iter().copied());
        let row = |table: &Matrix<Cpu>, row: u32| view(table)[row as usize * width..][..width].to_vec();
        let mut x = Vec::with_capacity((end - first) * width);
        self.tokens[first..end].iter().for_each(|token| x.extend(row(&net.embedding, *token)));
        if let Some(table) = &net.positions {
            let places = positions.iter().flat_map(|position| row(table, *position));
            x.iter_mut().zip(places).for_each(|(x, place)| *x += place);
        }
        let norm = |norm| numbers(norm, config.eps);
        let layers = net.blocks.iter().zip(&self.blocks).zip(self.keys.iter_mut().zip(&mut self.values));
        for (layer, ((block, matrices), (keys, values))) in layers.enumerate() {
            let before = norm(&block.before_attention);
            if layer + 1 == config.layers {
                let [k, v] = matrices.be_seen(&x, before, turns.as_ref());
                keys.extend_from_slice(&k);
                values.extend_from_slice(&v);
            } else {
                let [q, k, v] = matrices.attend(&x, before, turns.as_ref());
                keys.extend_from_slice(&k);
                values.extend_from_slice(&v);
                matrices.go_on(&mut x, norm(&block.before_feed), &q, (keys, values, &paths), heads);
            }
        }
        self.hidden.extend(x);
        self.finished.resize(end, false);
    }

    /// Computes the last block of some ends, where that has not been done.
    fn finish(&mut self, ends: &[Slot]) {
        let mut left: Vec<u32> = ends.iter().map(|Slot(slot)| *slot).collect();
        left.retain(|slot| !self.finished[*slot as usize]);
        left.sort_unstable();
        left.dedup();
        let (width, eps, heads) = (self.net.config.width, self.net.config.eps, self.net.heads());
        for slots in left.chunks(BLOCK) {
            let block = self.net.blocks.last().expect("a network has a block");
            let matrices = self.blocks.last().expect("as many as the network");
            let known = self.keys.last().zip(self.values.last()).expect("as many as blocks");
            let paths: Vec<Vec<u32>> = slots.iter().map(|slot| self.path(*slot)).collect();
            let paths: Vec<&[u32]> = paths.iter().map(Vec::as_slice).collect();
            let turns = self.turns(slots.iter().map(|slot| self.positions[*slot as usize]));
            let mut x: Vec<f32> = slots.iter().flat_map(|slot| self.of(*slot)).copied().collect();
            let q = matrices.look(&x, numbers(&block.before_attention, eps), turns.as_ref());
            let before_feed = numbers(&block.before_feed, eps);
            matrices.go_on(&mut x, before_feed, &q, (known.0, known.1, &paths), heads);
            let hidden = numbers(&self.net.norm, eps).of(&x);
            for (slot, hidden) in slots.iter().zip(hidden.chunks_exact(width)) {
                self.hidden[*slot as usize * width..][..width].copy_from_slice(hidden);
                self.finished[*slot as usize] = true;
            }
        }
    }

    /// What is kept of a slot between blocks, or behind the last norm.
    fn of(&self, slot: u32) -> &[f32] {
        let width = self.net.config.width;
        &self.hidden[slot as usize * width..][..width]
    }

    /// What comes after some ends, `(ends, vocabulary)`, row-major: logits, before a temperature.
    pub fn logits(&mut self, ends: &[Slot]) -> Vec<f32> {
        let tokens = self.net.config.vocabulary;
        let mut all = vec![0.0; ends.len() * tokens];
        let mut rows: Vec<&mut [f32]> = all.chunks_exact_mut(tokens).collect();
        self.each(ends, &mut rows, |row, logits| row.copy_from_slice(logits));
        all
    }

    /// Does something with the logits of each of some ends, and with the item that belongs to it; ends are shared among the threads.
    pub(super) fn each<I: Send>(
        &mut self,
        ends: &[Slot],
        items: &mut [I],
        work: impl Fn(&mut I, &mut [f32]) + Sync,
    ) {
        self.finish(ends);
        let (this, tokens, work) = (&*self, self.net.config.vocabulary, &work);
        let mut rest = items;
        let tasks = decode::shares(ends.len()).map(|share| {
            let (items, others) = std::mem::take(&mut rest).split_at_mut(share.len());
            rest = others;
            let ends = &ends[share];
            move || {
                let mut logits = vec![0.0; ROWS.min(ends.len()) * tokens];
                for (ends, items) in ends.chunks(ROWS).zip(items.chunks_mut(ROWS)) {
                    let hidden: Vec<f32> =
                        ends.iter().flat_map(|Slot(slot)| this.of(*slot)).copied().collect();
                    let logits = &mut logits[..ends.len() * tokens];
                    this.vocabulary.times(&hidden, logits, false);
                    items
                        .iter_mut()
                        .zip(logits.chunks_exact_mut(tokens))
                        .for_each(|(item, row)| work(item, row));
                }
            }
        });
        run(tasks.collect::<Vec<_>>().into_iter());
    }
}

fn numbers(norm: &Norm<Cpu>, eps: f32) -> decode::Norm<'_> {
    decode::Norm { gain: view(&norm.gain), bias: norm.bias.as_ref().map(view), eps }
}

fn panels(matrix: &Matrix<Cpu>) -> Panels {
    Panels::new(view(matrix), matrix.shape().1)
}

fn laid_out(block: &Block<Cpu>) -> Matrices {
    Matrices {
        query: panels(&block.query),
        key: panels(&block.key),
        value: panels(&block.value),
        output: panels(&block.output),
        gate: block.gate.as_ref().map(panels),
        up: panels(&block.up),
        down: panels(&block.down),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn nets() -> [Gpt<Cpu>; 2] {
        let rotary = Config { layers: 3, ..Config::llama(13, 20) };
        [rotary, Config { tied: false, ..Config::gpt(13, 20) }]
            .map(|config| Gpt::new(&Cpu::default(), config, 5).expect("sizes that go together"))
    }

    #[test]
    fn what_is_read_at_once_is_what_is_read_in_parts() {
        for net in nets() {
            let tokens = [3, 1, 4, 1, 5, 9, 2, 6];
            let mut whole = net.decoder();
            let [end] = whole.read(&[(None, &tokens)])[..] else { panic!("one end") };
            let mut parts = net.decoder();
            let mut at = None;
            for token in tokens {
                at = Some(parts.read(&[(at, &[token])])[0]);
            }
            let (a, b) = (whole.logits(&[end]), parts.logits(&[at.expect("an end")]));
            assert_eq!(a, b, "in every bit");
            assert_eq!((whole.length(end), a.len()), (8, 13));
        }
    }

    #[test]
    fn what_was_read_over_is_finished_when_it_is_asked_for() {
        for net in nets() {
            let tokens = [3, 1, 4, 1, 5];
            let mut decoder = net.decoder();
            let [end] = decoder.read(&[(None, &tokens)])[..] else { panic!("one end") };
            decoder.logits(&[end]);
            let [inner] = decoder.read(&[(None, &tokens[..3])])[..] else { panic!("one end") };
            assert_eq!(
                (decoder.computed(), &decoder.finished[..]),
                (5, &[false, false, false, false, true][..])
            );
            let mut alone = net.decoder();
            let ends = alone.read(&[(None, &tokens[..3]), (None, &tokens)]);
            let both = alone.logits(&[ends[1], ends[0], ends[1]]);
            assert_eq!(decoder.logits(&[end, inner, end]), both, "in every bit");
            assert_eq!(alone.finished, [false, false, true, false, true]);
        }
    }

    #[test]
    fn what_begins_alike_is_computed_once() {
        let [net, _] = nets();
        let mut decoder = net.decoder();
        let ends = decoder.read(&[(None, &[1, 2, 3]), (None, &[1, 2, 4]), (None, &[1, 2, 3])]);
        assert_eq!((decoder.computed(), ends[0] == ends[2], ends[0] == ends[1]), (4, true, false));
        // A fork goes its own way, and meets the other again where it says the same.
        let fork = decoder.read(&[(Some(ends[0]), &[5]), (Some(ends[1]), &[5]), (Some(ends[2]), &[5])]);
        assert_eq!((decoder.computed(), fork[0] == fork[2], fork[0] == fork[1]), (6, true, false));
        let found = decoder.logits(&[fork[1]]);
        let mut alone = net.decoder();
        let end = alone.read(&[(None, &[1, 2, 4, 5])]);
        assert!(found.iter().zip(alone.logits(&end)).all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    #[should_panic = "a sequence of more than 20 tokens"]
    fn a_sequence_ends_with_the_context() {
        nets()[0].decoder().read(&[(None, &[1; 21])]);
    }
}
