//! What one training run of a table leaves behind: a function of (objective, environment, sizes, seed), free of clocks.

use super::origin::Origin;
use super::signals::Signals;
use crate::objective::{Objective, explain_with};
use crate::rollout::Lost;
use crate::trainer::{Collapse, CollapseWatch};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Metrics of one training iteration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The iteration, from 1.
    pub iteration: u64,
    /// Environment steps of training so far.
    pub env_steps: u64,
    /// Named numbers such as `losses/policy`, `charts/success`, `charts/entropy`; finite ones only.
    pub metrics: BTreeMap<String, f64>,
}

/// How a policy does on a fixed set of tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// After this many iterations; 0 is the warm start.
    pub iteration: u64,
    /// Sampling temperature.
    pub temperature: f64,
    /// Episodes, one per task that is not lost.
    pub episodes: u64,
    /// The others.
    #[serde(default, skip_serializing_if = "Lost::is_none")]
    pub lost: Lost,
    /// Share of solved episodes.
    pub success: f64,
    /// Mean sum of the environment's rewards.
    pub outcome: f64,
    /// Mean of what the environment says that an episode was worth, over those that it says it of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Mean number of steps of the solved episodes.
    pub steps_when_solved: Option<f64>,
    /// Mean entropy of the policy at the steps taken, in nats.
    pub entropy: f64,
}

/// Agreement of a recipe's step advantage with the exact credit, over all steps of whole groups on the first test tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fidelity {
    /// Kendall's τ-b; none where one side is constant.
    pub tau_b: Option<f64>,
    /// Steps compared.
    pub steps: u64,
    /// Share of steps after which no solution is left.
    pub dead_ends: f64,
    /// Share of pairs of steps tied in the advantage.
    pub ties: f64,
    /// Share of pairs of steps tied in the exact credit.
    pub exact_ties: f64,
}

/// How well a PRM ranks the pairs of its own preference term, in the groups that [`Fidelity`] is measured on: success ×
/// failure, or best × worst by outcome, where two solved trajectories of unequal length are a pair as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PairAccuracy {
    /// Share of pairs ranked right by the PRM's trajectory score; a tie counts one half.
    pub accuracy: f64,
    /// The same for the rule "the shorter trajectory is better": a PRM that does no better may know length alone.
    pub length_only: f64,
    /// Pairs.
    pub pairs: u64,
}

/// One test episode, step by step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Film {
    /// It ended in success.
    pub solved: bool,
    /// The state before each step, and after the last one, as the world draws it in lines of text.
    #[serde(alias = "levels")]
    pub states: Vec<Vec<String>>,
    /// Each step in the world's words, made of all its tokens. Studies of version 0.1.0 have none.
    #[serde(default)]
    pub captions: Vec<String>,
    /// The environment's reward of each step.
    pub rewards: Vec<f64>,
    /// The recipe's advantage of each step; empty where it has none.
    pub credit: Vec<f64>,
    /// The exact credit of each step, by how much the shortest remaining solution got shorter; empty where the world has none.
    pub exact: Vec<f64>,
}

/// Everything that one cell of a table measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The row's name.
    pub row: String,
    /// The objective's line.
    pub source: String,
    /// Its hyper-parameters.
    pub parameters: BTreeMap<String, f64>,
    /// Settings of its own, by name, where it has others than the table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Value>,
    /// What it carries, as `explain` says it.
    pub explain: String,
    /// The seed.
    pub seed: u64,
    /// Iterations done.
    pub iterations: u64,
    /// One per iteration.
    pub points: Vec<Point>,
    /// On validation tasks along the way, at temperature 1; the first is the start.
    pub validation: Vec<Evaluation>,
    /// On test tasks: the start at temperature 1 and 0.4.
    pub start: [Evaluation; 2],
    /// On test tasks: the final policy at temperature 1 and 0.4.
    pub last: [Evaluation; 2],
    /// Step advantage against exact credit, on the first test tasks; none in a world without exact credit.
    pub fidelity: Option<Fidelity>,
    /// The summands of the advantage, one by one: along the training, as often as it is validated, and at the end in the same groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<Signals>,
    /// Whether the final policy solved each test task at temperature 1, none where the episode was lost; in a file of its
    /// own, and empty in studies of version 0.1.0.
    #[serde(skip)]
    pub levels: Vec<Option<bool>>,
    /// For recipes with a PRM, on the first test tasks; none without a pair.
    pub pair_accuracy: Option<PairAccuracy>,
    /// One solved and one failed test episode, where there are, of the first groups; none in a world without pictures.
    pub films: Vec<Film>,
    /// Why training stopped early, if it did: the name of what was not finite, and where.
    pub stopped: Option<String>,
    /// Episodes that training and the groups of the last measurements have lost.
    #[serde(default, skip_serializing_if = "Lost::is_none")]
    pub lost: Lost,
}

impl Cell {
    /// Nothing measured yet, of this row, objective and seed.
    pub(super) fn begin<O: Objective>(row: &str, objective: &O, seed: u64) -> Self {
        Cell {
            row: row.to_owned(),
            source: O::SOURCE.to_owned(),
            parameters: O::PARAMS.iter().map(|p| p.name.to_owned()).zip(objective.values()).collect(),
            explain: explain_with(objective),
            seed,
            ..Cell::default()
        }
    }

    /// All episodes that were lost for this cell, those of evaluations included.
    #[must_use]
    pub fn all_lost(&self) -> Lost {
        let mut all = Lost::default();
        let evaluations = self.start.iter().chain(&self.validation).chain(&self.last);
        for lost in [&self.lost].into_iter().chain(evaluations.map(|evaluation| &evaluation.lost)) {
            all.add(lost);
        }
        all
    }

    /// The collapse of its policy, if it is one, as its trainer remarked on it.
    #[must_use]
    pub fn collapse(&self) -> Option<Collapse> {
        let mut watch = CollapseWatch::default();
        self.points.iter().find_map(|point| {
            let [entropy, success] =
                ["charts/entropy", "charts/success"].map(|name| point.metrics.get(name).copied());
            watch.look(point.iteration, entropy?, success?)
        })
    }

    /// Validation success by iteration: `(iteration, share of solved episodes)`.
    #[must_use]
    pub fn learning_curve(&self) -> Vec<(u64, f64)> {
        self.validation.iter().map(|point| (point.iteration, point.success)).collect()
    }

    /// The same by environment steps of training, continuations included.
    #[must_use]
    pub fn curve_by_steps(&self) -> Vec<(u64, f64)> {
        let steps = |iteration: u64| {
            let before = self.points.iter().rfind(|point| point.iteration <= iteration);
            before.map_or(0, |point| point.env_steps)
        };
        self.learning_curve().into_iter().map(|(iteration, success)| (steps(iteration), success)).collect()
    }

    /// Environment steps of training, continuations included.
    #[must_use]
    pub fn env_steps(&self) -> u64 {
        self.points.last().map_or(0, |point| point.env_steps)
    }

    /// Observations that training has passed forward through a network, if it was counted.
    #[must_use]
    pub fn forward_passes(&self) -> Option<f64> {
        let counted = self.points.iter().map(|point| point.metrics.get(FORWARD_PASSES).copied());
        counted.sum::<Option<f64>>().filter(|passes| *passes > 0.0)
    }
}

/// The metric of an iteration that counts them.
const FORWARD_PASSES: &str = "charts/forward_passes";

/// What a cell cost and where it was filled: what depends on clock and machine, kept apart from [`Cell`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Wall seconds of training, evaluation apart.
    pub train_seconds: f64,
    /// Environment steps of training per second of it.
    pub steps_per_second: f64,
    /// Wall seconds of everything.
    pub seconds: f64,
    /// Processor seconds of everything, where the system says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_seconds: Option<f64>,
    /// The most memory, in bytes, that the process has held which filled the cell, other cells of it included; where the
    /// system says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<u64>,
    /// Where it was filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_of_version_0_1_0_are_read_without_captions() {
        let text = r##"{ "solved": true, "levels": [["#@$."], ["# @*"]], "actions": [4], "rewards": [10.9],
            "credit": [0.5], "exact": [1.0] }"##;
        let film: Film = serde_json::from_str(text).expect("a film");
        assert_eq!((film.states.len(), film.captions.len(), film.rewards), (2, 0, vec![10.9]));
    }
}
