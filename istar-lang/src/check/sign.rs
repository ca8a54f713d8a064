//! The sign of what multiplies a term: negative ones are rarely meant, and `-1 *` says that they are.

use super::{Check, Scalar};
use crate::ast::Expr;
use crate::catalogue::{Row, Takes, call};
use crate::check::slot::{Given, Slot};
use crate::ir::Node;
use crate::report::{Diagnostic, Warning};
use crate::token::{Place, Span};

/// The sign of all that stands before a term.
#[derive(Clone, Copy, Default)]
pub struct Sign {
    negative: bool,
    /// `-1` is among the factors.
    meant: bool,
    /// Where the last other negative factor stands.
    at: Option<Span>,
}

impl Sign {
    /// With a negative factor that stands here.
    pub fn flipped(self, at: impl Into<Span>) -> Sign {
        Sign { negative: !self.negative, at: Some(at.into()), ..self }
    }
}

impl Check<'_> {
    /// With one more factor.
    pub fn sign(&self, before: Sign, expr: &Expr, factor: &Scalar) -> Sign {
        match expr {
            Expr::Number(number) if number.value == -1.0 => {
                Sign { negative: !before.negative, meant: true, ..before }
            }
            _ => self.negative(factor, expr.span()).map_or(before, |at| before.flipped(at)),
        }
    }

    /// Where the minus of a literal stands, or of the default of a hyper-parameter.
    fn negative(&self, scalar: &Scalar, at: Span) -> Option<Span> {
        let (value, at) = self.known(scalar, at)?;
        (value < 0.0).then_some(at)
    }

    /// The number, and where it is written, if literals or the default of one hyper-parameter say what it is.
    pub fn known(&self, scalar: &Scalar, at: Span) -> Option<(f64, Span)> {
        if let Some(value) = scalar.constant {
            return Some((value, at));
        }
        let Node::Hyper { index, .. } = scalar.node else { return None };
        let default = self.params.get(index)?.default.as_ref()?;
        Some((default.value, default.at.into()))
    }

    /// A warning where a term runs backwards and nobody says so.
    pub fn backwards(&mut self, row: &Row, term: Place, slots: &[Slot]) {
        let coefficients =
            row.args.iter().zip(slots).filter_map(|(arg, slot)| match (&arg.takes, &slot.given) {
                (Takes::Coefficient(_), Given::Scalar(scalar)) => self.negative(scalar, slot.at),
                _ => None,
            });
        let sign = coefficients.fold(self.sign, Sign::flipped);
        if !sign.negative || sign.meant {
            return;
        }
        let message = format!("with a negative weight `{}` {}", row.name, row.backwards);
        let help = format!("make it positive; if it is meant, write the sign out: `-1 * {}`", call(row));
        let diagnostic = Diagnostic::new(sign.at.unwrap_or(term.into()), message).help(help);
        self.warnings.push(Warning { name: "negative_weight", diagnostic });
    }
}
