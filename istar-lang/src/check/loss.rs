//! Sums of weighted loss terms.

use super::sign::Sign;
use super::{Check, Scalar};
use crate::ast::{Expr, Name};
use crate::catalogue::{self, Sort, call, types};
use crate::ir::{Node, Role};
use crate::token::Place;

impl Check<'_> {
    pub fn loss(&mut self, expr: &Expr) -> Node {
        match expr {
            Expr::Sum(parts) => {
                let items = parts.iter().map(|part| match part.minus {
                    true => {
                        let at = part.expr.at();
                        self.weighted(minus_one(at), self.sign.flipped(at), &part.expr)
                    }
                    false => self.loss(&part.expr),
                });
                Node::Chain { path: types::SUM, items: items.collect() }
            }
            Expr::Neg(minus, inner) => self.weighted(minus_one(*minus), self.sign.flipped(*minus), inner),
            Expr::Product(factors) => self.product_of_loss(factors),
            Expr::Inverse(_, divisor) => {
                self.divides(divisor);
                Node::Error
            }
            Expr::Name(name) | Expr::Call(name, _) => self.term(name, expr),
            Expr::User(path, args) if self.no_type(path, args) || self.recipe(path, args) => Node::Error,
            Expr::User(path, args) => {
                self.user = true;
                let args = self.user_args(args);
                Node::User { path: path.clone(), args, role: Some(Role::Term) }
            }
            Expr::Number(number) => {
                let text = &number.text;
                let message = format!("expected a loss term, found the number `{text}`");
                let help = format!("a number multiplies a term: `{text} * rl(adv = traj)`");
                self.errors.at(number.at, message, help);
                Node::Error
            }
            Expr::Tuple(..) => {
                self.mark_used(expr);
                let message = "expected a loss term, found a list";
                self.errors.at(expr.span(), message, "terms are joined with `+`");
                Node::Error
            }
        }
    }

    fn weighted(&mut self, weight: Scalar, sign: Sign, expr: &Expr) -> Node {
        let outside = (self.off, self.sign);
        self.off |= weight.constant == Some(0.0);
        self.sign = sign;
        let term = self.loss(expr);
        (self.off, self.sign) = outside;
        Node::new(types::WEIGHTED, vec![weight.node, term], expr.at())
    }

    fn product_of_loss(&mut self, factors: &[Expr]) -> Node {
        let users = || factors.iter().rposition(|factor| matches!(factor, Expr::User(..)));
        let multiplied = |factor: &Expr| !matches!(factor, Expr::Inverse(..)) && is_loss(factor);
        let term = factors.iter().rposition(multiplied).or_else(users);
        let term = term.unwrap_or(factors.len() - 1);
        let (mut weight, mut sign): (Option<Scalar>, Sign) = (None, self.sign);
        for (_, expr) in factors.iter().enumerate().filter(|(index, _)| *index != term) {
            let (divides, expr) = match expr {
                Expr::Inverse(_, divisor) => (true, &**divisor),
                factor => (false, factor),
            };
            let factor = if divides && is_loss(expr) {
                self.divides(expr);
                Scalar { node: Node::Error, constant: None }
            } else if is_loss(expr) {
                self.mark_used(expr);
                self.errors.at(
                    expr.span(),
                    "two loss terms cannot be multiplied",
                    "terms are joined with `+`; what multiplies one is a number",
                );
                Scalar { node: Node::Error, constant: None }
            } else {
                self.scalar(expr, "the weight of a term")
            };
            sign = self.sign(sign, expr, &factor);
            weight = Some(match (weight, divides) {
                (None, false) => factor,
                (Some(weight), false) => weight.times(factor, expr.at()),
                (weight, true) => {
                    let weight = weight.unwrap_or_else(|| number(1.0, expr.at()));
                    self.quotient(weight, factor, expr)
                }
            });
        }
        match weight {
            Some(weight) => self.weighted(weight, sign, &factors[term]),
            None => self.loss(&factors[term]),
        }
    }

    /// A loss term that stands where a divisor does.
    fn divides(&mut self, term: &Expr) {
        self.mark_used(term);
        let message = "nothing is divided by a loss term";
        self.errors.at(term.span(), message, "a number divides a term: `rl(adv = traj) / 2`");
    }

    fn term(&mut self, name: &Name, expr: &Expr) -> Node {
        let Some(row) = catalogue::find(&name.text) else {
            self.mark_used(expr);
            self.not_a_term(name, expr);
            return Node::Error;
        };
        let args: &[_] = if let Expr::Call(_, args) = expr { args } else { &[] };
        if row.sort == Sort::Loss {
            return self.loss_row(row, name.at, args);
        }
        self.value(expr);
        let help = match row.sort {
            Sort::Signal => format!("put it in a policy term: `rl(adv = {})`", call(row)),
            _ => "a number multiplies a term: `w * rl(adv = traj)`".to_owned(),
        };
        let message = format!("expected a loss term, found `{}`, which is {}", row.name, row.sort.describe());
        self.errors.at(name.at, message, help);
        Node::Error
    }

    fn not_a_term(&mut self, name: &Name, expr: &Expr) {
        let known = &name.text;
        if matches!(expr, Expr::Call(..)) || !self.is_declared(name) {
            self.unknown(name, Sort::Loss, None);
        } else if self.named.iter().any(|named| named.name.text == *known) {
            self.errors.at(
                name.at,
                format!("expected a loss term, found `{known}`, a name given after `where`"),
                format!("put it in a policy term: `rl(adv = {known})`"),
            );
        } else {
            self.errors.at(
                name.at,
                format!("expected a loss term, found hyper-parameter `{known}`"),
                format!("a hyper-parameter multiplies: `{known} * rl(adv = traj)`"),
            );
        }
    }
}

fn is_loss(expr: &Expr) -> bool {
    match expr {
        Expr::Name(name) | Expr::Call(name, _) => {
            catalogue::find(&name.text).is_some_and(|row| row.sort == Sort::Loss)
        }
        Expr::Sum(parts) => parts.iter().any(|part| is_loss(&part.expr)),
        Expr::Product(parts) => parts.iter().any(is_loss),
        Expr::Neg(_, inner) | Expr::Inverse(_, inner) => is_loss(inner),
        Expr::User(..) | Expr::Number(_) | Expr::Tuple(..) => false,
    }
}

pub fn number(value: f64, at: Place) -> Scalar {
    Scalar { node: Node::Number { value, at }, constant: Some(value) }
}

pub fn minus_one(at: Place) -> Scalar {
    number(-1.0, at)
}
