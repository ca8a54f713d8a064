//! A baseline that knows when a trajectory stops.
//!
//! `to_go(norm(reward, within = turn))` takes from each turn's reward the mean over the trajectories that are still running there, and adds
//! up what is left. So how many means are taken off depends on when the trajectory stops: where rewards are positive it is
//! punished for going on, where they are negative it is paid for it. Centred after the sum, `norm(to_go(reward), within = turn)`, the
//! baseline of a turn is one number that was settled before the turn's action.
//!
//! The check is silent where it cannot see: into types of the reader's own, where rewards are centred by state (whose visits
//! depend on more than stopping), and where an estimate beside them takes the baseline off again.

use super::Check;
use crate::ir::Node;
use crate::report::{Diagnostic, Warning};
use crate::token::Span;

/// Signals that are centred in pools, with the place of their pools among their arguments; what is taken off stands next to it.
const CENTRED: [(&str, usize); 3] = [("signal::Norm", 1), ("sugar::Step", 2), ("sugar::Token", 2)];
/// What hands increments on as they are, but for scale and sums.
const HANDS_ON: [&str; 9] = [
    "signal::Add",
    "signal::Sub",
    "signal::Scale",
    "signal::Mul",
    "signal::Div",
    "signal::Clip",
    "signal::SumPer",
    "signal::MeanPer",
    "signal::Bound",
];

impl Check<'_> {
    /// Warns where what is added up along the trajectory was centred among those that are still running.
    pub fn accumulated(&mut self, name: &str, x: &Node, at: Span) {
        if !centred_among_survivors(x) {
            return;
        }
        let message = format!(
            "`{name}` adds up rewards that were centred among the trajectories still running at each turn: how many baselines are taken off depends on when a trajectory stops, which rewards or punishes its length"
        );
        let help = "accumulate first, then centre: `norm(to_go(reward), within = turn)`";
        let diagnostic = Diagnostic::new(at, message).help(help);
        self.warnings.push(Warning { name: "baseline_knows_when_it_stops", diagnostic });
    }
}

fn centred_among_survivors(x: &Node) -> bool {
    match x {
        Node::Type { path, args, .. } => match CENTRED.iter().find(|(centred, _)| centred == path) {
            Some((_, pools)) => {
                let is =
                    |index: usize, path: fn(&str) -> bool| args.get(index).is_some_and(|arg| arg.any(path));
                is(*pools, |path| path == "within::Turn") && !is(pools + 1, |path| path == "center::None")
            }
            None => HANDS_ON.contains(path) && args.iter().any(centred_among_survivors),
        },
        Node::Chain { items, .. } => items.iter().any(centred_among_survivors),
        _ => false,
    }
}
