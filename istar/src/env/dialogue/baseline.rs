//! What a policy is compared with: one who knows both sides, a rule, and chance.

use super::act::Act;
use super::judge::{Judge, NoisyJudge};
use super::outcome::scores;
use super::partner::{offer, question};
use super::scenario::Family;
use super::scenes::Task;
use super::talk::Seat;
use super::view::moving;
use super::{Dialogue, GOAL};
use crate::env::{Env, EnvError};
use crate::seed::stream;
use crate::statistics::correlation;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// Somebody who talks without learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Baseline {
    /// Knows what each settlement is worth to the other: argues with what moves them, aspires to less and less, offers what suits both.
    Expert,
    /// Asks for half, takes half, and lists names.
    Rule,
    /// Anything that can be said.
    Random,
}

/// What came of many dialogues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Outcome {
    /// How many.
    pub dialogues: usize,
    /// The share with a true goal above 6.
    pub success: f64,
    /// The mean of the true goal, 0 to 10.
    pub goal: f64,
    /// The mean of the true overall score.
    pub overall: f64,
    /// The goal as the judge of training sees it.
    pub judged: f64,
    /// The goal as the second judge sees it.
    pub second: f64,
    /// How the judge of training and the truth correlate over the dialogues; none where one of them is always the same.
    pub correlation: Option<f64>,
    /// The same of the second judge.
    pub second_correlation: Option<f64>,
    /// Own utterances a dialogue.
    pub steps: f64,
}

impl Baseline {
    /// All, best first.
    pub const ALL: [Baseline; 3] = [Baseline::Expert, Baseline::Rule, Baseline::Random];

    /// Holds each of the dialogues once, from an environment like this one, and has them judged with so much noise. `seed` is for chance and
    /// the judges.
    ///
    /// # Errors
    /// The partner gives no answer.
    pub fn play(self, env: &Dialogue, tasks: &[Task], noise: f64, seed: u64) -> Result<Outcome, EnvError> {
        let judges = [NoisyJudge::training(noise), NoisyJudge::second(noise)];
        let (mut goals, mut seen, mut overall, mut steps) = (Vec::new(), [Vec::new(), Vec::new()], 0.0, 0);
        for (number, task) in (0..).zip(tasks) {
            let mut env = env.clone();
            env.reset(task)?;
            let random = &mut stream(seed, "baseline", number);
            while !env.take(self.next(&env.seat(), random))?.done() {}
            let truth = scores(env.talk(), env.side());
            goals.push(truth.goal());
            overall += truth.overall();
            steps += env.steps();
            for (seen, judge) in seen.iter_mut().zip(judges) {
                seen.push(judge.judge(env.talk(), env.side(), seed ^ task.seed)?.goal());
            }
        }
        let [judged, second] = &seen;
        Ok(Outcome {
            dialogues: tasks.len(),
            success: mean(goals.iter().map(|goal| f64::from(u8::from(*goal > GOAL)))),
            goal: mean(goals.iter().copied()),
            overall: overall / tasks.len().max(1) as f64,
            judged: mean(judged.iter().copied()),
            second: mean(second.iter().copied()),
            correlation: correlation(&goals, judged),
            second_correlation: correlation(&goals, second),
            steps: steps as f64 / tasks.len().max(1) as f64,
        })
    }

    /// What it says from a seat, which can be said there.
    fn next(self, seat: &Seat<'_>, random: &mut ChaCha8Rng) -> Option<Act> {
        match self {
            Baseline::Expert => expert(seat),
            Baseline::Rule => Some(rule(seat)),
            Baseline::Random => seat.choices().collect::<Vec<_>>().choose(random).copied(),
        }
    }
}

/// What one says who knows both sides; nothing when all is said.
pub(super) fn expert(seat: &Seat<'_>) -> Option<Act> {
    let talk = seat.talk();
    if talk.has_ended() || talk.is_cut_off() {
        return None;
    }
    let (scenario, last) = (&talk.scenario, seat.progress() >= 1.0);
    if scenario.family == Family::Acquaintance {
        return Some(match seat.offers().find(|name| scenario.is_mutual(*name)) {
            _ if seat.can(Act::Accept) => Act::Accept,
            // What one cannot know yet is not named: whoever imitates it would guess.
            Some(name) if seat.worth(name) >= 10.0 || question(seat).is_none() || last => Act::Offer(name),
            _ => question(seat).unwrap_or(Act::Chat),
        });
    }
    let aspiration = 9.5 - 4.0 * seat.progress();
    if let Some(offered) = seat.offered()
        && seat.worth(offered) >= if last { 0.5 } else { aspiration }
    {
        return Some(Act::Accept);
    }
    let appeal = moving(seat).map(Act::Appeal).filter(|_| seat.turns() < 2);
    let of_other = |settlement| scenario.true_worth(1 - seat.side(), settlement);
    appeal.or_else(|| offer(seat, aspiration, of_other)).or(Some(Act::Chat))
}

fn rule(seat: &Seat<'_>) -> Act {
    if seat.can(Act::Accept) && seat.offered().is_some_and(|offered| seat.worth(offered) >= 5.0) {
        return Act::Accept;
    }
    match seat.talk().scenario.family {
        Family::Acquaintance if seat.can(Act::Accept) => Act::Accept,
        Family::Acquaintance => {
            let unnamed = |name: &usize| !seat.talk().acts(seat.side()).any(|act| act == Act::Offer(*name));
            seat.offers().find(unnamed).map_or(Act::Chat, Act::Offer)
        }
        // Of what is worth half, that which is worth least: nothing is known of the other.
        _ => {
            let enough = seat.offers().filter(|settlement| seat.worth(*settlement) >= 5.0);
            let least = enough.min_by(|a, b| seat.worth(*a).total_cmp(&seat.worth(*b)));
            least.map_or(Act::Chat, Act::Offer)
        }
    }
}

fn mean(numbers: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = numbers.len().max(1) as f64;
    numbers.fold(0.0, |sum, number| sum + number) / n
}
