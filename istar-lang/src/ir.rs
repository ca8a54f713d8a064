//! The graph that will become a type: every name resolved, every default filled in.

use crate::ast::{Name, Path};
use crate::report::Warning;
use crate::token::Place;
use std::sync::Arc;

/// A node of the graph.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A type of the core, with its parameters.
    Type {
        /// Its path below `istar::__private`, as the catalogue has it.
        path: &'static str,
        /// Its parameters.
        args: Vec<Node>,
        /// What made it.
        at: Place,
    },
    /// A hyper-parameter.
    Hyper {
        /// Its position among the names.
        index: usize,
        /// Where it is used.
        at: Place,
    },
    /// A literal.
    Number {
        /// The number.
        value: f64,
        /// Where it stands.
        at: Place,
    },
    /// A type of the user's.
    User {
        /// As it is written.
        path: Arc<Path>,
        /// Its parameters.
        args: Vec<Node>,
        /// What it must be.
        role: Option<Role>,
    },
    /// Operands of one associative operator, which `lower` makes a balanced tree.
    Chain {
        /// The type of the operator.
        path: &'static str,
        /// From left to right.
        items: Vec<Node>,
    },
    /// A parameter of the one PRM term, filled in by `lower`.
    Prm(Prm),
    /// What a head of the critic estimates, made by `lower` from the one critic term.
    Head {
        /// Its position.
        index: usize,
        /// Where it is read.
        at: Place,
    },
    /// The heads of the critic with their targets, filled in by `lower`.
    Heads,
    /// A number as an argument of a type.
    Index(usize),
    /// A text as a type.
    Text(String),
    /// Stands where a mistake was reported; in no graph that is handed out.
    Error,
}

/// What a type of the user's must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A signal.
    Signal,
    /// A loss term.
    Term,
}

/// What a signal takes over from the PRM term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prm {
    /// The factor of its log-ratio.
    Beta,
    /// What it is compared with.
    Reference,
}

/// A checked objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Its graph, without anything that is left to fill in.
    pub graph: Node,
    /// Hyper-parameters in order of declaration, or of first use where none are declared.
    pub names: Vec<Name>,
    /// What is legal and probably not meant.
    pub warnings: Vec<Warning>,
}

impl Node {
    pub(crate) fn new(path: &'static str, args: Vec<Node>, at: Place) -> Node {
        Node::Type { path, args, at }
    }

    /// How many types it becomes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Node::Type { args, .. } | Node::User { args, .. } => {
                1 + args.iter().map(Node::size).sum::<usize>()
            }
            Node::Chain { items, .. } => items.iter().map(|item| 1 + item.size()).sum(),
            _ => 1,
        }
    }

    /// Whether such a type of the core stands in it.
    pub(crate) fn any(&self, wanted: fn(&str) -> bool) -> bool {
        match self {
            Node::Type { path, args, .. } => wanted(path) || args.iter().any(|arg| arg.any(wanted)),
            Node::User { args, .. } => args.iter().any(|arg| arg.any(wanted)),
            Node::Chain { items, .. } => items.iter().any(|item| item.any(wanted)),
            _ => false,
        }
    }

    /// Whether both become the same type, wherever they are written.
    pub fn same(&self, other: &Node) -> bool {
        let all = |a: &[Node], b: &[Node]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b));
        match (self, other) {
            (Node::Type { path, args, .. }, Node::Type { path: other, args: others, .. }) => {
                path == other && all(args, others)
            }
            (Node::User { path, args, .. }, Node::User { path: other, args: others, .. }) => {
                path.to_string() == other.to_string() && all(args, others)
            }
            (Node::Chain { path, items }, Node::Chain { path: other, items: others }) => {
                path == other && all(items, others)
            }
            (Node::Hyper { index, .. }, Node::Hyper { index: other, .. })
            | (Node::Head { index, .. }, Node::Head { index: other, .. }) => index == other,
            (Node::Number { value, .. }, Node::Number { value: other, .. }) => value == other,
            (Node::Prm(which), Node::Prm(other)) => which == other,
            (Node::Index(index), Node::Index(other)) => index == other,
            (Node::Text(text), Node::Text(other)) => text == other,
            (Node::Heads, Node::Heads) => true,
            _ => false,
        }
    }
}
