//! `ir` to `ir` without abstractions: what readers take over from the term that they read is filled in, chains become
//! balanced trees.

use crate::LevelId;
use crate::catalogue::types;
use crate::ir::{Node, Prm};
use crate::token::Place;

/// What the graph of an objective leaves open until all of it is known.
pub struct Whole {
    /// `beta` and `ref` of the PRM term.
    pub prm: Option<(Node, Node)>,
    /// The critic term.
    pub critic: Option<Critic>,
}

/// The one critic term.
pub struct Critic {
    /// The level that it estimates per.
    pub per: LevelId,
    /// The name of each head, if it has one, and the signal that it is trained towards.
    pub heads: Vec<(Option<String>, Option<Node>)>,
}

impl Whole {
    /// The node with everything filled in.
    pub fn lower(&self, from: &Node) -> Node {
        let all = |nodes: &[Node]| nodes.iter().map(|node| self.lower(node)).collect::<Vec<_>>();
        match from {
            Node::Type { path, args, at } => Node::new(path, all(args), *at),
            Node::User { path, args, role } => {
                Node::User { path: path.clone(), args: all(args), role: *role }
            }
            Node::Chain { path, items } => balance(path, all(items)),
            Node::Prm(which) => match (which, &self.prm) {
                // They stand in no signal, so they read no PRM themselves.
                (Prm::Beta, Some((beta, _))) => self.lower(beta),
                (Prm::Reference, Some((_, reference))) => self.lower(reference),
                (_, None) => Node::Error,
            },
            Node::Head { index, at } => self.critic.as_ref().map_or(Node::Error, |critic| {
                let per = Node::new(types::level(critic.per), Vec::new(), *at);
                Node::new(types::VALUE, vec![Node::Index(*index), critic.name(*index), per], *at)
            }),
            Node::Heads => self.critic.as_ref().map_or(Node::Error, |critic| self.heads(critic)),
            Node::Hyper { .. } | Node::Number { .. } | Node::Index(_) | Node::Text(_) | Node::Error => {
                from.clone()
            }
        }
    }

    /// The list of heads. Targets hold no list themselves, so this ends.
    fn heads(&self, critic: &Critic) -> Node {
        let leaf = |path| Node::new(path, Vec::new(), Place::END);
        critic.heads.iter().enumerate().rev().fold(leaf(types::NO_HEAD), |rest, (index, (_, target))| {
            let target = target.as_ref().map_or_else(|| leaf(types::UNTRAINED), |target| self.lower(target));
            Node::new(types::HEAD, vec![critic.name(index), target, rest], Place::END)
        })
    }
}

impl Critic {
    fn name(&self, index: usize) -> Node {
        match self.heads.get(index) {
            Some((Some(name), _)) => Node::new(types::NAMED, vec![Node::Text(name.clone())], Place::END),
            _ => Node::new(types::ONLY, Vec::new(), Place::END),
        }
    }
}

/// Depth log2(n), so that long sums stay clear of the compiler's recursion limit.
fn balance(path: &'static str, mut items: Vec<Node>) -> Node {
    match items.len() {
        0 => Node::Error,
        1 => items.remove(0),
        n => {
            let right = items.split_off(n.div_ceil(2));
            Node::new(path, vec![balance(path, items), balance(path, right)], Place::END)
        }
    }
}
