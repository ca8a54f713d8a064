//! `rl(adv = ..)`: the policy-gradient surrogate.

use super::option::clip::{self, Clip};
use super::option::shape::{self, Shape};
use super::option::{dual, empty, groups};
use super::{line, or_none};
use crate::batch::{Columns, CountId, LevelId, Scope};
use crate::credit::{Credit, broadcast};
use crate::graph::{Bounds, Pass, Phase, Rank0Loss, Reduction, Surrogate, surrogate};
use crate::need::demand::{Or, only};
use crate::objective::choice::Choice;
use crate::objective::count::{Each, Mean, Ratio, Reduce, Sum};
use crate::objective::kind::{AsAdvantage, Weighs};
use crate::objective::level::{Join, Level, Proper, Segment, Step, Token, Traj};
use crate::objective::maybe::Maybe;
use crate::objective::range::Range;
use crate::objective::scalar::Dec;
use crate::objective::signal::{Everywhere, both};
use crate::objective::{Plan, Signal, Term, Together};
use dfdx::prelude::{Device, Dtype};
use std::borrow::Cow;
use std::marker::PhantomData;

/// The clipped surrogate of PPO (arXiv 1707.06347) and its relatives, to be minimised; trains the policy.
///
/// `Ratio` says over what the log-ratio to the rollout's policy is added up before `exp`, `Reduce` over what the loss
/// is averaged. The advantage is a constant; so is `Weight`, which multiplies what each token adds to the loss and leaves the
/// denominators as they are: `weight = clip(exp(log_ratio(old, sampler)), 0, 2)` is truncated importance sampling. A
/// negative weight turns the advantage round. `Shape` is the form of a token's loss, see [`graph::Shape`](crate::graph::Shape).
#[derive(Debug)]
pub struct Rl<
    Adv,
    Clip = clip::Band<Dec<2, 1>, Dec<2, 1>>,
    Ratio = Each<Token>,
    Reduce = Each<Token>,
    Dual = dual::Off,
    Groups = groups::All,
    Weight = Everywhere,
    Shape = shape::Clip,
    Empty = empty::Skip,
>(PhantomData<(Adv, Clip, Ratio, Reduce, Dual, Groups, Weight, Shape, Empty)>);

/// This ratio has one advantage, and one band: their level `L` is not finer than what the ratio is taken over.
#[diagnostic::on_unimplemented(
    message = "an advantage or a band per {L} is finer than the ratio of `rl`",
    note = "`ratio = sum(step)` is one number per step: aggregate the advantage, `sum(x, per = step)`, or use `ratio = token`"
)]
pub trait Takes<L>: Ratio {}

macro_rules! takes {
    ($($ratio:ty: $($level:ident)*;)*) => {$($(impl Takes<$level> for $ratio {})*)*};
}

takes! {
    Each<Token>: Traj Segment Step Token;
    Sum<Step>: Traj Segment Step;
    Mean<Step>: Traj Segment Step Token;
    Sum<Traj>: Traj;
    Mean<Traj>: Traj Segment Step Token;
}

/// What the surrogate keeps of a batch, one number per token.
#[derive(Clone, Debug, PartialEq)]
pub struct Advantages {
    /// The advantage of each token.
    pub advantage: Vec<f64>,
    /// The log-probability of each token under the policy that produced the batch.
    pub old: Vec<f64>,
    /// Whether the token has a place in the loss; `None` is all.
    pub kept: Option<Vec<bool>>,
    /// What the token's advantage is multiplied by in the loss, and not in its denominators; `None` is 1.
    pub weight: Option<Vec<f64>>,
    /// How far below and above 1 the ratio of each token may go, where that differs from token to token.
    pub bounds: Option<[Vec<f64>; 2]>,
}

/// Per token, whether the outcomes of its group differ.
fn mixed(batch: &Columns<'_>) -> Vec<bool> {
    let layout = batch.layout;
    let of_group: Vec<bool> = (0..layout.groups())
        .map(|group| batch.outcome[layout.trajs_of(group)].windows(2).any(|pair| pair[0] != pair[1]))
        .collect();
    let of_token = |step: &u32| {
        let traj = layout.traj_of_step()[*step as usize];
        of_group[layout.group_of_traj()[traj as usize] as usize]
    };
    layout.step_of_token().iter().map(of_token).collect()
}

impl<Adv, C, R, Red, D2, G, W, F, X> Term for Rl<Adv, C, R, Red, D2, G, W, F, X>
where
    Adv: Signal<Kind: AsAdvantage>,
    C: Clip,
    R: Takes<Adv::Level> + Takes<C::Level>,
    Red: Reduce,
    D2: Maybe,
    G: Choice<groups::Id>,
    W: Signal<Kind: Weighs>,
    F: Shape,
    X: Choice<bool>,
    Join<W::Level, Token>: Proper,
{
    type Needs = Or<Or<Adv::Needs, W::Needs>, Or<C::Needs, only::TrainsPolicy>>;
    fn credit(at: &Scope<'_>) -> Option<LevelId> {
        Some(<Adv::Level as Level>::id(at))
    }
    type Prepared = Advantages;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Advantages {
        if phase != Phase::Policy {
            return Advantages {
                advantage: Vec::new(),
                old: Vec::new(),
                kept: None,
                weight: None,
                bounds: None,
            };
        }
        let weight = || broadcast(&cx.batch, W::eval(cx), <W::Level as Level>::id(&cx.at), LevelId::Token);
        Advantages {
            advantage: broadcast(&cx.batch, Adv::eval(cx), <Adv::Level as Level>::id(&cx.at), LevelId::Token),
            old: cx.batch.old.to_vec(),
            kept: both((G::id(&cx.at) == groups::Id::Mixed).then(|| mixed(&cx.batch)), Adv::kept(cx)),
            weight: (!W::is_left_out(&cx.at)).then(weight),
            bounds: C::each(cx),
        }
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Advantages,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        let form = Surrogate {
            shape: F::value(&pass.at),
            clip: match &prepared.bounds {
                Some([lo, hi]) => Bounds::Each(lo.into(), hi.into()),
                None => C::value(&pass.at).into(),
            },
            dual: D2::value(&pass.at),
            ratio: R::value(&pass.at),
            reduce: Reduction { over: Red::value(&pass.at), empty: X::id(&pass.at) },
        };
        let mut advantage = Cow::Borrowed(&prepared.advantage);
        if let Some(weight) = &prepared.weight {
            advantage.to_mut().iter_mut().zip(weight).for_each(|(advantage, weight)| *advantage *= weight);
        }
        surrogate(pass, &form, &advantage, &prepared.old, prepared.kept.as_deref())
    }
    fn advantage(prepared: &Advantages) -> Option<&[f64]> {
        Some(&prepared.advantage)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        Adv::plan(at, plan);
        W::plan(at, plan);
        C::plan(at, plan);
        if let CountId::Sum(LevelId::Traj) | CountId::Mean(LevelId::Traj) = R::value(at) {
            plan.keep(Together::Traj);
        }
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Adv::check(at, problems);
        W::check(at, problems);
        C::check(at, problems);
        Red::check(at, problems);
        F::check(at, problems);
        D2::check(Range::AboveOne, "dual", at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(line(
            "rl",
            &[format!("adv = {}", Adv::show(at))],
            &[
                ("clip", C::show(at), "0.2"),
                ("ratio", R::show(at), "token"),
                ("reduce", Red::show(at), "token"),
                ("dual", or_none::<D2>(at), "none"),
                ("groups", G::name(at).into(), "all"),
                ("weight", W::show(at), "everywhere"),
                ("shape", F::show(at), "clip"),
                ("empty", X::name(at).into(), "skip"),
            ],
        ));
    }
}
