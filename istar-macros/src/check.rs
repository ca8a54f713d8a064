//! `ast` to `ir` against the catalogue. Reports, never emits.

mod call;
mod critic;
mod loss;
mod names;
mod rules;
mod value;

use crate::ast::{Body, Number, Param};
use crate::ir::{Graph, Node};
use crate::report::Errors;
use critic::{CriticTerm, Gae};
use istar_lang::catalogue::{Prm, Row};
use istar_lang::{KindId, LevelId};
use proc_macro2::Span;
use syn::Ident;

/// More types than this are no line that a person wrote.
const LARGEST: usize = 20_000;

struct Check<'a> {
    errors: &'a mut Errors,
    params: Vec<Hyper>,
    /// Names that are not declared become hyper-parameters.
    open: bool,
    named: Vec<Named>,
    prm: Vec<PrmTerm>,
    critics: Vec<CriticTerm>,
    /// Where advantages are estimated from a head of the critic.
    gaes: Vec<Gae>,
    /// The name whose argument was left out, while its default is checked.
    left_out: Option<&'static str>,
    /// What reads the PRM, and where.
    readers: Vec<(Span, &'static Row)>,
    /// A policy term was met, whose advantage could have read the PRM.
    policy: bool,
    /// A type of the user's was met: what it reads is not known here.
    user: bool,
    /// Weight 0 stands before what is being checked.
    off: bool,
    size: usize,
    warnings: Vec<(Span, &'static str, String)>,
}

/// A hyper-parameter: declared, or met in an open form.
struct Hyper {
    name: Ident,
    text: String,
    default: Option<Number>,
    used: bool,
}

/// A signal or number that `where` gives a name.
struct Named {
    name: Ident,
    text: String,
    value: Value,
    used: bool,
}

struct PrmTerm {
    span: Span,
    row: &'static Row,
    /// `beta` and `ref` of an implicit one.
    scale: Option<(Node, Node)>,
}

/// What an expression beside signals is.
#[derive(Clone)]
enum Value {
    Scalar(Scalar),
    Signal(Signal),
}

#[derive(Clone)]
struct Scalar {
    node: Node,
    /// Its number, if only literals are in it.
    constant: Option<f64>,
}

/// Level and kind are unknown behind a type of the user's.
#[derive(Clone)]
struct Signal {
    node: Node,
    level: Option<LevelId>,
    kind: Option<KindId>,
}

impl Signal {
    /// Stands where a mistake was reported: nothing more is said about it.
    fn error() -> Signal {
        Signal { node: Node::Error, level: None, kind: None }
    }
}

/// Checks a body; `params` are the declared hyper-parameters, `None` where free names take their place.
pub fn check(params: Option<&[Param]>, body: &Body, errors: &mut Errors) -> Graph {
    let mut check = Check {
        errors,
        params: Vec::new(),
        open: params.is_none(),
        named: Vec::new(),
        prm: Vec::new(),
        critics: critic::terms(&body.expr),
        gaes: Vec::new(),
        left_out: None,
        readers: Vec::new(),
        policy: false,
        user: false,
        off: false,
        size: 0,
        warnings: Vec::new(),
    };
    params.unwrap_or_default().iter().for_each(|param| check.declare(param));
    body.named.iter().for_each(|named| check.name(named));
    let root = check.loss(&body.expr);
    check.unused();
    check.prm();
    let critic = check.critic();
    Graph {
        root,
        critic,
        names: check.params.into_iter().map(|p| p.name).collect(),
        prm: check.prm.into_iter().next().and_then(|term| term.scale),
        warnings: check.warnings,
    }
}

impl Check<'_> {
    /// What concerns the objective as a whole: one PRM term, and somebody who reads it.
    fn prm(&mut self) {
        let readers = std::mem::take(&mut self.readers);
        let [first, more @ ..] = self.prm.as_slice() else {
            for (span, row) in readers {
                let (sort, way_out) = match (row.prm, row.name) {
                    (Prm::ReadsExplicit, _) => ("explicit", "add `mc_prm(0, 0.95) +`"),
                    (_, "step" | "token") => ("implicit", "add `dpo_prm(beta) +`, or use `traj` alone"),
                    _ => ("implicit", "add `dpo_prm(beta) +`"),
                };
                self.errors.at(
                    span,
                    format!(
                        "`{}` reads an {sort} PRM, but no term of this objective trains one\nhelp: {way_out}",
                        row.name
                    ),
                );
            }
            return;
        };
        for term in more {
            self.errors.at(
                term.span,
                format!(
                    "an objective has one PRM, and `{}` is its second PRM term\nhelp: keep one of them; two objectives can be two rows of `ablations!`",
                    term.row.name
                ),
            );
        }
        let explicit = first.row.prm == Prm::TrainsExplicit;
        if more.is_empty() {
            for (span, row) in
                readers.iter().filter(|reader| (reader.1.prm == Prm::ReadsExplicit) != explicit)
            {
                let (wants, has, way_out) = match explicit {
                    true => (
                        "an implicit",
                        "an explicit",
                        "read `q`, as in `diff(q)`, or train it with `dpo_prm(beta)`",
                    ),
                    false => {
                        ("an explicit", "an implicit", "read `step`, or train it with `mc_prm(0, 0.95)`")
                    }
                };
                self.errors.at(
                    *span,
                    format!(
                        "`{}` reads {wants} PRM, and `{}` trains {has} one\nhelp: {way_out}",
                        row.name, first.row.name
                    ),
                );
            }
        }
        if readers.is_empty() && self.policy && !self.user {
            let reading = if explicit { "diff(q)" } else { "step" };
            self.warnings.push((
                first.span,
                "prm_is_not_read",
                format!(
                    "`{}` trains a PRM that no signal reads\nhelp: read it in the advantage, `rl(adv = traj + {reading})`, or remove the term",
                    first.row.name
                ),
            ));
        }
    }

    /// Keeps copies of named signals from growing without bound.
    fn grown(&mut self, span: Span, node: &Node) -> bool {
        self.size = self.size.saturating_add(node.size());
        if self.size > LARGEST {
            self.errors
                .at(span, "the objective is too large\nhelp: write it with fewer uses of named signals");
            return true;
        }
        false
    }
}
