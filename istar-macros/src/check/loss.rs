//! Sums of weighted loss terms.

use super::names::text;
use super::{Check, Scalar};
use crate::ast::Expr;
use crate::ir::{Node, Role};
use istar_lang::catalogue::{self, Sort, call};
use proc_macro2::Span;
use syn::Ident;

impl Check<'_> {
    pub fn loss(&mut self, expr: &Expr) -> Node {
        match expr {
            Expr::Sum(parts) => {
                let items = parts.iter().map(|part| match part.minus {
                    true => self.weighted(minus_one(part.expr.ends().0), &part.expr),
                    false => self.loss(&part.expr),
                });
                Node::Chain { path: "term::Sum", items: items.collect() }
            }
            Expr::Neg(minus, inner) => self.weighted(minus_one(*minus), inner),
            Expr::Product(factors) => self.product_of_loss(factors),
            Expr::Name(name) | Expr::Call(name, _) => self.term(name, expr),
            Expr::User(path, args) => {
                self.user = true;
                let args = self.user_args(args);
                Node::User { path: path.clone(), args, role: Some(Role::Term) }
            }
            Expr::Number(number) => {
                let message = format!(
                    "expected a loss term, found the number `{}`\nhelp: a number multiplies a term: `{0} * rl(adv = traj)`",
                    number.text
                );
                self.errors.at(number.span, message);
                Node::Error
            }
            Expr::Tuple(..) => {
                self.mark_used(expr);
                self.errors
                    .over(expr.ends(), "expected a loss term, found a list\nhelp: terms are joined with `+`");
                Node::Error
            }
        }
    }

    fn weighted(&mut self, weight: Scalar, expr: &Expr) -> Node {
        let off = self.off;
        self.off |= weight.constant == Some(0.0);
        let term = self.loss(expr);
        self.off = off;
        Node::new("term::Weighted", vec![weight.node, term], expr.ends().0)
    }

    fn product_of_loss(&mut self, factors: &[Expr]) -> Node {
        let users = || factors.iter().rposition(|factor| matches!(factor, Expr::User(..)));
        let term = factors.iter().rposition(|factor| self.is_loss(factor)).or_else(users);
        let term = term.unwrap_or(factors.len() - 1);
        let mut weight: Option<Scalar> = None;
        for (index, factor) in factors.iter().enumerate().filter(|(index, _)| *index != term) {
            let factor = if self.is_loss(factor) {
                self.mark_used(factor);
                self.errors.over(
                    factor.ends(),
                    "two loss terms cannot be multiplied\nhelp: terms are joined with `+`; what multiplies one is a number",
                );
                Scalar { node: Node::Error, constant: None }
            } else {
                self.scalar(factor, "the weight of a term")
            };
            weight = Some(match weight {
                None => factor,
                Some(weight) => weight.times(factor, factors[index].ends().0),
            });
        }
        match weight {
            Some(weight) => self.weighted(weight, &factors[term]),
            None => self.loss(&factors[term]),
        }
    }

    fn is_loss(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) | Expr::Call(name, _) => {
                catalogue::find(&text(name)).is_some_and(|row| row.sort == Sort::Loss)
            }
            Expr::Sum(parts) => parts.iter().any(|part| self.is_loss(&part.expr)),
            Expr::Product(parts) => parts.iter().any(|part| self.is_loss(part)),
            Expr::Neg(_, inner) => self.is_loss(inner),
            Expr::User(..) | Expr::Number(_) | Expr::Tuple(..) => false,
        }
    }

    fn term(&mut self, name: &Ident, expr: &Expr) -> Node {
        let known = text(name);
        let Some(row) = catalogue::find(&known) else {
            self.mark_used(expr);
            self.not_a_term(name, expr);
            return Node::Error;
        };
        let args: &[_] = if let Expr::Call(_, args) = expr { args } else { &[] };
        if row.sort == Sort::Loss {
            return self.loss_row(row, name.span(), args);
        }
        self.value(expr);
        let help = match row.sort {
            Sort::Signal => format!("put it in a policy term: `rl(adv = {})`", call(row)),
            _ => "a number multiplies a term: `w * rl(adv = traj)`".to_owned(),
        };
        self.errors.at(
            name.span(),
            format!("expected a loss term, found `{known}`, which is {}\nhelp: {help}", row.sort.describe()),
        );
        Node::Error
    }

    fn not_a_term(&mut self, name: &Ident, expr: &Expr) {
        let known = text(name);
        let signal = self.named.iter().any(|n| n.text == known);
        if matches!(expr, Expr::Call(..)) || !self.is_declared(name) {
            self.unknown(name, Sort::Loss, false);
        } else if signal {
            self.errors.at(
                name.span(),
                format!("expected a loss term, found `{known}`, a name given after `where`\nhelp: put it in a policy term: `rl(adv = {known})`"),
            );
        } else {
            self.errors.at(
                name.span(),
                format!("expected a loss term, found hyper-parameter `{known}`\nhelp: a hyper-parameter multiplies: `{known} * rl(adv = traj)`"),
            );
        }
    }
}

pub fn minus_one(span: Span) -> Scalar {
    Scalar { node: Node::Number { value: -1.0, span }, constant: Some(-1.0) }
}
