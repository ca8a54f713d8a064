//! The format of the catalogue: all that the checks know of a name stands in its row.

use crate::{KindId, LevelId, Range};

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// A loss term.
    Loss,
    /// A number per unit of some level.
    Signal,
    /// A number known before the batch is.
    Scalar,
    /// The value of an option.
    Word,
}

/// A name of the language.
#[derive(Debug)]
pub struct Row {
    /// As it is written.
    pub name: &'static str,
    /// Its type below `istar::__private`.
    pub ty: &'static str,
    /// What it stands for.
    pub sort: Sort,
    /// The level of the signal.
    pub level: LevelRule,
    /// The kind of the signal.
    pub kind: KindRule,
    /// What it has to do with the PRM.
    pub prm: Prm,
    /// What is written between its parentheses, those without a name first.
    pub args: &'static [Arg],
    /// What these must have to do with each other, in the order in which it is checked.
    pub rules: &'static [Rule],
    /// It says how well a trajectory went, or learns from what does.
    pub outcome: bool,
    /// Of a loss term: what it does with a negative weight.
    pub backwards: &'static str,
    /// What it is, in one line.
    pub doc: &'static str,
}

/// How the level of a signal comes about; of a word, which level it means.
#[derive(Clone, Copy, Debug)]
pub enum LevelRule {
    /// This one.
    Is(LevelId),
    /// This one, which is an argument of the word's type.
    Of(LevelId),
    /// That of its first argument.
    Kept,
    /// That of this option.
    Option(&'static str),
    /// That of the signal in this option.
    OfSignal(&'static str),
    /// That of this option where it is given, else of its first argument.
    Along(&'static str),
    /// That of the critic term.
    Critic,
    /// Has none.
    None,
}

/// How the kind of a signal comes about.
#[derive(Clone, Copy, Debug)]
pub enum KindRule {
    /// This one.
    Is(KindId),
    /// That of its first argument.
    Kept,
    /// That of `x - x`.
    Minus,
    /// A Reward stays one, all else becomes an Advantage.
    Centred,
    /// An Advantage and a Value stay, all else becomes a Reward.
    Placed,
    /// That of the word in this option where it says one, else what a statistic of a pool is of the first argument, a signal.
    Pooled(&'static str),
    /// Not a signal.
    None,
}

/// How a name has to do with the PRM.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prm {
    /// Not at all.
    No,
    /// Trains an implicit one, which readers scale by these two arguments.
    Trains {
        /// The factor of its log-ratio.
        beta: &'static str,
        /// What it is compared with.
        reference: &'static str,
    },
    /// Trains an explicit one.
    TrainsExplicit,
    /// Reads an implicit one; its type begins with the `beta` and `ref` of the term that trains it.
    Scaled {
        /// What an objective without a PRM may read in its place.
        instead: Option<&'static str>,
    },
    /// Reads the log-probabilities of an implicit one.
    Reads,
    /// Reads an explicit one.
    ReadsExplicit,
}

/// What must hold between the arguments of a name; an option is meant by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// The signal is centred by pools: what is one element of it follows from the pool and the gate.
    Pooled {
        /// What makes a pool.
        within: &'static str,
        /// What is one entry of it, if that may be told.
        count: Option<&'static str>,
        /// Which elements enter it.
        gate: &'static str,
    },
    /// The first argument is aggregated: the unit in this option is coarser.
    Up(&'static str),
    /// It goes from a unit down to its elements: the option that names these is no coarser.
    Down {
        /// The unit.
        per: &'static str,
        /// The element.
        at: &'static str,
    },
    /// The first argument is a log-ratio, or has no dimension.
    Exponent,
    /// The signal in this option is of the first argument's kind, or a number; the coarser of the two is repeated.
    Alike(&'static str),
    /// The first argument can be split into parts: it is no estimate.
    Parts,
    /// The first argument is no finer than the unit in one option, and the signal in another is finer than that unit.
    Within {
        /// The option with the unit.
        unit: &'static str,
        /// The option with the signal.
        elements: &'static str,
    },
    /// The first argument is added up along a trajectory; up to the unit in this option, if there is one.
    AddsUp(Option<&'static str>),
    /// Elements of the first argument follow each other in time, as items do not.
    InTime,
    /// The first argument is no one number for a whole trajectory.
    Changes,
    /// The first argument is a Reward.
    Increments,
    /// Inside the unit in this option is a run of numbers.
    Inside(&'static str),
    /// The signal in this option is no finer than the first argument, on whose elements it is repeated.
    Repeated(&'static str),
    /// Rewards go along the estimates of what a critic knows.
    Estimated {
        /// The unit of an advantage, if it is given.
        per: &'static str,
        /// The estimate.
        value: &'static str,
    },
    /// The second argument is at most the third.
    Ordered,
    /// The two arguments are different words.
    Different,
    /// No word is given twice.
    Distinct,
    /// One argument at least is given, and no bare Value.
    Routed,
    /// Tokens may be left out of the signal.
    LeavesOut,
    /// What the first argument leaves out is left out here.
    HandsOn,
    /// Of a word: its numbers are distances from 1, and the first of them is at most 1.
    Distances,
    /// Of a word: there is one of its option a unit of its level, so an advantage is no finer.
    OneEach,
    /// Of a word: its signals are no finer than an advantage may be.
    AsAdvantage,
    /// Of a word: it compares steps that met the same state.
    SameState,
}

/// An argument of a name.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// As it is written.
    pub name: &'static str,
    /// What may stand there.
    pub takes: Takes,
    /// What stands there when it is left out.
    pub default: Fill,
    /// May be written without its name.
    pub positional: bool,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// A signal.
    Signal,
    /// A signal, or a number that counts as one.
    Number,
    /// A signal by which the policy is trained.
    Advantage,
    /// The same, one number a trajectory.
    TrajAdvantage,
    /// A signal that is a Weight.
    Weight,
    /// A signal without dimension, or a number: what multiplies.
    Factor,
    /// What may stand for the value of a state; a bare number may.
    Estimate {
        /// If it is a head of the critic, that is trained towards the signal.
        trained: bool,
    },
    /// The name of a head of the critic.
    Head,
    /// A name that nothing else has to know.
    Name,
    /// The word that stands for one head without a name, or a list of new names.
    Heads,
    /// A number of this range.
    Scalar(Range),
    /// What multiplies a term. A literal 0 would take the term away, which is told where 0 is the end of the range.
    Coefficient(Range),
    /// One of these words; a row named "" takes bare numbers.
    Word(&'static [Row]),
    /// One of these levels.
    Level(&'static [LevelId]),
}

/// What stands for an argument that is left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    /// Nothing: it must be written.
    Needed,
    /// As if this had been written.
    Text(&'static str),
    /// What the argument before it is.
    Same,
    /// This type.
    Type(&'static str),
}

/// Two words that exclude each other.
#[derive(Debug)]
pub struct Clash {
    /// An option and its values.
    pub one: (&'static str, &'static [&'static str]),
    /// Another option, and the values at which the mistake is shown if one is written.
    pub other: (&'static str, &'static [&'static str]),
    /// They exclude each other also where the other is a default; then the mistake is shown at the one.
    pub left_out: bool,
    /// Why.
    pub message: &'static str,
    /// The way out.
    pub help: &'static str,
}

impl Sort {
    /// With its article.
    pub fn describe(self) -> &'static str {
        match self {
            Sort::Loss => "a loss term",
            Sort::Signal => "a signal",
            Sort::Scalar => "a number",
            Sort::Word => "the value of an option",
        }
    }
}

impl Row {
    /// The position of the argument of this name.
    pub fn arg(&self, name: &str) -> Option<usize> {
        self.args.iter().position(|arg| arg.name == name)
    }

    /// Whether this rule is among its rules.
    pub fn has(&self, rule: Rule) -> bool {
        self.rules.contains(&rule)
    }
}

impl Arg {
    /// What is as if it were written when nothing is.
    pub fn default_text(&self) -> Option<&'static str> {
        if let Fill::Text(text) = self.default { Some(text) } else { None }
    }
}
