//! The critic: one term, its heads, who reads them, and what each is trained towards.

use super::call::{Given, Slot};
use super::names::{list, text};
use super::{Check, Signal};
use crate::ast::{Arg, Expr};
use crate::ir::{self, Node};
use istar_lang::catalogue::{self, Row};
use istar_lang::nearest;
use istar_lang::{KindId, LevelId};
use proc_macro2::Span;
use syn::Ident;

/// A critic term as it is written. It is looked up before anything is checked: signals take their level from it.
pub struct CriticTerm {
    span: Span,
    per: LevelId,
    /// Empty for the one head without a name.
    heads: Vec<Ident>,
}

/// An estimate of advantages from a head.
pub struct Gae {
    span: Span,
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
        Expr::Neg(_, inner) => terms(inner),
        Expr::User(..) | Expr::Number(_) | Expr::Tuple(..) => Vec::new(),
    }
}

fn term(name: &Ident, args: &[Arg]) -> Option<CriticTerm> {
    if text(name) != "critic" {
        return None;
    }
    let option = |key: &str| {
        let arg = args.iter().find(|arg| arg.key.as_ref().is_some_and(|name| text(name) == key));
        arg.map(|arg| &arg.value)
    };
    let per = match option("per") {
        Some(Expr::Name(name)) => LevelId::find(&text(name)),
        _ => None,
    };
    let heads = match option("heads") {
        Some(Expr::Tuple(_, parts)) => parts
            .iter()
            .filter_map(|part| if let Expr::Name(name) = part { Some(name.clone()) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    Some(CriticTerm { span: name.span(), per: per.unwrap_or(LevelId::Step), heads })
}

impl CriticTerm {
    /// How a head is read.
    fn reading(&self, head: usize) -> String {
        self.heads.get(head).map_or_else(|| "value".to_owned(), |name| format!("value({name})"))
    }

    fn names(&self) -> Vec<String> {
        self.heads.iter().map(text).collect()
    }
}

impl Check<'_> {
    /// `value`, `value(head)`.
    pub fn estimate_of_head(&mut self, span: Span, slots: &[Slot]) -> Signal {
        let Some(critic) = self.critics.first() else {
            let message = match self.left_out {
                Some(name) => format!(
                    "`{name}` estimates with `value`, but no term of this objective trains a critic\nhelp: add `critic(0.5) +`, or give another estimate, `value = ..`"
                ),
                None => {
                    "`value` reads a critic, but no term of this objective trains one\nhelp: add `critic(0.5) +`"
                        .to_owned()
                }
            };
            self.errors.at(span, message);
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
                let message = format!("this critic has several heads: which `value`?\nhelp: write {choice}");
                self.errors.at(span, message);
                return Signal::error();
            }
            Some(Given::Type(_)) => 0,
            _ => return Signal::error(),
        };
        Signal { node: Node::Head { index, span }, level: Some(critic.per), kind: Some(KindId::Value) }
    }

    /// The head that `value(..)` names.
    pub fn head(&mut self, expr: &Expr) -> Given {
        let Some(critic) = self.critics.first() else { return Given::Error };
        let known = critic.names();
        let name = if let Expr::Name(name) = expr { Some(text(name)) } else { None };
        if let Some(index) = name.as_ref().and_then(|name| known.iter().position(|head| head == name)) {
            return Given::Head(index);
        }
        let message = match name.as_deref() {
            _ if known.is_empty() => "this critic has one head, without a name\nhelp: write `value`, or name its heads: `critic(.., heads = (low, high))`".to_owned(),
            None => format!("`value` takes the name of a head\nhelp: heads are {}", list(&known)),
            Some(name) => {
                let help = match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("heads are {}", list(&known)),
                };
                format!("this critic has no head `{name}`\nhelp: {help}")
            }
        };
        self.mark_used(expr);
        self.errors.over(expr.ends(), message);
        Given::Error
    }

    /// The heads that a critic term names.
    pub fn heads(&mut self, expr: &Expr) -> Given {
        let parts = match expr {
            Expr::Name(name) if text(name) == "one" => return Given::Heads,
            Expr::Tuple(_, parts) if parts.iter().all(|part| matches!(part, Expr::Name(_))) => parts,
            _ => {
                self.mark_used(expr);
                let message = "`heads` takes names\nhelp: here stands `one`, or a list: `(low, high)`";
                self.errors.over(expr.ends(), message);
                return Given::Error;
            }
        };
        let mut seen = Vec::new();
        for name in
            parts.iter().filter_map(|part| if let Expr::Name(name) = part { Some(name) } else { None })
        {
            if seen.contains(&text(name)) {
                let message = format!("head `{name}` is named twice\nhelp: rename or remove one of them");
                self.errors.at(name.span(), message);
            }
            seen.push(text(name));
        }
        Given::Heads
    }

    /// What may stand for the value of a state.
    pub fn estimate(&mut self, option: &str, signal: &Signal, at: (Span, Span)) {
        let Some(kind) = signal.kind else { return };
        if matches!(kind, KindId::Value | KindId::Return | KindId::Scalar) {
            return;
        }
        let message = format!(
            "`{option}` takes a Value or a Return, and this is {}\nhelp: `value` is what a critic estimates",
            kind.describe()
        );
        self.errors.over(at, message);
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
            let message = format!(
                "`per = segment` adds up rewards of steps, and this is a {level:?} signal\nhelp: {help}"
            );
            self.errors.over(per.at, message);
        }
        let finer = value.and_then(Slot::signal).and_then(|value| value.level).filter(|value| *value > level);
        if let Some(value) = finer {
            let place = match (level, value) {
                (LevelId::Traj, LevelId::Step) => "place(x)".to_owned(),
                (LevelId::Traj, _) => format!("place(x, at = {})", value.name()),
                (_, LevelId::Step) => format!("place(x, per = {})", level.name()),
                _ => format!("place(x, per = {}, at = {})", level.name(), value.name()),
            };
            let message = format!(
                "there is one value a {}, and these rewards are a {level:?} signal\nhelp: put each in its spot first: `{place}`",
                value.name()
            );
            self.errors.over(at.at, message);
        }
    }

    /// Remembers what a head is trained towards.
    pub fn target(&mut self, row: &Row, span: Span, slots: &[Slot], node: &Node) {
        let value = row.arg("value").and_then(|index| slots[index].signal()).map(|value| &value.node);
        if let Some(Node::Head { index, .. }) = value {
            self.gaes.push(Gae { span, head: *index, node: node.clone() });
        }
    }

    /// What concerns the objective as a whole: one critic term, one target a head.
    pub fn critic(&mut self) -> Option<ir::Critic> {
        let critics = std::mem::take(&mut self.critics);
        let [critic, more @ ..] = critics.as_slice() else { return None };
        for term in more {
            let message = "an objective has one critic, and this is its second critic term\nhelp: give one critic several heads: `critic(0.5, heads = (low, high))`";
            self.errors.at(term.span, message);
        }
        let mut heads = Vec::new();
        for head in 0..critic.heads.len().max(1) {
            let mut targets = self.gaes.iter().filter(|gae| gae.head == head);
            let target = targets.next();
            let (name, reading) = (critic.heads.get(head), critic.reading(head));
            if let Some(first) = target {
                for other in targets.filter(|other| !first.node.same(&other.node)) {
                    let message = format!(
                        "`{reading}` is trained towards one `gae`, and this is another one\nhelp: give it a head of its own: `critic(.., heads = (one, other))`"
                    );
                    self.errors.at(other.span, message);
                }
            } else {
                let message = format!(
                    "nothing trains this head: no `gae` has `value = {reading}`\nhelp: estimate advantages with it, or remove it"
                );
                let span = name.map_or(critic.span, Ident::span);
                self.warnings.push((span, "head_is_not_trained", message));
            }
            heads.push((name.map(text), target.map(|gae| gae.node.clone())));
        }
        Some(ir::Critic { per: catalogue::level(critic.per), heads })
    }
}
