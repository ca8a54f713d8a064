//! What a failed `objective!` leaves behind, so that the rest of the file still type-checks.

use super::{Signal, Term, kind, level};
use crate::batch::Scope;
use crate::credit::Credit;
use crate::graph::{Pass, Phase, Rank0Loss};
use crate::need::demand::Nothing;
use dfdx::prelude::{Device, Dtype};

/// A graph that demands nothing and trains nothing. A crate that holds one does not compile: the mistake was reported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Invalid;

impl Term for Invalid {
    type Needs = Nothing;
    type Prepared = ();
    fn prepare(_: &Credit<'_>, _: Phase) {}
    fn loss<E: Dtype, D: Device<E>>((): &(), _: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        None
    }
    fn show(_: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push("invalid".to_owned());
    }
}

impl Signal for Invalid {
    type Level = level::Traj;
    type Kind = kind::Advantage;
    type Needs = Nothing;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        vec![0.0; cx.batch.layout.trajs()]
    }
    fn show(_: &Scope<'_>) -> String {
        "invalid".to_owned()
    }
}
