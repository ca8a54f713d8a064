//! The vocabulary: one row a name. Adding a name is adding a row here and a type in `istar`.

mod options;
mod show;

pub use options::REFERENCES;
pub use show::{call, signature, words};

use crate::{KindId, LevelId, Range};
use options::*;

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

/// How the level of a signal comes about.
#[derive(Clone, Copy)]
pub enum LevelRule {
    /// This one.
    Is(LevelId),
    /// That of its first argument.
    Kept,
    /// That of its option `per` or `at`.
    Option(&'static str),
    /// That of this option where it is given, else of its first argument.
    Along(&'static str),
    /// That of the critic term.
    Critic,
    /// Not a signal.
    None,
}

/// How the kind of a signal comes about.
#[derive(Clone, Copy)]
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
    /// Not a signal.
    None,
}

/// How a name has to do with the PRM.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Prm {
    /// Not at all.
    No,
    /// Trains an implicit one; has `beta` and `ref`.
    Trains,
    /// Trains an explicit one.
    TrainsExplicit,
    /// Reads an implicit one; its type begins with the `beta` and `ref` of the term that trains it.
    Scaled,
    /// Reads the log-probabilities of an implicit one.
    Reads,
    /// Reads an explicit one.
    ReadsExplicit,
}

/// A name of the language.
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
    /// What it is, in one line.
    pub doc: &'static str,
}

/// An argument of a name.
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
pub enum Takes {
    /// A signal.
    Signal,
    /// A signal that is a Weight.
    Weight,
    /// What may stand for the value of a state; a bare number may.
    Estimate,
    /// The name of a head of the critic.
    Head,
    /// `one`, or a list of new names.
    Heads,
    /// A number of this range.
    Scalar(Range),
    /// What multiplies a term, 0 or above; a literal 0 would take the term away.
    Coefficient,
    /// One of these words; a row named "" takes bare numbers.
    Word(&'static [Row]),
    /// One of these levels.
    Level(&'static [LevelId]),
}

/// What stands for an argument that is left out.
#[derive(Clone, Copy)]
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
}

/// The row of this name.
pub fn find(name: &str) -> Option<&'static Row> {
    CATALOGUE.iter().find(|row| row.name == name)
}

/// The names of signals that are Weights by themselves.
pub fn weights() -> Vec<&'static str> {
    let weight = |row: &&Row| matches!(row.kind, K::Is(Weight));
    CATALOGUE.iter().filter(weight).map(|row| row.name).collect()
}

/// The type of a level below `istar::__private`.
pub fn level(level: LevelId) -> &'static str {
    match level {
        Traj => "level::Traj",
        Segment => "level::Segment",
        Step => "level::Step",
        Token => "level::Token",
        Item => "level::Item",
        Mixed => "level::Mixed",
    }
}

const fn loss(name: &'static str, ty: &'static str, args: &'static [Arg], doc: &'static str) -> Row {
    Row { name, ty, sort: Sort::Loss, level: LevelRule::None, kind: KindRule::None, prm: Prm::No, args, doc }
}

const fn signal(
    name: &'static str,
    ty: &'static str,
    level: LevelRule,
    kind: KindRule,
    args: &'static [Arg],
    doc: &'static str,
) -> Row {
    Row { name, ty, sort: Sort::Signal, level, kind, prm: Prm::No, args, doc }
}

const fn prm(how: Prm, row: Row) -> Row {
    Row { prm: how, ..row }
}

use {KindId::*, KindRule as K, LevelId::*, LevelRule as L};

/// Every name of the language but the values of options.
#[rustfmt::skip]
pub static CATALOGUE: &[Row] = &[
    // Loss terms
    loss("rl", "term::Rl", &[ADV, CLIP, RATIO, REDUCE, DUAL, GROUPS],
        "the policy's clipped surrogate with this advantage"),
    prm(Prm::Trains, loss("dpo_prm", "term::DpoPrm", &[BETA, NET, REF, PAIRS, OVER, WEIGHT, READ],
        "trains an implicit PRM on preferences between trajectories")),
    prm(Prm::TrainsExplicit, loss("mc_prm", "term::McPrm", &[ROLLOUTS, DISCOUNT, TARGET, READ],
        "trains an explicit PRM, `Q(s, a)`, on what came of each step, by its trajectory and by fresh continuations")),
    prm(Prm::TrainsExplicit, loss("td_prm", "term::TdPrm", &[DISCOUNT, LAM, PROGRESS, READ],
        "trains an explicit PRM on the outcome by temporal differences: promise and progress")),
    loss("critic", "term::Critic", &[COEF, REACH, CRITIC_PER, HEADS],
        "the critic's clipped value loss towards `gae + value`, step or token mean"),
    prm(Prm::Trains, loss("ce_prm", "term::CePrm", &[BETA, NET, REF, LABELLED, READ],
        "trains an implicit PRM on the outcome labels of trajectories")),
    loss("dpo", "term::Dpo", &[BETA, REF, PAIRS, OVER, WEIGHT],
        "trains the policy on preferences between trajectories"),
    loss("dar", "term::Dar", &[BETA, GEO_ALPHA, ADV, MOST],
        "regression of the policy, trajectories weighed by advantage"),
    loss("kl", "term::Kl", &[COEF, KL_REF, ESTIMATOR], "divergence of the policy from a reference, token mean"),
    loss("entropy", "term::Entropy", &[FREE_COEF], "entropy of the policy, token mean, rewarded"),
    loss("bc", "term::Bc", &[COEF], "imitation of demonstrations, token mean"),
    // Signals
    signal("outcome", "signal::Outcome", L::Is(Traj), K::Is(Return), &[], "the return of the trajectory"),
    signal("success", "signal::Success", L::Is(Traj), K::Is(Weight), &[], "the verifier's label, 0 or 1"),
    signal("reward", "signal::Reward", L::Is(Step), K::Is(Reward), &[], "the environment's reward of a step"),
    signal("invalid", "signal::Invalid", L::Is(Step), K::Is(Weight), &[], "1 where the action could not be parsed"),
    signal("checklist", "signal::Checklist", L::Is(Item), K::Is(Reward), &[FORM, DEPS, WEIGH],
        "per item of each step, whether it gets done"),
    signal("judged", "signal::Judged", L::Is(Traj), K::Is(Weight), &[], "0 where a judge or tool call failed, else 1"),
    signal("switch", "signal::Switch", L::Is(Step), K::Is(Weight), &[], "1 where the decision token said SWITCH"),
    signal("p_switch", "signal::PSwitch", L::Is(Step), K::Is(Weight), &[], "the policy's probability of SWITCH"),
    signal("has", "signal::Has", L::Is(Step), K::Is(Weight), &[ROLE, SECOND_ROLE, THIRD_ROLE],
        "1 where the step has a token of such a role"),
    signal("log_ratio", "signal::LogRatio", L::Is(Token), K::Is(Reward), &[P, Q],
        "`log p - log q` of the taken token"),
    prm(Prm::Scaled, signal("implicit", "sugar::Implicit", L::Is(Token), K::Is(Reward), &[],
        "`beta * log_ratio(prm, ref)` with the `beta` and `ref` of the PRM term")),
    signal("mc", "signal::Mc", L::Is(Step), K::Is(Return), &[FRESH, GAMMA],
        "mean return of fresh continuations from the state in which the step acts"),
    prm(Prm::ReadsExplicit, signal("q", "signal::Q", L::Is(Step), K::Is(Value), &[],
        "the explicit PRM's reading of the action taken, 0 to 1")),
    signal("value", "signal::Value", L::Critic, K::Is(Value), &[HEAD],
        "the critic's estimate when the batch was sampled; of the head named"),
    // Operators
    signal("norm", "signal::Norm", L::Kept, K::Centred, &[X, WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS],
        "`(x - m) / (s + eps)` with m and s over a pool"),
    signal("sum", "signal::SumPer", L::Option("per"), K::Kept, &[X, PER], "sum over each unit"),
    signal("mean", "signal::MeanPer", L::Option("per"), K::Kept, &[X, PER], "mean over each unit"),
    signal("min", "signal::MinPer", L::Option("per"), K::Kept, &[X, PER], "least of each unit"),
    signal("first", "signal::FirstPer", L::Option("per"), K::Kept, &[X, PER], "first of each unit"),
    signal("last", "signal::LastPer", L::Option("per"), K::Kept, &[X, PER], "last of each unit"),
    signal("to_go", "signal::ToGo", L::Kept, K::Is(Return), &[X, GAMMA, UNIT],
        "`sum gamma^(k-t) x_k` over k from t to the end of the unit"),
    signal("diff", "signal::Diff", L::Kept, K::Minus, &[X],
        "`x_t - x_(t-1)` inside a trajectory, 0 on its first element"),
    signal("gae", "signal::Gae", L::Along("per"), K::Is(Advantage), &[X, DISCOUNT, LAM, ESTIMATE, ALONG, UNIT, NEXT, CUT],
        "`sum (gamma lam)^l (x + gamma value' - value)` over what follows in the unit"),
    signal("clip", "signal::Clip", L::Kept, K::Kept, &[X, LO, HI], "x held between lo and hi"),
    signal("whiten", "signal::Whiten", L::Kept, K::Is(Advantage), &[X],
        "`(x - mean) / sqrt(var + 1e-8)` over all tokens of the batch"),
    signal("place", "signal::Place", L::Option("at"), K::Placed, &[X, ON, PLACE_PER, AT],
        "x on one element of each unit, 0 elsewhere"),
    signal("bound", "signal::Bound", L::Kept, K::Kept, &[X, UNIT],
        "x over the batch's largest return inside a unit"),
    signal("route", "signal::Route", L::Is(Token), K::Is(Advantage), &[ACTION, SUBGOAL, SWITCH],
        "each token the advantage of its role; roles not named leave the loss"),
    // Sugar
    signal("traj", "sugar::Traj", L::Is(Traj), K::Is(Advantage), &[WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS],
        "`norm(outcome)`"),
    signal("loo", "sugar::Loo", L::Is(Traj), K::Is(Advantage), &[WITHIN, LOO, UNSCALED, COUNT, WHERE, MIN, DDOF, EPS],
        "`norm(outcome, center = loo, scale = none)`"),
    prm(Prm::Scaled, signal("step", "sugar::Step", L::Is(Step), K::Is(Reward), &[WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS],
        "`norm(sum(implicit, per = step))`")),
    prm(Prm::Scaled, signal("token", "sugar::Token", L::Is(Token), K::Is(Reward), &[WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS],
        "`norm(implicit)`")),
    signal("anchor", "sugar::Anchor", L::Is(Step), K::Is(Advantage), &[DISCOUNT, BY_STATE, CENTER, UNSCALED, COUNT, WHERE, MIN, DDOF, EPS],
        "`norm(to_go(reward, gamma), within = state, scale = none)`"),
    // Schedules
    Row { name: "anneal", ty: "scalar::Anneal", sort: Sort::Scalar, level: L::None, kind: K::None, prm: Prm::No, args: &[NUMBER, ITERATIONS],
        doc: "from x at iteration 0 in a straight line to 0 at iteration `over`" },
];
