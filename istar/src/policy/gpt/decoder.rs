//! A network that reads and says one token after the other, and computes every token once.

use super::config::{Feed, Positions};
use super::net::{Gpt, Matrix, Norm};
use crate::kernels::text::{attention, feed, norm, project, rotary::Turns};
use crate::kernels::view;
use dfdx::prelude::*;
use rustc_hash::FxHashMap;

/// How many tokens are computed side by side: bounds memory, and is fixed so that the numbers are too.
const BLOCK: usize = 256;
/// How many rows of logits are computed side by side.
pub(super) const ROWS: usize = 64;

/// The end of a sequence of tokens that a [`Decoder`] has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(u32);

/// What was read, as a tree: sequences that begin alike share what they have in common, whatever order they come in. Each
/// token that was read keeps its keys and values in every layer, and its last hidden state, until the decoder is dropped:
/// `4 · (2 · layers · kv_width + width)` bytes.
#[derive(Debug)]
pub struct Decoder {
    net: Gpt<Cpu>,
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
    /// `(slots, width)`, after the last norm.
    hidden: Vec<f32>,
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
            net,
            before: Vec::new(),
            tokens: Vec::new(),
            positions: Vec::new(),
            after: FxHashMap::default(),
            keys: vec![Vec::new(); layers],
            values: vec![Vec::new(); layers],
            hidden: Vec::new(),
        }
    }

    /// How many tokens have been computed.
    pub fn computed(&self) -> usize {
        self.tokens.len()
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

    /// Computes slots that follow one another; those before them are computed.
    fn compute(&mut self, first: usize, end: usize) {
        let (net, config) = (&self.net, &self.net.config);
        let (width, heads) = (config.width, net.heads());
        let kv = heads.shared_width();
        let paths: Vec<Vec<u32>> = (first..end).map(|slot| self.path(slot as u32)).collect();
        let paths: Vec<&[u32]> = paths.iter().map(Vec::as_slice).collect();
        let positions = &self.positions[first..end];
        let row = |table: &Matrix<Cpu>, row: u32| view(table)[row as usize * width..][..width].to_vec();
        let mut x = Vec::with_capacity((end - first) * width);
        self.tokens[first..end].iter().for_each(|token| x.extend(row(&net.embedding, *token)));
        if let Some(table) = &net.positions {
            let places = positions.iter().flat_map(|position| row(table, *position));
            x.iter_mut().zip(places).for_each(|(x, place)| *x += place);
        }
        let turns = match config.positions {
            Positions::Rotary { base } => Some(Turns::new(heads.size, base, positions.iter().copied())),
            Positions::Learned => None,
        };
        let normed = |x: &[f32], norm: &Norm<Cpu>| {
            norm::normed(x, view(&norm.gain), norm.bias.as_ref().map(view), config.eps)
        };
        let [mut q, mut k, mut v, mut up, mut gate] = [(); 5].map(|()| Vec::new());
        for (block, (keys, values)) in net.blocks.iter().zip(self.keys.iter_mut().zip(&mut self.values)) {
            let seen = normed(&x, &block.before_attention);
            project(&seen, view(&block.query), width, &mut q, false);
            project(&seen, view(&block.key), width, &mut k, false);
            project(&seen, view(&block.value), width, &mut v, false);
            if let Some(turns) = &turns {
                turns.turn(&mut q, width, false);
                turns.turn(&mut k, kv, false);
            }
            keys.extend_from_slice(&k);
            values.extend_from_slice(&v);
            let found = attention::over_paths(&q, keys, values, &paths, heads);
            project(&found, view(&block.output), width, &mut x, true);
            let seen = normed(&x, &block.before_feed);
            project(&seen, view(&block.up), width, &mut up, false);
            let inner = match (&block.gate, config.feed) {
                (Some(matrix), Feed::SwiGlu) => {
                    project(&seen, view(matrix), width, &mut gate, false);
                    feed::swiglu(&gate, &up)
                }
                _ => {
                    feed::gelu(&mut up);
                    std::mem::take(&mut up)
                }
            };
            project(&inner, view(&block.down), config.hidden, &mut x, true);
        }
        let hidden = normed(&x, &net.norm);
        self.hidden.extend(hidden);
    }

    /// The last hidden states at some ends, `(ends, width)`.
    pub(super) fn hidden(&self, ends: &[Slot]) -> Vec<f32> {
        let width = self.net.config.width;
        ends.iter()
            .flat_map(|Slot(slot)| self.hidden[*slot as usize * width..][..width].iter().copied())
            .collect()
    }

    /// What comes after some ends, `(ends, vocabulary)`, row-major: logits, before a temperature.
    pub fn logits(&self, ends: &[Slot]) -> Vec<f32> {
        let mut all = Vec::with_capacity(ends.len() * self.net.config.vocabulary);
        let mut logits = Vec::new();
        for ends in ends.chunks(ROWS) {
            let table = view(self.net.vocabulary());
            project(&self.hidden(ends), table, self.net.config.width, &mut logits, false);
            all.append(&mut logits);
        }
        all
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
            assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-5), "{a:?} {b:?}");
            assert_eq!((whole.length(end), a.len()), (8, 13));
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
