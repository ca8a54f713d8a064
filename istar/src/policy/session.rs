//! A policy at work: many episodes side by side, one token of each at a time.

use crate::batch::Legal;

/// A policy at work in many episodes.
///
/// What it draws goes out token by token, with the numbers that are asked for; never a number for every token there is.
pub trait Session<O> {
    /// What an episode has seen and said, as far as the policy remembers it. A clone is a fork: it goes its own way. A policy
    /// over sequences keeps here where its cache of the episode is, so that a fork shares what was there before it, as do
    /// the episodes of a group that begin alike; one that sees nothing but the observation keeps nothing.
    type Memory: Clone + Default + Send + Sync;

    /// Draws a token in each of these episodes. What was seen, and then the token, is added to its memory.
    ///
    /// Tokens are drawn from `p^(1 / temperature)`, normalised, over those that are legal; 0 takes the most probable.
    ///
    /// # Panics
    /// When no token that the policy has is legal.
    fn draw(&mut self, asks: Vec<Ask<'_, O, Self::Memory>>, temperature: f64) -> Vec<Drawn>;

    /// What tokens were drawn under so far, by the numbers of [`Drawn::observation`].
    fn seen(&self) -> &Seen<O>;

    /// As [`seen`](Self::seen), when nothing more is drawn.
    fn finish(self) -> Seen<O>;
}

/// One episode that needs a token.
#[derive(Debug)]
pub struct Ask<'a, O, M> {
    /// What was seen since its last token.
    pub observation: O,
    /// What may be said.
    pub legal: Legal,
    /// A number from 0 to 1, 1 excluded, that decides which token is drawn.
    pub uniform: f64,
    /// Tokens whose log-probabilities are wanted.
    pub about: &'a [u32],
    /// Its memory.
    pub memory: &'a mut M,
}

/// A token, and what the policy thought of it. Log-probabilities and entropy are those of the policy itself, whatever
/// temperature it was drawn at.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The number of what it was drawn under.
    pub observation: u32,
    /// The token.
    pub token: u32,
    /// Its log-probability, natural.
    pub logp: f32,
    /// The entropy, in nats, of the distribution it was drawn from.
    pub entropy: f64,
    /// The log-probabilities of the tokens that were asked about.
    pub about: Vec<f32>,
}

/// What tokens were drawn under: the distinct pairs of an observation and a set of legal tokens, in the order in which they
/// were first met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<O> {
    /// The observations.
    pub observations: Vec<O>,
    /// The sets, one per observation.
    pub legal: Vec<Legal>,
}

impl<O> Seen<O> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.observations.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.observations.is_empty()
    }

    /// Forgets all but the first so many.
    pub fn truncate(&mut self, len: usize) {
        self.observations.truncate(len);
        self.legal.truncate(len);
    }
}

impl<O> Default for Seen<O> {
    fn default() -> Self {
        Seen { observations: Vec::new(), legal: Vec::new() }
    }
}

/// An index drawn from `exp(logp / temperature)`, normalised: the one at which the sum of those before it passes the
/// fraction `uniform` of the whole. A temperature of 0 takes the most probable.
pub fn draw(logp: &[f32], uniform: f64, temperature: f64) -> usize {
    let most =
        logp.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or((0, 0.0), |best| best);
    if temperature == 0.0 {
        return most.0;
    }
    let weight = |l: &f32| (f64::from(*l - most.1) / temperature).exp();
    let mut left = uniform * logp.iter().map(weight).sum::<f64>();
    for (token, l) in logp.iter().enumerate() {
        left -= weight(l);
        if left < 0.0 {
            return token;
        }
    }
    most.0
}

/// The entropy, in nats, of a distribution by its log-probabilities.
pub fn entropy(logp: &[f32]) -> f64 {
    let row = logp.iter().map(|l| f64::from(*l));
    // A probability of 0 has no entropy, where its logarithm is infinite.
    row.map(|l| if l == f64::NEG_INFINITY { 0.0 } else { -l * l.exp() }).sum()
}
