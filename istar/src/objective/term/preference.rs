//! What the preference terms have in common.

use super::option::link::Link;
use super::option::pairs::Pairs;
use crate::batch::Scope;
use crate::credit::{self, Credit};
use crate::graph::{self, Over};
use crate::objective::choice::Choice;
use crate::objective::maybe::Maybe;
use crate::objective::range::{InRange, Range};
use crate::objective::reference::Frozen;
use crate::objective::scalar::Scalar;

/// What a preference loss keeps of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preferences {
    /// Preferred and other trajectory of each pair.
    pub pairs: Vec<(u32, u32)>,
    /// The reference's log-probability of each token.
    pub reference: Vec<f64>,
    /// The weight of each step; `None` is 1 everywhere.
    pub weight: Option<Vec<f64>>,
}

impl Preferences {
    pub(super) fn of<Ref: Frozen, P: Pairs, W: Maybe>(cx: &Credit<'_>) -> Self {
        Preferences {
            pairs: credit::pairs(&cx.batch, P::pairing(&cx.at)),
            reference: Ref::column(cx).into_owned(),
            weight: W::value(&cx.at).map(|gamma| credit::dmpo(cx.batch.layout, gamma)),
        }
    }
}

/// Reports numbers out of range, and what does not go together.
pub(super) fn check<Beta: Scalar, Ref: Frozen, P: Pairs, O: Choice<Over>, W: Maybe>(
    at: &Scope<'_>,
    problems: &mut Vec<String>,
) {
    Range::Positive.check::<Beta>("beta", at, problems);
    Ref::check(at, problems);
    P::check(at, problems);
    W::check(Range::Unit, "gamma", at, problems);
    if O::id(at) == Over::Common && W::value(at).is_some() {
        problems.push(
            "`over = common` counts the same steps of both trajectories, and `dmpo` weighs them by lengths that differ: write `weight = flat`, or `over = sum`"
                .into(),
        );
    }
}

/// Reports odds of what is no likelihood.
pub(super) fn likelihoods<L: Link>(are: bool, at: &Scope<'_>, problems: &mut Vec<String>) {
    if L::value(at) == graph::Link::Odds && !are {
        problems
            .push("`link = odds` takes likelihoods, and a ratio is none: write `dpo(.., ref = none)`".into());
    }
}

/// The options from `ref` to `weight` as they are written.
pub(super) fn options<Ref: Frozen, P: Pairs, O: Choice<Over>, W: Maybe>(
    at: &Scope<'_>,
) -> [(&'static str, String, &'static str); 4] {
    [
        ("ref", Ref::show(at), "init"),
        ("pairs", P::show(at), "top_bottom"),
        ("over", O::name(at).into(), "sum"),
        ("weight", W::show(at).map_or_else(|| "flat".into(), |gamma| format!("dmpo({gamma})")), "flat"),
    ]
}
