//! Signals of steps whose tokens play different parts: a decision to switch, a subgoal, an action.

use super::source::columns;
use crate::batch::{self, LevelId, Scope};
use crate::credit::{self, Credit, broadcast, demanded};
use crate::need::demand::{Nothing, Or, only};
use crate::objective::choice::{Choice, role};
use crate::objective::kind::AsAdvantage;
use crate::objective::level::{Join, Level, Proper, Token};
use crate::objective::{Plan, Signal, kind, level};
use std::marker::PhantomData;

/// `switch`: 1 on each step whose decision token said SWITCH, else 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Switch;
/// `p_switch`: per step, the probability of SWITCH under the policy that sampled the batch; 0 where the step has no decision.
#[derive(Clone, Copy, Debug, Default)]
pub struct PSwitch;

columns! {
    Switch "switch" Step Weight Or<only::Roles, only::Decisions>: |cx| demanded(cx.batch.switch, "switch");
    PSwitch "p_switch" Step Weight Or<only::Roles, only::SwitchChances>: |cx| demanded(cx.batch.p_switch, "p_switch");
}

/// `has(role, ..)`: 1 on each step that has a token of one of these roles, else 0.
#[derive(Debug)]
pub struct Has<A, B = role::None, C = role::None>(PhantomData<(A, B, C)>);

impl<A, B, C> Signal for Has<A, B, C>
where
    A: Choice<Option<batch::Role>>,
    B: Choice<Option<batch::Role>>,
    C: Choice<Option<batch::Role>>,
{
    type Level = level::Step;
    type Kind = kind::Weight;
    type Needs = only::Roles;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let which: Vec<batch::Role> =
            [A::id(&cx.at), B::id(&cx.at), C::id(&cx.at)].into_iter().flatten().collect();
        let layout = cx.batch.layout;
        credit::has(demanded(cx.batch.role, "role"), layout.step_of_token(), layout.steps(), &which)
    }
    fn show(at: &Scope<'_>) -> String {
        let names: Vec<&str> =
            [A::name(at), B::name(at), C::name(at)].into_iter().filter(|name| !name.is_empty()).collect();
        format!("has({})", names.join(", "))
    }
}

/// `route(action = a, subgoal = b, switch = c)`: each token gets the signal of its role, a coarser one repeated. Tokens of
/// a role that is left out have no advantage: they leave the loss and its denominators, see [`Signal::kept`].
///
/// Arithmetic and `clip` hand on what is left out. Statistics cannot: a `norm` would count the tokens left out as 0, so the
/// macro refuses it and asks for `route(action = norm(a))`.
///
/// Source: HiPER, arXiv 2602.16165.
#[derive(Debug)]
pub struct Route<Action = LeftOut, Subgoal = LeftOut, Switch = LeftOut>(
    PhantomData<(Action, Subgoal, Switch)>,
);

/// A role that `route` is not given.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeftOut;

impl Signal for LeftOut {
    type Level = level::Traj;
    type Kind = kind::Advantage;
    type Needs = Nothing;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        vec![0.0; cx.batch.layout.trajs()]
    }
    fn show(_: &Scope<'_>) -> String {
        "left out".into()
    }
    fn is_left_out(_: &Scope<'_>) -> bool {
        true
    }
}

/// The signal on the tokens, if it is given.
fn on_tokens<X: Signal>(cx: &Credit<'_>) -> Option<Vec<f64>> {
    (!X::is_left_out(&cx.at))
        .then(|| broadcast(&cx.batch, X::eval(cx), <X::Level as Level>::id(&cx.at), LevelId::Token))
}

impl<A: Signal, B: Signal, C: Signal> Signal for Route<A, B, C>
where
    A::Kind: AsAdvantage,
    B::Kind: AsAdvantage,
    C::Kind: AsAdvantage,
    Join<A::Level, Token>: Proper,
    Join<B::Level, Token>: Proper,
    Join<C::Level, Token>: Proper,
{
    type Level = Token;
    type Kind = kind::Advantage;
    type Needs = Or<Or<A::Needs, B::Needs>, Or<C::Needs, only::Roles>>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let (action, subgoal, switch) = (on_tokens::<A>(cx), on_tokens::<B>(cx), on_tokens::<C>(cx));
        credit::route(demanded(cx.batch.role, "role"), |role| match role {
            batch::Role::Action => action.as_deref(),
            batch::Role::Subgoal => subgoal.as_deref(),
            batch::Role::Switch => switch.as_deref(),
            batch::Role::Other => None,
        })
    }
    fn kept(cx: &Credit<'_>) -> Option<Vec<bool>> {
        let named = |role: &batch::Role| match role {
            batch::Role::Action => !A::is_left_out(&cx.at),
            batch::Role::Subgoal => !B::is_left_out(&cx.at),
            batch::Role::Switch => !C::is_left_out(&cx.at),
            batch::Role::Other => false,
        };
        Some(demanded(cx.batch.role, "role").iter().map(named).collect())
    }
    parts!(A, B, C;);
    fn show(at: &Scope<'_>) -> String {
        let mut text = Vec::new();
        if !A::is_left_out(at) {
            text.push(format!("action = {}", A::show(at)));
        }
        if !B::is_left_out(at) {
            text.push(format!("subgoal = {}", B::show(at)));
        }
        if !C::is_left_out(at) {
            text.push(format!("switch = {}", C::show(at)));
        }
        format!("route({})", text.join(", "))
    }
}
