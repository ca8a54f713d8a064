//! Signals and numbers, and arithmetic between them.

use super::loss::{minus_one, number};
use super::names::list;
use super::{Check, Scalar, Signal, Value};
use crate::ast::{Arg, Expr, Name, Part};
use crate::catalogue::{self, COLUMNS, REFERENCES, Row, Sort, TRUTHS, types, weights};
use crate::ir::{Node, Role};
use crate::token::{Place, Span};
use crate::{KindId, LevelId, nearest};

/// Sums up to this length are computed from left to right, as written.
const LONG: usize = 16;

impl Check<'_> {
    /// A signal or a number.
    pub fn value(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Number(number) => Value::Scalar(Scalar {
                node: Node::Number { value: number.value, at: number.at },
                constant: Some(number.value),
            }),
            Expr::Name(name) => self.named_value(name),
            Expr::Call(name, args) => self.called_value(name, args),
            Expr::User(path, args) if self.no_type(path, args) => Value::Signal(Signal::error()),
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
                    product = Some(match (product, factor) {
                        (None, factor) => self.value(factor),
                        (Some(before), Expr::Inverse(_, divisor)) => self.over(before, divisor),
                        (Some(before), factor) => {
                            let value = self.value(factor);
                            self.times(before, value, factor)
                        }
                    });
                }
                product.unwrap_or(Value::Signal(Signal::error()))
            }
            Expr::Inverse(at, divisor) => self.over(Value::Scalar(number(1.0, *at)), divisor),
            Expr::Neg(minus, inner) => match self.value(inner) {
                Value::Scalar(Scalar { node: Node::Number { value, .. }, .. }) => Value::Scalar(Scalar {
                    node: Node::Number { value: -value, at: *minus },
                    constant: Some(-value),
                }),
                other => self.times(Value::Scalar(minus_one(*minus)), other, inner),
            },
            Expr::Tuple(..) => {
                self.mark_used(expr);
                self.errors.only(expr.span(), "expected a signal or a number, found a list");
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
                    Expr::Name(name) => format!("hyper-parameter `{}`", name.text),
                    _ => "a number".to_owned(),
                };
                let help = match expr {
                    Expr::Name(name) => format!("a hyper-parameter multiplies: `{} * traj`", name.text),
                    _ => "a number multiplies: `0.5 * traj`".to_owned(),
                };
                self.errors.at(expr.span(), format!("expected a signal, found {found}"), help);
                Signal::error()
            }
        }
    }

    /// A number known before the batch is.
    pub fn scalar(&mut self, expr: &Expr, what: &str) -> Scalar {
        let error = Scalar { node: Node::Error, constant: None };
        if let Expr::Name(name) = expr
            && !self.is_declared(name)
            && catalogue::find(&name.text).is_none()
            && !self.open
        {
            self.unknown(name, Sort::Scalar, None);
            return error;
        }
        match self.value(expr) {
            Value::Scalar(scalar) => scalar,
            Value::Signal(signal) => {
                if !matches!(signal.node, Node::Error) {
                    self.errors.at(
                        expr.span(),
                        format!("expected a number for {what}, found a signal"),
                        "a number is a literal, a hyper-parameter or `anneal(x, over = n)`",
                    );
                }
                error
            }
        }
    }

    /// What is handed to a type of the user's: numbers, signals, types.
    pub fn user_args(&mut self, args: &[Arg]) -> Vec<Node> {
        let node = |check: &mut Self, arg: &Arg| {
            if let Some(key) = &arg.key {
                let message = "a type of your own takes its arguments by position";
                check.errors.at(key.at, message, "leave out the name and `=`");
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

    fn named_value(&mut self, name: &Name) -> Value {
        if let Some(value) = self.declared(name) {
            let node = match &value {
                Value::Scalar(scalar) => &scalar.node,
                Value::Signal(signal) => &signal.node,
            };
            return if self.grown(name.at, node) { Value::Signal(Signal::error()) } else { value };
        }
        self.called_value_or(name, &[], |check| {
            // In an open form a slip would silently become a hyper-parameter.
            let slip = || nearest(&name.text, catalogue::names(Sort::Signal)).is_some();
            if check.open && !is_one_of(TRUTHS, name) && !slip() {
                return check.capture(name);
            }
            check.not_a_value(name, None);
            Value::Signal(Signal::error())
        })
    }

    fn called_value(&mut self, name: &Name, args: &[Arg]) -> Value {
        if let (Some((short, column)), [Arg { key: None, value }]) =
            (COLUMNS.iter().find(|(short, _)| *short == name.text), args)
        {
            return self.short_column(short, column, value, name.at);
        }
        self.called_value_or(name, args, |check| {
            check.mark_args(args);
            check.not_a_value(name, Some(args));
            Value::Signal(Signal::error())
        })
    }

    fn called_value_or(
        &mut self,
        name: &Name,
        args: &[Arg],
        unknown: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let Some(row) = catalogue::find_value(&name.text) else { return unknown(self) };
        match row.sort {
            Sort::Signal => Value::Signal(self.signal_row(row, name.at, args)),
            Sort::Scalar => Value::Scalar(self.scalar_row(row, name.at, args)),
            Sort::Loss | Sort::Word => {
                self.mark_args(args);
                let sort = row.sort.describe();
                self.errors.at(
                    name.at,
                    format!("expected a signal, found `{}`, which is {sort}", row.name),
                    "loss terms are joined with `+` outside of `rl(..)`",
                );
                Value::Signal(Signal::error())
            }
        }
    }

    /// `reward(format)`, which is `column(format, step, reward)`.
    fn short_column(&mut self, short: &str, column: &[&str], called: &Expr, at: Place) -> Value {
        if !matches!(called, Expr::Name(_)) {
            self.mark_used(called);
            let message = format!("`{short}` takes the name of a column");
            self.errors.at(called.span(), message, format!("write `{short}`, or `{short}(format)`"));
            return Value::Signal(Signal::error());
        }
        let word = |text: &str| Name { text: text.to_owned(), raw: false, at };
        let spoken = column[1..].iter().map(|text| Expr::Name(word(text)));
        let args = std::iter::once(called.clone()).chain(spoken).map(|value| Arg { key: None, value });
        self.called_value(&word(column[0]), &args.collect::<Vec<_>>())
    }

    fn not_a_value(&mut self, name: &Name, args: Option<&[Arg]>) {
        let known = &name.text;
        if is_one_of(REFERENCES, name) {
            self.errors.at(
                name.at,
                format!("expected a signal, found `{known}`, which is a reference"),
                "compare two of them: `log_ratio(prm, init)`",
            );
        } else if is_one_of(TRUTHS, name) {
            self.errors.at(
                name.at,
                format!("expected a signal or a number, found `{known}`"),
                format!(
                    "it is the value of an option, `checklist(deps = {known})`; as a number write 1 or 0"
                ),
            );
        } else {
            self.unknown(name, Sort::Signal, args);
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
        let (minus, at) = (part.minus, part.expr.at());
        let (a, b) = match (a, b) {
            (Value::Scalar(a), Value::Scalar(b)) => {
                let path = if minus { types::SUB_NUMBERS } else { types::ADD_NUMBERS };
                let constant = a.constant.zip(b.constant).map(|(a, b)| if minus { a - b } else { a + b });
                return Value::Scalar(Scalar { node: join(path, !minus, a.node, b.node, at), constant });
            }
            (a, b) => (a.into_signal(), b.into_signal()),
        };
        let level = self.join_levels(a.level, b.level, part.expr.span());
        let kind = a.kind.zip(b.kind).map(|(a, b)| if minus { a.minus(b) } else { a.sum(b) });
        let path = if minus { types::SUB } else { types::ADD };
        Value::Signal(Signal { node: join(path, !minus, a.node, b.node, at), level, kind })
    }

    fn times(&mut self, a: Value, b: Value, expr: &Expr) -> Value {
        let (at, span) = (expr.at(), expr.span());
        let (a, b) = match (a, b) {
            (Value::Scalar(a), Value::Scalar(b)) => return Value::Scalar(a.times(b, at)),
            (Value::Scalar(scale), Value::Signal(signal)) | (Value::Signal(signal), Value::Scalar(scale)) => {
                let node = Node::new(types::SCALE, vec![scale.node, signal.node], at);
                return Value::Signal(Signal { node, ..signal });
            }
            (Value::Signal(a), Value::Signal(b)) => (a, b),
        };
        let level = self.join_levels(a.level, b.level, span);
        let kind = match (a.kind, b.kind) {
            (Some(a), Some(b)) => match a.product(b) {
                KindId::Refused => {
                    self.errors.at(
                        span,
                        format!(
                            "a {a:?} cannot be multiplied by a {b:?}: one side of a product is a number, a Weight or a Factor"
                        ),
                        format!("Weights are {}; signals are joined with `+`", list(&weights())),
                    );
                    None
                }
                kind => Some(kind),
            },
            (Some(KindId::Weight | KindId::Factor), kind) | (kind, Some(KindId::Weight | KindId::Factor)) => {
                kind
            }
            _ => None,
        };
        Value::Signal(Signal { node: Node::new(types::MUL, vec![a.node, b.node], at), level, kind })
    }

    /// `a / b`, b as it is written.
    fn over(&mut self, a: Value, divisor: &Expr) -> Value {
        let (a, b) = match (a, self.value(divisor)) {
            (Value::Scalar(a), Value::Scalar(b)) => return Value::Scalar(self.quotient(a, b, divisor)),
            (a, Value::Scalar(b)) => (a.into_signal(), Value::Scalar(self.divisor(b, divisor)).into_signal()),
            (a, b) => (a.into_signal(), b.into_signal()),
        };
        let level = self.join_levels(a.level, b.level, divisor.span());
        let kind = a.kind.zip(b.kind).map(|(a, b)| a.over(b));
        let inverse = b.kind.map(KindId::inverse);
        if inverse == Some(KindId::Refused) {
            let found = b.kind.map_or("this".to_owned(), KindId::describe);
            self.errors.at(
                divisor.span(),
                format!("nothing is divided by {found}: a divisor is a number, a Weight or a Factor"),
                "`norm(x)` is over the deviation of its pool, `norm(x, scale = mean)` over the mean",
            );
        }
        let kind = kind.filter(|kind| *kind != KindId::Refused);
        let node = Node::new(types::DIV, vec![a.node, b.node], divisor.at());
        Value::Signal(Signal { node, level, kind })
    }

    /// `a / b` of two numbers.
    pub fn quotient(&mut self, a: Scalar, b: Scalar, written: &Expr) -> Scalar {
        let b = self.divisor(b, written);
        let constant = a.constant.zip(b.constant).map(|(a, b)| a / b);
        Scalar { node: Node::new(types::DIV_NUMBERS, vec![a.node, b.node], written.at()), constant }
    }

    /// A number by which something is divided.
    fn divisor(&mut self, number: Scalar, written: &Expr) -> Scalar {
        if number.constant != Some(0.0) {
            return number;
        }
        self.errors.only(written.span(), "nothing is divided by 0");
        Scalar { node: Node::Error, constant: None }
    }

    pub fn join_levels(&mut self, a: Option<LevelId>, b: Option<LevelId>, at: Span) -> Option<LevelId> {
        match a?.join(b?) {
            LevelId::Mixed => {
                self.errors.at(
                    at,
                    "a Token signal cannot be combined with an Item signal",
                    "aggregate one of them first: `sum(x, per = step)`",
                );
                None
            }
            level => Some(level),
        }
    }
}

fn is_one_of(words: &[Row], name: &Name) -> bool {
    words.iter().any(|word| word.name == name.text)
}

impl Value {
    /// A number beside signals counts as a Traj signal.
    pub fn into_signal(self) -> Signal {
        match self {
            Value::Signal(signal) => signal,
            Value::Scalar(scalar) => Signal {
                node: Node::new(types::CONSTANT, vec![scalar.node], Place::END),
                level: Some(LevelId::Traj),
                kind: Some(KindId::Scalar),
            },
        }
    }
}

impl Scalar {
    pub fn times(self, other: Scalar, at: Place) -> Scalar {
        let constant = self.constant.zip(other.constant).map(|(a, b)| a * b);
        Scalar { node: Node::new(types::MUL_NUMBERS, vec![self.node, other.node], at), constant }
    }
}

/// Sums without `-` stay flat, so that long ones can be balanced.
fn join(path: &'static str, flat: bool, a: Node, b: Node, at: Place) -> Node {
    match a {
        Node::Chain { path: before, mut items } if flat && before == path => {
            items.push(b);
            Node::Chain { path, items }
        }
        a if flat => Node::Chain { path, items: vec![a, b] },
        a => Node::new(path, vec![a, b], at),
    }
}
