//! What was written, with places; no meaning yet.

use crate::report::Diagnostic;
use crate::token::{Place, Span};
use std::ops::Range;
use std::sync::Arc;

/// The input of `objective!`, or a line of text.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// `pub Name<a = 1.0, b> = body`
    Item(Box<Item>),
    /// `< body >`: a type and a value at once.
    Quote(Body),
    /// `body`: a value whose free names are captured from the scope.
    Capture(Body),
}

/// A declared objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// `#[..]`, documentation included.
    pub attrs: Vec<Attribute>,
    /// `pub`, or no tokens.
    pub vis: Range<usize>,
    /// Its name.
    pub name: Name,
    /// Its hyper-parameters.
    pub params: Vec<Param>,
    /// Kept apart, so that a slip in the body still leaves an item of this name.
    pub body: Result<Body, Diagnostic>,
}

/// `#[name ..]`, which is Rust's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its name, if that is one word.
    pub name: Option<String>,
}

/// A name as it is written somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Without `r#`.
    pub text: String,
    /// It is written `r#name`.
    pub raw: bool,
    /// Where.
    pub at: Place,
}

/// A hyper-parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its value where none is given.
    pub default: Option<Number>,
}

/// `expr where name = expr, ..`
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The sum of loss terms.
    pub expr: Expr,
    /// What it names, in order.
    pub named: Vec<Named>,
}

/// `name = expr` after `where`.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub value: Expr,
}

/// A literal with its sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// Its digits as they are written.
    pub text: String,
    /// Its first token.
    pub at: Place,
}

/// An expression. Sums and products are flat lists: their length costs no stack.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A name alone.
    Name(Name),
    /// A number.
    Number(Number),
    /// `name(..)`
    Call(Name, Vec<Arg>),
    /// A Rust type in scope, with its arguments if it has any.
    User(Arc<Path>, Vec<Arg>),
    /// `a + b - c`
    Sum(Vec<Part>),
    /// `a * b / c`: a divisor is an [`Expr::Inverse`], which is never the first.
    Product(Vec<Expr>),
    /// `/ b` in a product, and where the stroke stands.
    Inverse(Place, Box<Expr>),
    /// `-a`, and where the sign stands.
    Neg(Place, Box<Expr>),
    /// `(a, b)`, and where it begins.
    Tuple(Place, Vec<Expr>),
}

/// A Rust path: a capitalised name, or one with `::`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// It begins with `::`.
    pub global: bool,
    /// Its names; there is at least one.
    pub names: Vec<Name>,
    /// All of it.
    pub tokens: Range<usize>,
}

/// A part of a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// `-` stands before it.
    pub minus: bool,
    /// What is added or taken away.
    pub expr: Expr,
}

/// What is written between parentheses.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The name before `=`.
    pub key: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// The input of `ablations!`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// `#[..]`, documentation included.
    pub attrs: Vec<Attribute>,
    /// `pub`, or no tokens.
    pub vis: Range<usize>,
    /// Its name.
    pub name: Name,
    /// Its rows.
    pub rows: Result<Vec<TableRow>, Vec<Diagnostic>>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Its name.
    pub name: String,
    /// Where that stands.
    pub at: Place,
    /// What it names.
    pub objective: RowObjective,
}

/// What a row of a table names.
#[derive(Clone, Debug, PartialEq)]
pub enum RowObjective {
    /// A named objective at its defaults.
    Path(Path),
    /// `Name { beta: 0.1, ..Default::default() }`, handed on as written: the braces are these tokens.
    Struct(Path, Range<usize>),
    /// The text of an objective without free names.
    Inline(Body),
}

impl Path {
    /// The name at its end.
    pub fn last(&self) -> Place {
        self.names.last().map_or(Place::END, |name| name.at)
    }

    /// What `Type::function` belongs to, if it is written like one.
    pub fn owner(&self) -> Option<Path> {
        let (last, names) = self.names.split_last()?;
        let function = last.text.starts_with(char::is_lowercase) && !names.is_empty();
        function.then(|| Path { names: names.to_vec(), ..self.clone() })
    }

    /// Its first and its last name.
    pub fn span(&self) -> Span {
        Span { first: self.names.first().map_or(Place::END, |name| name.at), last: self.last() }
    }
}

impl Expr {
    /// First and last token.
    pub fn span(&self) -> Span {
        match self {
            Expr::Name(name) => name.at.into(),
            Expr::Number(number) => number.at.into(),
            Expr::Call(name, args) => Span { first: name.at, last: last(args, name.at) },
            Expr::User(path, args) => Span { first: path.span().first, last: last(args, path.last()) },
            Expr::Sum(parts) => join(parts.first().map(|p| &p.expr), parts.last().map(|p| &p.expr)),
            Expr::Product(factors) => join(factors.first(), factors.last()),
            Expr::Neg(mark, inner) | Expr::Inverse(mark, inner) => {
                Span { first: *mark, last: inner.span().last }
            }
            Expr::Tuple(open, parts) => {
                Span { first: *open, last: parts.last().map_or(*open, |p| p.span().last) }
            }
        }
    }

    /// First token.
    pub fn at(&self) -> Place {
        self.span().first
    }
}

fn last(args: &[Arg], otherwise: Place) -> Place {
    args.last().map_or(otherwise, |arg| arg.value.span().last)
}

fn join(first: Option<&Expr>, last: Option<&Expr>) -> Span {
    Span {
        first: first.map_or(Place::END, |expr| expr.span().first),
        last: last.map_or(Place::END, |expr| expr.span().last),
    }
}
