//! `critic(coef)`: what advantages are estimated with.

use super::option::clip;
use super::{line, or_none};
use crate::batch::{LevelId, Scope};
use crate::credit::{Credit, demanded};
use crate::graph::{Estimates, Pass, Phase, Rank0Loss, Reduction, value};
use crate::need::demand::{Or, only};
use crate::objective::count::{Each, Reduce};
use crate::objective::head::{Head, Heads, One, Untrained};
use crate::objective::level::{Proper, Step, Token};
use crate::objective::maybe::Maybe;
use crate::objective::range::{InRange, Range};
use crate::objective::scalar::{Dec, Scalar};
use crate::objective::{CriticPlan, Plan, Term};
use dfdx::prelude::{Device, Dtype};
use std::marker::PhantomData;

/// `Coef` times the clipped value loss of PPO's code, without a factor ½; trains the critic, after each update of the
/// policy. `Reduce` says over what it is averaged, `token` standing for every element. `Hs` is the list of its [`Heads`](Head) with what each is trained towards.
#[derive(Debug)]
pub struct Critic<
    Coef,
    Clip = clip::Near<Dec<5, 1>>,
    Per = Step,
    Hs = Head<One, Untrained>,
    Reduce = Each<Token>,
>(PhantomData<(Coef, Clip, Per, Hs, Reduce)>);

/// One estimate per what: a step, or a token.
#[diagnostic::on_unimplemented(
    message = "a critic cannot estimate per {Self}",
    note = "`per` of a critic is `step` or `token`"
)]
pub trait Sees: Proper {}
impl Sees for Step {}
impl Sees for Token {}

impl<Coef: Scalar, C: Maybe, Per: Sees, Hs: Heads, Red: Reduce> Term for Critic<Coef, C, Per, Hs, Red> {
    type Needs = Or<only::CriticNet, Hs::Needs>;
    type Prepared = Vec<Option<Estimates>>;
    fn prepare(cx: &Credit<'_>, phase: Phase) -> Self::Prepared {
        let mut targets = Vec::new();
        if phase == Phase::Value {
            Hs::targets(cx, Per::id(&cx.at), &mut targets);
        }
        if Per::id(&cx.at) == LevelId::Step {
            // Nothing was chosen in a step without tokens, so nothing was seen that it could be estimated from.
            let layout = cx.batch.layout;
            for target in targets.iter_mut().flatten() {
                let empty = (0..layout.steps()).filter(|step| layout.tokens_of(*step).is_empty());
                empty.for_each(|step| target[step] = None);
            }
        }
        let old = |head: usize| demanded(cx.batch.value, "value")[head].clone();
        let heads = targets.into_iter().enumerate();
        heads.map(|(head, target)| Some(Estimates { old: old(head), target: target? })).collect()
    }
    fn loss<E: Dtype, D: Device<E>>(
        prepared: &Self::Prepared,
        pass: &mut Pass<'_, E, D>,
    ) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Value {
            return None;
        }
        let reduce = Reduction { over: Red::value(&pass.at), empty: false };
        value(pass, Coef::value(&pass.at), C::value(&pass.at), Per::id(&pass.at), reduce, prepared)
    }
    fn plan(at: &Scope<'_>, plan: &mut Plan) {
        let mut heads = Vec::new();
        Hs::names(at, &mut heads);
        let heads = heads.into_iter().map(str::to_owned).collect();
        plan.estimate(CriticPlan { heads, level: Per::id(at) });
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::NonNegative.check::<Coef>("coef", at, problems);
        C::check(Range::Positive, "clip", at, problems);
        Red::check(at, problems);
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        let mut heads = Vec::new();
        Hs::names(at, &mut heads);
        let heads = match heads.as_slice() {
            [""] => "one".to_owned(),
            [one] => format!("({one},)"),
            many => format!("({})", many.join(", ")),
        };
        let options = [
            ("clip", or_none::<C>(at), "0.5"),
            ("per", Per::id(at).name().to_owned(), "step"),
            ("heads", heads, "one"),
            ("reduce", Red::show(at), "token"),
        ];
        lines.push(line("critic", &[Coef::show(at)], &options));
    }
}
