//! A mini-batch as indices into its batch.

use crate::batch::{Layout, LevelId};

/// Whole steps of a batch, in batch order, with the structure that they keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Tokens of the batch, one per token of the part.
    pub tokens: Vec<u32>,
    /// Per token, the position of its step in `steps`.
    pub step_of_token: Vec<u32>,
    /// Steps of the batch that have a place here.
    pub steps: Vec<u32>,
    /// Per step of the part, the position of its trajectory in `trajs`.
    pub traj_of_step: Vec<u32>,
    /// Trajectories of the batch that have a step here.
    pub trajs: Vec<u32>,
    /// Per trajectory of the part, the position of its group among those that have a step here.
    pub group_of_traj: Vec<u32>,
    /// How many groups that is.
    pub groups: usize,
}

impl Part {
    /// All of a batch. Trajectories without steps, and groups without trajectories, keep their place.
    pub fn whole(layout: &Layout) -> Self {
        Part {
            tokens: (0..layout.tokens() as u32).collect(),
            step_of_token: layout.step_of_token().to_vec(),
            steps: (0..layout.steps() as u32).collect(),
            traj_of_step: layout.traj_of_step().to_vec(),
            trajs: (0..layout.trajs() as u32).collect(),
            group_of_traj: layout.group_of_traj().to_vec(),
            groups: layout.groups(),
        }
    }

    /// These steps of a batch; sorted into batch order.
    pub fn of_steps(layout: &Layout, mut steps: Vec<u32>) -> Self {
        steps.sort_unstable();
        let mut part = Part { steps, ..Part::default() };
        for (position, step) in part.steps.iter().enumerate() {
            let traj = layout.traj_of_step()[*step as usize];
            if part.trajs.last() != Some(&traj) {
                let group = |traj: u32| layout.group_of_traj()[traj as usize];
                part.groups += usize::from(part.trajs.last().is_none_or(|last| group(*last) != group(traj)));
                part.trajs.push(traj);
                part.group_of_traj.push(part.groups as u32 - 1);
            }
            part.traj_of_step.push(part.trajs.len() as u32 - 1);
            for token in layout.tokens_of(*step as usize) {
                part.tokens.push(token as u32);
                part.step_of_token.push(position as u32);
            }
        }
        part
    }

    /// The elements of a level, step or token, as indices into the batch.
    pub fn elements(&self, level: LevelId) -> &[u32] {
        if level == LevelId::Token { &self.tokens } else { &self.steps }
    }

    /// Per token, the position of its trajectory in `trajs`.
    pub fn traj_of_token(&self) -> Vec<u32> {
        self.step_of_token.iter().map(|step| self.traj_of_step[*step as usize]).collect()
    }

    /// Picks a column of the batch's tokens.
    pub fn pick<T: Copy>(&self, column: &[T]) -> Vec<T> {
        self.tokens.iter().map(|i| column[*i as usize]).collect()
    }
}
