//! The session of a policy that sees nothing but the observation.

use super::passes::passed;
use super::session::{Ask, Drawn, Seen, Session, draw, entropy};
use crate::batch::Legal;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Every observation met so far, numbered, with its distribution: each is forwarded once.
#[derive(Clone, Debug)]
pub struct ByObservation<O, F> {
    numbers: FxHashMap<(O, Legal), u32>,
    seen: Seen<O>,
    /// By number, a row of log-probabilities and its entropy.
    logp: Vec<f32>,
    entropy: Vec<f64>,
    tokens: usize,
    distribution: F,
}

impl<O, F: FnMut(&[O], &[Legal]) -> Vec<f32>> ByObservation<O, F> {
    /// A session of a policy with so many tokens, by what gives the log-probability of each of them at some observations:
    /// `(observations, tokens)`, row-major.
    pub fn new(tokens: usize, distribution: F) -> Self {
        ByObservation {
            numbers: FxHashMap::default(),
            seen: Seen::default(),
            logp: Vec::new(),
            entropy: Vec::new(),
            tokens,
            distribution,
        }
    }
}

impl<O, F> Session<O> for ByObservation<O, F>
where
    O: Clone + Eq + Hash,
    F: FnMut(&[O], &[Legal]) -> Vec<f32>,
{
    type Memory = ();

    fn draw(&mut self, asks: Vec<Ask<'_, O, ()>>, temperature: f64) -> Vec<Drawn> {
        let (seen, known) = (&mut self.seen, self.entropy.len());
        let asks = asks.into_iter().map(|Ask { observation, legal, uniform, about, .. }| {
            let number =
                *self.numbers.entry((observation, legal)).or_insert_with_key(|(observation, legal)| {
                    seen.observations.push(observation.clone());
                    seen.legal.push(legal.clone());
                    seen.len() as u32 - 1
                });
            (number, uniform, about)
        });
        let asks: Vec<(u32, f64, &[u32])> = asks.collect();
        if self.seen.len() > known {
            passed(self.seen.len() - known);
            let rows = (self.distribution)(&self.seen.observations[known..], &self.seen.legal[known..]);
            assert_eq!(rows.len(), (self.seen.len() - known) * self.tokens, "a row for each observation");
            self.entropy.extend(rows.chunks_exact(self.tokens.max(1)).map(entropy));
            self.logp.extend(rows);
        }
        let drawn = asks.into_iter().map(|(observation, uniform, about)| {
            let row = &self.logp[observation as usize * self.tokens..][..self.tokens];
            let token = draw(row, uniform, temperature);
            Drawn {
                observation,
                token: token as u32,
                logp: row[token],
                entropy: self.entropy[observation as usize],
                about: about.iter().map(|token| row[*token as usize]).collect(),
            }
        });
        drawn.collect()
    }

    fn seen(&self) -> &Seen<O> {
        &self.seen
    }

    fn finish(self) -> Seen<O> {
        self.seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half for the legal tokens each, of two; forwards are counted.
    fn session(forwards: &mut Vec<usize>) -> impl Session<char, Memory = ()> + '_ {
        ByObservation::new(3, |observations: &[char], legal: &[Legal]| {
            forwards.push(observations.len());
            let row = |legal: &Legal| {
                let n = legal.below(3).count() as f32;
                (0..3).map(|token| if legal.contains(token) { -n.ln() } else { -1e30 }).collect::<Vec<_>>()
            };
            legal.iter().flat_map(row).collect()
        })
    }

    fn ask<'a>(
        observation: char,
        legal: std::ops::Range<u32>,
        uniform: f64,
        memory: &'a mut (),
    ) -> Ask<'a, char, ()> {
        Ask { observation, legal: legal.into(), uniform, about: &[1], memory }
    }

    #[test]
    fn equal_observations_with_equal_choices_are_forwarded_once() {
        let mut forwards = Vec::new();
        let mut session = session(&mut forwards);
        let mut memory = [(); 4];
        let [a, b, c, d] = &mut memory;
        let first = vec![
            ask('x', 0..2, 0.1, a),
            ask('y', 0..2, 0.9, b),
            ask('x', 0..2, 0.9, c),
            ask('x', 1..3, 0.9, d),
        ];
        let drawn = session.draw(first, 1.0);
        let found: Vec<_> = drawn.iter().map(|drawn| (drawn.observation, drawn.token)).collect();
        assert_eq!(found, [(0, 0), (1, 1), (0, 1), (2, 2)]);
        assert_eq!((drawn[0].logp, &drawn[3].about[..]), (-f32::ln(2.0), &[-f32::ln(2.0)][..]));
        assert!(
            (drawn[3].entropy - f64::ln(2.0)).abs() < 1e-7,
            "what is not legal has no entropy: {drawn:?}"
        );
        let again = session.draw(vec![ask('y', 0..2, 0.0, a), ask('z', 2..3, 0.5, b)], 0.0);
        assert_eq!([again[0].observation, again[1].observation, again[1].token], [1, 3, 2]);
        assert_eq!(session.finish().observations, ['x', 'y', 'x', 'z']);
        assert_eq!(forwards, [3, 1]);
    }
}
