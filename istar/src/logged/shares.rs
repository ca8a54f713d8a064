//! What the summands of a line give each token.

use super::{Assigned, Logged, LoggedError, advantage, assign};
use crate::Line;
use crate::objective::{AnyObjective, Summand};

/// What one summand gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The summand, as it would be written with sugar expanded; of a pull, the name of the term.
    pub source: String,
    /// A number per token, in batch order.
    pub values: Vec<f64>,
}

/// The numbers of a batch, each split by the summands of its line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    /// The advantage by the summands of its signal.
    pub advantage: Vec<Share>,
    /// Minus the derivative of the loss in each log-probability, by the terms of the loss that have one.
    pub pull: Vec<Share>,
}

/// Splits what an objective gave a batch. The shares of a token add up to its number, up to rounding. What is no sum is one share;
/// so is a line with types of your own, and a sum of which a summand cannot be had alone.
///
/// ```
/// use istar::Line;
/// use istar::logged::{Logged, advantage, shares};
///
/// let line = Line::parse("rl(adv = traj - 0.5 * invalid)")?;
/// let batch = Logged::read(br#"{"groups": [{"trajectories": [
///     {"outcome": 1, "steps": [{"valid": false, "tokens": [{}]}]},
///     {"outcome": 0, "steps": [{"valid": true, "tokens": [{}]}]}]}]}"#)?;
/// let found = advantage(&line, &batch)?;
/// let shares = shares(&line, &batch, &found).advantage;
/// assert_eq!(shares[1].source, "-0.5 * invalid");
/// assert_eq!(shares[1].values, [-0.5, 0.0]);
/// assert_eq!(shares[0].values[0] + shares[1].values[0], found.advantage.expect("one")[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn shares(objective: &dyn AnyObjective, batch: &Logged, found: &Assigned) -> Shares {
    let line = Line::of(objective).ok();
    let summands = |of: fn(&Line) -> Vec<Summand>| line.as_ref().map(of).unwrap_or_default();
    let gave = |run: Run, of: fn(Assigned) -> Option<Vec<f64>>| {
        move |summand: &Summand| {
            let values = of(run(&summand.line, batch).ok()?)?;
            Some(Share { source: summand.source.clone(), values })
        }
    };
    let whole = |values: &Vec<f64>| Share { source: objective.source().to_owned(), values: values.clone() };
    let advantages = found.advantage.as_ref().map(|values| {
        let summands = summands(Line::advantages);
        match &summands[..] {
            [] => vec![whole(values)],
            [one] => vec![Share { source: one.source.clone(), values: values.clone() }],
            several => {
                let each = several.iter().map(gave(advantage, |found| found.advantage));
                each.collect::<Option<_>>().unwrap_or_else(|| vec![whole(values)])
            }
        }
    });
    let pulls = found.dloss_dlogp.as_ref().map(|slopes| {
        let values: Vec<f64> = slopes.iter().map(|slope| -slope).collect();
        let each = summands(Line::losses);
        let each = each.iter().map(gave(assign, |found| found.dloss_dlogp.map(minus)));
        let mut each: Vec<Share> = each.collect::<Option<_>>().unwrap_or_default();
        each.retain(|share| share.values.iter().any(|value| *value != 0.0));
        if each.is_empty() { vec![whole(&values)] } else { each }
    });
    Shares { advantage: advantages.unwrap_or_default(), pull: pulls.unwrap_or_default() }
}

type Run = fn(&dyn AnyObjective, &Logged) -> Result<Assigned, LoggedError>;

fn minus(slopes: Vec<f64>) -> Vec<f64> {
    slopes.into_iter().map(|slope| -slope).collect()
}
