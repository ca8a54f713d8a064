//! Sums of loss terms and terms with weights: what [`Sum`](crate::objective::term::Sum) and
//! [`Weighted`](crate::objective::term::Weighted) are to types. A loss is generic in device and number type, which an object
//! is not, so these two have no type with holes.

use super::hole::{Arg, inside};
use super::node::Node;
use super::role::{AnyPrepared, AnyTerm};
use crate::batch::{LevelId, Scope};
use crate::credit::Credit;
use crate::graph::{Pass, Phase, Rank0Loss};
use crate::need::demand::Demand;
use crate::objective::Plan;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::Scalar;
use crate::objective::validate::name_them;
use dfdx::prelude::Cpu;

/// The sum of its two arguments.
pub struct Sum;
/// Its first argument times its second one.
pub struct Weighted;

type Loss = Option<Rank0Loss<f64, Cpu>>;

fn prepared(cx: &Credit<'_>, n: usize, phase: Phase) -> Box<dyn AnyPrepared> {
    let (node, at) = inside(&cx.at, n);
    node.term().prepare(&Credit { batch: cx.batch, at }, phase)
}

/// What argument number `n` adds to the loss.
fn shares<'a>(
    prepared: &dyn AnyPrepared,
    n: usize,
    pass: &mut Pass<'a, f64, Cpu>,
    shares: &mut Vec<f64>,
) -> Loss {
    let outside = pass.at;
    pass.at = inside(&outside, n).1;
    let loss = prepared.shares(pass, shares);
    pass.at = outside;
    loss
}

impl AnyPrepared for [Box<dyn AnyPrepared>; 2] {
    fn shares(&self, pass: &mut Pass<'_, f64, Cpu>, each: &mut Vec<f64>) -> Loss {
        match (shares(&*self[0], 0, pass, each), shares(&*self[1], 1, pass, each)) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        }
    }
    fn advantage(&self) -> Option<&[f64]> {
        self[0].advantage().or_else(|| self[1].advantage())
    }
}

impl AnyTerm for Sum {
    fn demand(&self) -> Demand {
        Demand::NOTHING
    }
    fn credit(&self, at: &Scope<'_>) -> Option<LevelId> {
        let [a, b] = [0, 1].map(|n| inside(at, n));
        LevelId::finer(a.0.term().credit(&a.1), b.0.term().credit(&b.1))
    }
    fn prepare(&self, cx: &Credit<'_>, phase: Phase) -> Box<dyn AnyPrepared> {
        Box::new([0, 1].map(|n| prepared(cx, n, phase)))
    }
    fn terms(&self, at: &Scope<'_>, names: &mut Vec<String>) {
        for (node, at) in [0, 1].map(|n| inside(at, n)) {
            node.term().terms(&at, names);
        }
    }
    fn plan(&self, at: &Scope<'_>, plan: &mut Plan) {
        for (node, at) in [0, 1].map(|n| inside(at, n)) {
            node.term().plan(&at, plan);
        }
    }
    fn check(&self, at: &Scope<'_>, problems: &mut Vec<String>) {
        for (node, at) in [0, 1].map(|n| inside(at, n)) {
            check(node, &at, problems);
        }
    }
    fn show(&self, at: &Scope<'_>, lines: &mut Vec<String>) {
        for (node, at) in [0, 1].map(|n| inside(at, n)) {
            node.term().show(&at, lines);
        }
    }
}

/// The problems of a term with its name; those of a sum bear the names of its terms already.
pub fn check(node: &Node, at: &Scope<'_>, problems: &mut Vec<String>) {
    let (before, mut names) = (problems.len(), Vec::new());
    node.term().check(at, problems);
    node.term().terms(at, &mut names);
    name_them(&names, &mut problems[before..]);
}

/// A term of so many parts that is weighed.
struct Weighed(Box<dyn AnyPrepared>, usize);

impl AnyPrepared for Weighed {
    fn shares(&self, pass: &mut Pass<'_, f64, Cpu>, each: &mut Vec<f64>) -> Loss {
        let (weight, before) = (<Arg<0> as Scalar>::value(&pass.at), each.len());
        if weight == 0.0 {
            each.resize(before + self.1, 0.0);
            return None;
        }
        let loss = shares(&*self.0, 1, pass, each)?;
        each[before..].iter_mut().for_each(|share| *share *= weight);
        Some(loss * weight)
    }
    fn advantage(&self) -> Option<&[f64]> {
        self.0.advantage()
    }
}

impl AnyTerm for Weighted {
    fn demand(&self) -> Demand {
        Demand::NOTHING
    }
    fn credit(&self, at: &Scope<'_>) -> Option<LevelId> {
        let (node, at) = inside(at, 1);
        node.term().credit(&at)
    }
    fn prepare(&self, cx: &Credit<'_>, phase: Phase) -> Box<dyn AnyPrepared> {
        let mut names = Vec::new();
        self.terms(&cx.at, &mut names);
        Box::new(Weighed(prepared(cx, 1, phase), names.len()))
    }
    fn terms(&self, at: &Scope<'_>, names: &mut Vec<String>) {
        let (node, at) = inside(at, 1);
        node.term().terms(&at, names);
    }
    fn plan(&self, at: &Scope<'_>, plan: &mut Plan) {
        let (node, inner) = inside(at, 1);
        node.term().plan(&inner, plan);
        let demand = node.demand();
        plan.idle_prm |= (demand.trains_prm || demand.explicit_prm) && <Arg<0> as Scalar>::value(at) == 0.0;
    }
    fn check(&self, at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Finite.check::<Arg<0>>(&<Arg<0> as Scalar>::show(at), at, problems);
        let (node, at) = inside(at, 1);
        node.term().check(&at, problems);
    }
    fn show(&self, at: &Scope<'_>, lines: &mut Vec<String>) {
        let (node, inner) = inside(at, 1);
        let mut each = Vec::new();
        node.term().show(&inner, &mut each);
        lines.extend(each.into_iter().map(|line| format!("{} * {line}", <Arg<0> as Scalar>::show(at))));
    }
}
