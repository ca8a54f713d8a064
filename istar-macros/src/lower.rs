//! `ir` to `ir` without abstractions: the PRM's numbers go to their readers, chains become balanced trees.

use crate::ir::{Graph, Node, Prm};
use proc_macro2::Span;

pub fn lower(graph: &Graph) -> Node {
    node(&graph.root, graph.prm.as_ref())
}

fn node(from: &Node, prm: Option<&(Node, Node)>) -> Node {
    let all = |nodes: &[Node]| nodes.iter().map(|n| node(n, prm)).collect::<Vec<_>>();
    match from {
        Node::Type { path, args, span } => Node::new(path, all(args), *span),
        Node::User { path, args, role } => Node::User { path: path.clone(), args: all(args), role: *role },
        Node::Chain { path, items } => balance(path, all(items)),
        Node::Prm(which) => match (which, prm) {
            // They stand in no signal, so they read no PRM themselves.
            (Prm::Beta, Some((beta, _))) => node(beta, None),
            (Prm::Reference, Some((_, reference))) => node(reference, None),
            (_, None) => Node::Error,
        },
        Node::Hyper { .. } | Node::Number { .. } | Node::Error => from.clone(),
    }
}

/// Depth log2(n), so that long sums stay clear of the recursion limit.
fn balance(path: &'static str, mut items: Vec<Node>) -> Node {
    match items.len() {
        0 => Node::Error,
        1 => items.remove(0),
        n => {
            let right = items.split_off(n.div_ceil(2));
            Node::new(path, vec![balance(path, items), balance(path, right)], Span::call_site())
        }
    }
}
