//! The PRM of a line, to be read beside whatever the line makes of it.

use super::Line;
use super::build::build;
use super::node::Node;
use crate::credit::Credit;
use crate::graph::{Labelled, Over};
use istar_lang::catalogue::types;
use istar_lang::{LevelId, Place, ir};

/// What a PRM is taught by, and so what its numbers are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Taught {
    /// Preferences between trajectories, whose score is the sum or mean of their steps.
    Preferences(Over),
    /// Outcome labels.
    Labels(Labelled),
    /// Labels of the readings of an explicit PRM.
    Readings,
}

/// The PRM of a line.
pub(crate) struct Prm {
    pub(crate) taught: Taught,
    signal: Node,
    weight: Option<Node>,
}

impl Line {
    /// The PRM that a term of the line trains; none without such a term.
    pub(crate) fn prm(&self) -> Option<Prm> {
        let (path, args) = prm_term(&self.graph)?;
        let made = |path, args| ir::Node::Type { path, args, at: Place::END };
        let (taught, signal, weight) = match path {
            "term::DpoPrm" => (Taught::Preferences(build(&args[4]).word()), None, Some(build(&args[5]))),
            "term::CePrm" => (Taught::Labels(build(&args[3]).word()), None, None),
            _ => (Taught::Readings, Some(made("signal::Diff", vec![made("signal::Q", Vec::new())])), None),
        };
        let summed = || {
            let implicit = made("sugar::Implicit", vec![args[0].clone(), args[2].clone()]);
            made("signal::SumPer", vec![implicit, made(types::level(LevelId::Step), Vec::new())])
        };
        let signal = build(&signal.unwrap_or_else(summed));
        Some(Prm { taught, signal, weight: weight.filter(|weight| !weight.is_without()) })
    }
}

impl Prm {
    /// What it says of each step: of an implicit one `sum(implicit, per = step)` with the `beta` and `ref` of its term; of an
    /// explicit one `diff(q)`, by how much its reading changed. The scope of `cx` is that of the line's numbers.
    pub(crate) fn steps(&self, cx: &Credit<'_>) -> Vec<f64> {
        self.signal.signal().eval(&Credit { batch: cx.batch, at: self.signal.scope(&cx.at) })
    }

    /// The gamma of `weight = dmpo(gamma)`, if steps do not all weigh the same.
    pub(crate) fn gamma(&self, cx: &Credit<'_>) -> Option<f64> {
        self.weight.as_ref().map(|weight| weight.scalar().value(&weight.scope(&cx.at)))
    }
}

/// The term of a loss that trains a PRM: its path and its arguments.
fn prm_term(loss: &ir::Node) -> Option<(&'static str, &[ir::Node])> {
    let ir::Node::Type { path, args, .. } = loss else { return None };
    match *path {
        "term::DpoPrm" | "term::CePrm" | "term::McPrm" | "term::TdPrm" => Some((path, args)),
        types::SUM | types::WEIGHTED => args.iter().find_map(prm_term),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Columns, Layout};
    use crate::objective::AnyObjective;

    #[test]
    fn what_a_prm_says_of_steps_is_known_without_its_being_in_the_advantage() {
        // Two trajectories, of two steps (a token, two tokens) and of one.
        let layout = Layout::from_lengths([2], [2, 1], [1, 2, 1]);
        let (old, prm) = ([-1.0; 4], [-0.5, -1.5, -1.25, -2.0]);
        let q = [0.25, 0.75, 0.5];
        let batch = Columns {
            prm: Some(&prm),
            q: Some(&q),
            init: Some(&prm),
            ..Columns::of_outcomes(&layout, &old, &[1.0, 0.0], &[1.0, 0.0])
        };
        let said = |text: &str| {
            let line = Line::parse(text).expect("a line");
            let numbers = line.numbers();
            let cx = Credit { batch, at: numbers.scope(0) };
            line.prm().map(|prm| (prm.taught, prm.gamma(&cx), prm.steps(&cx)))
        };
        assert_eq!(
            said(
                "x<lambda = 2, beta = 0.5> = 0.5 * dpo_prm(beta, net = separate, ref = old) + rl(adv = lambda * traj)"
            ),
            Some((Taught::Preferences(Over::Sum), None, vec![0.25, -0.375, -0.5]))
        );
        assert_eq!(
            said("rl(adv = traj) + dpo_prm(1, over = mean, weight = dmpo(0.5))"),
            Some((Taught::Preferences(Over::Mean), Some(0.5), vec![0.0; 3]))
        );
        assert_eq!(
            said("ce_prm(2, net = separate, ref = old, per = step) + rl(adv = traj)"),
            Some((Taught::Labels(Labelled::Step), None, vec![1.0, -1.5, -2.0]))
        );
        assert_eq!(
            said("td_prm(0.9, 0.9) + rl(adv = traj)"),
            Some((Taught::Readings, None, vec![0.0, 0.5, 0.0]))
        );
        assert!(said("rl(adv = traj) + kl(0.1)").is_none());
    }
}
