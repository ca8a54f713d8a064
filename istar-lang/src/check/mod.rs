//! `ast` to `ir` against the catalogue.

mod call;
mod critic;
mod loss;
mod names;
mod path;
mod rules;
mod sign;
mod slot;
mod stopping;
mod value;

use crate::ast::{Body, Name, Number, Param};
use crate::catalogue::{Prm, Row, TRAINS_IMPLICIT};
use crate::ir::{Checked, Node};
use crate::lower::Whole;
use crate::report::{Diagnostic, Errors, Warning};
use crate::token::{Place, Span};
use crate::{KindId, LevelId};
use critic::{CriticTerm, Trained};
use sign::Sign;

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
    /// Signals towards which a head of the critic is trained.
    trained: Vec<Trained>,
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
    /// The sign of what stands before it.
    sign: Sign,
    size: usize,
    warnings: Vec<Warning>,
}

/// A hyper-parameter: declared, or met in an open form.
struct Hyper {
    name: Name,
    default: Option<Number>,
    used: bool,
}

/// A signal or number that `where` gives a name.
struct Named {
    name: Name,
    value: Value,
    used: bool,
}

struct PrmTerm {
    at: Place,
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

/// What the checks make of a body.
pub(crate) struct Found {
    root: Node,
    whole: Whole,
    pub names: Vec<Name>,
    warnings: Vec<Warning>,
}

impl Found {
    /// The objective, if there was no mistake in it.
    pub fn checked(self) -> Checked {
        Checked { graph: self.whole.lower(&self.root), names: self.names, warnings: self.warnings }
    }
}

/// Checks a body; `params` are the declared hyper-parameters, `None` where free names take their place.
///
/// # Errors
/// Every mistake, in the order in which they are met.
pub fn check(params: Option<&[Param]>, body: &Body) -> Result<Checked, Vec<Diagnostic>> {
    let mut errors = Errors::default();
    let found = find(params, body, &mut errors);
    errors.finish(found).map(Found::checked)
}

/// The same with the mistakes of several bodies in one list.
pub(crate) fn find(params: Option<&[Param]>, body: &Body, errors: &mut Errors) -> Found {
    let mut check = Check {
        errors,
        params: Vec::new(),
        open: params.is_none(),
        named: Vec::new(),
        prm: Vec::new(),
        critics: critic::terms(&body.expr),
        trained: Vec::new(),
        left_out: None,
        readers: Vec::new(),
        policy: false,
        user: false,
        off: false,
        sign: Sign::default(),
        size: 0,
        warnings: Vec::new(),
    };
    params.unwrap_or_default().iter().for_each(|param| check.declare(param));
    body.named.iter().for_each(|named| check.name(named));
    let root = check.loss(&body.expr);
    check.unused();
    check.prm();
    let critic = check.critic();
    Found {
        root,
        whole: Whole { prm: check.prm.into_iter().next().and_then(|term| term.scale), critic },
        names: check.params.into_iter().map(|param| param.name).collect(),
        warnings: check.warnings,
    }
}

impl Check<'_> {
    /// What concerns the objective as a whole: one PRM term, and somebody who reads it.
    fn prm(&mut self) {
        let readers = std::mem::take(&mut self.readers);
        let [first, more @ ..] = self.prm.as_slice() else {
            for (at, row) in readers {
                let (what, help) = match row.prm {
                    Prm::ReadsExplicit => ("an explicit PRM", "add `mc_prm(0, 0.95) +`".to_owned()),
                    Prm::Scaled { instead: Some(other) } => {
                        ("an implicit PRM", format!("add `{TRAINS_IMPLICIT} +`, or use `{other}` alone"))
                    }
                    _ => ("an implicit PRM", format!("add `{TRAINS_IMPLICIT} +`")),
                };
                let message =
                    format!("`{}` reads {what}, but no term of this objective trains one", row.name);
                self.errors.at(at, message, help);
            }
            return;
        };
        for term in more {
            let name = term.row.name;
            self.errors.at(
                term.at,
                format!("an objective has one PRM, and `{name}` is its second PRM term"),
                "keep one of them; two objectives can be two rows of `ablations!`",
            );
        }
        let (name, explicit) = (first.row.name, first.row.prm == Prm::TrainsExplicit);
        if more.is_empty() {
            let others = readers.iter().filter(|(_, row)| (row.prm == Prm::ReadsExplicit) != explicit);
            for (at, row) in others {
                let (wants, has, help) = match explicit {
                    true => (
                        "an implicit",
                        "an explicit",
                        "read `q`, as in `diff(q)`, or train it with `dpo_prm(beta)`",
                    ),
                    false => {
                        ("an explicit", "an implicit", "read `step`, or train it with `mc_prm(0, 0.95)`")
                    }
                };
                let message = format!("`{}` reads {wants} PRM, and `{name}` trains {has} one", row.name);
                self.errors.at(*at, message, help);
            }
        }
        if readers.is_empty() && self.policy && !self.user {
            let help = match explicit {
                true => "read it in the advantage, `rl(adv = traj + diff(q))`, or remove the term",
                false => "read it in the advantage, `rl(adv = traj + step)`, or remove the term",
            };
            let message = format!("`{name}` trains a PRM that no signal reads");
            let diagnostic = Diagnostic::new(first.at, message).help(help);
            self.warnings.push(Warning { name: "prm_is_not_read", diagnostic });
        }
    }

    /// Keeps copies of named signals from growing without bound.
    fn grown(&mut self, at: Place, node: &Node) -> bool {
        self.size = self.size.saturating_add(node.size());
        let too_large = self.size > LARGEST;
        if too_large {
            self.errors.at(at, "the objective is too large", "write it with fewer uses of named signals");
        }
        too_large
    }
}
