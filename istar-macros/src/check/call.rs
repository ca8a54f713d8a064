//! What is written between the parentheses of a name, put into the order of its row.

use super::names::{list, text};
use super::{Check, Scalar, Signal};
use crate::ast::{Arg, Expr, Number};
use crate::ir::{self, Node};
use istar_lang::catalogue::{self, Fill, LevelRule, Prm, Row, Takes, call, signature, words};
use istar_lang::{LevelId, Range, nearest};
use proc_macro2::Span;
use syn::Ident;

/// One argument after checking.
#[derive(Clone)]
pub struct Slot {
    pub given: Given,
    /// Where it is written; the name of the row where it is not.
    pub at: (Span, Span),
}

#[derive(Clone)]
pub enum Given {
    Scalar(Scalar),
    Signal(Signal),
    Word(&'static Row, Vec<Slot>),
    Level(LevelId),
    /// A head of the critic, by position.
    Head(usize),
    /// All heads of the critic.
    Heads,
    /// Left out.
    Type(&'static str),
    Error,
}

impl Check<'_> {
    pub fn loss_row(&mut self, row: &'static Row, span: Span, args: &[Arg]) -> Node {
        let slots = self.arguments(row, span, args);
        self.loss_rules(row, span, &slots);
        Node::new(row.ty, nodes(&slots, span), span)
    }

    pub fn signal_row(&mut self, row: &'static Row, span: Span, args: &[Arg]) -> Signal {
        if matches!(row.prm, Prm::Scaled | Prm::ReadsExplicit) {
            self.readers.push((span, row));
        }
        let slots = self.arguments(row, span, args);
        if let LevelRule::Critic = row.level {
            return self.estimate_of_head(span, &slots);
        }
        let (level, kind) = self.signal_rules(row, &slots);
        let mut types = match row.prm {
            Prm::Scaled => vec![Node::Prm(ir::Prm::Beta), Node::Prm(ir::Prm::Reference)],
            _ => Vec::new(),
        };
        types.extend(nodes(&slots, span));
        let node = Node::new(row.ty, types, span);
        self.target(row, span, &slots, &node);
        Signal { node, level, kind }
    }

    pub fn scalar_row(&mut self, row: &'static Row, span: Span, args: &[Arg]) -> Scalar {
        let slots = self.arguments(row, span, args);
        Scalar { node: Node::new(row.ty, nodes(&slots, span), span), constant: None }
    }

    fn arguments(&mut self, row: &'static Row, span: Span, args: &[Arg]) -> Vec<Slot> {
        let mut slots: Vec<Option<Slot>> = row.args.iter().map(|_| None).collect();
        let (mut unnamed, mut misplaced) = (0, false);
        for arg in args {
            let Some(index) = self.place_of(row, arg, &mut unnamed) else {
                self.mark_used(&arg.value);
                misplaced = true;
                continue;
            };
            if slots[index].is_some() {
                let span = arg.key.as_ref().map_or(arg.value.ends().0, Ident::span);
                self.errors.at(
                    span,
                    format!(
                        "`{}` of `{}` is given twice\nhelp: keep one of them",
                        row.args[index].name, row.name
                    ),
                );
                self.mark_used(&arg.value);
                continue;
            }
            let given = self.given(row, &row.args[index], &arg.value);
            slots[index] = Some(Slot { given, at: arg.value.ends() });
        }
        let mut filled: Vec<Slot> = Vec::with_capacity(slots.len());
        for (slot, arg) in slots.into_iter().zip(row.args) {
            let given = match (slot, arg.default) {
                (Some(slot), _) => {
                    filled.push(slot);
                    continue;
                }
                (None, Fill::Text(text)) => {
                    let outer = self.left_out.replace(row.name);
                    let given = self.given(row, arg, &default(text, span));
                    self.left_out = outer;
                    given
                }
                (None, Fill::Same) => filled.last().map_or(Given::Error, |slot| slot.given.clone()),
                // What is not there may be what was just found misplaced.
                (None, Fill::Type(_) | Fill::Needed) if misplaced => Given::Error,
                (None, Fill::Type(path)) => Given::Type(path),
                (None, Fill::Needed) => {
                    let message = format!("`{}` needs `{}`\nhelp: write `{}`", row.name, arg.name, call(row));
                    self.errors.at(span, message);
                    Given::Error
                }
            };
            filled.push(Slot { given, at: (span, span) });
        }
        filled
    }

    /// Which argument this is; counts the unnamed ones.
    fn place_of(&mut self, row: &'static Row, arg: &Arg, unnamed: &mut usize) -> Option<usize> {
        let Some(key) = &arg.key else {
            let index = *unnamed;
            *unnamed += 1;
            if row.args.get(index).is_some_and(|arg| arg.positional) {
                return Some(index);
            }
            let message = match (row.args, row.args.get(index)) {
                ([], _) => format!("`{}` takes no arguments\nhelp: write `{0}`", row.name),
                (_, Some(next)) => format!(
                    "the options of `{}` are written with their names\nhelp: `{} = ..`, as in `{}`",
                    row.name,
                    next.name,
                    signature(row)
                ),
                (_, None) => {
                    format!("too many arguments for `{}`\nhelp: write `{}`", row.name, signature(row))
                }
            };
            self.errors.over(arg.value.ends(), message);
            return None;
        };
        let name = text(key);
        if let Some(index) = row.arg(&name) {
            return Some(index);
        }
        let help = match nearest(&name, row.args.iter().map(|arg| arg.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if row.args.is_empty() => format!("write `{}`", row.name),
            None => format!("it is written `{}`", signature(row)),
        };
        self.errors.at(key.span(), format!("`{}` has no option `{name}`\nhelp: {help}", row.name));
        None
    }

    fn given(&mut self, row: &'static Row, arg: &'static catalogue::Arg, expr: &Expr) -> Given {
        match &arg.takes {
            Takes::Scalar(range) => {
                let scalar = self.scalar(expr, &format!("`{}`", arg.name));
                self.range(row, arg.name, *range, &scalar, expr.ends());
                Given::Scalar(scalar)
            }
            Takes::Coefficient => {
                let scalar = self.scalar(expr, &format!("`{}`", arg.name));
                self.range(row, arg.name, Range::NonNegative, &scalar, expr.ends());
                if scalar.constant == Some(0.0) {
                    self.reaches_nothing(row.name, expr.ends());
                }
                Given::Scalar(scalar)
            }
            Takes::Signal if row.name == "place" => Given::Signal(self.value(expr).into_signal()),
            Takes::Signal => {
                let signal = self.signal(expr);
                self.whole(row, &signal, expr.ends());
                Given::Signal(signal)
            }
            Takes::Weight => {
                let signal = self.signal(expr);
                self.weight(&signal, expr.ends());
                Given::Signal(signal)
            }
            Takes::Estimate => {
                let signal = self.value(expr).into_signal();
                self.estimate(arg.name, &signal, expr.ends());
                self.whole(row, &signal, expr.ends());
                Given::Signal(signal)
            }
            Takes::Head => self.head(expr),
            Takes::Heads => self.heads(expr),
            Takes::Word(rows) => self.word(arg.name, rows, expr),
            Takes::Level(levels) => self.level(arg.name, levels, expr),
        }
    }

    fn level(&mut self, option: &str, levels: &[LevelId], expr: &Expr) -> Given {
        let known: Vec<_> = levels.iter().map(|level| level.name()).collect();
        let found = if let Expr::Name(name) = expr { Some(text(name)) } else { None };
        if let Some(level) = found.as_deref().and_then(LevelId::find).filter(|level| levels.contains(level)) {
            return Given::Level(level);
        }
        self.mark_used(expr);
        let help = match found.as_deref().and_then(|name| nearest(name, known.iter().copied())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("here stands {}", one_of(&known)),
        };
        self.errors.over(expr.ends(), format!("`{option}` takes a level\nhelp: {help}"));
        Given::Error
    }

    fn word(&mut self, option: &'static str, rows: &'static [Row], expr: &Expr) -> Given {
        let literal = |row: &&Row| matches!(expr, Expr::Number(number) if number.text == row.name);
        if let Some(row) = rows.iter().find(literal) {
            return Given::Word(row, Vec::new());
        }
        let bare = rows.iter().find(|row| row.name.is_empty());
        let (name, args): (&Ident, &[Arg]) = match (expr, bare) {
            (Expr::Name(name), _) => (name, &[]),
            (Expr::Call(name, args), _) => (name, args),
            (Expr::Tuple(span, parts), Some(row)) => {
                let args: Vec<_> =
                    parts.iter().map(|value| Arg { key: None, value: value.clone() }).collect();
                return Given::Word(row, self.arguments(row, *span, &args));
            }
            (_, Some(row)) => return self.bare(row, expr),
            (_, None) => {
                self.not_a_word(option, rows, expr, None);
                return Given::Error;
            }
        };
        let known = text(name);
        let named = || rows.iter().filter(|row| row.name == known);
        let Some(first) = named().next() else {
            let slip = nearest(&known, rows.iter().map(|row| row.name)).is_some();
            if let Some(row) =
                bare.filter(|_| self.is_declared(name) || (self.open && !slip) || self.is_scalar(name))
            {
                return self.bare(row, expr);
            }
            self.not_a_word(option, rows, expr, Some(&known));
            return Given::Error;
        };
        // Words of one name differ in the names of their arguments: `snapshot(every = ..)`, `snapshot(kl = ..)`; or in
        // whether they have any: `state`, `state(similar = ..)`.
        let keys = || args.iter().filter_map(|arg| arg.key.as_ref()).map(text);
        let takes = |row: &&Row| args.is_empty() || !row.args.is_empty();
        let fits = |row: &&Row| takes(row) && keys().all(|key| row.arg(&key).is_some());
        let row = named().find(fits).or_else(|| named().find(takes)).unwrap_or(first);
        if row.prm == Prm::Reads {
            self.readers.push((name.span(), row));
        }
        Given::Word(row, self.arguments(row, name.span(), args))
    }

    fn is_scalar(&self, name: &Ident) -> bool {
        catalogue::find(&text(name)).is_some_and(|row| row.sort == catalogue::Sort::Scalar)
    }

    fn bare(&mut self, row: &'static Row, expr: &Expr) -> Given {
        let args = [Arg { key: None, value: expr.clone() }];
        Given::Word(row, self.arguments(row, expr.ends().0, &args))
    }

    fn not_a_word(&mut self, option: &str, rows: &'static [Row], expr: &Expr, name: Option<&str>) {
        self.mark_used(expr);
        let help = match name.and_then(|name| nearest(name, rows.iter().map(|row| row.name))) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("here stands {}", one_of(&words(rows))),
        };
        let message = match name {
            Some(name) => format!("`{name}` is no value of `{option}`\nhelp: {help}"),
            None => format!("`{option}` takes a word\nhelp: {help}"),
        };
        self.errors.over(expr.ends(), message);
    }
}

fn one_of<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [one] => list(&[one]),
        many => format!("one of {}", list(many)),
    }
}

/// A default as if it had been written at `span`.
fn default(text: &str, span: Span) -> Expr {
    match text.parse() {
        Ok(value) => Expr::Number(Number { value, text: text.to_owned(), span }),
        Err(_) => Expr::Name(Ident::new(text, span)),
    }
}

fn nodes(slots: &[Slot], span: Span) -> Vec<Node> {
    slots.iter().map(|slot| node(&slot.given, span)).collect()
}

fn node(given: &Given, span: Span) -> Node {
    match given {
        Given::Scalar(scalar) => scalar.node.clone(),
        Given::Signal(signal) => signal.node.clone(),
        Given::Level(level) => Node::new(catalogue::level(*level), Vec::new(), span),
        Given::Type(path) => Node::new(path, Vec::new(), span),
        Given::Head(index) => Node::Head { index: *index, span },
        Given::Heads => Node::Heads,
        Given::Word(row, slots) => match row.ty.split_once('<') {
            Some((path, arg)) => {
                let arg = Node::new(arg.trim_end_matches('>'), Vec::new(), span);
                Node::new(path, vec![arg], span)
            }
            None => Node::new(row.ty, nodes(slots, span), span),
        },
        Given::Error => Node::Error,
    }
}

impl Slot {
    /// The name of the word that stands here.
    pub fn word(&self) -> Option<&'static str> {
        if let Given::Word(row, _) = &self.given { Some(row.name) } else { None }
    }

    /// It is not written, and its default is no value.
    pub fn is_left_out(&self) -> bool {
        matches!(self.given, Given::Type(_))
    }

    pub fn signal(&self) -> Option<&Signal> {
        if let Given::Signal(signal) = &self.given { Some(signal) } else { None }
    }

    pub fn level(&self) -> Option<LevelId> {
        match &self.given {
            Given::Level(level) => Some(*level),
            // `count::Each<level::Step>` is written `step`.
            Given::Word(row, slots) => slots.first().map_or_else(|| LevelId::find(row.name), Slot::level),
            _ => None,
        }
    }

    pub fn constant(&self) -> Option<f64> {
        if let Given::Scalar(scalar) = &self.given { scalar.constant } else { None }
    }

    pub fn node(&self) -> Node {
        node(&self.given, self.at.0)
    }
}
