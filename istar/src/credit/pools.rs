//! Which elements share their statistics.

use super::{clusters, demanded, owners};
use crate::batch::{Columns, LevelId};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What makes a pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PoolId {
    /// One prompt's group.
    Prompt,
    /// Equal states of a group.
    State,
    /// Descriptions of states that are at least so much alike, in a group: see [`clusters`].
    Similar(f64),
    /// Equal segment numbers of a group.
    Turn,
    /// Equal agents of a group.
    Agent,
    /// Equal items of equal turns of a group.
    Item,
    /// Equal tags of the batch.
    Tag,
    /// The whole batch.
    Batch,
}

/// The pool of each element, numbered from 0.
#[derive(Clone, Debug)]
pub struct Pools<'a> {
    /// Per element.
    pub of: Cow<'a, [u32]>,
    /// How many pools there are; a pool may be empty.
    pub len: usize,
}

/// The pools of the elements of a level, which is no coarser than what tells the pools apart.
pub fn pools<'a>(batch: &Columns<'a>, id: PoolId, level: LevelId) -> Pools<'a> {
    match id {
        PoolId::Prompt => Pools { of: groups(batch, level), len: batch.layout.groups() },
        PoolId::Batch => Pools { of: owners(batch, level, level).iter().map(|_| 0).collect(), len: 1 },
        PoolId::State => by_label(batch, level, demanded(batch.state, "state"), true),
        PoolId::Similar(least) => by_label(batch, level, &alike(batch, least), true),
        PoolId::Item => by_item(batch),
        PoolId::Turn => by_label(batch, level, demanded(batch.segment, "segment"), true),
        PoolId::Agent => by_label(batch, level, demanded(batch.agent, "agent"), true),
        PoolId::Tag => by_label(batch, level, demanded(batch.tag, "tag"), false),
    }
}

/// The group of each element.
fn groups<'a>(batch: &Columns<'a>, level: LevelId) -> Cow<'a, [u32]> {
    let group = batch.layout.group_of_traj();
    if level == LevelId::Traj {
        return Cow::Borrowed(group);
    }
    owners(batch, level, LevelId::Traj).iter().map(|traj| group[*traj as usize]).collect()
}

/// The pools of items, which are of level Item.
fn by_item(batch: &Columns<'_>) -> Pools<'static> {
    let list = demanded(batch.checklist, "checklist");
    let group = groups(batch, LevelId::Item);
    let mut numbers = FxHashMap::default();
    let number = |((group, step), position): ((&u32, &u32), &u32)| {
        let next = numbers.len() as u32;
        *numbers.entry((*group, list.turn_of_step()[*step as usize], *position)).or_insert(next)
    };
    let of = group.iter().zip(list.step_of_item()).zip(list.position()).map(number).collect();
    Pools { of: Cow::Owned(of), len: numbers.len() }
}

/// Per step, the number of its cluster inside the group.
fn alike(batch: &Columns<'_>, least: f64) -> Vec<u32> {
    let (layout, text) = (batch.layout, demanded(batch.text, "text"));
    let steps = |group| {
        let trajs = layout.trajs_of(group);
        trajs.flat_map(|traj| layout.steps_of(traj)).map(|step| text[step].as_str())
    };
    (0..layout.groups()).flat_map(|group| clusters(&steps(group).collect::<Vec<_>>(), least)).collect()
}

/// Pools of steps with one label, inside the group or across the batch, and of what lies in them or is made of them.
fn by_label<'a>(batch: &Columns<'a>, level: LevelId, labels: &[u32], in_group: bool) -> Pools<'a> {
    let mut numbers = FxHashMap::default();
    let mut number = |group, label| {
        let next = numbers.len() as u32;
        *numbers.entry((if in_group { group } else { 0 }, label)).or_insert(next)
    };
    let group = groups(batch, LevelId::Step);
    let steps: Vec<u32> = group.iter().zip(labels).map(|(group, label)| number(*group, *label)).collect();
    let of = match level {
        LevelId::Step => steps,
        LevelId::Token | LevelId::Item => {
            owners(batch, level, LevelId::Step).iter().map(|step| steps[*step as usize]).collect()
        }
        // All steps of a segment have one number.
        _ => {
            let segments = owners(batch, LevelId::Step, level);
            let mut of = vec![0; segments.last().map_or(0, |last| *last as usize + 1)];
            segments.iter().zip(steps).for_each(|(segment, pool)| of[*segment as usize] = pool);
            of
        }
    };
    Pools { of: Cow::Owned(of), len: numbers.len() }
}
