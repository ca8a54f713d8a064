//! A state as a small policy sees it: what can be done, and how it goes with the goal. Nothing in it is hidden from somebody who
//! reads recipes, goal and inventory.

use super::task::Task;
use super::words::Action;
use crate::policy::{Choices, Vector};
use std::sync::Arc;

/// How many numbers are known of a choice.
const FEATURES: usize = 10;

/// What is known of a choice: numbers from 0 to 1, in 255ths. Whether more of a thing is needed is none of them: that is to be learnt.
///
/// | place | is |
/// |---|---|
/// | 0 to 2 | its kind: inventory, get, craft |
/// | 3 | the goal asks for what it brings |
/// | 4 | recipes lead from what it brings to the goal |
/// | 5 | how many, in eighths |
/// | 6 | how many of it there are, in eighths |
/// | 7 | the most that a recipe that leads to the goal takes of it, or the goal, in eighths |
/// | 8 | how many of it the choice brings, in eighths |
/// | 9 | of a recipe that takes it and leads to the goal, the share of the other ingredients that are there; the largest |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Look([u8; FEATURES]);

impl Vector for Look {
    const SIZE: usize = FEATURES;

    fn write(&self, out: &mut [f32]) {
        out.iter_mut().zip(self.0).for_each(|(out, part)| *out = f32::from(part) / 255.0);
    }
}

impl Look {
    fn set(&mut self, place: usize, share: f64) {
        self.0[place] = (255.0 * share.clamp(0.0, 1.0)).round() as u8;
    }

    fn mark(&mut self, place: usize, holds: bool) {
        self.set(place, f64::from(u8::from(holds)));
    }

    fn count(&mut self, place: usize, count: u32) {
        self.set(place, f64::from(count) / 8.0);
    }
}

/// The choices of a state, by token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View(Arc<[(u32, Look)]>);

impl Choices for View {
    type Choice = Look;

    fn choices(&self) -> impl Iterator<Item = (u32, &Look)> {
        self.0.iter().map(|(token, look)| (*token, look))
    }

    /// The largest of each number.
    fn glance(&self) -> Look {
        let mut glance = Look::default();
        for (_, look) in self.0.iter() {
            glance.0.iter_mut().zip(look.0).for_each(|(most, part)| *most = (*most).max(part));
        }
        glance
    }
}

/// What can be read of an item.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// The most that the goal or a recipe that leads to it takes at once.
    pub(super) most: u32,
    /// There are fewer: it is short.
    pub(super) short: bool,
    /// The goal asks for it, or something that is short takes it.
    pub(super) wanted: bool,
    /// The largest share of the other ingredients that are there.
    share: f64,
}

/// What can be read of each item.
pub(super) fn standings(task: &Task, inventory: &[u32]) -> Vec<Standing> {
    let mut standings = vec![Standing::default(); task.items().len()];
    let useful = || task.recipes().iter().filter(|recipe| task.depth(recipe.makes.0).is_some());
    for (item, standing) in standings.iter_mut().enumerate() {
        standing.most = task.wanted()[item];
        standing.wanted = standing.most > 0;
    }
    for (item, count) in useful().flat_map(|recipe| &recipe.takes) {
        standings[*item].most = standings[*item].most.max(*count);
    }
    for (standing, there) in standings.iter_mut().zip(inventory) {
        standing.short = *there < standing.most;
    }
    for recipe in useful() {
        let short = standings[recipe.makes.0].short;
        for (item, _) in &recipe.takes {
            let others = || recipe.takes.iter().filter(|(other, _)| other != item);
            let there = others().filter(|(other, count)| inventory[*other] >= *count).count();
            let standing = &mut standings[*item];
            standing.wanted |= short;
            standing.share = standing.share.max(there as f64 / others().count().max(1) as f64);
        }
    }
    standings
}

impl View {
    /// What is seen of a state of a task.
    #[must_use]
    pub fn of(task: &Task, inventory: &[u32]) -> Self {
        let standings = standings(task, inventory);
        let look = |(token, action): (u32, Action)| {
            let mut look = Look::default();
            let (kind, brings) = match action {
                Action::Inventory => (0, None),
                Action::Get(item, count) => (1, Some((item, count))),
                Action::Craft(recipe) => (2, Some(task.recipes()[recipe].makes)),
            };
            look.mark(kind, true);
            if let Some((item, count)) = brings {
                let standing = standings[item];
                look.mark(3, task.wanted()[item] > 0);
                look.mark(4, task.depth(item).is_some());
                look.count(5, task.depth(item).unwrap_or(0));
                look.count(6, inventory[item]);
                look.count(7, standing.most);
                look.count(8, count);
                look.set(9, standing.share);
            }
            (token, look)
        };
        View(task.choices(inventory).into_iter().map(look).collect())
    }
}
