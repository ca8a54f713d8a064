//! What each signal of a line is worth by itself: the summands of its advantage, one by one.

use super::seen::Seen;
use super::world::World;
use crate::Line;
use crate::credit::{Credit, mean, pair_accuracy, sum};
use crate::objective::{AnyObjective, Numbers};
use crate::statistics::{correlation, kendall};
use serde::{Deserialize, Serialize};

/// Which groups signals are measured on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measured {
    /// The batch that the policy is trained on next, between the phases.
    #[default]
    Training,
    /// Groups of the first test tasks, under the last policy: those of [`Fidelity`](super::cell::Fidelity).
    Test,
}

/// The summands of an advantage at one time, and the steps that they were measured on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signals {
    /// On which groups.
    pub measured: Measured,
    /// After this many iterations.
    pub iteration: u64,
    /// Share of steps that change nothing: what is observed after them is what was observed before.
    pub stalled: Option<f64>,
    /// Share of steps that matter: those whose exact credit is not 0, which bring the goal nearer, move it away, or put it out of
    /// reach. None in a world without exact credit. (The density ρ of arXiv 2606.22164, which says that the signal to noise of credit by
    /// steps over that by trajectories goes as ρ^(−1/2).)
    pub density: Option<f64>,
    /// The summands in the order of the line; none where types of one's own stand in it, or it has no advantage.
    pub each: Vec<SignalFidelity>,
}

impl Signals {
    /// What an objective's advantage is made of on a batch, and what was seen of its steps.
    pub(super) fn of<W: World>(
        source: &str,
        numbers: &Numbers<'_>,
        (measured, iteration): (Measured, u64),
        cx: &Credit<'_>,
        seen: &Seen<W>,
    ) -> Self {
        let exact = seen.exact_credit();
        let mattering = |exact: &Vec<f64>| {
            exact.iter().filter(|credit| **credit != 0.0).count() as f64 / exact.len().max(1) as f64
        };
        Signals {
            measured,
            iteration,
            stalled: seen.stalled(),
            density: exact.as_ref().map(mattering),
            each: signals(source, numbers, cx, exact.as_deref()),
        }
    }
}

/// A summand of the advantage beside what is known of steps, over all steps of some groups.
///
/// Its number at a step is the mean over the step's tokens. None where a side is constant, or the world does not have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SignalFidelity {
    /// The summand as it is written, sugar expanded.
    pub signal: String,
    /// Kendall's τ-b with the exact credit.
    pub tau_b: Option<f64>,
    /// Standard deviation over steps, beside that of the whole advantage: 1 of a lone summand.
    pub size: Option<f64>,
    /// Kurtosis over steps, the fourth central moment over the square of the second: 3 of normal numbers, more where a few steps have most
    /// of it.
    pub kurtosis: Option<f64>,
    /// Share of the pairs of a solved and a failed episode of one group in which the solved one has the larger sum over its steps;
    /// an equal one counts half.
    pub pair_accuracy: Option<f64>,
    /// The same for the rule "the shorter one".
    pub length_only: Option<f64>,
    /// Kendall's τ-b with the step's log-probability under the policy that acted: a signal that follows it rewards what is fluent.
    pub fluency: Option<f64>,
    /// Correlation, over episodes, of the sum over the steps with the outcome: 1 where the credit adds up to it.
    pub conservation: Option<f64>,
}

/// The summands of an objective's advantage on a batch; `exact` is the exact credit of each step.
fn signals(
    source: &str,
    numbers: &Numbers<'_>,
    cx: &Credit<'_>,
    exact: Option<&[f64]>,
) -> Vec<SignalFidelity> {
    let Ok(line) = Line::written("", source, numbers) else { return Vec::new() };
    let layout = cx.batch.layout;
    let of_steps = |line: &Line| {
        let tokens = line.advantage(cx)?;
        Some(mean(&tokens, layout.step_of_token(), layout.steps()))
    };
    let Some(whole) = of_steps(&line) else { return Vec::new() };
    let each = line.advantages().into_iter();
    each.filter_map(|part| Some(worth(part.source, &of_steps(&part.line)?, &whole, cx, exact))).collect()
}

fn worth(
    signal: String,
    steps: &[f64],
    whole: &[f64],
    cx: &Credit<'_>,
    exact: Option<&[f64]>,
) -> SignalFidelity {
    let (batch, layout) = (&cx.batch, cx.batch.layout);
    let tau = |other: &[f64]| kendall(steps, other).and_then(|found| found.tau_b);
    let of_trajs = |steps: &[f64]| sum(steps, layout.traj_of_step(), layout.trajs());
    let sums = of_trajs(steps);
    let shortness: Vec<f64> = (0..layout.trajs()).map(|traj| -(layout.steps_of(traj).len() as f64)).collect();
    let groups = layout.group_of_traj();
    let variance = |x: &[f64]| moment(x, 2).filter(|variance| *variance > 0.0);
    SignalFidelity {
        signal,
        tau_b: exact.and_then(tau),
        size: variance(steps).zip(variance(whole)).map(|(of, all)| (of / all).sqrt()),
        kurtosis: variance(steps).zip(moment(steps, 4)).map(|(second, fourth)| fourth / (second * second)),
        pair_accuracy: pair_accuracy(&sums, batch.success, groups),
        length_only: pair_accuracy(&shortness, batch.success, groups),
        fluency: tau(&sum(batch.old, layout.step_of_token(), layout.steps())),
        conservation: correlation(&sums, batch.outcome),
    }
}

/// A central moment; none of nothing.
fn moment(x: &[f64], power: i32) -> Option<f64> {
    let n = x.len() as f64;
    let centre = x.iter().sum::<f64>() / n;
    (!x.is_empty()).then(|| x.iter().map(|x| (x - centre).powi(power)).sum::<f64>() / n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Columns, Layout, Scope};

    #[test]
    fn each_summand_is_measured_by_itself() {
        // A group of three episodes of two, one and two steps, a token each.
        let layout = Layout::from_lengths([3], [2, 1, 2], [1; 5]);
        let (old, outcome) = ([-0.1, -0.2, -0.3, -0.4, -0.5], [3.0, 0.0, 1.0]);
        let rewards = [2.0, 1.0, 0.0, 1.0, 0.0];
        let batch = Columns {
            reward: Some(&rewards),
            ..Columns::of_outcomes(&layout, &old, &outcome, &[1.0, 0.0, 0.0])
        };
        let cx = Credit { batch, at: Scope::new(&[], &[]) };
        let line = Line::parse("rl(adv = traj(scale = none) + 2 * reward)").expect("a line");
        let of_steps = |line: &Line| line.advantage(&cx).expect("an advantage");
        let whole = of_steps(&line);
        let exact = [2.0, 1.0, 0.0, 1.0, -1.0];
        let parts = line.advantages().into_iter();
        let found: Vec<SignalFidelity> =
            parts.map(|part| worth(part.source, &of_steps(&part.line), &whole, &cx, Some(&exact))).collect();
        assert_eq!([&found[0].signal, &found[1].signal], ["norm(outcome, scale = none)", "2 * reward"]);
        let [trajectory, reward] = &found[..] else { panic!("two") };
        assert!(reward.tau_b > Some(0.9) && reward.tau_b > trajectory.tau_b, "{reward:?}");
        // Rewards 2 1 0 1 0 about 0.8: second moment 0.56, fourth 0.5792.
        let near =
            |found: Option<f64>, expected: f64| found.is_some_and(|found| (found - expected).abs() < 1e-9);
        assert!(near(
            reward.kurtosis,
            (1.44_f64.powi(2) + 2.0 * 0.04_f64.powi(2) + 2.0 * 0.64_f64.powi(2)) / 5.0 / (0.56 * 0.56)
        ));
        assert!(near(reward.conservation, 1.0), "rewards add up to the outcome: {reward:?}");
        assert_eq!((reward.pair_accuracy, reward.length_only), (Some(1.0), Some(0.25)));
        // The more fluent step has the larger reward, but for one pair of six that are no ties.
        assert!(reward.fluency > Some(0.5));
        let size = |of: &[f64]| moment(of, 2).expect("some").sqrt();
        let own: Vec<f64> = rewards.iter().map(|reward| 2.0 * reward).collect();
        assert!(near(reward.size, size(&own) / size(&whole)));
    }

    #[test]
    fn what_cannot_be_measured_is_none() {
        assert_eq!(moment(&[], 2), None);
    }
}
