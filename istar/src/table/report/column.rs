//! The measures of a table: every format shows this list, in this order.

use crate::statistics::{Summary, highest, mean_height};
use crate::table::cell::{Cell, Fidelity, PairAccuracy};

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share, shown in percent with one decimal.
    Percent,
    /// A number with so many decimals.
    Decimals(usize),
}

/// How much of a measure a narrow table shows, such as that of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrow {
    /// Mean and spread.
    Spread,
    /// The mean.
    Mean,
    /// Nothing: a detail, which stands in a second table in the other formats too.
    Detail,
}

/// Which tables have a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All.
    Always,
    /// Those of worlds with exact credit.
    WithExactCredit,
    /// Those in which some cell has it.
    WhereMeasured,
}

/// One measure of a row.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in CSV headers.
    pub key: &'static str,
    /// Heading.
    pub head: &'static str,
    /// Heading of a narrow table, in two lines of a few letters.
    pub short: &'static str,
    /// How it is shown.
    pub unit: Unit,
    /// How much of it a narrow table shows.
    pub narrow: Narrow,
    /// Which tables have it.
    pub shown: Shown,
    /// What it is, in a sentence.
    pub note: &'static str,
    /// Its value in a cell.
    pub value: fn(&Cell) -> Option<f64>,
    /// How much that value counts in the mean over seeds.
    pub weight: fn(&Cell) -> f64,
}

const fn alike(_: &Cell) -> f64 {
    1.0
}

fn fidelity(cell: &Cell, value: impl Fn(&Fidelity) -> Option<f64>) -> Option<f64> {
    cell.fidelity.as_ref().and_then(value)
}

fn steps(cell: &Cell) -> f64 {
    cell.fidelity.map_or(0.0, |fidelity| fidelity.steps as f64)
}

fn pairs(cell: &Cell, value: impl Fn(&PairAccuracy) -> f64) -> Option<f64> {
    cell.pair_accuracy.as_ref().filter(|pairs| pairs.pairs > 0).map(value)
}

fn pair_count(cell: &Cell) -> f64 {
    cell.pair_accuracy.map_or(0.0, |pairs| pairs.pairs as f64)
}

/// From left to right.
pub const COLUMNS: &[Column] = &[
    Column {
        key: "start",
        head: "start, %",
        short: "start\n%",
        unit: Unit::Percent,
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "share of test tasks solved before training, that is after the warm start if there is one, at temperature 1",
        value: |cell| Some(cell.start[0].success),
        weight: alike,
    },
    Column {
        key: "final",
        head: "final, %",
        short: "final\n%",
        unit: Unit::Percent,
        narrow: Narrow::Spread,
        shown: Shown::Always,
        note: "share of test tasks solved by the last policy (not the best one) at temperature 1",
        value: |cell| Some(cell.last[0].success),
        weight: alike,
    },
    Column {
        key: "final_cool",
        head: "final at T 0.4, %",
        short: "T=0.4\n%",
        unit: Unit::Percent,
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "the same at temperature 0.4",
        value: |cell| Some(cell.last[1].success),
        weight: alike,
    },
    Column {
        key: "start_score",
        head: "score at start",
        short: "start\nscore",
        unit: Unit::Decimals(2),
        narrow: Narrow::Mean,
        shown: Shown::WhereMeasured,
        note: "mean over the test tasks of what the environment itself says that an episode was worth, before training, at temperature 1: \
               the reward of a shop, the true goal of a dialogue",
        value: |cell| cell.start[0].score,
        weight: alike,
    },
    Column {
        key: "score",
        head: "score",
        short: "score",
        unit: Unit::Decimals(2),
        narrow: Narrow::Spread,
        shown: Shown::WhereMeasured,
        note: "the same by the last policy",
        value: |cell| cell.last[0].score,
        weight: alike,
    },
    Column {
        key: "best_validation",
        head: "best validation, %",
        short: "best\nval.%",
        unit: Unit::Percent,
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "highest point of the validation curve; a maximum over noisy points, so it flatters",
        value: |cell| highest(&cell.learning_curve()).map(|(_, success)| success),
        weight: alike,
    },
    Column {
        key: "area",
        head: "area, %",
        short: "area\n%",
        unit: Unit::Percent,
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "mean height of the validation curve (trapezoids over iterations): early learning counts",
        value: |cell| mean_height(&cell.learning_curve()),
        weight: alike,
    },
    Column {
        key: "steps_when_solved",
        head: "steps when solved",
        short: "steps\nsolv.",
        unit: Unit::Decimals(1),
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "mean number of steps of the solved test episodes of the last policy at temperature 1",
        value: |cell| cell.last[0].steps_when_solved,
        weight: alike,
    },
    Column {
        key: "entropy",
        head: "entropy, nats",
        short: "entr.\nnats",
        unit: Unit::Decimals(2),
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "mean entropy of the last policy at the test steps it takes at temperature 1",
        value: |cell| Some(cell.last[0].entropy),
        weight: alike,
    },
    Column {
        key: "credit_tau_b",
        head: "credit τ-b",
        short: "cred.\nτ-b",
        unit: Unit::Decimals(2),
        narrow: Narrow::Mean,
        shown: Shown::WithExactCredit,
        note: "credit fidelity: Kendall's τ-b between the recipe's step advantage and the exact credit (by how much the \
               shortest remaining solution got shorter) over the steps of whole groups on the first test tasks, pooled by \
               steps; 1 is perfect, 0 is chance, and there is none where the advantage is constant",
        value: |cell| fidelity(cell, |fidelity| fidelity.tau_b),
        weight: steps,
    },
    Column {
        key: "pair_accuracy",
        head: "PRM pairs, %",
        short: "PRM\npairs",
        unit: Unit::Percent,
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "share of the row's own pairs that the PRM ranks right, in whole groups on the first test tasks, pooled by pairs; \
               chance is 50. Own: each solved with each failed trajectory of a group where the line says pairs = success, \
               else the best half against the worst half by outcome",
        value: |cell| pairs(cell, |pairs| pairs.accuracy),
        weight: pair_count,
    },
    Column {
        key: "length_only",
        head: "by length, %",
        short: "by\nlen.",
        unit: Unit::Percent,
        narrow: Narrow::Mean,
        shown: Shown::Always,
        note: "the same pairs by the rule \"the shorter one is better\": a PRM that does no better may have learnt length \
               alone. The best half against the worst half also pairs solved trajectories of unequal length, whose outcome \
               is a matter of length",
        value: |cell| pairs(cell, |pairs| pairs.length_only),
        weight: pair_count,
    },
    Column {
        key: "dead_ends",
        head: "dead ends, %",
        short: "",
        unit: Unit::Percent,
        narrow: Narrow::Detail,
        shown: Shown::WithExactCredit,
        note: "share of the compared steps after which no solution is left",
        value: |cell| fidelity(cell, |fidelity| Some(fidelity.dead_ends)),
        weight: steps,
    },
    Column {
        key: "ties",
        head: "tied advantages, %",
        short: "",
        unit: Unit::Percent,
        narrow: Narrow::Detail,
        shown: Shown::WithExactCredit,
        note: "share of pairs of steps with equal advantages",
        value: |cell| fidelity(cell, |fidelity| Some(fidelity.ties)),
        weight: steps,
    },
    Column {
        key: "exact_ties",
        head: "tied exact credit, %",
        short: "",
        unit: Unit::Percent,
        narrow: Narrow::Detail,
        shown: Shown::WithExactCredit,
        note: "share of pairs of steps with equal exact credit",
        value: |cell| fidelity(cell, |fidelity| Some(fidelity.exact_ties)),
        weight: steps,
    },
];

impl Column {
    /// Whether it stands in a table of these cells.
    #[must_use]
    pub fn is_shown(&self, cells: &[Cell], exact_credit: bool) -> bool {
        match self.shown {
            Shown::Always => true,
            Shown::WithExactCredit => exact_credit,
            Shown::WhereMeasured => cells.iter().any(|cell| (self.value)(cell).is_some()),
        }
    }

    /// Stands in the second table.
    #[must_use]
    pub fn is_detail(&self) -> bool {
        self.narrow == Narrow::Detail
    }

    /// Mean and spread over the cells that have the measure.
    #[must_use]
    pub fn summary(&self, cells: &[&Cell]) -> Option<Summary> {
        let weighted = cells.iter().filter_map(|cell| Some(((self.value)(cell)?, (self.weight)(cell))));
        Summary::pooled(&weighted.collect::<Vec<_>>())
    }

    /// `62.3 ± 1.4`, or `62.3` without spread; a dash where nothing was measured.
    #[must_use]
    pub fn show(&self, summary: Option<Summary>, spread: bool) -> String {
        let Some(summary) = summary else { return "—".to_owned() };
        let mean = self.number(summary.mean);
        match summary.sd.filter(|_| spread) {
            Some(sd) => format!("{mean} ± {}", self.number(sd)),
            None => mean,
        }
    }

    /// The mean's 95 % interval over seeds, `[58.9, 65.7]`, shares cut off at 0 and 1; a dash with fewer than two seeds.
    #[must_use]
    pub fn interval(&self, summary: Option<Summary>) -> String {
        let bounds = summary.and_then(|summary| Some((summary.mean, summary.half_width()?)));
        bounds.map_or("—".to_owned(), |(mean, half)| {
            let [low, high] = [mean - half, mean + half].map(|bound| match self.unit {
                Unit::Percent => bound.clamp(0.0, 1.0),
                Unit::Decimals(_) => bound,
            });
            format!("[{}, {}]", self.number(low), self.number(high))
        })
    }

    fn number(&self, value: f64) -> String {
        number(self.unit, value)
    }
}

/// A number as tables show it: no minus zero, and a minus that is one.
pub(super) fn number(unit: Unit, value: f64) -> String {
    let text = match unit {
        Unit::Percent => format!("{:.1}", 100.0 * value),
        Unit::Decimals(decimals) => format!("{value:.decimals$}"),
    };
    let zero = text.chars().all(|letter| matches!(letter, '-' | '0' | '.'));
    text.replace('-', if zero { "" } else { "−" })
}
