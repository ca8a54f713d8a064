//! Which elements share their statistics.

use super::{clusters, demanded, owners};
use crate::batch::{Columns, LevelId};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What makes a pool.
#[derive(Clone, Debug, PartialEq)]
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
    /// Steps of a group that took the same action: the same tokens.
    Action,
    /// Steps of a group that met the same states, this one and so many before it; a trajectory begins with none.
    History(f64),
    /// Steps or trajectories of a group with the same number in the column of this name.
    Key(String, LevelId),
    /// What agrees in both.
    Both(Box<PoolId>, Box<PoolId>),
}

/// The pool of each element, numbered from 0.
#[derive(Clone, Debug)]
pub struct Pools<'a> {
    /// Per element.
    pub of: Cow<'a, [u32]>,
    /// How many pools there are; a pool may be empty.
    pub len: usize,
}

/// By pool, how many different trajectories its elements belong to; per element, its trajectory, and whether it counts.
pub fn trajectories(pools: &Pools<'_>, of_traj: &[u32], counts: Option<&[bool]>) -> Vec<f64> {
    let (mut members, mut last) = (vec![0.0; pools.len], vec![None; pools.len]);
    let each = pools.of.iter().zip(of_traj).enumerate();
    for (_, (pool, traj)) in each.filter(|(i, _)| counts.is_none_or(|counts| counts[*i])) {
        // A trajectory's elements follow each other.
        if last[*pool as usize].replace(*traj) != Some(*traj) {
            members[*pool as usize] += 1.0;
        }
    }
    members
}

/// The pools of the elements of a level, which is no coarser than what tells the pools apart.
pub fn pools<'a>(batch: &Columns<'a>, id: &PoolId, level: LevelId) -> Pools<'a> {
    match id {
        PoolId::Prompt => Pools { of: groups(batch, level), len: batch.layout.groups() },
        PoolId::Batch => Pools { of: owners(batch, level, level).iter().map(|_| 0).collect(), len: 1 },
        PoolId::State => by_label(batch, level, demanded(batch.state, "state"), true),
        PoolId::Similar(least) => by_label(batch, level, &alike(batch, *least), true),
        PoolId::Item => by_item(batch),
        PoolId::Turn => by_label(batch, level, demanded(batch.segment, "segment"), true),
        PoolId::Agent => by_label(batch, level, demanded(batch.agent, "agent"), true),
        PoolId::Tag => by_label(batch, level, demanded(batch.tag, "tag"), false),
        PoolId::Action => {
            let tokens = demanded(batch.token, "tokens");
            let action = |step| &tokens[batch.layout.tokens_of(step)];
            by_label(batch, level, &numbered((0..batch.layout.steps()).map(action)), true)
        }
        PoolId::History(before) => by_label(batch, level, &histories(batch, *before as usize), true),
        PoolId::Key(name, of) => {
            let column = batch.own.and_then(|own| own.named(name, *of));
            let labels = numbered(demanded(column, name).iter().map(|x| x.to_bits()));
            match of {
                LevelId::Traj => by_traj(batch, level, &labels),
                _ => by_label(batch, level, &labels, true),
            }
        }
        PoolId::Both(a, b) => {
            let (a, b) = (pools(batch, a, level), pools(batch, b, level));
            let of = numbered(a.of.iter().zip(b.of.iter()));
            let len = of.iter().max().map_or(0, |most| *most as usize + 1);
            Pools { of: Cow::Owned(of), len }
        }
    }
}

/// Per thing a number, the same for equal ones.
fn numbered<T: std::hash::Hash + Eq>(things: impl Iterator<Item = T>) -> Vec<u32> {
    let mut numbers = FxHashMap::default();
    let number = |thing| {
        let next = numbers.len() as u32;
        *numbers.entry(thing).or_insert(next)
    };
    things.map(number).collect()
}

/// Per step, a label of its state and so many before it.
fn histories(batch: &Columns<'_>, before: usize) -> Vec<u32> {
    let state = demanded(batch.state, "state");
    let seen = |traj: usize| {
        let steps = batch.layout.steps_of(traj);
        steps.clone().map(move |step| &state[step.saturating_sub(before).max(steps.start)..=step])
    };
    numbered((0..batch.layout.trajs()).flat_map(seen))
}

/// Pools of trajectories of a group with one label, and of what lies in them.
fn by_traj<'a>(batch: &Columns<'a>, level: LevelId, labels: &[u32]) -> Pools<'a> {
    let trajs = numbered(batch.layout.group_of_traj().iter().zip(labels));
    let len = trajs.iter().max().map_or(0, |most| *most as usize + 1);
    let of = owners(batch, level, LevelId::Traj).iter().map(|traj| trajs[*traj as usize]).collect();
    Pools { of: Cow::Owned(of), len }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Layout, OwnColumns};
    use crate::need::own::{OwnColumn, OwnList};

    /// A group of two trajectories of three steps, and a group of one of two; the second step takes two tokens.
    #[test]
    fn what_shares_its_statistics() {
        let layout = Layout::from_lengths([2, 1], [3, 3, 2], [1, 2, 1, 1, 2, 1, 1, 2]);
        let (old, outcome) = (vec![-1.0; 11], [1.0, 0.0, 1.0]);
        let tokens = [5, 1, 2, 5, 5, 1, 2, 6, 5, 1, 2];
        let state = [7, 8, 9, 7, 8, 9, 7, 8];
        const OWN: [OwnColumn; 2] = [
            OwnColumn { name: "tree", level: LevelId::Traj },
            OwnColumn { name: "room", level: LevelId::Step },
        ];
        let own = OwnColumns::new(&OwnList::Read(&OWN), |column| match column.level {
            LevelId::Traj => vec![4.0, 4.0, 4.0],
            _ => vec![0.5, 0.5, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5],
        });
        let columns = Columns {
            token: Some(&tokens),
            state: Some(&state),
            own: Some(&own),
            ..Columns::of_outcomes(&layout, &old, &outcome, &outcome)
        };
        let of = |id: &PoolId, level| numbered(pools(&columns, id, level).of.iter());
        let (step, traj) = (LevelId::Step, LevelId::Traj);
        assert_eq!(of(&PoolId::Action, step), [0, 1, 0, 0, 1, 2, 3, 4]);
        assert_eq!(of(&PoolId::State, step), [0, 1, 2, 0, 1, 2, 3, 4]);
        assert_eq!(of(&PoolId::History(0.0), step), of(&PoolId::State, step));
        assert_eq!(of(&PoolId::History(9.0), step), [0, 1, 2, 0, 1, 2, 3, 4]);
        assert_eq!(of(&PoolId::Key("tree".into(), traj), traj), [0, 0, 1]);
        assert_eq!(of(&PoolId::Key("tree".into(), traj), step), [0, 0, 0, 0, 0, 0, 1, 1]);
        assert_eq!(of(&PoolId::Key("room".into(), step), step), [0, 0, 1, 0, 1, 1, 2, 2]);
        let product = PoolId::Both(Box::new(PoolId::State), Box::new(PoolId::Action));
        assert_eq!(of(&product, step), [0, 1, 2, 0, 1, 3, 4, 5]);
        assert_eq!(of(&product, LevelId::Token), [0, 1, 1, 2, 0, 1, 1, 3, 4, 5, 5]);
    }

    #[test]
    fn states_before_count_as_far_as_there_are_any() {
        let layout = Layout::from_lengths([2], [3, 3], [1; 6]);
        let (old, outcome, state) = ([-1.0; 6], [1.0, 0.0], [1, 2, 3, 4, 2, 3]);
        let columns =
            Columns { state: Some(&state), ..Columns::of_outcomes(&layout, &old, &outcome, &outcome) };
        let of = |before| pools(&columns, &PoolId::History(before), LevelId::Step).of.into_owned();
        assert_eq!(of(0.0), [0, 1, 2, 3, 1, 2]);
        assert_eq!(of(1.0), [0, 1, 2, 3, 4, 2]);
        assert_eq!(of(2.0), [0, 1, 2, 3, 4, 5]);
    }
}
