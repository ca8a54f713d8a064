//! What is written between the parentheses of a name, put into the order of its row.

use super::names::list;
use super::slot::{Given, Slot, nodes};
use super::{Check, Scalar, Signal};
use crate::ast::{Arg, Expr, Name, Number};
use crate::catalogue::{
    self, Fill, LevelRule, PAIRWISE, PRODUCT, Prm, Row, Sort, Takes, call, signature, words,
};
use crate::ir::{self, Node};
use crate::token::Place;
use crate::{LevelId, Range, nearest};

impl Check<'_> {
    pub fn loss_row(&mut self, row: &'static Row, at: Place, args: &[Arg]) -> Node {
        let slots = self.arguments(row, None, at, args);
        self.loss_rules(row, at, &slots);
        self.backwards(row, at, &slots);
        Node::new(row.ty, nodes(&slots, at), at)
    }

    pub fn signal_row(&mut self, row: &'static Row, at: Place, args: &[Arg]) -> Signal {
        if matches!(row.prm, Prm::Scaled { .. } | Prm::ReadsExplicit) {
            self.readers.push((at.into(), row));
        }
        let slots = self.arguments(row, None, at, args);
        if let LevelRule::Critic = row.level {
            return self.estimate_of_head(at, &slots);
        }
        let (level, kind) = self.signal_rules(row, &slots);
        let mut types = match row.prm {
            Prm::Scaled { .. } => vec![Node::Prm(ir::Prm::Beta), Node::Prm(ir::Prm::Reference)],
            _ => Vec::new(),
        };
        types.extend(nodes(&slots, at));
        let node = Node::new(row.ty, types, at);
        self.target(row, at, &slots, &node);
        Signal { node, level, kind }
    }

    pub fn scalar_row(&mut self, row: &'static Row, at: Place, args: &[Arg]) -> Scalar {
        let slots = self.arguments(row, None, at, args);
        Scalar { node: Node::new(row.ty, nodes(&slots, at), at), constant: None }
    }

    /// The arguments of a row; one that takes the bare values of an option bears the name of that option.
    fn arguments(
        &mut self,
        row: &'static Row,
        option: Option<&'static str>,
        at: Place,
        args: &[Arg],
    ) -> Vec<Slot> {
        let mut slots: Vec<Option<Slot>> = row.args.iter().map(|_| None).collect();
        let (mut unnamed, mut misplaced) = (0, false);
        for arg in args {
            let Some(index) = self.place_of(row, arg, &mut unnamed) else {
                self.mark_used(&arg.value);
                misplaced = true;
                continue;
            };
            if slots[index].is_some() {
                let at = arg.key.as_ref().map_or(arg.value.at(), |key| key.at);
                let message = format!("`{}` of `{}` is given twice", row.args[index].name, row.name);
                self.errors.at(at, message, "keep one of them");
                self.mark_used(&arg.value);
                continue;
            }
            let given = self.given(row, option, &row.args[index], &arg.value);
            slots[index] = Some(Slot { given, at: arg.value.span() });
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
                    let given = self.given(row, option, arg, &default(text, at));
                    self.left_out = outer;
                    given
                }
                (None, Fill::Same) => filled.last().map_or(Given::Error, |slot| slot.given.clone()),
                // What is not there may be what was just found misplaced.
                (None, Fill::Type(_) | Fill::Needed) if misplaced => Given::Error,
                (None, Fill::Type(path)) => Given::Type(path),
                (None, Fill::Needed) => {
                    let message = format!("`{}` needs `{}`", row.name, arg.name);
                    self.errors.at(at, message, format!("write `{}`", call(row)));
                    Given::Error
                }
            };
            filled.push(Slot { given, at: at.into() });
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
            let name = row.name;
            let (message, help) = match (row.args, row.args.get(index)) {
                ([], _) => (format!("`{name}` takes no arguments"), format!("write `{name}`")),
                (_, Some(next)) => {
                    let pairwise = PAIRWISE.iter().find(|(aggregate, _)| *aggregate == name);
                    let pairwise = pairwise.map_or_else(String::new, |(_, of_two)| {
                        format!("; of two signals, element by element, `{of_two}(x, y)`")
                    });
                    (
                        format!("the options of `{name}` are written with their names"),
                        format!("`{} = ..`, as in `{}`{pairwise}", next.name, signature(row)),
                    )
                }
                (_, None) => {
                    (format!("too many arguments for `{name}`"), format!("write `{}`", signature(row)))
                }
            };
            self.errors.at(arg.value.span(), message, help);
            return None;
        };
        if let Some(index) = row.arg(&key.text) {
            return Some(index);
        }
        let help = match nearest(&key.text, row.args.iter().map(|arg| arg.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if is_term(&key.text) => {
                format!("it is a term of its own: `{}(..) + {}({})`", row.name, key.text, arg.value)
            }
            None if row.args.is_empty() => format!("write `{}`", row.name),
            None => format!("it is written `{}`", signature(row)),
        };
        self.errors.at(key.at, format!("`{}` has no option `{}`", row.name, key.text), help);
        None
    }

    fn given(
        &mut self,
        row: &'static Row,
        option: Option<&'static str>,
        arg: &'static catalogue::Arg,
        expr: &Expr,
    ) -> Given {
        match &arg.takes {
            Takes::Scalar(range) => {
                let scalar = self.scalar(expr, &format!("`{}`", arg.name));
                self.range(option.unwrap_or(arg.name), *range, &scalar, expr.span());
                Given::Scalar(scalar)
            }
            Takes::Coefficient(range) => {
                let scalar = self.scalar(expr, &format!("`{}`", arg.name));
                self.range(arg.name, *range, &scalar, expr.span());
                if scalar.constant == Some(0.0) && *range == Range::NonNegative {
                    self.reaches_nothing(row.name, expr.span());
                }
                Given::Scalar(scalar)
            }
            Takes::Number => Given::Signal(self.value(expr).into_signal()),
            Takes::Signal | Takes::Advantage | Takes::TrajAdvantage => {
                let signal = self.signal(expr);
                self.whole(row, &signal, expr.span());
                Given::Signal(signal)
            }
            Takes::Weight => {
                let signal = self.signal(expr);
                self.weight(arg.name, &signal, expr.span());
                Given::Signal(signal)
            }
            Takes::Factor => {
                let signal = self.value(expr).into_signal();
                self.factor(arg.name, &signal, expr.span());
                self.whole(row, &signal, expr.span());
                Given::Signal(signal)
            }
            Takes::Estimate { .. } => {
                let signal = self.value(expr).into_signal();
                self.estimate(arg.name, &signal, expr.span());
                self.whole(row, &signal, expr.span());
                Given::Signal(signal)
            }
            Takes::Name => self.fresh(row, expr),
            Takes::Head => self.head(expr),
            Takes::Heads => self.heads(arg, expr),
            Takes::Word(rows) => self.word(arg.name, rows, expr),
            Takes::Level(levels) => self.level(row, arg, levels, expr),
        }
    }

    /// A name of something that is outside of the language.
    fn fresh(&mut self, row: &'static Row, expr: &Expr) -> Given {
        let (message, help) = match expr {
            Expr::Name(name) if self.is_declared(name) => (
                format!("`{name}` is a name of this line"),
                "a column is called by the name that it has in a log or in an environment".to_owned(),
            ),
            Expr::Name(name) => return Given::Name(name.text.clone()),
            _ => (format!("`{}` takes a name", row.name), format!("write `{}`", signature(row))),
        };
        self.mark_used(expr);
        self.errors.at(expr.span(), message, help);
        Given::Error
    }

    fn level(
        &mut self,
        row: &'static Row,
        arg: &'static catalogue::Arg,
        levels: &[LevelId],
        expr: &Expr,
    ) -> Given {
        let known: Vec<_> = levels.iter().map(|level| level.name()).collect();
        let found = if let Expr::Name(name) = expr { Some(name.text.as_str()) } else { None };
        if let Some(level) = found.and_then(LevelId::find).filter(|level| levels.contains(level)) {
            return Given::Level(level);
        }
        self.mark_used(expr);
        let help = match found.and_then(|name| nearest(name, known.iter().copied())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("here stands {}", one_of(&known)),
        };
        // Between parentheses, as in `mean(step)`, it has no name that anybody writes.
        let alone = arg.positional && row.args.len() == 1;
        let message = format!("`{}` takes a level", if alone { row.name } else { arg.name });
        match found.filter(|name| alone && LevelId::find(name).is_some()) {
            Some(level) => {
                let name = row.name;
                let written: Vec<_> = known.iter().map(|level| format!("{name}({level})")).collect();
                let message = format!("`{name}({level})` is no value here");
                self.errors.at(expr.span(), message, format!("write {}", one_of(&written)));
            }
            None => self.errors.at(expr.span(), message, help),
        }
        Given::Error
    }

    fn word(&mut self, option: &'static str, rows: &'static [Row], expr: &Expr) -> Given {
        let literal = |row: &&Row| matches!(expr, Expr::Number(number) if number.text == row.name);
        if let Some(row) = rows.iter().find(literal) {
            return Given::Word(row, Vec::new());
        }
        if let (Expr::Product(keys), true) = (expr, rows.iter().any(|row| row.name == PRODUCT.name)) {
            return self.product(option, rows, keys);
        }
        let bare = rows.iter().find(|row| row.name.is_empty());
        let (name, args): (&Name, &[Arg]) = match (expr, bare) {
            (Expr::Name(name), _) => (name, &[]),
            (Expr::Call(name, args), _) => (name, args),
            (Expr::Tuple(open, parts), Some(row)) => {
                let args: Vec<_> =
                    parts.iter().map(|value| Arg { key: None, value: value.clone() }).collect();
                return Given::Word(row, self.arguments(row, Some(option), *open, &args));
            }
            (_, Some(row)) => return self.bare(row, option, expr),
            (_, None) => {
                self.not_a_word(option, rows, expr, None);
                return Given::Error;
            }
        };
        let known = name.text.as_str();
        let named = || rows.iter().filter(|row| row.name == known);
        let Some(first) = named().next() else {
            let alone = matches!(expr, Expr::Name(_));
            let slip = nearest(known, rows.iter().map(|row| row.name)).is_some();
            if let Some(row) =
                bare.filter(|_| self.is_declared(name) || (self.open && alone && !slip) || is_scalar(known))
            {
                return self.bare(row, option, expr);
            }
            self.not_a_word(option, rows, expr, Some(known));
            return Given::Error;
        };
        // Words of one name differ in the names of their arguments: `snapshot(every = ..)`, `snapshot(kl = ..)`; or in
        // whether they have any: `state`, `state(similar = ..)`.
        let keys = args.iter().filter_map(|arg| arg.key.as_ref());
        let takes = |row: &&Row| args.is_empty() || !row.args.is_empty();
        let fits = |row: &&Row| takes(row) && keys.clone().all(|key| row.arg(&key.text).is_some());
        let row = named().find(fits).or_else(|| named().find(takes)).unwrap_or(first);
        if row.prm == Prm::Reads {
            self.readers.push((name.at.into(), row));
        }
        Given::Word(row, self.arguments(row, None, name.at, args))
    }

    /// Words joined by `*`: what agrees in all of them.
    fn product(&mut self, option: &'static str, rows: &'static [Row], keys: &[Expr]) -> Given {
        let mut product: Option<Slot> = None;
        for key in keys {
            let slot = Slot { given: self.word(option, rows, key), at: key.span() };
            let items = slot.word().is_some_and(|row| matches!(row.level, LevelRule::Is(LevelId::Item)));
            if items || matches!(slot.given, Given::Error) {
                if items {
                    let message = "an item is of one step of one turn: there is nothing left to tell apart";
                    self.errors.at(key.span(), message, "write `item` alone");
                }
                return Given::Error;
            }
            product = Some(match product {
                None => slot,
                Some(before) => Slot { at: slot.at, given: Given::Word(&PRODUCT, vec![before, slot]) },
            });
        }
        product.map_or(Given::Error, |slot| slot.given)
    }

    fn bare(&mut self, row: &'static Row, option: &'static str, expr: &Expr) -> Given {
        let args = [Arg { key: None, value: expr.clone() }];
        Given::Word(row, self.arguments(row, Some(option), expr.at(), &args))
    }

    fn not_a_word(&mut self, option: &str, rows: &'static [Row], expr: &Expr, name: Option<&str>) {
        self.mark_used(expr);
        let help = match name.and_then(|name| nearest(name, rows.iter().map(|row| row.name))) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("here stands {}", one_of(&words(rows))),
        };
        let message = match name {
            Some(name) => format!("`{name}` is no value of `{option}`"),
            None => format!("`{option}` takes a word"),
        };
        self.errors.at(expr.span(), message, help);
    }
}

fn is_term(name: &str) -> bool {
    catalogue::find(name).is_some_and(|row| row.sort == Sort::Loss)
}

fn is_scalar(name: &str) -> bool {
    catalogue::find(name).is_some_and(|row| row.sort == Sort::Scalar)
}

fn one_of<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [one] => list(&[one]),
        many => format!("one of {}", list(many)),
    }
}

/// A default as if it had been written here.
fn default(text: &str, at: Place) -> Expr {
    match text.parse() {
        Ok(value) => Expr::Number(Number { value, text: text.to_owned(), at }),
        Err(_) => Expr::Name(Name { text: text.to_owned(), raw: false, at }),
    }
}
