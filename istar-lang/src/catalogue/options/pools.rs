//! Of statistics over pools.

use super::*;

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
const ENOUGH: &[Arg] = &[first("n", Takes::Scalar(Range::Count), Fill::Needed)];
pub static LEASTS: &[Row] = &[word("", "least::Entries", ENOUGH), word("traj", "least::Trajs", ENOUGH)];
pub const MIN: Arg = option("min", Takes::Word(LEASTS), "2");
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
