//! A decoder as a policy, and as an estimator.

use super::config::Positions;
use super::decoder::{Decoder, Slot};
use super::net::{Gpt, Norm};
use super::packed::Packed;
use super::window::{Next, Window};
use crate::batch::Legal;
use crate::kernels::text::chosen::mask;
use crate::kernels::text::drawn::{self, draw_from};
use crate::kernels::{Activation, Backend, Rows, Text};
use crate::policy::layer::Layer;
use crate::policy::{
    Ask, Asked, Chunk, Drawn, Model, Parameter, Parameters, Policy, Readout, Seen, Session, passed,
};
use dfdx::prelude::*;
use rustc_hash::FxHashMap;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

/// An observation that is a text: the tokens that came since the last token of the policy's own.
pub trait Tokens: Clone + Eq + Hash + Send + Sync {
    /// The tokens, none where nothing came.
    fn tokens(&self) -> &[u32];
}

macro_rules! tokens {
    ($($kind:ty)*) => {$(
        impl Tokens for $kind {
            fn tokens(&self) -> &[u32] {
                self
            }
        }
    )*};
}
tokens!(Vec<u32> Box<[u32]> Arc<[u32]>);

/// Trajectories that are forwarded together.
const CHUNK: usize = 16;

/// A policy that reads an episode as one sequence: a token that stands before every episode, and then what is seen and
/// what is said in turn. What is not legal has probability 0.
///
/// While it acts, every token is computed once, and what episodes have in common from their beginning is computed once for
/// all of them, see [`Decoder`]. While it learns, each trajectory is forwarded once, one behind the other without anything
/// between.
///
/// An episode with more tokens than the context is read through a window: when the next tokens do not fit any more, the sequence begins
/// anew with what was seen first, which is the task, what was seen last, and what was said since. So what lies between is forgotten, while
/// it acts and while it learns alike.
///
/// ```
/// use dfdx::prelude::Cpu;
/// use istar::policy::Policy;
/// use istar::policy::gpt::{Config, Gpt, GptPolicy};
///
/// let net = Gpt::new(&Cpu::default(), Config::llama(50, 200), 0)?;
/// let policy = GptPolicy::<Vec<u32>>::new(net, 1);
/// assert_eq!(policy.actions(), 50);
/// # Ok::<(), istar::policy::gpt::Unfit>(())
/// ```
pub struct GptPolicy<O, D: Backend = Cpu> {
    /// The network.
    pub net: Gpt<D>,
    start: u32,
    /// How many trajectories are forwarded together; 16 unless set otherwise. What a pass holds in memory grows with it.
    pub chunk: usize,
    observation: PhantomData<fn(O)>,
}

impl<O: Tokens, D: Text> GptPolicy<O, D> {
    /// A policy whose episodes begin with the token `start`.
    ///
    /// # Panics
    /// When the vocabulary has not that token.
    pub fn new(net: Gpt<D>, start: u32) -> Self {
        let vocabulary = net.config().vocabulary;
        assert!((start as usize) < vocabulary, "token {start} of a vocabulary of {vocabulary}");
        GptPolicy { net, start, chunk: CHUNK, observation: PhantomData }
    }
}

impl<D: Text> Gpt<D> {
    /// The hidden states at the places asked about, after the last norm: `(places, width)`.
    pub(super) fn hidden<T: Tape<f32, D>>(&self, packed: &Packed, tape: T) -> Rows<D, T> {
        let config = &self.config;
        let (heads, eps) = (self.heads(), config.eps);
        let turn = |x: Rows<D, T>| match config.positions {
            Positions::Rotary { base } => D::rotate(x, &packed.positions, heads.size, base),
            Positions::Learned => x,
        };
        let mut x = D::embed(self.embedding.clone().put_tape(tape), &packed.tokens);
        if let Some(table) = &self.positions {
            x = x + D::embed(table.retaped::<T>(), &packed.positions);
        }
        for block in &self.blocks {
            let Norm { gain, bias } = &block.before_attention;
            let maps = [&block.query, &block.key, &block.value];
            let [q, k, v] = D::norm_linear(x.retaped::<T>(), gain, bias.as_ref(), eps, maps);
            let found = D::attention(turn(q), turn(k), v, &packed.lengths, heads);
            x = D::add_linear(x, found, &block.output);
            let Norm { gain, bias } = &block.before_feed;
            let inner = match &block.gate {
                Some(gate) => {
                    let maps = [gate, &block.up];
                    let [gate, up] = D::norm_linear(x.retaped::<T>(), gain, bias.as_ref(), eps, maps);
                    D::swiglu(gate, up)
                }
                None => {
                    let [up] = D::norm_linear(x.retaped::<T>(), gain, bias.as_ref(), eps, [&block.up]);
                    D::gelu(up)
                }
            };
            x = D::add_linear(x, inner, &block.down);
        }
        let asked = D::embed(x, &packed.places);
        D::norm(asked, &self.norm.gain, self.norm.bias.as_ref(), eps)
    }
}

impl<O, D: Backend> Parameters<D> for GptPolicy<O, D> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        self.net.parameters()
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        self.net.parameters_mut()
    }
}

impl<O: Tokens, D: Text> Model<D> for GptPolicy<O, D> {
    type Observation = O;

    fn read<T: Tape<f32, D>>(&self, asked: &Asked<'_, O>, entropy: bool, tape: T) -> Readout<D, T> {
        let packed = Packed::new(asked, self.start, self.net.config.context);
        let hidden = self.net.hidden(&packed, tape);
        let picks = (&packed.at[..], &asked.output[..]);
        let (logp, entropy, tape) = D::chosen(hidden, self.net.vocabulary(), &packed.legal, picks, entropy);
        Readout { logp, entropy, tape }
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn chunks<'a>(&self, asked: &Asked<'a, O>) -> Vec<Chunk<'a, O>> {
        asked.by_trajectory(self.chunk)
    }
}

impl<O: Tokens, D: Text> Policy<D> for GptPolicy<O, D> {
    type Estimator = GptEstimator<O, D>;

    fn session(&self) -> impl Session<O> {
        let net = self.net.map(D::host, D::host);
        Reading {
            context: net.config.context,
            decoder: Decoder::new(net),
            start: self.start,
            numbers: FxHashMap::default(),
            seen: Seen::default(),
        }
    }

    fn actions(&self) -> usize {
        self.net.config.vocabulary
    }

    fn estimator(&self, outputs: usize, seed: u64) -> GptEstimator<O, D> {
        let GptPolicy { net, start, chunk, .. } = self.clone();
        let (dev, width) = (net.embedding.device().clone(), net.config.width);
        let head = Layer::new(&dev, outputs, width, 1.0, seed, "estimates");
        // The words that it had are not its own any more.
        let mut net = Gpt { head: None, ..net };
        net.config.tied = true;
        GptEstimator { net, head, start, chunk, observation: PhantomData }
    }
}

impl<O, D: Backend> Clone for GptPolicy<O, D> {
    fn clone(&self) -> Self {
        GptPolicy { net: self.net.clone(), ..*self }
    }
}

impl<O, D: Backend> fmt::Debug for GptPolicy<O, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GptPolicy({:?})", self.net)
    }
}

/// What reads as a [`GptPolicy`] does and says numbers: a critic, an explicit PRM.
pub struct GptEstimator<O, D: Backend = Cpu> {
    net: Gpt<D>,
    head: Layer<usize, usize, D>,
    start: u32,
    chunk: usize,
    observation: PhantomData<fn(O)>,
}

impl<O, D: Backend> Parameters<D> for GptEstimator<O, D> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        let mut all = self.net.parameters();
        all.push(("estimates.weight".into(), &self.head.weight));
        all.push(("estimates.bias".into(), &self.head.bias));
        all
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        let mut all = self.net.parameters_mut();
        all.push(("estimates.weight".into(), &mut self.head.weight));
        all.push(("estimates.bias".into(), &mut self.head.bias));
        all
    }
}

impl<O: Tokens, D: Text> Model<D> for GptEstimator<O, D> {
    type Observation = O;

    fn read<T: Tape<f32, D>>(&self, asked: &Asked<'_, O>, _entropy: bool, tape: T) -> Readout<D, T> {
        let packed = Packed::new(asked, self.start, self.net.config.context);
        let hidden = self.net.hidden(&packed, tape);
        let outputs = D::linear(hidden, &self.head.weight, &self.head.bias, Activation::Identity);
        Readout::of_outputs(outputs, &Asked { at: packed.at, ..asked.clone() })
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn chunks<'a>(&self, asked: &Asked<'a, O>) -> Vec<Chunk<'a, O>> {
        asked.by_trajectory(self.chunk)
    }
}

impl<O, D: Backend> Clone for GptEstimator<O, D> {
    fn clone(&self) -> Self {
        GptEstimator { net: self.net.clone(), head: self.head.clone(), ..*self }
    }
}

impl<O, D: Backend> fmt::Debug for GptEstimator<O, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GptEstimator({}, {} outputs)", self.net.config, self.head.bias.shape().0)
    }
}

/// A policy at work: all episodes in one tree of tokens.
struct Reading<O> {
    decoder: Decoder,
    start: u32,
    context: usize,
    numbers: FxHashMap<(O, Legal), u32>,
    seen: Seen<O>,
}

/// Where an episode is.
#[derive(Clone, Debug, Default)]
struct Memory {
    /// What of it is in sight.
    window: Window,
    /// What was read of that.
    end: Option<Slot>,
    /// What is to be read behind it, before something is chosen.
    unread: Vec<u32>,
    /// What was said since.
    said: Option<u32>,
}

/// What a row of logits comes to.
#[derive(Clone, Debug, Default)]
struct Pick {
    drawn: drawn::Drawn,
    logp: f32,
    about: Vec<f32>,
}

impl<O: Tokens> Session<O> for Reading<O> {
    type Memory = Memory;

    fn draw(&mut self, mut asks: Vec<Ask<'_, O, Memory>>, temperature: f64) -> Vec<Drawn> {
        for Ask { observation, memory, .. } in &mut asks {
            let Memory { window, end, unread, said } = &mut **memory;
            match window.push(self.start, self.context, *said, observation.tokens()) {
                Next::On(tokens) => unread.extend(tokens),
                Next::Anew(tokens) => (*end, *unread) = (None, tokens),
            }
        }
        passed(asks.len());
        let mut picks: Vec<Pick> = vec![Pick::default(); asks.len()];
        let mut open = Vec::new();
        for (ask, pick) in asks.iter_mut().zip(&mut picks) {
            match ask.legal.only().filter(|only| ask.about.is_empty() && self.decoder.knows(*only)) {
                // Its probability is 1, whatever the network thinks: nothing has to be read for it now.
                Some(only) => pick.drawn.token = only as usize,
                None => open.push((ask, pick)),
            }
        }
        let sequences: Vec<_> =
            open.iter().map(|(ask, _)| (ask.memory.end, &ask.memory.unread[..])).collect();
        let ends = self.decoder.read(&sequences);
        for ((ask, _), end) in open.iter_mut().zip(&ends) {
            ask.memory.end = Some(*end);
            ask.memory.unread.clear();
        }
        let mut items: Vec<_> =
            open.into_iter().map(|(ask, pick)| ((&ask.legal, ask.uniform, ask.about), pick)).collect();
        self.decoder.each(&ends, &mut items, |((legal, uniform, about), pick), row| {
            if !legal.covers(row.len()) {
                mask(row, legal);
            }
            draw_from(row, *uniform, temperature, &mut pick.drawn);
            pick.logp = row[pick.drawn.token];
            pick.about = about.iter().map(|token| row[*token as usize]).collect();
        });
        let all = asks.into_iter().zip(picks);
        all.map(|(ask, Pick { drawn, logp, about })| {
            let token = drawn.token as u32;
            ask.memory.said = Some(token);
            let seen = &mut self.seen;
            let key = (ask.observation, ask.legal);
            let observation = *self.numbers.entry(key).or_insert_with_key(|(observation, legal)| {
                seen.observations.push(observation.clone());
                seen.legal.push(legal.clone());
                seen.len() as u32 - 1
            });
            Drawn { observation, token, logp, entropy: f64::from(drawn.entropy), about }
        })
        .collect()
    }

    fn seen(&self) -> &Seen<O> {
        &self.seen
    }

    fn finish(self) -> Seen<O> {
        self.seen
    }
}
