//! Arguments and the words that they take, first value of a list the default.

use super::{Arg, Fill, KindRule, LevelRule, Prm, Row, Rule, Sort, Takes, types};
use crate::{KindId, LevelId, Range};
use LevelId::{Item, Segment, Step, Token, Traj};

const fn word(name: &'static str, ty: &'static str, args: &'static [Arg]) -> Row {
    Row {
        name,
        ty,
        sort: Sort::Word,
        level: LevelRule::None,
        kind: KindRule::None,
        prm: Prm::No,
        args,
        rules: &[],
        outcome: false,
        backwards: "",
        doc: "",
    }
}

/// A pool of what is one number a unit of this level.
const fn pool(name: &'static str, ty: &'static str, level: LevelId, args: &'static [Arg]) -> Row {
    Row { level: LevelRule::Is(level), ..word(name, ty, args) }
}

/// One entry for each unit of this level, by whose name it is written.
const fn each(level: LevelId) -> Row {
    Row { level: LevelRule::Of(level), ..word(level.name(), "count::Each", &[]) }
}

/// One entry for each unit of the level between the parentheses.
const fn up(name: &'static str, ty: &'static str, args: &'static [Arg]) -> Row {
    Row { level: LevelRule::Option(UNIT_OF_COUNT), ..word(name, ty, args) }
}

/// Written without its name.
const fn first(name: &'static str, takes: Takes, default: Fill) -> Arg {
    Arg { name, takes, default, positional: true }
}

/// Written `name = ..`.
const fn option(name: &'static str, takes: Takes, default: &'static str) -> Arg {
    Arg { name, takes, default: Fill::Text(default), positional: false }
}

const fn needed(name: &'static str, takes: Takes) -> Arg {
    Arg { name, takes, default: Fill::Needed, positional: false }
}

// Signals and numbers
pub const X: Arg = first("x", Takes::Signal, Fill::Needed);
pub const PLACED: Arg = first("x", Takes::Number, Fill::Needed);
pub const ADV: Arg = needed("adv", Takes::Advantage);
pub const TRAJ_ADV: Arg = needed("adv", Takes::TrajAdvantage);
pub const BETA: Arg = first("beta", Takes::Scalar(Range::Positive), Fill::Needed);
pub const COEF: Arg = first("coef", Takes::Coefficient(Range::NonNegative), Fill::Needed);
pub const FREE_COEF: Arg = first("coef", Takes::Coefficient(Range::Finite), Fill::Needed);
pub const GAMMA: Arg = first("gamma", Takes::Scalar(Range::Unit), Fill::Text("1"));
pub const DISCOUNT: Arg = first("gamma", Takes::Scalar(Range::Unit), Fill::Needed);
pub const LO: Arg = first("lo", Takes::Scalar(Range::Finite), Fill::Needed);
pub const HI: Arg = first("hi", Takes::Scalar(Range::Finite), Fill::Needed);
pub const NUMBER: Arg = first("x", Takes::Scalar(Range::Finite), Fill::Needed);
pub const GEO_ALPHA: Arg = first("alpha", Takes::Scalar(Range::Unit), Fill::Needed);
pub const MOST: Arg = option("clip", Takes::Scalar(Range::Positive), "20");
pub const ITERATIONS: Arg = needed("over", Takes::Scalar(Range::Positive));

// Critics
const DISTANCE: &[Arg] = &[first("c", Takes::Scalar(Range::Positive), Fill::Needed)];
pub const LAM: Arg = first("lam", Takes::Scalar(Range::Unit), Fill::Needed);
pub const ESTIMATE: Arg = option("value", Takes::Estimate { trained: true }, "value");
pub const NEXT: Arg = option("next", Takes::Estimate { trained: false }, "0");
pub const CUT: Arg = option("cut", Takes::Estimate { trained: false }, "0");
pub const ALONG: Arg = Arg {
    name: "per",
    takes: Takes::Level(&[Segment]),
    default: Fill::Type("count::Own"),
    positional: false,
};
pub const HEAD: Arg = first("head", Takes::Head, Fill::Type(types::ONLY));
pub const HEADS: Arg = option("heads", Takes::Heads, "one");
pub const CRITIC_PER: Arg = option("per", Takes::Level(&[Step, Token]), "step");
pub const REACH: Arg =
    option("clip", Takes::Word(&[word("", "clip::Near", DISTANCE), word("none", "clip::Off", &[])]), "0.5");

// Columns by name
pub const NAME: Arg = first("named", Takes::Name, Fill::Needed);
pub const COLUMN_LEVEL: Arg = first("level", Takes::Level(&[Traj, Step, Token]), Fill::Needed);
const fn kind(name: &'static str, ty: &'static str, kind: KindId) -> Row {
    Row { kind: KindRule::Is(kind), ..word(name, ty, &[]) }
}
pub const KIND: Arg = first(
    "kind",
    Takes::Word(&[
        kind("reward", "kind::Reward", KindId::Reward),
        kind("return", "kind::Return", KindId::Return),
        kind("value", "kind::Value", KindId::Value),
        kind("advantage", "kind::Advantage", KindId::Advantage),
        kind("weight", "kind::Weight", KindId::Weight),
        kind("factor", "kind::Factor", KindId::Factor),
    ]),
    Fill::Needed,
);

// Levels
pub const PER: Arg = needed("per", Takes::Level(&[Traj, Segment, Step]));
pub const PLACE_PER: Arg = option("per", Takes::Level(&[Traj, Segment, Step]), "traj");
pub const AT: Arg = option("at", Takes::Level(&[Step, Segment, Token]), "step");
pub const OF: Arg = Arg { name: "of", ..AT };
pub const UNIT: Arg = option("within", Takes::Level(&[Traj, Segment, Step]), "traj");
pub const ON: Arg = option(
    "on",
    Takes::Word(&[
        word("last", "on::Last", &[]),
        word("first", "on::First", &[]),
        word("all", "on::All", &[]),
    ]),
    "last",
);

// The options of `checklist`
pub const FORM: Arg = option(
    "form",
    Takes::Word(&[word("flip", "form::Flip", &[]), word("backfill", "form::Backfill", &[])]),
    "flip",
);
/// The words that are Rust's.
pub static TRUTHS: &[Row] = &[word("true", "deps::True", &[]), word("false", "deps::False", &[])];
pub const DEPS: Arg = option("deps", Takes::Word(TRUTHS), "true");
pub const WEIGH: Arg = option(
    "weigh",
    Takes::Word(&[word("turn", "weigh::Turn", &[]), word("traj", "weigh::Traj", &[])]),
    "turn",
);
// Roles of tokens
static ROLES: &[Row] = &[
    word("switch", "role::Switch", &[]),
    word("subgoal", "role::Subgoal", &[]),
    word("action", "role::Action", &[]),
    word("other", "role::Other", &[]),
];
pub const ROLE: Arg = first("role", Takes::Word(ROLES), Fill::Needed);
pub const SECOND_ROLE: Arg = first("second", Takes::Word(ROLES), Fill::Type("role::None"));
pub const THIRD_ROLE: Arg = first("third", Takes::Word(ROLES), Fill::Type("role::None"));
const fn routed(name: &'static str) -> Arg {
    Arg { name, takes: Takes::Signal, default: Fill::Type("signal::LeftOut"), positional: false }
}
pub const ACTION: Arg = routed("action");
pub const SUBGOAL: Arg = routed("subgoal");
pub const SWITCH: Arg = routed("switch");

// The options of `pool`
const fn stat(name: &'static str, ty: &'static str) -> Row {
    word(name, ty, &[])
}
const fn counted(name: &'static str, ty: &'static str) -> Row {
    Row { kind: KindRule::Is(KindId::Factor), ..word(name, ty, &[]) }
}
pub const STAT: Arg = option(
    "stat",
    Takes::Word(&[
        stat("mean", "stat::Mean"),
        stat("var", "stat::Var"),
        stat("max", "stat::Max"),
        counted("count", "stat::Count"),
        counted("rank", "stat::Rank"),
    ]),
    "mean",
);
pub const LEAST: Arg = option("min", Takes::Scalar(Range::Count), "1");
pub const LAST: Arg = option("last", Takes::Number, "0");

// The options of `share`
pub const BY: Arg = needed("by", Takes::Factor);
const HEAT: &[Arg] = &[first("temperature", Takes::Scalar(Range::Positive), Fill::Needed)];
pub const SOFTMAX: Arg = option(
    "softmax",
    Takes::Word(&[word("none", "softmax::Off", &[]), word("", "softmax::At", HEAT)]),
    "none",
);
pub const Y: Arg = first("y", Takes::Number, Fill::Needed);

// The options of `norm`
const SIMILAR: &[Arg] = &[needed("similar", Takes::Scalar(Range::Rate))];
const SAME_STATE: &[Rule] = &[Rule::SameState];
static POOLS: &[Row] = &[
    pool("prompt", "within::Prompt", Traj, &[]),
    pool("state", "within::State", Step, &[]).rules(SAME_STATE),
    pool("state", "within::Similar", Step, SIMILAR).rules(SAME_STATE),
    pool("turn", "within::Turn", Segment, &[]),
    pool("agent", "within::Agent", Step, &[]),
    pool("item", "within::Item", Item, &[]),
    pool("tag", "within::Tag", Step, &[]),
    pool("batch", "within::Batch", Traj, &[]),
    pool("state", "within::History", Step, HISTORY).rules(SAME_STATE),
    pool("action", "within::Action", Step, &[]),
    Row { level: LevelRule::Option(COLUMN_LEVEL.name), ..word("key", "within::Key", &[NAME, KEY_LEVEL]) },
    word("*", "within::Both", &[]),
];
/// What agrees in two of the others: `state * action`.
pub static PRODUCT: Row = word("*", "within::Both", &[]);
const HISTORY: &[Arg] = &[needed("history", Takes::Scalar(Range::Whole))];
const KEY_LEVEL: Arg = first(COLUMN_LEVEL.name, Takes::Level(&[Step, Traj]), Fill::Text("step"));
static CENTERS: &[Row] =
    &[word("mean", "center::Mean", &[]), word("loo", "center::Loo", &[]), word("none", "center::None", &[])];
static SCALES: &[Row] =
    &[word("std", "scale::Std", &[]), word("mean", "scale::Mean", &[]), word("none", "scale::None", &[])];
const UNIT_OF_COUNT: &str = "level";
const UNITS: &[Arg] = &[first(UNIT_OF_COUNT, Takes::Level(&[Traj, Segment, Step]), Fill::Needed)];
static COUNTS: &[Row] = &[
    each(Traj),
    each(Segment),
    each(Step),
    each(Token),
    each(Item),
    up("first", "count::First", UNITS),
    up("mean", "count::Mean", UNITS),
    up("sum", "count::Sum", UNITS),
];
pub const WITHIN: Arg = option("within", Takes::Word(POOLS), "prompt");
pub const BY_STATE: Arg = option("within", Takes::Word(POOLS), "state");
pub const CENTER: Arg = option("center", Takes::Word(CENTERS), "mean");
pub const LOO: Arg = option("center", Takes::Word(CENTERS), "loo");
pub const SCALE: Arg = option("scale", Takes::Word(SCALES), "std");
pub const UNSCALED: Arg = option("scale", Takes::Word(SCALES), "none");
pub const COUNT: Arg =
    Arg { name: "count", takes: Takes::Word(COUNTS), default: Fill::Type("count::Own"), positional: false };
pub const WHERE: Arg =
    Arg { name: "where", takes: Takes::Weight, default: Fill::Type("signal::Everywhere"), positional: false };
pub const MIN: Arg = option("min", Takes::Scalar(Range::Count), "2");
pub const DDOF: Arg = option("ddof", Takes::Scalar(Range::Unit), "1");
/// Pools of what is one number a trajectory already.
pub const SCALE_WITHIN: Arg = Arg {
    name: "scale_within",
    takes: Takes::Word(&[
        pool("prompt", "within::Prompt", Traj, &[]),
        pool("batch", "within::Batch", Traj, &[]),
    ]),
    default: Fill::Type("within::Same"),
    positional: false,
};
pub const EPS: Arg = option("eps", Takes::Scalar(Range::NonNegative), "1e-6");

// References
const EVERY: &[Arg] = &[needed("every", Takes::Scalar(Range::Count))];
const DRIFT: &[Arg] = &[needed("kl", Takes::Scalar(Range::Positive))];
const TAU: &[Arg] = &[first("tau", Takes::Scalar(Range::Rate), Fill::Needed)];
const ALPHA: &[Arg] = &[GEO_ALPHA];
const INIT: Row = word("init", "reference::Init", &[]);
const OLD: Row = word("old", "reference::Old", &[]);
const SNAPSHOT: Row = word("snapshot", "reference::Snapshot", EVERY);
const SNAPSHOT_KL: Row = word("snapshot", "reference::SnapshotKl", DRIFT);
const EMA: Row = word("ema", "reference::Ema", TAU);
const GEO: Row = word("geo", "reference::Geo", ALPHA);
const SAMPLER: Row = word("sampler", "reference::Sampler", &[]);
const OF_TOKENS: Row = word("column", "reference::Column", &[NAME]);
const PRM: Row = word("prm", "reference::Prm", &[]).prm(Prm::Reads);
static OTHERS: &[Row] = &[INIT, OLD, SAMPLER, SNAPSHOT, SNAPSHOT_KL, EMA, GEO, OF_TOKENS];
const NONE: Row = word("none", "reference::Free", &[]);
static OTHERS_OR_NONE: &[Row] = &[INIT, OLD, SAMPLER, SNAPSHOT, SNAPSHOT_KL, EMA, GEO, OF_TOKENS, NONE];
/// Frozen views of a policy, and the PRM.
pub static REFERENCES: &[Row] = &[PRM, INIT, OLD, SAMPLER, SNAPSHOT, SNAPSHOT_KL, EMA, GEO, OF_TOKENS];
pub const REF: Arg = option("ref", Takes::Word(OTHERS), "init");
/// Of the policy's own preference, whose score may be its likelihood.
pub const OR_NO_REF: Arg = option("ref", Takes::Word(OTHERS_OR_NONE), "init");
pub const KL_REF: Arg = first("ref", Takes::Word(OTHERS), Fill::Text("init"));
pub const P: Arg = first("p", Takes::Word(REFERENCES), Fill::Needed);
pub const Q: Arg = first("q", Takes::Word(REFERENCES), Fill::Needed);

// The options of `rl`
const BAND: &[Arg] = &[
    first("lo", Takes::Scalar(Range::NonNegative), Fill::Needed),
    first("hi", Takes::Scalar(Range::NonNegative), Fill::Same),
];
const DUAL_AT: &[Arg] = &[first("c", Takes::Scalar(Range::AboveOne), Fill::Needed)];
const LENGTH: &[Arg] = &[first("L", Takes::Scalar(Range::Positive), Fill::Needed)];
const STEP_OR_TRAJ: &[Arg] = &[first(UNIT_OF_COUNT, Takes::Level(&[Step, Traj]), Fill::Needed)];
pub const CLIP: Arg = option(
    "clip",
    Takes::Word(&[word("", "clip::Band", BAND).rules(&[Rule::Distances]), word("none", "clip::Off", &[])]),
    "0.2",
);
pub const RATIO: Arg = option(
    "ratio",
    Takes::Word(&[
        each(Token),
        up("sum", "count::Sum", STEP_OR_TRAJ).rules(&[Rule::OneEach]),
        up("mean", "count::Mean", STEP_OR_TRAJ),
    ]),
    "token",
);
pub const REDUCE: Arg = option(
    "reduce",
    Takes::Word(&[
        each(Token),
        up("mean", "count::Mean", STEP_OR_TRAJ),
        up("sum", "count::Sum", STEP_OR_TRAJ),
        word("prompt", "count::Prompt", &[]),
        word("constant", "count::Constant", LENGTH),
    ]),
    "token",
);
pub const EMPTY: Arg = option(
    "empty",
    Takes::Word(&[word("skip", "empty::Skip", &[]), word("count", "empty::Count", &[])]),
    "skip",
);
const fn heat(name: &'static str, default: &'static str) -> Arg {
    first(name, Takes::Scalar(Range::Positive), Fill::Text(default))
}
const fn power(name: &'static str, default: &'static str) -> Arg {
    first(name, Takes::Scalar(Range::NonNegative), Fill::Text(default))
}
const TEMPERATURES: &[Arg] = &[heat("positive", "1"), heat("negative", "1.05")];
const RATIO_MOST: &[Arg] = &[heat("most", "20")];
const POWERS: &[Arg] = &[power("k", "2"), heat("l", "3"), power("k_negative", "3"), heat("l_negative", "2")];
pub const SHAPE: Arg = option(
    "shape",
    Takes::Word(&[
        word("clip", "shape::Clip", &[]),
        word("logp", "shape::LogProb", &[]),
        word("cispo", "shape::Cispo", &[]),
        word("sapo", "shape::Sapo", TEMPERATURES),
        word("gmpo", "shape::GeometricMean", &[]),
        word("dppo_tv", "shape::TotalVariation", RATIO_MOST),
        word("dppo_kl", "shape::BinaryKl", RATIO_MOST),
        word("vespo", "shape::Gamma", POWERS),
    ]),
    "clip",
);
pub const DUAL: Arg =
    option("dual", Takes::Word(&[word("none", "dual::Off", &[]), word("", "dual::At", DUAL_AT)]), "none");
pub const GROUPS: Arg = option(
    "groups",
    Takes::Word(&[word("all", "groups::All", &[]), word("mixed", "groups::Mixed", &[])]),
    "all",
);

/// What multiplies each token of the surrogate.
pub const TOKEN_WEIGHT: Arg = Arg {
    name: "weight",
    takes: Takes::Factor,
    default: Fill::Type("signal::Everywhere"),
    positional: false,
};

// The options of explicit PRM terms
const EACH: &[Arg] = &[first("rollouts", Takes::Scalar(Range::Whole), Fill::Needed)];
/// What the literal 0 asks of an environment is less than what a number asks that may be 0.
pub const ROLLOUTS: Arg = first(
    "rollouts",
    Takes::Word(&[word("0", "rollouts::Own", &[]), word("", "rollouts::Fresh", EACH)]),
    Fill::Needed,
);
pub const FRESH: Arg = first("rollouts", Takes::Scalar(Range::Count), Fill::Needed);
pub const PROGRESS: Arg = option("progress", Takes::Scalar(Range::NonNegative), "1");
pub const TARGET: Arg = option(
    "target",
    Takes::Word(&[word("to_go", "target::ToGo", &[]), word("absolute", "target::Absolute", &[])]),
    "to_go",
);

// The options of preference terms
const K: &[Arg] = &[Arg {
    name: "k",
    takes: Takes::Scalar(Range::Count),
    default: Fill::Type("pairs::Half"),
    positional: true,
}];
const ABOVE: &[Arg] = &[first("x", Takes::Scalar(Range::Finite), Fill::Needed)];
const DMPO: &[Arg] = &[first("gamma", Takes::Scalar(Range::Unit), Fill::Needed)];
pub const NET: Arg = option(
    "net",
    Takes::Word(&[word("shared", "net::Shared", &[]), word("separate", "net::Separate", &[])]),
    "shared",
);
pub const PAIRS: Arg = option(
    "pairs",
    Takes::Word(&[
        word("top_bottom", "pairs::TopBottom", K),
        word("success", "pairs::Success", &[]),
        word("threshold", "pairs::Threshold", ABOVE),
        word("all", "pairs::All", &[]),
    ]),
    "top_bottom",
);
pub const OVER: Arg = option(
    "over",
    Takes::Word(&[
        word("sum", "over::Sum", &[]),
        word("mean", "over::Mean", &[]),
        word("token", "over::Token", &[]),
        word("common", "over::Common", &[]),
    ]),
    "sum",
);
const fn doubt(range: Range, default: Fill) -> Arg {
    Arg { name: "smooth", takes: Takes::Scalar(range), default, positional: false }
}
const SMOOTH: Arg = doubt(Range::Doubt, Fill::Text("0"));
const AHEAD: Arg = option("margin", Takes::Scalar(Range::Finite), "0");
const TURN: Arg = option("tau", Takes::Scalar(Range::Positive), "0.05");
pub const LINK: Arg = option(
    "link",
    Takes::Word(&[
        word("sigmoid", "link::Sigmoid", &[SMOOTH, AHEAD]),
        word("hinge", "link::Hinge", &[AHEAD]),
        word("ipo", "link::Ipo", &[]),
        word("robust", "link::Robust", &[doubt(Range::Doubt, Fill::Needed)]),
        word("exo", "link::Exo", &[doubt(Range::SomeDoubt, Fill::Needed)]),
        word("nca", "link::Nca", &[]),
        word("bco", "link::Bco", &[]),
        word("sppo", "link::Sppo", &[]),
        word("apo_zero", "link::ApoZero", &[]),
        word("apo_down", "link::ApoDown", &[]),
        word("discopop", "link::Discopop", &[TURN]),
        word("odds", "link::Odds", &[]),
    ]),
    "sigmoid",
);
pub const DIVERGENCE: Arg = option("alpha", Takes::Scalar(Range::Finite), "1");
pub const LABELLED: Arg =
    option("per", Takes::Word(&[word("traj", "per::Traj", &[]), word("step", "per::Step", &[])]), "traj");
pub const WEIGHT: Arg = option(
    "weight",
    Takes::Word(&[word("flat", "weight::Flat", &[]), word("dmpo", "weight::Dmpo", DMPO)]),
    "flat",
);
pub const READ: Arg = option(
    "read",
    Takes::Word(&[word("after", "read::After", &[]), word("before", "read::Before", &[])]),
    "after",
);
pub const ESTIMATOR: Arg = option(
    "estimator",
    Takes::Word(&[
        word("k3", "estimator::K3", &[]),
        word("k1", "estimator::K1", &[]),
        word("k2", "estimator::K2", &[]),
        word("abs", "estimator::Abs", &[]),
    ]),
    "k3",
);
pub const GRADIENT: Arg = option(
    "gradient",
    Takes::Word(&[
        word("same", "gradient::Same", &[]),
        word("k3", "gradient::K3", &[]),
        word("k1", "gradient::K1", &[]),
        word("k2", "gradient::K2", &[]),
        word("abs", "gradient::Abs", &[]),
    ]),
    "same",
);
