//! Of loss terms.

use super::*;

// The options of `rl`
const BAND: &[Arg] = &[
    first("lo", Takes::Scalar(Range::NonNegative), Fill::Needed),
    first("hi", Takes::Scalar(Range::NonNegative), Fill::Same),
];
const DUAL_AT: &[Arg] = &[first("c", Takes::Scalar(Range::AboveOne), Fill::Needed)];
const LENGTH: &[Arg] = &[first("L", Takes::Scalar(Range::Positive), Fill::Needed)];
const STEP_OR_TRAJ: &[Arg] = &[first(UNIT_OF_COUNT, Takes::Level(&[Step, Traj]), Fill::Needed)];
const BOUNDS: &[Arg] = &[first("lo", Takes::Factor, Fill::Needed), first("hi", Takes::Factor, Fill::Same)];
pub const CLIP: Arg = option(
    "clip",
    Takes::Word(&[
        word("", "clip::Band", BAND).rules(&[Rule::Distances]),
        word("band", "clip::Bounds", BOUNDS).rules(&[Rule::AsAdvantage]),
        word("none", "clip::Off", &[]),
    ]),
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
