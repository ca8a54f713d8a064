//! What a step was worth, exactly.

use crate::batch::Scope;
use crate::credit::{Credit, demanded, increments};
use crate::need::demand::only;
use crate::objective::{Signal, kind, level};

/// `exact`: by how many steps the shortest solution gets shorter with each step, `d(s_t) - d(s_{t+1})`, where `d` is no more than
/// the step budget and all of it beyond rescue. 1 for the step of an optimal policy, 0 or -1 for a detour, less for a step after
/// which more is lost.
///
/// No learnt step reward can know more, so a row with it is the ceiling of those without: `rl(adv = traj + norm(clip(exact, -1, 1)))`.
/// It asks for an environment that is searched, see [`ExactCredit`](crate::env::ExactCredit), and is what a report's τ-b
/// compares with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exact;

impl Signal for Exact {
    type Level = level::Step;
    type Kind = kind::Reward;
    type Needs = only::ExactCredit;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        increments(demanded(cx.batch.nearer, "nearer").to_vec(), cx.batch.layout.traj_of_step())
    }
    fn show(_: &Scope<'_>) -> String {
        "exact".into()
    }
}
