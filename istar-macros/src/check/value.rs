//! Signals and numbers, and arithmetic between them.

use super::loss::minus_one;
use super::names::{list, text};
use super::{Check, Scalar, Signal, Value};
use crate::ast::{Arg, Expr, Part};
use crate::ir::{Node, Role};
use istar_lang::catalogue::{self, REFERENCES, Sort, weights};
use istar_lang::nearest;
use istar_lang::{KindId, LevelId};
use proc_macro2::Span;
use syn::Ident;

/// Sums up to this length are computed from left to right, as written.
const LONG: usize = 16;

impl Check<'_> {
    /// A signal or a number.
    pub fn value(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Number(number) => Value::Scalar(Scalar {
                node: Node::Number { value: number.value, span: number.span },
                constant: Some(number.value),
            }),
            Expr::Name(name) => self.named_value(name),
            Expr::Call(name, args) => self.called_value(name, args),
            Expr::User(path, args) => {
                self.user = true;
                let args = self.user_args(args);
                let node = Node::User { path: path.clone(), args, role: Some(Role::Signal) };
                Value::Signal(Signal { node, level: None, kind: None })
            }
            Expr::Sum(parts) => self.sum(parts),
            Expr::Product(factors) => {
                let mut product: Option<Value> = None;
                for factor in factors {
                    let value = self.value(factor);
                    product = Some(match product {
                        None => value,
                        Some(before) => self.times(before, value, factor),
                    });
                }
                product.unwrap_or(Value::Signal(Signal::error()))
            }
            Expr::Neg(minus, inner) => match self.value(inner) {
                Value::Scalar(Scalar { node: Node::Number { value, .. }, .. }) => Value::Scalar(Scalar {
                    node: Node::Number { value: -value, span: *minus },
                    constant: Some(-value),
                }),
                other => self.times(Value::Scalar(minus_one(*minus)), other, inner),
            },
            Expr::Tuple(..) => {
                self.mark_used(expr);
                self.errors.over(expr.ends(), "expected a signal or a number, found a list");
                Value::Signal(Signal::error())
            }
        }
    }

    /// A signal; a bare number is none.
    pub fn signal(&mut self, expr: &Expr) -> Signal {
        match self.value(expr) {
            Value::Signal(signal) => signal,
            Value::Scalar(_) => {
                let found = match expr {
                    Expr::Number(number) => format!("the number `{}`", number.text),
                    Expr::Name(name) => format!("hyper-parameter `{}`", text(name)),
                    _ => "a number".to_owned(),
                };
                let help = match expr {
                    Expr::Name(name) => format!("a hyper-parameter multiplies: `{} * traj`", text(name)),
                    _ => "a number multiplies: `0.5 * traj`".to_owned(),
                };
                self.errors.over(expr.ends(), format!("expected a signal, found {found}\nhelp: {help}"));
                Signal::error()
            }
        }
    }

    /// A number known before the batch is.
    pub fn scalar(&mut self, expr: &Expr, what: &str) -> Scalar {
        if let Expr::Name(name) = expr
            && !self.is_declared(name)
            && catalogue::find(&text(name)).is_none()
            && !self.open
        {
            self.unknown(name, Sort::Scalar, false);
            return Scalar { node: Node::Error, constant: None };
        }
        match self.value(expr) {
            Value::Scalar(scalar) => scalar,
            Value::Signal(signal) => {
                if !matches!(signal.node, Node::Error) {
                    let message = format!(
                        "expected a number for {what}, found a signal\nhelp: a number is a literal, a hyper-parameter or `anneal(x, over = n)`"
                    );
                    self.errors.over(expr.ends(), message);
                }
                Scalar { node: Node::Error, constant: None }
            }
        }
    }

    /// What is handed to a type of the user's: numbers, signals, types.
    pub fn user_args(&mut self, args: &[Arg]) -> Vec<Node> {
        let node = |check: &mut Self, arg: &Arg| {
            if let Some(key) = &arg.key {
                let message =
                    "a type of your own takes its arguments by position\nhelp: leave out the name and `=`";
                check.errors.at(key.span(), message);
            }
            match &arg.value {
                Expr::User(path, args) => {
                    let args = check.user_args(args);
                    Node::User { path: path.clone(), args, role: None }
                }
                other => match check.value(other) {
                    Value::Scalar(scalar) => scalar.node,
                    Value::Signal(signal) => signal.node,
                },
            }
        };
        args.iter().map(|arg| node(self, arg)).collect()
    }

    fn named_value(&mut self, name: &Ident) -> Value {
        if let Some(value) = self.declared(name) {
            let node = match &value {
                Value::Scalar(scalar) => &scalar.node,
                Value::Signal(signal) => &signal.node,
            };
            return if self.grown(name.span(), node) { Value::Signal(Signal::error()) } else { value };
        }
        self.called_value_or(name, &[], |check| {
            let signals =
                catalogue::CATALOGUE.iter().filter(|row| row.sort == Sort::Signal).map(|row| row.name);
            // In an open form a slip would silently become a hyper-parameter.
            if check.open
                && !matches!(text(name).as_str(), "true" | "false")
                && nearest(&text(name), signals).is_none()
            {
                return check.capture(name);
            }
            check.not_a_value(name, false);
            Value::Signal(Signal::error())
        })
    }

    fn called_value(&mut self, name: &Ident, args: &[Arg]) -> Value {
        self.called_value_or(name, args, |check| {
            check.mark_args(args);
            check.not_a_value(name, true);
            Value::Signal(Signal::error())
        })
    }

    fn called_value_or(
        &mut self,
        name: &Ident,
        args: &[Arg],
        unknown: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let Some(row) = catalogue::find(&text(name)) else { return unknown(self) };
        match row.sort {
            Sort::Signal => Value::Signal(self.signal_row(row, name.span(), args)),
            Sort::Scalar => Value::Scalar(self.scalar_row(row, name.span(), args)),
            Sort::Loss | Sort::Word => {
                self.mark_args(args);
                let message = format!(
                    "expected a signal, found `{}`, which is {}\nhelp: loss terms are joined with `+` outside of `rl(..)`",
                    row.name,
                    row.sort.describe()
                );
                self.errors.at(name.span(), message);
                Value::Signal(Signal::error())
            }
        }
    }

    fn not_a_value(&mut self, name: &Ident, called: bool) {
        let known = text(name);
        if known == "prm" || REFERENCES.iter().any(|row| row.name == known) {
            let message = format!(
                "expected a signal, found `{known}`, which is a reference\nhelp: compare two of them: `log_ratio(prm, init)`"
            );
            self.errors.at(name.span(), message);
        } else if matches!(known.as_str(), "true" | "false") {
            let message = format!(
                "expected a signal or a number, found `{known}`\nhelp: it is the value of an option, `checklist(deps = {known})`; as a number write 1 or 0"
            );
            self.errors.at(name.span(), message);
        } else {
            self.unknown(name, Sort::Signal, called);
        }
    }

    fn sum(&mut self, parts: &[Part]) -> Value {
        // Long differences become one difference of two sums, which can be balanced.
        let long = parts.len() > LONG;
        let (added, taken): (Vec<_>, Vec<_>) = parts.iter().partition(|part| !long || !part.minus);
        if long && !taken.is_empty() {
            let positive = |part: &Part| Part { minus: false, expr: part.expr.clone() };
            let taken = Expr::Sum(taken.into_iter().map(positive).collect());
            let added = Expr::Sum(added.into_iter().cloned().collect());
            let (a, b) = (self.value(&added), self.value(&taken));
            return self.plus(a, b, &Part { minus: true, expr: taken });
        }
        let mut sum: Option<Value> = None;
        for part in parts {
            let value = self.value(&part.expr);
            sum = Some(match sum {
                None => value,
                Some(before) => self.plus(before, value, part),
            });
        }
        sum.unwrap_or(Value::Signal(Signal::error()))
    }

    fn plus(&mut self, a: Value, b: Value, part: &Part) -> Value {
        let (minus, span) = (part.minus, part.expr.ends().0);
        let (a, b) = match (a, b) {
            (Value::Scalar(a), Value::Scalar(b)) => {
                let path = if minus { "scalar::Sub" } else { "scalar::Add" };
                let constant = a.constant.zip(b.constant).map(|(a, b)| if minus { a - b } else { a + b });
                return Value::Scalar(Scalar { node: join(path, !minus, a.node, b.node, span), constant });
            }
            (a, b) => (a.into_signal(), b.into_signal()),
        };
        let level = self.join_levels(a.level, b.level, part.expr.ends());
        let kind = a.kind.zip(b.kind).map(|(a, b)| if minus { a.minus(b) } else { a.sum(b) });
        let path = if minus { "signal::Sub" } else { "signal::Add" };
        Value::Signal(Signal { node: join(path, !minus, a.node, b.node, span), level, kind })
    }

    fn times(&mut self, a: Value, b: Value, at: &Expr) -> Value {
        let span = at.ends().0;
        let (a, b) = match (a, b) {
            (Value::Scalar(a), Value::Scalar(b)) => return Value::Scalar(a.times(b, span)),
            (Value::Scalar(scale), Value::Signal(signal)) | (Value::Signal(signal), Value::Scalar(scale)) => {
                let node = Node::new("signal::Scale", vec![scale.node, signal.node], span);
                return Value::Signal(Signal { node, ..signal });
            }
            (Value::Signal(a), Value::Signal(b)) => (a, b),
        };
        let level = self.join_levels(a.level, b.level, at.ends());
        let kind = match (a.kind, b.kind) {
            (Some(a), Some(b)) => {
                let product = a.product(b);
                if product == KindId::Refused {
                    let message = format!(
                        "a {a:?} cannot be multiplied by a {b:?}: one side of a product is a number or a Weight\nhelp: Weights are {}; signals are joined with `+`",
                        list(&weights())
                    );
                    self.errors.over(at.ends(), message);
                }
                Some(product).filter(|kind| *kind != KindId::Refused)
            }
            (Some(KindId::Weight), kind) | (kind, Some(KindId::Weight)) => kind,
            _ => None,
        };
        Value::Signal(Signal { node: Node::new("signal::Mul", vec![a.node, b.node], span), level, kind })
    }

    pub fn join_levels(
        &mut self,
        a: Option<LevelId>,
        b: Option<LevelId>,
        at: (Span, Span),
    ) -> Option<LevelId> {
        let (a, b) = (a?, b?);
        let joined = a.join(b);
        if joined == LevelId::Mixed {
            let message = "a Token signal cannot be combined with an Item signal\nhelp: aggregate one of them first: `sum(x, per = step)`";
            self.errors.over(at, message);
            return None;
        }
        Some(joined)
    }
}

impl Value {
    /// A number beside signals counts as a Traj signal.
    pub fn into_signal(self) -> Signal {
        match self {
            Value::Signal(signal) => signal,
            Value::Scalar(scalar) => Signal {
                node: Node::new("signal::Constant", vec![scalar.node], Span::call_site()),
                level: Some(LevelId::Traj),
                kind: Some(KindId::Scalar),
            },
        }
    }
}

impl Scalar {
    pub fn times(self, other: Scalar, span: Span) -> Scalar {
        let constant = self.constant.zip(other.constant).map(|(a, b)| a * b);
        Scalar { node: Node::new("scalar::Mul", vec![self.node, other.node], span), constant }
    }
}

/// Sums without `-` stay flat, so that long ones can be balanced.
fn join(path: &'static str, flat: bool, a: Node, b: Node, span: Span) -> Node {
    match a {
        Node::Chain { path: before, mut items } if flat && before == path => {
            items.push(b);
            Node::Chain { path, items }
        }
        a if flat => Node::Chain { path, items: vec![a, b] },
        a => Node::new(path, vec![a, b], span),
    }
}
