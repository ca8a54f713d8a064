//! Checklists: what a judge ticks off, turn by turn (CM2, arXiv 2602.12268, section 3).

use super::Layout;

/// One item of a turn's checklist.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Item {
    /// Its weight; those of a turn sum to 1.
    pub weight: f64,
    /// The items of the same turn that must be done first, by position.
    #[serde(default)]
    pub deps: Vec<u32>,
}

/// The checklist of one task: turn by turn, its items.
pub type Turns = Vec<Vec<Item>>;

/// The checklists of a batch and how far each step got. The elements of level Item are, step by step, all items of the
/// step's turn, so they lie in batch order and the items of a step are a run.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Checklist {
    groups: Vec<Turns>,
    turn: Vec<u32>,
    satisfied: Vec<bool>,
    step: Vec<u32>,
    position: Vec<u32>,
}

impl Checklist {
    /// From the checklist of each group, the turn that each step belongs to, and for each step what the judge said after
    /// it of each item of that turn. An item that the judge did not speak of is not satisfied; a turn that the checklist
    /// does not have has no items.
    ///
    /// # Panics
    /// If there is not one checklist per group, or not one turn and one answer per step.
    pub fn new(layout: &Layout, groups: Vec<Turns>, turn: Vec<u32>, answers: &[Vec<bool>]) -> Self {
        assert_eq!(groups.len(), layout.groups(), "one checklist per group");
        assert_eq!((turn.len(), answers.len()), (layout.steps(), layout.steps()), "one answer per step");
        let mut list = Checklist { groups, turn, ..Checklist::default() };
        for (step, answer) in answers.iter().enumerate() {
            let traj = layout.traj_of_step()[step];
            let group = layout.group_of_traj()[traj as usize];
            let items = list.items(group, list.turn[step]).len();
            list.step.extend(std::iter::repeat_n(step as u32, items));
            list.position.extend(0..items as u32);
            list.satisfied.extend((0..items).map(|item| answer.get(item).copied().unwrap_or(false)));
        }
        list
    }

    /// The items of a turn of a group.
    pub fn items(&self, group: u32, turn: u32) -> &[Item] {
        self.groups[group as usize].get(turn as usize).map_or(&[], Vec::as_slice)
    }

    /// Number of turns on a group's checklist.
    pub fn turns(&self, group: u32) -> usize {
        self.groups[group as usize].len()
    }

    /// Per step, the turn that it belongs to.
    pub fn turn_of_step(&self) -> &[u32] {
        &self.turn
    }

    /// Per element, whether the judge called the item satisfied after the step.
    pub fn satisfied(&self) -> &[bool] {
        &self.satisfied
    }

    /// Per element, its step.
    pub fn step_of_item(&self) -> &[u32] {
        &self.step
    }

    /// Per element, the item's position in its turn.
    pub fn position(&self) -> &[u32] {
        &self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_all_items_of_the_turn_of_each_step() {
        let layout = Layout::from_lengths([1, 1], [3, 1], [1; 4]);
        let item = |weight| Item { weight, deps: vec![] };
        let groups = vec![vec![vec![item(0.5), item(0.5)], vec![item(1.0)]], vec![]];
        let answers = [vec![true], vec![false, true, true], vec![true], vec![true]];
        let list = Checklist::new(&layout, groups, vec![0, 0, 1, 0], &answers);
        assert_eq!(list.step_of_item(), [0, 0, 1, 1, 2]);
        assert_eq!(list.position(), [0, 1, 0, 1, 0]);
        assert_eq!(list.satisfied(), [true, false, false, true, true]);
        assert_eq!((list.turns(0), list.turns(1), list.items(1, 0).len()), (2, 0, 0));
    }
}
