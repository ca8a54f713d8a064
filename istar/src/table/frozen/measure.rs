//! What a PRM says of held-out groups, beside what is known of them.

use crate::Line;
use crate::credit::{Credit, Pairing, dmpo, mean, pairs, sum};
use crate::graph::{Labelled, Over};
use crate::objective::{AnyObjective, Prm, Taught};
use crate::statistics::{brier, calibration_error, kendall, preference_loss, sigmoid};
use std::collections::BTreeMap;

/// Bins of the calibration error.
const BINS: usize = 10;

/// What is known of each step beside the PRM, where it is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known<'a> {
    /// By how much the shortest remaining solution got shorter.
    pub exact: Option<&'a [f64]>,
    /// The advantage under the policy that took it.
    pub on_policy: Option<&'a [f64]>,
}

/// The numbers of a line's PRM on a batch that has its column, by name; what cannot be measured is not there. The scope of `cx` is
/// that of the line's numbers.
pub(super) fn measured(line: &Line, prm: &Prm, cx: &Credit<'_>, known: Known<'_>) -> BTreeMap<String, f64> {
    let (batch, layout) = (&cx.batch, cx.batch.layout);
    let steps = prm.steps(cx);
    let used = used(line, cx);
    let tau = |a: Option<&[f64]>, b: Option<&[f64]>| kendall(a?, b?)?.tau_b;
    let fluent = sum(batch.old, layout.step_of_token(), layout.steps());
    let Known { exact, on_policy } = known;

    let pairs = pairs(batch, Pairing::Success);
    let margins = margins(prm, &steps, &pairs, cx);
    let longer = pairs.iter().map(|(won, lost)| {
        let [won, lost] = [won, lost].map(|traj| layout.steps_of(*traj as usize).len() as f64);
        lost - won
    });
    let longer: Vec<f64> = longer.collect();
    let forecasts = forecasts(prm.taught, &steps, &margins, cx);
    // A preference is one of two, so it has no Brier score of its own: its bins are those of both orders.
    let preferences = matches!(prm.taught, Taught::Preferences(_));
    let implicit = prm.taught != Taught::Readings;

    let numbers = [
        ("tau_exact", tau(Some(&steps), exact)),
        ("tau_on_policy", tau(Some(&steps), on_policy)),
        ("used_tau_exact", tau(used.as_deref(), exact)),
        ("used_tau_on_policy", tau(used.as_deref(), on_policy)),
        ("on_policy_tau_exact", tau(on_policy, exact)),
        ("fluency", tau(Some(&steps), Some(&fluent))),
        ("pairs", Some(pairs.len() as f64)),
        ("pair_accuracy", right(&margins)),
        ("length_accuracy", right(&longer)),
        ("log_loss", preference_loss(&margins).filter(|_| implicit)),
        ("brier", brier(&forecasts).filter(|_| !preferences)),
        ("ece", calibration_error(&forecasts, BINS)),
    ];
    let numbers = numbers.into_iter().filter_map(|(name, value)| Some((format!("prm/{name}"), value?)));
    numbers.filter(|(_, value)| value.is_finite()).collect()
}

/// Per step, the sum of those summands of the advantage that read the PRM, mean over tokens; none where none does.
fn used(line: &Line, cx: &Credit<'_>) -> Option<Vec<f64>> {
    let layout = cx.batch.layout;
    let reading = line.advantages().into_iter().filter(|part| part.reads_prm);
    let of_steps = |tokens: Vec<f64>| mean(&tokens, layout.step_of_token(), layout.steps());
    let each = reading.map(|part| part.line.advantage(cx).map(of_steps));
    let each = each.collect::<Option<Vec<_>>>()?;
    each.into_iter().reduce(|a, b| a.iter().zip(b).map(|(a, b)| a + b).collect())
}

/// By how much each pair's first trajectory scores higher than the other: the score is what the term of the PRM makes of the
/// steps; of an explicit PRM it is the mean of its readings.
fn margins(prm: &Prm, steps: &[f64], pairs: &[(u32, u32)], cx: &Credit<'_>) -> Vec<f64> {
    let layout = cx.batch.layout;
    let steps = match (prm.taught, cx.batch.q) {
        (Taught::Readings, Some(q)) => q,
        _ => steps,
    };
    let weight = prm.gamma(cx).map(|gamma| dmpo(layout, gamma));
    let weighed = |step: usize| steps[step] * weight.as_ref().map_or(1.0, |weight| weight[step]);
    let score = |traj: u32, first: usize| {
        let of = layout.steps_of(traj as usize);
        let sum: f64 = of.clone().take(first).map(weighed).sum();
        let tokens = || of.clone().map(|step| layout.tokens_of(step).len()).sum::<usize>();
        let over = match prm.taught {
            Taught::Preferences(Over::Sum | Over::Common) | Taught::Labels(_) => 1,
            Taught::Preferences(Over::Mean) | Taught::Readings => of.len(),
            Taught::Preferences(Over::Tokens) => tokens(),
        };
        sum / over.max(1) as f64
    };
    let margin = |(won, lost): &(u32, u32)| {
        let [a, b] = [won, lost].map(|traj| layout.steps_of(*traj as usize).len());
        let [a, b] = if prm.taught == Taught::Preferences(Over::Common) { [a.min(b); 2] } else { [a, b] };
        score(*won, a) - score(*lost, b)
    };
    pairs.iter().map(margin).collect()
}

/// Probabilities that the PRM gives, each with whether it happened. Of one that is taught preferences: that the first of a pair is the
/// better one, in both orders of each pair of a success and a failure; labels: that a trajectory, or one of its steps, is of a
/// success; readings: that the trajectory of a step succeeds.
fn forecasts(taught: Taught, steps: &[f64], margins: &[f64], cx: &Credit<'_>) -> Vec<(f64, f64)> {
    let (batch, layout) = (&cx.batch, cx.batch.layout);
    let owner = layout.traj_of_step();
    let by_step = |p: &[f64]| -> Vec<(f64, f64)> {
        p.iter().zip(owner).map(|(p, traj)| (*p, batch.success[*traj as usize])).collect()
    };
    let chances = |scores: &[f64]| -> Vec<f64> { scores.iter().map(|score| sigmoid(*score)).collect() };
    match taught {
        Taught::Preferences(_) => {
            margins.iter().flat_map(|m| [(sigmoid(*m), 1.0), (sigmoid(-m), 0.0)]).collect()
        }
        Taught::Labels(Labelled::Traj) => {
            let sums = chances(&sum(steps, owner, layout.trajs()));
            sums.into_iter().zip(batch.success.iter().copied()).collect()
        }
        Taught::Labels(Labelled::Step) => by_step(&chances(steps)),
        Taught::Readings => by_step(batch.q.unwrap_or_default()),
    }
}

/// The share of margins above 0; one of 0 counts half.
fn right(margins: &[f64]) -> Option<f64> {
    let half = |m: &f64| if *m > 0.0 { 1.0 } else { 0.5 * f64::from(u8::from(*m == 0.0)) };
    (!margins.is_empty()).then(|| margins.iter().map(half).sum::<f64>() / margins.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Columns, Layout};

    /// A success of two steps and a failure of three, a token each.
    fn numbers(text: &str, exact: &[f64]) -> BTreeMap<String, f64> {
        let layout = Layout::from_lengths([2], [2, 3], [1; 5]);
        let old = [-1.0, -2.0, -3.0, -4.0, -5.0];
        let prm = [-0.75, -1.5, -3.5, -4.25, -5.25];
        let q = [0.625, 0.875, 0.5, 0.25, 0.125];
        let batch = Columns {
            prm: Some(&prm),
            q: Some(&q),
            ..Columns::of_outcomes(&layout, &old, &[1.0, 0.0], &[1.0, 0.0])
        };
        let line = Line::parse(text).expect("a line");
        let numbers = line.numbers();
        let cx = Credit { batch, at: numbers.scope(0) };
        let known = Known { exact: Some(exact), on_policy: None };
        measured(&line, &line.prm().expect("it has one"), &cx, known)
    }

    fn near(found: &BTreeMap<String, f64>, name: &str, expected: f64) {
        let value = found.get(&format!("prm/{name}"));
        assert!(value.is_some_and(|v| (v - expected).abs() < 1e-12), "{name}: {value:?} is not {expected}");
    }

    #[test]
    fn preferences_by_hand() {
        // Steps are worth 0.25, 0.5 | -0.5, -0.25, -0.25: sums 0.75 and -1.
        let exact = [1.0, 2.0, -2.0, 0.0, 0.0];
        let found =
            numbers("dpo_prm(1, net = separate, ref = old) + rl(adv = traj - token(scale = none))", &exact);
        near(&found, "tau_exact", 1.0);
        near(&found, "used_tau_exact", -1.0);
        near(&found, "pair_accuracy", 1.0);
        near(&found, "length_accuracy", 1.0);
        let chance = 1.0 / (1.0 + (-1.75_f64).exp());
        near(&found, "log_loss", -chance.ln());
        near(&found, "ece", 1.0 - chance);
        for absent in ["tau_on_policy", "used_tau_on_policy", "brier"] {
            assert!(!found.contains_key(&format!("prm/{absent}")), "{found:?}");
        }
        // Means of 0.375 and -1/3; of two common first steps 0.75 and -0.75.
        for (over, margin) in [("mean", 0.375 + 1.0 / 3.0), ("token", 0.375 + 1.0 / 3.0), ("common", 1.5_f64)]
        {
            let found = numbers(
                &format!("dpo_prm(1, net = separate, ref = old, over = {over}) + rl(adv = traj)"),
                &exact,
            );
            near(&found, "log_loss", (-margin).exp().ln_1p());
            assert!(!found.contains_key("prm/used_tau_exact"), "its advantage does not read it");
        }
    }

    #[test]
    fn labels_and_readings_by_hand() {
        let exact = [0.0, 1.0, 0.0, -2.0, -1.0];
        let found = numbers("ce_prm(1, net = separate, ref = old) + rl(adv = token)", &exact);
        let [won, lost] = [0.75_f64, -1.0].map(|score| 1.0 / (1.0 + (-score).exp()));
        near(&found, "brier", ((1.0 - won).powi(2) + lost * lost) / 2.0);
        near(&found, "ece", ((1.0 - won) + lost) / 2.0);
        let found = numbers("td_prm(1, 1) + rl(adv = traj)", &exact);
        // Progress is 0, 0.25 | 0, -0.25, -0.125: the order of the exact credit.
        near(&found, "tau_exact", 1.0);
        let squares = [0.375_f64, 0.125, 0.5, 0.25, 0.125].map(|x| x * x);
        near(&found, "brier", squares.iter().sum::<f64>() / 5.0);
        // Five bins, a reading each.
        near(&found, "ece", (0.375 + 0.125 + 0.5 + 0.25 + 0.125) / 5.0);
        near(&found, "pair_accuracy", 1.0);
        assert!(!found.contains_key("prm/log_loss"), "{found:?}");
    }
}
