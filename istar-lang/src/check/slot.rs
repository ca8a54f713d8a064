//! Arguments after checking.

use super::{Scalar, Signal};
use crate::LevelId;
use crate::catalogue::{LevelRule, Row, types};
use crate::ir::Node;
use crate::token::{Place, Span};

/// One argument after checking.
#[derive(Clone)]
pub struct Slot {
    pub given: Given,
    /// Where it is written; the name of the row where it is not.
    pub at: Span,
}

#[derive(Clone)]
pub enum Given {
    Scalar(Scalar),
    Signal(Signal),
    Word(&'static Row, Vec<Slot>),
    Level(LevelId),
    /// A name that means nothing here.
    Name(String),
    /// A head of the critic, by position.
    Head(usize),
    /// All heads of the critic.
    Heads,
    /// Left out.
    Type(&'static str),
    Error,
}

impl Slot {
    /// The word that stands here.
    pub fn word(&self) -> Option<&'static Row> {
        if let Given::Word(row, _) = &self.given { Some(row) } else { None }
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
            Given::Word(row, slots) => match row.level {
                LevelRule::Of(level) => Some(level),
                LevelRule::Option(name) => slots.get(row.arg(name)?)?.level(),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn constant(&self) -> Option<f64> {
        if let Given::Scalar(scalar) = &self.given { scalar.constant } else { None }
    }

    pub fn node(&self) -> Node {
        node(&self.given, self.at.first)
    }
}

/// What the arguments of a name become that stands here.
pub fn nodes(slots: &[Slot], at: Place) -> Vec<Node> {
    slots.iter().map(|slot| node(&slot.given, at)).collect()
}

fn node(given: &Given, at: Place) -> Node {
    match given {
        Given::Scalar(scalar) => scalar.node.clone(),
        Given::Signal(signal) => signal.node.clone(),
        Given::Level(level) => Node::new(types::level(*level), Vec::new(), at),
        Given::Name(name) => Node::new(types::NAMED, vec![Node::Text(name.clone())], at),
        Given::Type(path) => Node::new(path, Vec::new(), at),
        Given::Head(index) => Node::Head { index: *index, at },
        Given::Heads => Node::Heads,
        Given::Word(row, slots) => {
            let level = match row.level {
                LevelRule::Of(level) => Some(Node::new(types::level(level), Vec::new(), at)),
                _ => None,
            };
            Node::new(row.ty, level.into_iter().chain(nodes(slots, at)).collect(), at)
        }
        Given::Error => Node::Error,
    }
}
