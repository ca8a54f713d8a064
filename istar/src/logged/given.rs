//! Signals that only a logged batch brings: credit that was assigned elsewhere, to see what a loss makes of it.

use crate::batch::{LevelId, Scope};
use crate::credit::{Credit, demanded};
use crate::need::demand::{Or, only};
use crate::objective::head::{Head, One, Target};
use crate::objective::scalar::{Dec, Hp};
use crate::objective::term::Critic;
use crate::objective::term::option::clip;
use crate::objective::{Objective, Param, Signal, kind, level};

/// The field `adv` of each token: `rl(adv = logged::Given)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given;

impl Signal for Given {
    type Level = level::Token;
    type Kind = kind::Advantage;
    type Needs = only::GivenAdvantage;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        demanded(cx.batch.adv, "adv").to_vec()
    }
    fn show(_: &Scope<'_>) -> String {
        "Given".into()
    }
}

/// The field `ret` of each token: what a critic is trained towards.
#[derive(Clone, Copy, Debug, Default)]
pub struct GivenReturn;

impl Target for GivenReturn {
    type Needs = only::GivenReturn;
    fn target(cx: &Credit<'_>, _: LevelId) -> Vec<Option<f64>> {
        demanded(cx.batch.ret, "ret").iter().copied().map(Some).collect()
    }
}

/// A critic per token on the returns that come with the batch: `critic(1, clip = c, per = token)`, whose targets a line
/// takes from its `gae`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueLoss {
    /// How far the present estimate may be from that of the rollout.
    pub c: f64,
}

impl Objective for ValueLoss {
    const NAME: &'static str = "ValueLoss";
    const SOURCE: &'static str = "critic(1, clip = c, per = token)";
    const PARAMS: &'static [Param] = &[Param { name: "c", default: None }];
    type Graph = Critic<Dec<1, 0>, clip::Near<Hp<0>>, level::Token, Head<One, GivenReturn>>;
    fn values(&self) -> Vec<f64> {
        vec![self.c]
    }
    fn from_values(values: &[f64]) -> Self {
        ValueLoss { c: values[0] }
    }
}

/// HiPER's shared penalty for keeping a subgoal as the code released with arXiv 2602.16165 has it: `1 - switch` in
/// equal shares of a trajectory, but none in a trajectory of one step.
#[derive(Clone, Copy, Debug, Default)]
pub struct SharedKeep;

impl Signal for SharedKeep {
    type Level = level::Step;
    type Kind = kind::Weight;
    type Needs = Or<only::Roles, only::Decisions>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let layout = cx.batch.layout;
        let share = |(traj, switch): (&u32, &f64)| match layout.steps_of(*traj as usize).len() {
            1 => 0.0,
            steps => (1.0 - switch) / steps as f64,
        };
        layout.traj_of_step().iter().zip(demanded(cx.batch.switch, "switch")).map(share).collect()
    }
    fn show(_: &Scope<'_>) -> String {
        "SharedKeep".into()
    }
}
