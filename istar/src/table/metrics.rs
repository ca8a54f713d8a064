//! `metrics/<row>-s<seed>.csv`: what a cell logged, an iteration a line.

use super::cell::{Cell, Evaluation};
use crate::markup::csv_line;
use std::collections::{BTreeMap, BTreeSet};

/// One line per iteration, and one before the first for the start: `iteration`, `env_steps`, the metrics of training, and those
/// on validation tasks where they were measured. Numbers are as measured, shares from 0 to 1; empty where there is none.
#[must_use]
pub fn metrics_csv(cell: &Cell) -> String {
    let lines = lines(cell);
    let names: BTreeSet<&str> = lines.values().flat_map(|(_, numbers)| numbers.keys().copied()).collect();
    let heads = ["iteration", "env_steps"].into_iter().chain(names.iter().copied());
    let mut text = csv_line(heads.map(str::to_owned));
    for (iteration, (env_steps, numbers)) in &lines {
        let number = |name: &&str| numbers.get(name).map_or_else(String::new, f64::to_string);
        let counts = [iteration.to_string(), env_steps.map_or_else(String::new, |steps| steps.to_string())];
        text += &csv_line(counts.into_iter().chain(names.iter().map(number)));
    }
    text
}

/// By iteration: the environment steps until then, if known, and the numbers by name.
pub(super) type Lines<'a> = BTreeMap<u64, (Option<u64>, BTreeMap<&'a str, f64>)>;

pub(super) fn lines(cell: &Cell) -> Lines<'_> {
    let mut lines = Lines::from([(0, (Some(0), BTreeMap::new()))]);
    for point in &cell.points {
        let numbers = point.metrics.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        lines.insert(point.iteration, (Some(point.env_steps), numbers));
    }
    for point in &cell.validation {
        lines.entry(point.iteration).or_default().1.extend(validation(point));
    }
    lines
}

fn validation(point: &Evaluation) -> impl Iterator<Item = (&str, f64)> {
    let Evaluation { success, outcome, score, entropy, steps_when_solved, .. } = *point;
    let always =
        [("validation/success", success), ("validation/outcome", outcome), ("validation/entropy", entropy)];
    let score = score.map(|score| ("validation/score", score));
    always
        .into_iter()
        .chain(score)
        .chain(steps_when_solved.map(|steps| ("validation/steps_when_solved", steps)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::cell::Point;

    #[test]
    fn a_line_an_iteration_and_a_gap_where_nothing_was_measured() {
        let point = |iteration, name: &str, value| Point {
            iteration,
            env_steps: 100 * iteration,
            metrics: BTreeMap::from([(name.to_owned(), value)]),
        };
        let at = |iteration, success, steps_when_solved| Evaluation {
            iteration,
            success,
            outcome: 1.5,
            score: (iteration > 0).then_some(0.25),
            steps_when_solved,
            entropy: 0.25,
            ..Evaluation::default()
        };
        let cell = Cell {
            points: vec![point(1, "losses/policy", -0.125), point(2, "losses/my, own", 1e-9)],
            validation: vec![at(0, 0.0, None), at(2, 0.5, Some(7.5))],
            ..Cell::default()
        };
        let expected = "iteration,env_steps,\"losses/my, own\",losses/policy,validation/entropy,validation/outcome,\
                        validation/score,validation/steps_when_solved,validation/success\n\
                        0,0,,,0.25,1.5,,,0\n\
                        1,100,,-0.125,,,,,\n\
                        2,200,0.000000001,,0.25,1.5,0.25,7.5,0.5\n";
        assert_eq!(metrics_csv(&cell), expected);
    }
}
