//! The tree of a line: what stands where, and where evaluation is in it.

use super::role::{
    AnyClip, AnyCount, AnyLink, AnyPairs, AnyReference, AnyRollouts, AnyScalar, AnyShape, AnySignal,
    AnyTarget, AnyTerm, AnyWithin, Of,
};
use crate::batch::{LevelId, Scope};
use crate::need::demand::{Demand, Needs};
use crate::need::own::OwnList;
use crate::objective::kind::KindId;
use crate::objective::level::{self, Level};
use crate::objective::maybe::Without;
use std::any::Any;

/// A part of a line with its arguments.
pub struct Node {
    part: Part,
    args: Vec<Node>,
}

/// What stands in a node, as an object of the trait that its type has.
pub enum Part {
    Signal(Box<dyn AnySignal>),
    /// A signal that a head of the critic may be trained towards.
    Estimator(Box<dyn AnySignal>, Box<dyn AnyTarget>),
    Scalar(Box<dyn AnyScalar>),
    Within(Box<dyn AnyWithin>),
    Count(Box<dyn AnyCount>),
    Reference(Box<dyn AnyReference>),
    Clip(Box<dyn AnyClip>),
    Shape(Box<dyn AnyShape>),
    Link(Box<dyn AnyLink>),
    Pairs(Box<dyn AnyPairs>),
    Rollouts(Box<dyn AnyRollouts>),
    Term(Box<dyn AnyTerm>),
    /// The value of an option.
    Word {
        id: Box<dyn Any + Send + Sync>,
        name: &'static str,
        demand: Demand,
    },
    Level(LevelId),
    Kind(KindId),
    /// A signal, or a reference, that is a column by the name which is its first argument.
    Column(Box<dyn AnySignal>),
    ColumnOfTokens(Box<dyn AnyReference>),
    /// Pools by the column whose name is its first argument and whose level its second.
    ColumnKey(Box<dyn AnyWithin>),
    /// No number where one may stand.
    Without,
    /// How many trajectories a pool must have: the number is its argument.
    Trajs,
    /// The position of a head.
    Index(usize),
    /// The name of a head; the only one has none.
    Name(String),
    /// A head: its name, its target, the heads after it.
    Head,
    /// After the last head; or the target of a head that nothing trains.
    End,
}

/// What a node is asked to be, and what it is instead, cannot differ: the checks of the language have seen to it.
macro_rules! as_part {
    ($($name:ident: $variant:ident -> $any:ident;)*) => {$(
        pub fn $name(&self) -> &dyn $any {
            match &self.part {
                Part::$variant(part) => &**part,
                _ => unreachable!(concat!("the checks let ", stringify!($variant), " alone stand here")),
            }
        }
    )*};
}

impl Node {
    pub fn new(part: Part, args: Vec<Node>) -> Node {
        Node { part, args }
    }

    /// The node that is being evaluated.
    pub fn at<'a>(at: &Scope<'a>) -> &'a Node {
        let node = at.node.and_then(|node| node.downcast_ref::<Node>());
        node.expect("holes are evaluated inside of a line")
    }

    /// Where evaluation is inside of this node.
    pub fn scope<'a>(&'a self, at: &Scope<'a>) -> Scope<'a> {
        Scope { node: Some(self), ..*at }
    }

    pub fn arg(&self, n: usize) -> &Node {
        &self.args[n]
    }

    as_part! {
        scalar: Scalar -> AnyScalar;
        count: Count -> AnyCount;
        shape: Shape -> AnyShape;
        link: Link -> AnyLink;
        pairs: Pairs -> AnyPairs;
        rollouts: Rollouts -> AnyRollouts;
        term: Term -> AnyTerm;
    }

    pub fn signal(&self) -> &dyn AnySignal {
        match &self.part {
            Part::Signal(signal) | Part::Estimator(signal, _) | Part::Column(signal) => &**signal,
            _ => unreachable!("the checks let a signal alone stand here"),
        }
    }

    pub fn reference(&self) -> &dyn AnyReference {
        match &self.part {
            Part::Reference(reference) | Part::ColumnOfTokens(reference) => &**reference,
            _ => unreachable!("the checks let a reference alone stand here"),
        }
    }

    pub fn within(&self) -> &dyn AnyWithin {
        match &self.part {
            Part::Within(within) | Part::ColumnKey(within) => &**within,
            _ => unreachable!("the checks let pools alone stand here"),
        }
    }

    pub fn kind(&self) -> KindId {
        match self.part {
            Part::Kind(kind) => kind,
            _ => unreachable!("the checks let a kind alone stand here"),
        }
    }

    pub fn clip(&self) -> &dyn AnyClip {
        match &self.part {
            Part::Clip(clip) => &**clip,
            Part::Without => &const { Of::<Without>::new() },
            _ => unreachable!("the checks let a clip alone stand here"),
        }
    }

    pub fn is_without(&self) -> bool {
        matches!(self.part, Part::Without)
    }

    pub fn is_trajs(&self) -> bool {
        matches!(self.part, Part::Trajs)
    }

    pub fn is_level(&self) -> bool {
        matches!(self.part, Part::Level(_))
    }

    /// The level that it is, or that it gives one number per.
    pub fn level(&self, at: &Scope<'_>) -> LevelId {
        match &self.part {
            Part::Level(level) => *level,
            Part::Within(within) | Part::ColumnKey(within) => within.level(at),
            Part::Clip(clip) => clip.level(at),
            _ => self.signal().level(at),
        }
    }

    /// The value of an option.
    pub fn word<Id: Copy + 'static>(&self) -> Id {
        match &self.part {
            Part::Word { id, .. } => *id.downcast_ref().expect("the option and its value are of one row"),
            _ => unreachable!("the checks let a word alone stand here"),
        }
    }

    /// The value of an option as it is written.
    pub fn word_name(&self) -> &'static str {
        match &self.part {
            Part::Word { name, .. } => name,
            _ => unreachable!("the checks let a word alone stand here"),
        }
    }

    /// The position of a head.
    pub fn index(&self) -> usize {
        match self.part {
            Part::Index(index) => index,
            _ => unreachable!("the checks let a position alone stand here"),
        }
    }

    /// The name of a head.
    pub fn head_name(&self) -> &str {
        match &self.part {
            Part::Name(name) => name,
            _ => unreachable!("the checks let a name alone stand here"),
        }
    }

    /// The heads of a critic from here on: name and target.
    pub fn heads(&self) -> impl Iterator<Item = (&str, &Node)> {
        let mut list = self;
        std::iter::from_fn(move || {
            let Part::Head = list.part else { return None };
            let (name, target) = (list.arg(0).head_name(), list.arg(1));
            list = list.arg(2);
            Some((name, target))
        })
    }

    /// What a head is trained towards, if it is trained.
    pub fn target(&self) -> Option<&dyn AnyTarget> {
        match &self.part {
            Part::Estimator(_, target) => Some(&**target),
            _ => None,
        }
    }

    /// Whether it reads what `old` holds, otherwise than by a policy loss.
    pub fn reads_old(&self, at: &Scope<'_>) -> bool {
        let own = match &self.part {
            Part::Reference(reference) => {
                let name = reference.show(&self.scope(at));
                !["init", "prm", "snapshot(", "ema("].iter().any(|other| name.starts_with(other))
            }
            _ => false,
        };
        own || self.args.iter().any(|arg| arg.reads_old(at))
    }

    /// What must be there to evaluate it.
    pub fn demand(&self) -> Demand {
        let mut columns = Vec::new();
        self.columns(&mut columns);
        Demand { own: OwnList::read(columns), ..self.needs() }
    }

    /// The columns that it reads by name.
    fn columns<'a>(&'a self, into: &mut Vec<(&'a str, LevelId)>) {
        let column = match &self.part {
            Part::Column(_) | Part::ColumnKey(_) => Some((self.arg(0).head_name(), self.arg(1).level_id())),
            Part::ColumnOfTokens(_) => Some((self.arg(0).head_name(), LevelId::Token)),
            _ => None,
        };
        into.extend(column.filter(|column| !into.contains(column)));
        self.args.iter().for_each(|arg| arg.columns(into));
    }

    fn level_id(&self) -> LevelId {
        match self.part {
            Part::Level(level) => level,
            _ => unreachable!("the checks let a level alone stand here"),
        }
    }

    /// What must be there beside columns by name.
    fn needs(&self) -> Demand {
        let own = match &self.part {
            Part::Signal(signal) | Part::Estimator(signal, _) => signal.demand(),
            Part::Within(within) => within.demand(),
            Part::Count(count) => count.demand(),
            Part::Clip(clip) => clip.demand(),
            Part::Reference(reference) => reference.demand(),
            Part::Rollouts(rollouts) => rollouts.demand(),
            Part::Term(term) => term.demand(),
            Part::Word { demand, .. } => *demand,
            Part::Level(LevelId::Segment) => <<level::Segment as Level>::Needs as Needs>::DEMAND,
            Part::Level(LevelId::Item) => <<level::Item as Level>::Needs as Needs>::DEMAND,
            _ => Demand::NOTHING,
        };
        self.args.iter().fold(own, |demand, arg| demand.and(arg.needs()))
    }
}
