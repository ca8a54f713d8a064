//! `checklist`: items that a judge ticks off (CM2, arXiv 2602.12268).

use crate::batch::Scope;
use crate::credit::{Credit, Open, Tick, ticks};
use crate::need::demand::only;
use crate::objective::choice::{Choice, deps, form, weigh};
use crate::objective::{Signal, kind, level};
use std::marker::PhantomData;

/// `checklist(form = flip, deps = true, weigh = turn)`: per item of each step, whether it gets done. See
/// [`ticks`](crate::credit::ticks) for when an item is open and done.
///
/// - `form = flip`: 1 at the step at which the item is done (eq. 2);
/// - `form = backfill`: where the item is open, 1 if it gets done in this turn (eq. 3); elsewhere there is no element,
///   and an element of weight 0 where the item comes open inside the step.
#[derive(Debug)]
pub struct Checklist<F = form::Flip, D = deps::True, W = weigh::Turn>(PhantomData<(F, D, W)>);

impl<F: Choice<form::Id>, D: Choice<bool>, W: Choice<weigh::Id>> Signal for Checklist<F, D, W> {
    type Level = level::Item;
    type Kind = kind::Reward;
    type Needs = only::Checklist;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let done = |tick: &Tick| match F::id(&cx.at) {
            form::Id::Flip => tick.now,
            form::Id::Backfill => tick.open != Open::Closed && tick.ever,
        };
        ticks(&cx.batch, D::id(&cx.at)).iter().map(|tick| f64::from(u8::from(done(tick)))).collect()
    }
    fn weights(cx: &Credit<'_>) -> Vec<Option<f64>> {
        let weight = |tick: &Tick| match W::id(&cx.at) {
            weigh::Id::Turn => tick.weight,
            weigh::Id::Traj => tick.weight / f64::from(tick.turns),
        };
        let counts = |tick: &Tick| match (F::id(&cx.at), tick.open) {
            (form::Id::Flip, _) | (form::Id::Backfill, Open::Before) => Some(weight(tick)),
            (form::Id::Backfill, Open::Inside) => Some(0.0),
            (form::Id::Backfill, Open::Closed) => None,
        };
        ticks(&cx.batch, D::id(&cx.at)).iter().map(counts).collect()
    }
    fn show(at: &Scope<'_>) -> String {
        let options =
            [("form", F::name(at), "flip"), ("deps", D::name(at), "true"), ("weigh", W::name(at), "turn")];
        let options = options.iter().filter(|(_, value, usual)| value != usual);
        let written: Vec<String> = options.map(|(name, value, _)| format!("{name} = {value}")).collect();
        if written.is_empty() { "checklist".into() } else { format!("checklist({})", written.join(", ")) }
    }
}
