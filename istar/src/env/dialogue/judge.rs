//! Who says what a dialogue was worth.
//!
//! A judge leans to a side, is noisy, and gives whole numbers. The measure is how people judge negotiations, CaSiNo's 1,800 ratings (K.
//! Chawla et al., arXiv 2103.15721):
//!
//! - Points correlate with satisfaction at .379 and with likeness at .279, and spread by a tenth of their range (18.59 ± 3.60 of 36).
//!   That is noise of `0.1 × sqrt(1 / r² - 1)` of the range: 24 % and 34 %, [`NoisyJudge::casino`]. The default is 20 %.
//! - The longer a dialogue, the less judges agree: the standard deviation of satisfaction is 0.95 over dialogues of 12 to 15
//!   utterances, 1.19 over 16 to 23, 1.39 from 24 on. So the noise of a score is `noise × range × (1/2 + utterances / 28)`, which is 1, 1.2 and
//!   1.5 times the noise there. (It is not widest in the middle: people differ most about failures. Ranges that end do the rest.)

use super::act::Act;
use super::outcome::{Dimension, Scores, scores};
use super::talk::Talk;
use crate::env::EnvError;
use crate::env::remote::Told;
use crate::seed::stream;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::fmt::Debug;

/// A party of one episode, when all is said.
#[derive(Debug)]
pub struct Case<'a> {
    /// What was said.
    pub talk: &'a Talk,
    /// Whose part is scored.
    pub side: usize,
    /// What the judge draws from.
    pub draw: u64,
    /// What the episode was told from outside of the program.
    pub told: &'a mut Told<String, String>,
}

/// Somebody who reads a dialogue and scores a party: a [`NoisyJudge`], or a language model outside of the program, which reads
/// [`Talk::transcript`] and the goals.
pub trait Judge: Debug + Send + Sync + 'static {
    /// The scores of a party when all is said. Equal draws give equal scores of an equal dialogue.
    ///
    /// # Errors
    /// There is no verdict: the episode is lost.
    fn judge(&self, talk: &Talk, side: usize, draw: u64) -> Result<Scores, EnvError>;

    /// The same of several episodes at once, one result for each. Who is [outside](Judge::is_outside) asks through [`Case::told`].
    fn judge_all(&self, cases: &mut [Case<'_>]) -> Vec<Result<Scores, EnvError>> {
        cases.iter().map(|case| self.judge(case.talk, case.side, case.draw)).collect()
    }

    /// Whether it is outside of the program: what it says is recorded then, see [`remote`](crate::env::remote).
    fn is_outside(&self) -> bool {
        false
    }
}

/// A judge who knows the truth, and says it badly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoisyJudge {
    /// Per dimension, the noise over a dialogue of 14 utterances, as a share of the range.
    noise: [f64; 7],
    /// Per dimension, what is added, as a share of the range.
    leaning: [f64; 7],
    /// What is added to the goal for each kind word, up to three, as a share of the range.
    kindness: f64,
    /// And for each utterance of the party.
    length: f64,
}

impl NoisyJudge {
    /// The noise where nothing else is said.
    pub const NOISE: f64 = 0.2;

    /// The judge of training: generous, and taken in by kind words. With noise 0 it says the truth, in whole numbers.
    #[must_use]
    pub fn training(noise: f64) -> Self {
        let leaning = [0.2, 0.3, 0.1, 0.0, 0.1, 0.2, 0.25].map(|share| share * noise);
        NoisyJudge { noise: [noise; 7], leaning, kindness: 0.1 * noise, length: 0.0 }
    }

    /// The judge of held-out tasks: strict, and tired by long dialogues.
    #[must_use]
    pub fn second(noise: f64) -> Self {
        let leaning = [-0.1, -0.2, 0.1, -0.1, -0.2, -0.1, -0.15].map(|share| share * noise);
        NoisyJudge { noise: [noise; 7], leaning, kindness: 0.0, length: -0.03 * noise }
    }

    /// As noisy as people who negotiated: satisfaction as the goal, likeness as the relationship.
    #[must_use]
    pub fn casino() -> Self {
        let of = |correlation: f64| 0.1 * (1.0 / (correlation * correlation) - 1.0).sqrt();
        let mut noise = [Self::NOISE; 7];
        noise[Dimension::Goal as usize] = of(0.379);
        noise[Dimension::Relationship as usize] = of(0.279);
        NoisyJudge { noise, leaning: [0.0; 7], kindness: 0.0, length: 0.0 }
    }

    /// What it says where this is true, of a dialogue of so many utterances; `extra` is added to the goal, as a share of its range.
    #[must_use]
    pub fn read(&self, truth: &Scores, utterances: usize, extra: f64, draw: u64) -> Scores {
        let drawn = &mut stream(draw, "judge", 0);
        let normal = Dimension::ALL.map(|_| normal(drawn));
        let tired = 0.5 + utterances as f64 / (2.0 * USUAL);
        Scores::of(|dimension| {
            let place = dimension as usize;
            let (low, high) = dimension.range();
            let extra = if dimension == Dimension::Goal { extra } else { 0.0 };
            let off = self.leaning[place] + extra + self.noise[place] * tired * normal[place];
            (truth.get(dimension) + (high - low) * off).round()
        })
    }
}

impl Judge for NoisyJudge {
    fn judge(&self, talk: &Talk, side: usize, draw: u64) -> Result<Scores, EnvError> {
        let kind = talk.acts(side).filter(|act| *act == Act::Chat).count().min(3);
        let extra = self.kindness * kind as f64 + self.length * talk.acts(side).count() as f64;
        Ok(self.read(&scores(talk, side), talk.said.len(), extra, draw))
    }
}

/// Utterances of a dialogue in CaSiNo.
const USUAL: f64 = 14.0;

/// A normal number, from twelve uniform ones: sums alone, so it has the same bits everywhere.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}
