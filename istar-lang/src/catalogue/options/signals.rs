//! Of signals and numbers.

use super::*;

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
/// Signals that are columns by name where a name stands between their parentheses, with level and kind: `reward(format)` is
/// `column(format, step, reward)`.
pub static COLUMNS: &[(&str, &[&str])] =
    &[("reward", &["column", "step", "reward"]), ("outcome", &["column", "traj", "return"])];
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
pub const LEAST: Arg = option("min", Takes::Word(LEASTS), "1");
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

// The option of `shuffle`
pub const PORTION: Arg = option("share", Takes::Scalar(Range::Unit), "1");
