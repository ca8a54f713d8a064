//! What was written, with spans; no meaning yet.

use proc_macro2::{Span, TokenStream};
use std::rc::Rc;
use syn::{Attribute, Ident, LitStr, Path, Visibility};

/// The input of `objective!`.
pub enum Input {
    /// `pub Name<a = 1.0, b> = body`
    Item(Box<Item>),
    /// `< body >`: a type and a value at once.
    Quote(Body),
    /// `body`: a value whose free names are captured from the scope.
    Capture(Body),
}

pub struct Item {
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub params: Vec<Param>,
    /// Kept apart, so that a slip in the body still leaves an item of this name.
    pub body: syn::Result<Body>,
}

pub struct Param {
    pub name: Ident,
    pub default: Option<Number>,
}

/// `expr where name = expr, ..`
#[derive(Clone)]
pub struct Body {
    pub expr: Expr,
    pub named: Vec<Named>,
}

#[derive(Clone)]
pub struct Named {
    pub name: Ident,
    pub value: Expr,
}

/// A literal with its sign.
#[derive(Clone)]
pub struct Number {
    pub value: f64,
    pub text: String,
    pub span: Span,
}

/// Sums and products are flat lists: their length costs no stack.
#[derive(Clone)]
pub enum Expr {
    Name(Ident),
    Number(Number),
    Call(Ident, Vec<Arg>),
    /// A Rust type in scope, with its arguments if it has any.
    User(Rc<Path>, Vec<Arg>),
    Sum(Vec<Part>),
    Product(Vec<Expr>),
    Neg(Span, Box<Expr>),
    /// `(a, b)`
    Tuple(Span, Vec<Expr>),
}

#[derive(Clone)]
pub struct Part {
    pub minus: bool,
    pub expr: Expr,
}

#[derive(Clone)]
pub struct Arg {
    pub key: Option<Ident>,
    pub value: Expr,
}

/// The input of `ablations!`.
pub struct Table {
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub rows: syn::Result<Vec<TableRow>>,
}

pub struct TableRow {
    pub name: LitStr,
    pub objective: RowObjective,
}

pub enum RowObjective {
    /// A named objective at its defaults.
    Path(Path),
    /// `Name { beta: 0.1, ..Default::default() }`, handed on as written.
    Struct(Path, TokenStream),
    /// The text of an objective without free names.
    Inline(Body),
}

impl Expr {
    /// First and last token.
    pub fn ends(&self) -> (Span, Span) {
        match self {
            Expr::Name(name) => (name.span(), name.span()),
            Expr::Number(number) => (number.span, number.span),
            Expr::Call(name, args) => (name.span(), last(args, name.span())),
            Expr::User(path, args) => {
                let first = path.segments.first().map_or_else(Span::call_site, |s| s.ident.span());
                let end = path.segments.last().map_or(first, |s| s.ident.span());
                (first, last(args, end))
            }
            Expr::Sum(parts) => join(parts.first().map(|p| &p.expr), parts.last().map(|p| &p.expr)),
            Expr::Product(factors) => join(factors.first(), factors.last()),
            Expr::Neg(minus, inner) => (*minus, inner.ends().1),
            Expr::Tuple(open, parts) => (*open, parts.last().map_or(*open, |p| p.ends().1)),
        }
    }
}

fn last(args: &[Arg], otherwise: Span) -> Span {
    args.last().map_or(otherwise, |arg| arg.value.ends().1)
}

fn join(first: Option<&Expr>, last: Option<&Expr>) -> (Span, Span) {
    let ends = |expr: Option<&Expr>| expr.map_or_else(|| (Span::call_site(), Span::call_site()), Expr::ends);
    (ends(first).0, ends(last).1)
}
