//! How far a checklist got: which items are open at which step, and when each is done (CM2, arXiv 2602.12268, eq. 2, 3).

use super::demanded;
use crate::batch::{Columns, Item};

/// What of an item can be done at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Nothing: it is done at an earlier step, or waits for another item.
    Closed,
    /// It comes open inside the step, by an item of lower position.
    Inside,
    /// It is open when the step begins.
    Before,
}

/// One item at one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Whether it is open.
    pub open: Open,
    /// It is done at this step.
    pub now: bool,
    /// It is done at some step of this turn.
    pub ever: bool,
    /// Its weight; those of a turn sum to 1.
    pub weight: f64,
    /// Turns of the checklist, of which this is one.
    pub turns: u32,
}

/// Per element of level Item, how far it got.
///
/// The items of a turn are walked in order, step by step. An item is done at the first step at which the judge calls it
/// satisfied and, if `deps`, all its dependencies are done: at an earlier step, or at this one by an item of lower
/// position. A dependency that the turn does not have is never done.
pub fn ticks(batch: &Columns<'_>, deps: bool) -> Vec<Tick> {
    let (layout, list) = (batch.layout, demanded(batch.checklist, "checklist"));
    let mut ticks: Vec<Tick> = Vec::with_capacity(list.satisfied().len());
    for traj in 0..layout.trajs() {
        let group = layout.group_of_traj()[traj];
        let steps = &list.turn_of_step()[layout.steps_of(traj)];
        for turn in steps.chunk_by(|a, b| a == b) {
            let items = list.items(group, turn[0]);
            let start = ticks.len();
            let end = start + turn.len() * items.len();
            let blank = |item: &Item| Tick {
                open: Open::Closed,
                now: false,
                ever: false,
                weight: item.weight,
                turns: list.turns(group) as u32,
            };
            ticks.extend(turn.iter().flat_map(|_| items.iter().map(blank)));
            walk(items, deps, &list.satisfied()[start..end], &mut ticks[start..]);
        }
    }
    ticks
}

/// Walks the steps of one turn.
fn walk(items: &[Item], deps: bool, satisfied: &[bool], ticks: &mut [Tick]) {
    if items.is_empty() {
        return;
    }
    let mut done: Vec<Option<usize>> = vec![None; items.len()];
    let steps = satisfied.chunks(items.len()).zip(ticks.chunks_mut(items.len()));
    for (step, (satisfied, ticks)) in steps.enumerate() {
        for (position, item) in items.iter().enumerate() {
            if done[position].is_some() {
                continue;
            }
            let waits_for: &[u32] = if deps { &item.deps } else { &[] };
            let when = |dep: &u32| done.get(*dep as usize).copied().flatten();
            let Some(latest) =
                waits_for.iter().map(when).try_fold(None, |latest, at| Some(latest.max(Some(at?))))
            else {
                continue;
            };
            let tick = &mut ticks[position];
            tick.open = if latest == Some(step) { Open::Inside } else { Open::Before };
            tick.now = satisfied[position];
            if tick.now {
                done[position] = Some(step);
            }
        }
    }
    for ticks in ticks.chunks_mut(items.len()) {
        ticks.iter_mut().zip(&done).for_each(|(tick, done)| tick.ever = done.is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::Open::{Before, Closed, Inside};
    use super::*;

    fn walked(items: &[&[u32]], deps: bool, steps: &[&[u8]]) -> Vec<(Vec<Open>, Vec<bool>)> {
        let items: Vec<Item> =
            items.iter().map(|deps| Item { weight: 1.0 / items.len() as f64, deps: deps.to_vec() }).collect();
        let satisfied: Vec<bool> = steps.concat().iter().map(|x| *x == 1).collect();
        let blank = Tick { open: Closed, now: false, ever: false, weight: 0.0, turns: 1 };
        let mut ticks = vec![blank; satisfied.len()];
        walk(&items, deps, &satisfied, &mut ticks);
        let of_step = |ticks: &[Tick]| {
            (ticks.iter().map(|tick| tick.open).collect(), ticks.iter().map(|tick| tick.now).collect())
        };
        ticks.chunks(items.len().max(1)).map(of_step).collect()
    }

    #[test]
    fn what_waits_opens_when_the_other_is_done() {
        let found = walked(&[&[], &[0]], true, &[&[0, 1], &[1, 0], &[0, 0], &[0, 1], &[1, 1]]);
        let open: Vec<_> = found.iter().map(|(open, _)| open.clone()).collect();
        let now: Vec<_> = found.iter().map(|(_, now)| now.clone()).collect();
        assert_eq!(
            open,
            [[Before, Closed], [Before, Inside], [Closed, Before], [Closed, Before], [Closed, Closed]]
        );
        assert_eq!(now, [[false, false], [true, false], [false, false], [false, true], [false, false]]);
    }

    #[test]
    fn one_step_does_a_chain_in_order_only() {
        assert_eq!(walked(&[&[], &[0]], true, &[&[1, 1]]), [(vec![Before, Inside], vec![true, true])]);
        assert_eq!(
            walked(&[&[1], &[]], true, &[&[1, 1], &[1, 0]]),
            [(vec![Closed, Before], vec![false, true]), (vec![Before, Closed], vec![true, false])]
        );
    }

    #[test]
    fn without_dependencies_the_first_satisfaction_counts() {
        assert_eq!(
            walked(&[&[], &[0]], false, &[&[0, 1], &[1, 1]]),
            [(vec![Before, Before], vec![false, true]), (vec![Before, Closed], vec![true, false])]
        );
    }

    #[test]
    fn circles_and_items_that_are_not_there_stay_closed() {
        assert_eq!(walked(&[&[1], &[0], &[7]], true, &[&[1, 1, 1]]), [(vec![Closed; 3], vec![false; 3])]);
        assert!(walked(&[], true, &[&[]]).is_empty());
    }
}
