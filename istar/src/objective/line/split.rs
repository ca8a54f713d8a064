//! The summands of a line: of its advantage, and of its loss.

use super::build::build;
use super::node::Node as Built;
use super::{Line, Report};
use crate::objective::{AnyObjective, Numbers};
use istar_lang::catalogue::types;
use istar_lang::ir::Node;
use std::sync::Arc;

/// A summand of a line as a line of its own: it needs what the whole needs, and gives what the summand adds.
#[derive(Clone, Debug)]
pub struct Summand {
    /// As it would be written, sugar expanded.
    pub source: String,
    /// Whether a PRM is read for it, implicit or explicit.
    pub reads_prm: bool,
    /// The line with this alone: all other summands are left out, or weigh 0.
    pub line: Line,
}

/// Terms with an advantage, and where it stands among their parameters.
const ADVANTAGES: [(&str, usize); 2] = [("term::Rl", 0), ("term::Dar", 2)];
const ROUTE: &str = "signal::Route";
const LEFT_OUT: &str = "signal::LeftOut";

impl Line {
    /// The line of an objective, with its numbers.
    ///
    /// # Errors
    /// Types of your own stand in it, which a text does not have.
    pub fn of(objective: &dyn AnyObjective) -> Result<Line, Report> {
        let mut line = Line::written(objective.name(), objective.source(), &objective.numbers())?;
        line.defaults = objective.defaults();
        Ok(line)
    }

    /// A line whose numbers stand beside its text.
    pub(crate) fn written(name: &str, source: &str, numbers: &Numbers<'_>) -> Result<Line, Report> {
        let names: Vec<&str> = numbers.iter().map(|(name, _)| name).collect();
        let declared = if names.is_empty() { String::new() } else { format!("<{}>", names.join(", ")) };
        let mut line = Line::parse(&format!("\"\"{declared} = {source}"))?;
        name.clone_into(&mut line.name);
        line.values = numbers.iter().map(|(_, value)| Some(value)).collect();
        Ok(line)
    }

    /// The summands of the advantage, through sums, differences, products and `route`. What they give adds up to the advantage,
    /// up to rounding; one that is no sum is one summand. None where there is no advantage.
    ///
    /// ```
    /// use istar::Line;
    ///
    /// let line = Line::parse("rl(adv = traj - 0.5 * (reward + 2 * (invalid + norm(reward, count = step))))")?;
    /// let parts: Vec<String> = line.advantages().into_iter().map(|part| part.source).collect();
    /// assert_eq!(parts, [
    ///     "norm(outcome)",
    ///     "-0.5 * reward",
    ///     "-0.5 * 2 * invalid",
    ///     "-0.5 * 2 * norm(reward, count = step)",
    /// ]);
    /// # Ok::<(), istar::objective::Report>(())
    /// ```
    #[must_use]
    pub fn advantages(&self) -> Vec<Summand> {
        let Some(way) = advantage(&self.graph) else { return Vec::new() };
        let whole = way.iter().fold(&*self.graph, |node, place| arg(node, *place));
        let part = |signal: Node| {
            let shown = build(&signal);
            let source = shown.signal().show(&shown.scope(&self.numbers().scope(0)));
            Summand {
                source,
                reads_prm: reads_prm(&shown),
                line: self.with(replaced(&self.graph, &way, signal)),
            }
        };
        split(whole).into_iter().map(part).collect()
    }

    /// The terms of the loss, in order.
    #[must_use]
    pub fn losses(&self) -> Vec<Summand> {
        let mut ways = Vec::new();
        terms(&self.graph, &mut Vec::new(), &mut ways);
        let names = self.terms();
        let alone = |place: usize| {
            let others = ways.iter().enumerate().filter(|(other, _)| *other != place);
            others.fold((*self.graph).clone(), |graph, (_, way)| {
                let term = way.iter().fold(&graph, |node, place| arg(node, *place)).clone();
                replaced(&graph, way, weighted(0.0, types::WEIGHTED, term))
            })
        };
        let each = names.into_iter().enumerate();
        let reads = |place: usize| {
            let term: &[usize] = &ways[place];
            reads_prm(&build(term.iter().fold(&*self.graph, |node, place| arg(node, *place))))
        };
        each.map(|(place, source)| Summand { source, reads_prm: reads(place), line: self.with(alone(place)) })
            .collect()
    }

    fn with(&self, graph: Node) -> Line {
        Line { root: Arc::new(build(&graph)), graph: Arc::new(graph), ..self.clone() }
    }
}

fn reads_prm(part: &Built) -> bool {
    let demand = part.demand();
    demand.reads_prm || demand.explicit_prm
}

fn arg(node: &Node, place: usize) -> &Node {
    match node {
        Node::Type { args, .. } => &args[place],
        _ => node,
    }
}

/// The node with another one at the end of this way through its arguments.
fn replaced(node: &Node, way: &[usize], by: Node) -> Node {
    match (node, way) {
        (Node::Type { path, args, at }, [place, rest @ ..]) => {
            let mut args = args.clone();
            args[*place] = replaced(&args[*place], rest, by);
            Node::Type { path, args, at: *at }
        }
        _ => by,
    }
}

/// The way to the advantage of a loss: that of its first term which has one.
fn advantage(loss: &Node) -> Option<Vec<usize>> {
    let Node::Type { path, args, .. } = loss else { return None };
    if let Some((_, place)) = ADVANTAGES.iter().find(|(term, _)| term == path) {
        return Some(vec![*place]);
    }
    let sums = [types::SUM, types::WEIGHTED].contains(path);
    let mut inside = args.iter().enumerate().filter(|_| sums);
    inside.find_map(|(place, arg)| Some([vec![place], advantage(arg)?].concat()))
}

/// The ways to the terms of a loss.
fn terms(loss: &Node, way: &mut Vec<usize>, ways: &mut Vec<Vec<usize>>) {
    let Node::Type { path, args, .. } = loss else { return };
    let inside = match *path {
        types::SUM => 0..2,
        types::WEIGHTED => 1..2,
        _ => return ways.push(way.clone()),
    };
    for place in inside {
        way.push(place);
        terms(&args[place], way, ways);
        way.pop();
    }
}

/// The summands of a signal.
fn split(signal: &Node) -> Vec<Node> {
    let Node::Type { path, args, at } = signal else { return vec![signal.clone()] };
    let inside = |place: usize| -> Vec<Node> {
        split(&args[place]).into_iter().map(|part| replaced(signal, &[place], part)).collect()
    };
    match *path {
        types::ADD => [split(&args[0]), split(&args[1])].concat(),
        types::SUB => {
            let taken = split(&args[1]).into_iter().map(taken);
            split(&args[0]).into_iter().chain(taken).collect()
        }
        types::SCALE => inside(1),
        types::MUL if split(&args[0]).len() > 1 => inside(0),
        types::MUL => inside(1),
        types::DIV => inside(0),
        ROUTE => {
            let left_out = Node::Type { path: LEFT_OUT, args: Vec::new(), at: *at };
            let nothing = Node::Type { path: ROUTE, args: vec![left_out; args.len()], at: *at };
            let given = (0..args.len()).filter(|place| !is(&args[*place], LEFT_OUT));
            given
                .flat_map(|place| split(&args[place]).into_iter().map(move |part| (place, part)))
                .map(|(place, part)| replaced(&nothing, &[place], part))
                .collect()
        }
        _ => vec![signal.clone()],
    }
}

fn is(node: &Node, wanted: &str) -> bool {
    matches!(node, Node::Type { path, .. } if *path == wanted)
}

/// A signal with the other sign: that of its number, if it begins with one.
fn taken(signal: Node) -> Node {
    match signal {
        Node::Type { path: types::SCALE, mut args, at } if matches!(args[0], Node::Number { .. }) => {
            if let Node::Number { value, .. } = &mut args[0] {
                *value = -*value;
            }
            Node::Type { path: types::SCALE, args, at }
        }
        signal => weighted(-1.0, types::SCALE, signal),
    }
}

/// So many times the node.
fn weighted(weight: f64, path: &'static str, node: Node) -> Node {
    let at = istar_lang::Place::END;
    Node::Type { path, args: vec![Node::Number { value: weight, at }, node], at }
}
