//! The levels of a batch: how many units each has, and which element lies in which.

use super::demanded;
use crate::batch::LevelId::{Item, Segment, Step, Token, Traj};
use crate::batch::{Columns, LevelId};
use std::borrow::Cow;

/// Number of units of a level.
pub fn units(batch: &Columns<'_>, level: LevelId) -> usize {
    batch.layout.len(level).unwrap_or_else(|| owners(batch, level, level).len())
}

/// Per element of level `fine`, the unit of level `coarse` that it lies in; of the same level, itself.
///
/// # Panics
/// If `coarse` is the finer one, or a level that a batch does not have: the types of signals exclude both.
pub fn owners<'a>(batch: &Columns<'a>, fine: LevelId, coarse: LevelId) -> Cow<'a, [u32]> {
    match (fine, coarse) {
        (Segment, Segment) => (0..segments(batch).1.len() as u32).collect(),
        (Segment, Traj) => Cow::Owned(segments(batch).1),
        (Step, Segment) => Cow::Owned(segments(batch).0),
        (Step, Traj) => Cow::Borrowed(batch.layout.traj_of_step()),
        (Token, Step) => Cow::Borrowed(batch.layout.step_of_token()),
        (Traj | Step | Token, same) if fine == same => {
            (0..batch.layout.len(fine).expect("the layout knows this level") as u32).collect()
        }
        (Item, Item) => (0..demanded(batch.checklist, "checklist").position().len() as u32).collect(),
        (Item, Step) => Cow::Borrowed(demanded(batch.checklist, "checklist").step_of_item()),
        (Item, Segment | Traj) => {
            let owner = owners(batch, Step, coarse);
            owners(batch, Item, Step).iter().map(|step| owner[*step as usize]).collect()
        }
        (Token, Segment | Traj) => {
            let owner = owners(batch, Step, coarse);
            batch.layout.step_of_token().iter().map(|step| owner[*step as usize]).collect()
        }
        _ => unreachable!("a {fine:?} does not lie in a {coarse:?}"),
    }
}

/// Per element of level `coarse`, how many elements of level `fine` it has.
pub fn multiplicity(batch: &Columns<'_>, coarse: LevelId, fine: LevelId) -> Vec<u32> {
    let mut counts = vec![0; units(batch, coarse)];
    for owner in owners(batch, fine, coarse).iter() {
        counts[*owner as usize] += 1;
    }
    counts
}

/// The segment of each step, and the trajectory of each segment. A segment is a run of steps with one label.
fn segments(batch: &Columns<'_>) -> (Vec<u32>, Vec<u32>) {
    let labels = demanded(batch.segment, "segment");
    let (mut of_step, mut trajs) = (Vec::with_capacity(labels.len()), Vec::new());
    let mut last = None;
    for (traj, label) in batch.layout.traj_of_step().iter().zip(labels) {
        if last != Some((*traj, *label)) {
            last = Some((*traj, *label));
            trajs.push(*traj);
        }
        of_step.push(trajs.len() as u32 - 1);
    }
    (of_step, trajs)
}
