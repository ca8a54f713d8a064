//! From what the language makes of a text to the tree that is evaluated.

use super::node::{Node, Part};
use super::role::{Hyper, Number};
use super::term::{Sum, Weighted};
use super::types;
use istar_lang::{catalogue, ir};

/// The policy's surrogate, whose first argument is its advantage.
const RL: &str = "term::Rl";
/// Terms that train something beside the policy.
const BESIDE: [&str; 5] = ["term::DpoPrm", "term::McPrm", "term::TdPrm", "term::CePrm", "term::Critic"];

/// The node of what trains the policy, with something else as the advantage of each `rl`; none if nothing does.
pub fn policy(node: &ir::Node, advantage: fn() -> Part) -> Option<Node> {
    let ir::Node::Type { path, args, .. } = node else { return None };
    match *path {
        catalogue::types::SUM => match (policy(&args[0], advantage), policy(&args[1], advantage)) {
            (Some(a), Some(b)) => Some(Node::new(Part::Term(Box::new(Sum)), vec![a, b])),
            (a, b) => a.or(b),
        },
        catalogue::types::WEIGHTED => {
            let term = policy(&args[1], advantage)?;
            Some(Node::new(Part::Term(Box::new(Weighted)), vec![build(&args[0]), term]))
        }
        path if BESIDE.contains(&path) => None,
        RL => {
            let given = Node::new(advantage(), Vec::new());
            let args = [given].into_iter().chain(args[1..].iter().map(build)).collect();
            Some(Node::new(types::part(RL).expect("every type of the catalogue is in the table"), args))
        }
        _ => Some(build(node)),
    }
}

/// The node of what the language made of a text.
pub fn build(node: &ir::Node) -> Node {
    let leaf = |part| Node::new(part, Vec::new());
    match node {
        ir::Node::Type { path, args, .. } => {
            let mut args: Vec<Node> = args.iter().map(build).collect();
            match *path {
                catalogue::types::SUM => Node::new(Part::Term(Box::new(Sum)), args),
                catalogue::types::WEIGHTED => Node::new(Part::Term(Box::new(Weighted)), args),
                catalogue::types::HEAD => Node::new(Part::Head, args),
                catalogue::types::NO_HEAD | catalogue::types::UNTRAINED => leaf(Part::End),
                catalogue::types::ONLY => leaf(Part::Name(String::new())),
                catalogue::types::NAMED => args.swap_remove(0),
                path if types::is_its_argument(path) => args.swap_remove(0),
                path => {
                    Node::new(types::part(path).expect("every type of the catalogue is in the table"), args)
                }
            }
        }
        ir::Node::Number { value, .. } => leaf(Part::Scalar(Box::new(Number(*value)))),
        ir::Node::Hyper { index, .. } => leaf(Part::Scalar(Box::new(Hyper(*index)))),
        ir::Node::Index(index) => leaf(Part::Index(*index)),
        ir::Node::Text(text) => leaf(Part::Name(text.clone())),
        ir::Node::User { .. } => unreachable!("types are refused when a line is read"),
        ir::Node::Chain { .. }
        | ir::Node::Prm(_)
        | ir::Node::Head { .. }
        | ir::Node::Heads
        | ir::Node::Error => {
            unreachable!("nothing is left to fill in when a line is handed out")
        }
    }
}
