//! The vocabulary: one row a name. Adding a name is adding a row here and a type in `istar`.

mod foreign;
mod options;
mod row;
mod show;
pub mod types;

pub use foreign::{FOREIGN, Foreign, PAIRWISE, RECIPES, Recipe, TRAINS_IMPLICIT};
pub use options::{COLUMNS, PRODUCT, REFERENCES, TRUTHS};
pub use row::{Arg, Clash, Fill, KindRule, LevelRule, Prm, Row, Rule, Sort, Takes};
pub use show::{call, signature, words};

use crate::{KindId, LevelId};
use options::*;

/// The row of this name; of a term and a signal of one name, the term.
pub fn find(name: &str) -> Option<&'static Row> {
    CATALOGUE.iter().find(|row| row.name == name)
}

/// The row of this name where a signal or a number may stand; what else has the name if none of these has.
pub fn find_value(name: &str) -> Option<&'static Row> {
    let value = |row: &&Row| row.name == name && matches!(row.sort, Sort::Signal | Sort::Scalar);
    CATALOGUE.iter().find(value).or_else(|| find(name))
}

/// The names of this sort.
pub fn names(sort: Sort) -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().filter(move |row| row.sort == sort).map(|row| row.name)
}

/// The names of signals that are Weights by themselves.
pub fn weights() -> Vec<&'static str> {
    let weight = |row: &&Row| matches!(row.kind, K::Is(Weight));
    CATALOGUE.iter().filter(weight).map(|row| row.name).collect()
}

/// Whether the signal of this type leaves tokens out.
pub(crate) fn leaves_out(ty: &str) -> bool {
    CATALOGUE.iter().any(|row| row.ty == ty && row.has(LeavesOut))
}

const fn loss(name: &'static str, ty: &'static str, args: &'static [Arg], doc: &'static str) -> Row {
    let (level, kind, prm) = (LevelRule::None, KindRule::None, Prm::No);
    Row { name, ty, sort: Sort::Loss, level, kind, prm, args, rules: &[], outcome: false, backwards: "", doc }
}

const fn signal(
    name: &'static str,
    ty: &'static str,
    level: LevelRule,
    kind: KindRule,
    args: &'static [Arg],
    doc: &'static str,
) -> Row {
    Row {
        name,
        ty,
        sort: Sort::Signal,
        level,
        kind,
        prm: Prm::No,
        args,
        rules: &[],
        outcome: false,
        backwards: "",
        doc,
    }
}

/// From a finer level to the one in `per`.
const fn aggregate(name: &'static str, ty: &'static str, doc: &'static str) -> Row {
    signal(name, ty, L::Option(PER.name), K::Kept, &[X, PER], doc).rules(&[Up(PER.name)])
}

const fn scalar(name: &'static str, ty: &'static str, args: &'static [Arg], doc: &'static str) -> Row {
    Row { sort: Sort::Scalar, ..loss(name, ty, args, doc) }
}

impl Row {
    /// The same with this to do with the PRM.
    const fn prm(self, prm: Prm) -> Row {
        Row { prm, ..self }
    }

    /// The same, saying how well a trajectory went.
    const fn outcome(self) -> Row {
        Row { outcome: true, ..self }
    }

    /// The same, with a negative weight doing this.
    const fn backwards(self, backwards: &'static str) -> Row {
        Row { backwards, ..self }
    }

    /// The same with these rules.
    const fn rules(self, rules: &'static [Rule]) -> Row {
        Row { rules, ..self }
    }
}

use {KindId::*, KindRule as K, LevelId::*, LevelRule as L, Rule::*};

const IMPLICIT: Prm = Prm::Trains { beta: BETA.name, reference: REF.name };
const SCALED: Prm = Prm::Scaled { instead: None };
const OR_TRAJ: Prm = Prm::Scaled { instead: Some("traj") };
const POOLED: &[Rule] = &[Pooled { within: WITHIN.name, count: Some(COUNT.name), gate: WHERE.name }];
const IN_POOLS: &[Rule] = &[Pooled { within: WITHIN.name, count: None, gate: WHERE.name }];
const RUN: &[Rule] = &[InTime, Increments, Inside(UNIT.name)];
const ESTIMATED: &[Rule] =
    &[InTime, Increments, Estimated { per: ALONG.name, value: ESTIMATE.name }, Inside(UNIT.name)];

/// Words that are legal alone and not together.
pub static CLASHES: &[Clash] = &[
    Clash {
        one: ("link", &["odds"]),
        other: ("ref", &["init", "old", "sampler", "snapshot", "ema", "column", "geo"]),
        left_out: true,
        message: "`link = odds` takes odds of likelihoods, and a ratio of two has none",
        help: "write `ref = none`",
    },
    Clash {
        one: ("net", &["shared"]),
        other: ("ref", &["old"]),
        left_out: false,
        message: "with `net = shared` the policy is the PRM and `old` is the policy before this iteration: the step reward is 0, or only the trace of its own update",
        help: "write `ref = init`, or `net = separate`",
    },
    Clash {
        one: ("over", &["common"]),
        other: ("weight", &["dmpo"]),
        left_out: false,
        message: "`over = common` counts the same steps of both trajectories, and `dmpo` weighs them by lengths that differ",
        help: "write `weight = flat`, or `over = sum`",
    },
    Clash {
        one: ("shape", &["logp", "sapo", "vespo"]),
        other: ("clip", &["", "band", "none"]),
        left_out: false,
        message: "this shape has no use for bounds of the ratio",
        help: "leave `clip` out",
    },
    Clash {
        one: ("shape", &["logp"]),
        other: ("ratio", &["token", "sum", "mean"]),
        left_out: false,
        message: "`shape = logp` has no ratio",
        help: "leave `ratio` out",
    },
    Clash {
        one: ("shape", &["logp", "cispo", "sapo", "gmpo", "dppo_tv", "dppo_kl", "vespo"]),
        other: ("dual", &["", "none"]),
        left_out: false,
        message: "the second bound belongs to `shape = clip`",
        help: "leave `dual` out",
    },
    Clash {
        one: ("reduce", &["token", "constant"]),
        other: ("empty", &["count"]),
        left_out: false,
        message: "nothing that is averaged over here could be empty",
        help: "write `reduce = mean(traj)`, `sum(traj)`, `mean(step)`, `sum(step)` or `prompt`",
    },
];

/// Every name of the language but the values of options.
#[rustfmt::skip]
pub static CATALOGUE: &[Row] = &[
    // Loss terms
    loss("rl", "term::Rl", &[ADV, CLIP, RATIO, REDUCE, DUAL, GROUPS, TOKEN_WEIGHT, SHAPE, EMPTY],
        "the policy's clipped surrogate with this advantage")
        .backwards("makes likelier what the advantage calls worse"),
    loss("dpo_prm", "term::DpoPrm", &[BETA, NET, REF, PAIRS, OVER, WEIGHT, READ, LINK],
        "trains an implicit PRM on preferences between trajectories").prm(IMPLICIT)
        .outcome().backwards("teaches the PRM to prefer what failed"),
    loss("mc_prm", "term::McPrm", &[ROLLOUTS, DISCOUNT, TARGET, READ],
        "trains an explicit PRM, `Q(s, a)`, on what came of each step, by its trajectory and by fresh continuations").prm(Prm::TrainsExplicit)
        .outcome().backwards("drives the PRM away from what came of each step"),
    loss("td_prm", "term::TdPrm", &[DISCOUNT, LAM, PROGRESS, READ],
        "trains an explicit PRM on the outcome by temporal differences: promise and progress").prm(Prm::TrainsExplicit)
        .outcome().backwards("drives the PRM away from the outcome"),
    loss("critic", "term::Critic", &[COEF, REACH, CRITIC_PER, HEADS, REDUCE],
        "the critic's clipped value loss towards `gae + value`")
        .backwards("drives the critic away from the returns"),
    loss("ce_prm", "term::CePrm", &[BETA, NET, REF, LABELLED, READ],
        "trains an implicit PRM on the outcome labels of trajectories").prm(IMPLICIT)
        .outcome().backwards("drives the PRM away from the labels"),
    loss("dpo", "term::Dpo", &[BETA, OR_NO_REF, PAIRS, OVER, WEIGHT, LINK, DIVERGENCE],
        "trains the policy on preferences between trajectories")
        .outcome().backwards("teaches the policy to prefer what failed"),
    loss("dar", "term::Dar", &[BETA, GEO_ALPHA, TRAJ_ADV, MOST],
        "regression of the policy, trajectories weighed by advantage")
        .backwards("drives the policy away from what was good"),
    loss("kl", "term::Kl", &[COEF, KL_REF, ESTIMATOR, GRADIENT, REDUCE, EMPTY], "divergence of the policy from a reference")
        .backwards("drives the policy away from the reference"),
    loss("entropy", "term::Entropy", &[FREE_COEF, REDUCE], "entropy of the policy, rewarded")
        .backwards("punishes the policy for staying undecided"),
    loss("bc", "term::Bc", &[COEF], "imitation of demonstrations, token mean")
        .backwards("drives the policy away from the demonstrations"),
    // Signals
    signal("outcome", "signal::Outcome", L::Is(Traj), K::Is(Return), &[], "the return of the trajectory").outcome(),
    signal("success", "signal::Success", L::Is(Traj), K::Is(Weight), &[], "the verifier's label, 0 or 1").outcome(),
    signal("reward", "signal::Reward", L::Is(Step), K::Is(Reward), &[], "the environment's reward of a step").outcome(),
    signal("invalid", "signal::Invalid", L::Is(Step), K::Is(Weight), &[], "1 where the action could not be parsed"),
    signal("checklist", "signal::Checklist", L::Is(Item), K::Is(Reward), &[FORM, DEPS, WEIGH],
        "per item of each step, whether it gets done").outcome(),
    signal("judged", "signal::Judged", L::Is(Traj), K::Is(Weight), &[], "0 where a judge or tool call failed, else 1"),
    signal("switch", "signal::Switch", L::Is(Step), K::Is(Weight), &[], "1 where the decision token said SWITCH"),
    signal("p_switch", "signal::PSwitch", L::Is(Step), K::Is(Weight), &[], "the policy's probability of SWITCH"),
    signal("has", "signal::Has", L::Is(Step), K::Is(Weight), &[ROLE, SECOND_ROLE, THIRD_ROLE],
        "1 where the step has a token of such a role").rules(&[Distinct]),
    signal("length", "signal::Length", L::Option(PLACE_PER.name), K::Is(Return), &[PLACE_PER, OF],
        "how many elements `of` a finer level each unit has").rules(&[Down { per: PLACE_PER.name, at: OF.name }]),
    signal("exact", "signal::Exact", L::Is(Step), K::Is(Reward), &[],
        "by how much each step shortens the shortest solution, exactly").outcome(),
    signal("entropy", "signal::Entropy", L::Is(Token), K::Is(Factor), &[],
        "of the distribution that each token was drawn from, when the batch was sampled"),
    signal("column", "signal::Column", L::Option(COLUMN_LEVEL.name), K::Pooled(KIND.name), &[NAME, COLUMN_LEVEL, KIND],
        "the numbers that a log or an environment has under this name").outcome(),
    signal("log_ratio", "signal::LogRatio", L::Is(Token), K::Is(Reward), &[P, Q],
        "`log p - log q` of the taken token").rules(&[Different]),
    signal("divergence", "signal::Divergence", L::Is(Token), K::Is(Reward), &[P, Q, ESTIMATOR],
        "an estimate of `KL(p, q)` from each token taken").rules(&[Different]),
    signal("implicit", "sugar::Implicit", L::Is(Token), K::Is(Reward), &[],
        "`beta * log_ratio(prm, ref)` with the `beta` and `ref` of the PRM term").prm(SCALED),
    signal("mc", "signal::Mc", L::Is(Step), K::Is(Return), &[FRESH, GAMMA],
        "mean return of fresh continuations from the state in which the step acts").outcome(),
    signal("q", "signal::Q", L::Is(Step), K::Is(Value), &[],
        "the explicit PRM's reading of the action taken, 0 to 1").prm(Prm::ReadsExplicit),
    signal("value", "signal::Value", L::Critic, K::Is(Value), &[HEAD],
        "the critic's estimate when the batch was sampled; of the head named"),
    // Operators
    signal("norm", "signal::Norm", L::Kept, K::Centred, &[X, WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS, SCALE_WITHIN],
        "`(x - m) / (s + eps)` with m and s over a pool").rules(POOLED),
    aggregate("sum", "signal::SumPer", "sum over each unit").rules(&[Up(PER.name), AddsUp(Some(PER.name))]),
    aggregate("mean", "signal::MeanPer", "mean over each unit"),
    aggregate("min", "signal::MinPer", "least of each unit"),
    aggregate("max", "signal::MaxPer", "largest of each unit"),
    aggregate("first", "signal::FirstPer", "first of each unit"),
    aggregate("last", "signal::LastPer", "last of each unit"),
    signal("to_go", "signal::ToGo", L::Kept, K::Is(Return), &[X, GAMMA, UNIT],
        "`sum gamma^(k-t) x_k` over k from t to the end of the unit").rules(&[InTime, Increments, Inside(UNIT.name), AddsUp(Some(UNIT.name))]),
    signal("diff", "signal::Diff", L::Kept, K::Minus, &[X],
        "`x_t - x_(t-1)` inside a trajectory, 0 on its first element").rules(&[InTime, Changes]),
    signal("gae", "signal::Gae", L::Along(ALONG.name), K::Is(Advantage),
        &[X, DISCOUNT, LAM, ESTIMATE, ALONG, UNIT, NEXT, CUT],
        "`sum (gamma lam)^l (x + gamma value' - value)` over what follows in the unit").rules(ESTIMATED),
    signal("pool", "signal::Pool", L::Kept, K::Pooled(STAT.name), &[X, STAT, WITHIN, WHERE, LEAST, DDOF],
        "a statistic of the pool of x, on each of its elements").rules(IN_POOLS),
    signal("next", "signal::Next", L::Kept, K::Kept, &[X, LAST],
        "x of the element after it in the trajectory, `last` after the last one").rules(&[InTime, Changes, Repeated(LAST.name)]),
    signal("exp", "signal::Exp", L::Kept, K::Is(Factor), &[X],
        "e to the x: an importance weight of a log-ratio").rules(&[HandsOn, Exponent]),
    signal("abs", "signal::Abs", L::Kept, K::Kept, &[X], "x without its sign").rules(&[HandsOn]),
    signal("keep", "signal::Keep", L::Kept, K::Is(Weight), &[X, LO, HI],
        "1 where x lies between lo and hi, both included, else 0").rules(&[HandsOn, Ordered]),
    signal("clip", "signal::Clip", L::Kept, K::Kept, &[X, LO, HI], "x held between lo and hi").rules(&[HandsOn, Ordered]),
    signal("minimum", "signal::Minimum", L::Kept, K::Kept, &[X, Y], "the smaller of the two").rules(&[HandsOn, Alike(Y.name)]),
    signal("maximum", "signal::Maximum", L::Kept, K::Kept, &[X, Y], "the larger of the two").rules(&[HandsOn, Alike(Y.name)]),
    signal("share", "signal::Share", L::OfSignal(BY.name), K::Placed, &[X, BY, PER, SOFTMAX],
        "x, one number a unit, split over its elements in proportion to `by`").rules(&[Parts, Within { unit: PER.name, elements: BY.name }]),
    signal("shuffle", "signal::Shuffle", L::Kept, K::Kept, &[X, PORTION],
        "x, a share of its numbers dealt anew over the batch: as large, and at the wrong places").rules(&[InTime]),
    signal("reliability", "signal::Reliability", L::Is(Traj), K::Is(Weight), &[X],
        "by how much x, summed, ranks the batch's pairs better than length does, 0 to 1").rules(&[InTime, Increments, AddsUp(None)]),
    signal("agreement", "signal::Agreement", L::Is(Traj), K::Is(Weight), &[X, Y],
        "Kendall's tau-b of x and y over the batch, 0 to 1").rules(&[InTime, Repeated(Y.name)]),
    signal("whiten", "signal::Whiten", L::Kept, K::Is(Advantage), &[X],
        "`(x - mean) / sqrt(var + 1e-8)` over all tokens of the batch").rules(&[InTime]),
    signal("place", "signal::Place", L::Option(AT.name), K::Placed, &[PLACED, ON, PLACE_PER, AT],
        "x on one element of each unit, 0 elsewhere").rules(&[Down { per: PLACE_PER.name, at: AT.name }]),
    signal("bound", "signal::Bound", L::Kept, K::Kept, &[X, UNIT],
        "x over the batch's largest return inside a unit").rules(RUN),
    signal("route", "signal::Route", L::Is(Token), K::Is(Advantage), &[ACTION, SUBGOAL, SWITCH],
        "each token the advantage of its role; roles not named leave the loss").rules(&[LeavesOut, Routed]),
    // Sugar
    signal("traj", "sugar::Traj", L::Is(Traj), K::Is(Advantage), &[WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS, SCALE_WITHIN],
        "`norm(outcome)`").rules(POOLED).outcome(),
    signal("loo", "sugar::Loo", L::Is(Traj), K::Is(Advantage), &[WITHIN, LOO, UNSCALED, COUNT, WHERE, MIN, DDOF, EPS, SCALE_WITHIN],
        "`norm(outcome, center = loo, scale = none)`").rules(POOLED).outcome(),
    signal("step", "sugar::Step", L::Is(Step), K::Is(Reward), &[WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS, SCALE_WITHIN],
        "`norm(sum(implicit, per = step))`").rules(POOLED).prm(OR_TRAJ),
    signal("token", "sugar::Token", L::Is(Token), K::Is(Reward), &[WITHIN, CENTER, SCALE, COUNT, WHERE, MIN, DDOF, EPS, SCALE_WITHIN],
        "`norm(implicit)`").rules(POOLED).prm(OR_TRAJ),
    signal("anchor", "sugar::Anchor", L::Is(Step), K::Is(Advantage), &[DISCOUNT, BY_STATE, CENTER, UNSCALED, COUNT, WHERE, MIN, DDOF, EPS, SCALE_WITHIN],
        "`norm(to_go(reward, gamma), within = state, scale = none)`").rules(POOLED).outcome(),
    // Schedules
    scalar("anneal", "scalar::Anneal", &[NUMBER, ITERATIONS],
        "from x at iteration 0 in a straight line to 0 at iteration `over`"),
];
