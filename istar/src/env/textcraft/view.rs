//! A state as a small policy sees it: what can be done, and how it goes with the goal. Nothing in it is hidden from somebody who
//! reads recipes, goal and inventory.

use super::task::Task;
use super::words::Action;

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
pub type Look = crate::policy::Look<FEATURES>;

/// The choices of a state, by token.
pub type View = crate::policy::Looks<FEATURES>;

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

/// What is seen of a state of a task.
pub(super) fn view(task: &Task, inventory: &[u32]) -> View {
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
            look.set(5, eighths(task.depth(item).unwrap_or(0)));
            look.set(6, eighths(inventory[item]));
            look.set(7, eighths(standing.most));
            look.set(8, eighths(count));
            look.set(9, standing.share);
        }
        (token, look)
    };
    task.choices(inventory).into_iter().map(look).collect()
}

fn eighths(count: u32) -> f64 {
    f64::from(count) / 8.0
}
