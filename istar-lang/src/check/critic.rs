//! The critic: one term, its heads, who reads them, and what each is trained towards.

use super::names::list;
use super::slot::{Given, Slot};
use super::{Check, Signal};
use crate::ast::{Arg, Expr, Name};
use crate::catalogue::{self, Row, Takes};
use crate::ir::Node;
use crate::lower;
use crate::report::{Diagnostic, Warning};
use crate::token::{Place, Span};
use crate::{KindId, LevelId, nearest};

/// A critic term as it is written. It is looked up before anything is checked: signals take their level from it.
pub struct CriticTerm {
    at: Place,
    per: LevelId,
    /// Empty for the one head without a name.
    heads: Vec<Name>,
}

/// A signal towards which a head is trained.
pub struct Trained {
    at: Place,
    head: usize,
    node: Node,
}

/// The critic terms of a sum of loss terms.
pub fn terms(expr: &Expr) -> Vec<CriticTerm> {
    match expr {
        Expr::Name(name) => term(name, &[]).into_iter().collect(),
        Expr::Call(name, args) => term(name, args).into_iter().collect(),
        Expr::Sum(parts) => parts.iter().flat_map(|part| terms(&part.expr)).collect(),
        Expr::Product(factors) => factors.iter().flat_map(terms).collect(),
        Expr::Neg(_, inner) | Expr::Inverse(_, inner) => terms(inner),
        Expr::User(..) | Expr::Number(_) | Expr::Tuple(..) => Vec::new(),
    }
}

/// A term is a critic if it takes heads; its values are per what its level says.
fn term(name: &Name, args: &[Arg]) -> Option<CriticTerm> {
    let row = catalogue::find(&name.text)?;
    let takes = |wanted: fn(&Takes) -> bool| row.args.iter().find(move |arg| wanted(&arg.takes));
    let heads = takes(|takes| matches!(takes, Takes::Heads))?;
    let written = |option: &catalogue::Arg| {
        let arg = args.iter().find(|arg| arg.key.as_ref().is_some_and(|key| key.text == option.name));
        arg.map(|arg| &arg.value)
    };
    let level = takes(|takes| matches!(takes, Takes::Level(_)))?;
    let per = match written(level) {
        Some(Expr::Name(name)) => LevelId::find(&name.text),
        _ => None,
    };
    let per = per.or_else(|| LevelId::find(level.default_text()?))?;
    let heads = match written(heads) {
        Some(Expr::Tuple(_, parts)) => names(parts).cloned().collect(),
        _ => Vec::new(),
    };
    Some(CriticTerm { at: name.at, per, heads })
}

fn names(parts: &[Expr]) -> impl Iterator<Item = &Name> {
    parts.iter().filter_map(|part| if let Expr::Name(name) = part { Some(name) } else { None })
}

impl CriticTerm {
    /// How a head is read.
    fn reading(&self, head: usize) -> String {
        let head = self.heads.get(head).map_or_else(String::new, |name| format!("({name})"));
        format!("value{head}")
    }
}

impl Check<'_> {
    /// `value`, `value(head)`.
    pub fn estimate_of_head(&mut self, at: Place, slots: &[Slot]) -> Signal {
        let Some(critic) = self.critics.first() else {
            match self.left_out {
                Some(name) => self.errors.at(
                    at,
                    format!("`{name}` estimates with `value`, but no term of this objective trains a critic"),
                    "add `critic(0.5) +`, or give another estimate, `value = ..`",
                ),
                None => self.errors.at(
                    at,
                    "`value` reads a critic, but no term of this objective trains one",
                    "add `critic(0.5) +`",
                ),
            }
            return Signal::error();
        };
        let index = match slots.first().map(|slot| &slot.given) {
            Some(Given::Head(index)) => *index,
            Some(Given::Type(_)) if critic.heads.len() > 1 => {
                let readings: Vec<_> = (0..critic.heads.len()).map(|head| critic.reading(head)).collect();
                let choice = match self.left_out {
                    Some(_) => format!("`value = {}`", readings[0]),
                    None => list(&readings),
                };
                let message = "this critic has several heads: which `value`?";
                self.errors.at(at, message, format!("write {choice}"));
                return Signal::error();
            }
            Some(Given::Type(_)) => 0,
            _ => return Signal::error(),
        };
        Signal { node: Node::Head { index, at }, level: Some(critic.per), kind: Some(KindId::Value) }
    }

    /// The head that `value(..)` names.
    pub fn head(&mut self, expr: &Expr) -> Given {
        let Some(critic) = self.critics.first() else { return Given::Error };
        let known: Vec<&str> = critic.heads.iter().map(|name| name.text.as_str()).collect();
        let name = if let Expr::Name(name) = expr { Some(name.text.as_str()) } else { None };
        if let Some(index) = name.and_then(|name| known.iter().position(|head| *head == name)) {
            return Given::Head(index);
        }
        let heads = format!("heads are {}", list(&known));
        let (message, help) = match name {
            _ if known.is_empty() => (
                "this critic has one head, without a name".to_owned(),
                "write `value`, or name its heads: `critic(.., heads = (low, high))`".to_owned(),
            ),
            None => ("`value` takes the name of a head".to_owned(), heads),
            Some(name) => {
                let near = nearest(name, known.iter().copied());
                let help = near.map_or(heads, |near| format!("did you mean `{near}`?"));
                (format!("this critic has no head `{name}`"), help)
            }
        };
        self.mark_used(expr);
        self.errors.at(expr.span(), message, help);
        Given::Error
    }

    /// The heads that a critic term names.
    pub fn heads(&mut self, arg: &catalogue::Arg, expr: &Expr) -> Given {
        let parts = match expr {
            Expr::Name(name) if arg.default_text() == Some(&name.text) => return Given::Heads,
            Expr::Tuple(_, parts) if parts.iter().all(|part| matches!(part, Expr::Name(_))) => parts,
            _ => {
                self.mark_used(expr);
                let help = "here stands `one`, or a list: `(low, high)`";
                self.errors.at(expr.span(), "`heads` takes names", help);
                return Given::Error;
            }
        };
        let mut seen: Vec<&str> = Vec::new();
        for name in names(parts) {
            if seen.contains(&name.text.as_str()) {
                let message = format!("head `{name}` is named twice");
                self.errors.at(name.at, message, "rename or remove one of them");
            }
            seen.push(&name.text);
        }
        Given::Heads
    }

    /// What may stand for the value of a state.
    pub fn estimate(&mut self, option: &str, signal: &Signal, at: Span) {
        let Some(kind) = signal.kind else { return };
        if matches!(kind, KindId::Value | KindId::Return | KindId::Scalar) {
            return;
        }
        let message = format!("`{option}` takes a Value or a Return, and this is {}", kind.describe());
        self.errors.at(at, message, "`value` is what a critic estimates");
    }

    /// Rewards, what advantages go along, and the level of the values.
    pub fn along(&mut self, x: &Signal, at: &Slot, per: Option<&Slot>, value: Option<&Slot>) {
        // What is no Reward has been told so, and placing it will mend its level as well.
        let Some(level) = x.level.filter(|_| x.kind.is_none_or(|kind| kind == KindId::Reward)) else {
            return;
        };
        if let Some(per) = per.filter(|per| per.level().is_some() && level != LevelId::Step) {
            let help = match level {
                LevelId::Segment => "leave out `per`",
                LevelId::Traj => "put it on a step first: `place(x)`",
                LevelId::Step | LevelId::Token | LevelId::Item | LevelId::Mixed => {
                    "aggregate it first: `sum(x, per = step)`"
                }
            };
            let message =
                format!("`per = segment` adds up rewards of steps, and this is {}", level.describe());
            self.errors.at(per.at, message, help);
        }
        let finer = value.and_then(Slot::signal).and_then(|value| value.level).filter(|value| *value > level);
        if let Some(value) = finer {
            let place = match (level, value) {
                (LevelId::Traj, LevelId::Step) => "place(x)".to_owned(),
                (LevelId::Traj, _) => format!("place(x, at = {})", value.name()),
                (_, LevelId::Step) => format!("place(x, per = {})", level.name()),
                _ => format!("place(x, per = {}, at = {})", level.name(), value.name()),
            };
            let message =
                format!("there is one value a {}, and these rewards are {}", value.name(), level.describe());
            self.errors.at(at.at, message, format!("put each in its spot first: `{place}`"));
        }
    }

    /// Remembers what a head is trained towards.
    pub fn target(&mut self, row: &Row, at: Place, slots: &[Slot], node: &Node) {
        let trained = |takes: &Takes| matches!(takes, Takes::Estimate { trained: true });
        let value = row.args.iter().position(|arg| trained(&arg.takes));
        let value = value.and_then(|index| slots[index].signal()).map(|value| &value.node);
        if let Some(Node::Head { index, .. }) = value {
            self.trained.push(Trained { at, head: *index, node: node.clone() });
        }
    }

    /// What concerns the objective as a whole: one critic term, one target a head.
    pub fn critic(&mut self) -> Option<lower::Critic> {
        let critics = std::mem::take(&mut self.critics);
        let [critic, more @ ..] = critics.as_slice() else { return None };
        for term in more {
            self.errors.at(
                term.at,
                "an objective has one critic, and this is its second critic term",
                "give one critic several heads: `critic(0.5, heads = (low, high))`",
            );
        }
        let mut heads = Vec::new();
        for head in 0..critic.heads.len().max(1) {
            let mut targets = self.trained.iter().filter(|trained| trained.head == head);
            let target = targets.next();
            let (name, reading) = (critic.heads.get(head), critic.reading(head));
            if let Some(first) = target {
                for other in targets.filter(|other| !first.node.same(&other.node)) {
                    self.errors.at(
                        other.at,
                        format!("`{reading}` is trained towards one `gae`, and this is another one"),
                        "give it a head of its own: `critic(.., heads = (one, other))`",
                    );
                }
            } else {
                let message = format!("nothing trains this head: no `gae` has `value = {reading}`");
                let diagnostic = Diagnostic::new(name.map_or(critic.at, |name| name.at), message)
                    .help("estimate advantages with it, or remove it");
                self.warnings.push(Warning { name: "head_is_not_trained", diagnostic });
            }
            heads.push((name.map(|name| name.text.clone()), target.map(|trained| trained.node.clone())));
        }
        Some(lower::Critic { per: critic.per, heads })
    }
}
