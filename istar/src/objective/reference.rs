//! Frozen views of a policy, and where a batch keeps their log-probabilities.

use super::level;
use super::range::{InRange, Range};
use super::scalar::Scalar;
use super::signal::{Called, named};
use super::{Plan, Renew};
use crate::batch::{LevelId, Scope};
use crate::credit::{Credit, demanded};
use crate::need::demand::{Needs, Nothing, only};
use std::borrow::Cow;
use std::marker::PhantomData;

/// One log-probability per token of a batch, without gradient.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reference",
    note = "a reference is `init`, `old`, `sampler`, `snapshot(every = k)`, `snapshot(kl = x)`, `ema(tau)` or `geo(alpha)`"
)]
pub trait Reference: Send + Sync + 'static {
    /// What must be there to read it.
    type Needs: Needs;
    /// Its log-probabilities in nats, one per token of the batch.
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]>;
    /// Adds the rule by which it is renewed.
    fn plan(_at: &Scope<'_>, _plan: &mut Plan) {}
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
}

/// A reference that no gradient step moves: every one but [`Prm`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a frozen reference",
    note = "`ref` is `init`, `old`, `sampler`, `snapshot(every = k)`, `snapshot(kl = x)`, `ema(tau)` or `geo(alpha)`; `prm` stands only in `log_ratio`"
)]
pub trait Frozen: Reference {}

/// The initial policy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Init;
/// The policy that produced the batch: the log-probabilities stored at rollout, never recomputed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Old;
/// What the engine that sampled the batch reported as log-probabilities, where a log has them beside those that the trainer
/// recomputed. In training the sampler is our own, and this is [`Old`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Sampler;
/// The policy as it was `Every` iterations ago at most: `snapshot(every = k)`.
#[derive(Debug)]
pub struct Snapshot<Every>(PhantomData<Every>);
/// A copy of the policy, renewed when the policy has drifted `X` nats per token away: `snapshot(kl = x)`.
#[derive(Debug)]
pub struct SnapshotKl<X>(PhantomData<X>);
/// The exponential moving average of the policy's parameters: `ema(tau)`.
#[derive(Debug)]
pub struct Ema<Tau>(PhantomData<Tau>);
/// `init^alpha · old^(1-alpha)`, not normalised: `geo(alpha)`.
#[derive(Debug)]
pub struct Geo<Alpha>(PhantomData<Alpha>);
/// No policy: a log-probability of 0 for every token. `ref = none` makes the likelihood itself the score of a trajectory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Free;
/// A column of log-probabilities by its name, one per token: `column(teacher)`. Another policy, or this one in another context.
#[derive(Debug)]
pub struct Column<Name>(PhantomData<Name>);
/// The process-reward model; stands only in `log_ratio`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Prm;

impl Reference for Init {
    type Needs = only::InitRef;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(demanded(cx.batch.init, "init"))
    }
    fn show(_: &Scope<'_>) -> String {
        "init".into()
    }
}

impl Reference for Old {
    type Needs = Nothing;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(cx.batch.old)
    }
    fn show(_: &Scope<'_>) -> String {
        "old".into()
    }
}

impl Reference for Sampler {
    type Needs = only::SamplerRef;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(cx.batch.sampler.unwrap_or(cx.batch.old))
    }
    fn show(_: &Scope<'_>) -> String {
        "sampler".into()
    }
}

impl Reference for Free {
    type Needs = Nothing;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Owned(vec![0.0; cx.batch.layout.tokens()])
    }
    fn show(_: &Scope<'_>) -> String {
        "none".into()
    }
}

impl<N: Called<level::Token>> Reference for Column<N> {
    type Needs = N::Needs;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(named(cx, N::name(&cx.at), LevelId::Token))
    }
    fn show(at: &Scope<'_>) -> String {
        format!("column({})", N::name(at))
    }
}

impl<Every: Scalar> Reference for Snapshot<Every> {
    type Needs = only::SnapshotRef;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(demanded(cx.batch.snapshot, "snapshot"))
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.renew(Renew::Every(Every::value(at) as u64));
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Count.check::<Every>("every", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("snapshot(every = {})", Every::show(at))
    }
}

impl<X: Scalar> Reference for SnapshotKl<X> {
    type Needs = only::SnapshotRef;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(demanded(cx.batch.snapshot, "snapshot"))
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.renew(Renew::Drift(X::value(at)));
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Positive.check::<X>("kl", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("snapshot(kl = {})", X::show(at))
    }
}

impl<Tau: Scalar> Reference for Ema<Tau> {
    type Needs = only::EmaRef;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(demanded(cx.batch.ema, "ema"))
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        plan.average(Tau::value(at));
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Rate.check::<Tau>("tau", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("ema({})", Tau::show(at))
    }
}

impl<Alpha: Scalar> Reference for Geo<Alpha> {
    type Needs = only::InitRef;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        let alpha = Alpha::value(&cx.at);
        let init = Init::column(cx);
        Cow::Owned(
            init.iter().zip(cx.batch.old).map(|(init, old)| alpha * init + (1.0 - alpha) * old).collect(),
        )
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Unit.check::<Alpha>("alpha", at, problems);
    }
    fn show(at: &Scope<'_>) -> String {
        format!("geo({})", Alpha::show(at))
    }
}

impl Reference for Prm {
    type Needs = only::ReadsPrm;
    fn column<'a>(cx: &Credit<'a>) -> Cow<'a, [f64]> {
        Cow::Borrowed(demanded(cx.batch.prm, "prm"))
    }
    fn show(_: &Scope<'_>) -> String {
        "prm".into()
    }
}

impl Frozen for Init {}
impl Frozen for Old {}
impl Frozen for Sampler {}
impl Frozen for Free {}
impl<N: Called<level::Token>> Frozen for Column<N> {}
impl<Every: Scalar> Frozen for Snapshot<Every> {}
impl<X: Scalar> Frozen for SnapshotKl<X> {}
impl<Tau: Scalar> Frozen for Ema<Tau> {}
impl<Alpha: Scalar> Frozen for Geo<Alpha> {}
