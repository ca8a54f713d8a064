//! Which trajectory belongs to which group, which step to which trajectory, which token to which step.

use crate::batch::LevelId;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The shape of a batch: flat columns with offsets per level. Empty trajectories and steps are legal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    trajs: Vec<u32>,
    steps: Vec<u32>,
    tokens: Vec<u32>,
    group_of_traj: Vec<u32>,
    traj_of_step: Vec<u32>,
    step_of_token: Vec<u32>,
}

fn owners(offsets: &[u32]) -> Vec<u32> {
    let mut owner = Vec::with_capacity(offsets.last().map_or(0, |n| *n as usize));
    for (i, pair) in offsets.windows(2).enumerate() {
        owner.resize(pair[1] as usize, i as u32);
    }
    owner
}

/// How many elements each of `owners` has.
fn lengths(
    (unit, element): (&'static str, &'static str),
    owner: &[u32],
    owners: usize,
) -> Result<Vec<usize>, OwnerError> {
    let mut lengths = vec![0; owners];
    let mut before = 0;
    for (index, &found) in owner.iter().enumerate() {
        let problem = if found < before {
            format!("after {before}: owners never fall")
        } else if found as usize >= owners {
            format!("and there are {owners}, numbered from 0")
        } else {
            lengths[found as usize] += 1;
            before = found;
            continue;
        };
        return Err(OwnerError { unit, element, index, found, problem });
    }
    Ok(lengths)
}

/// An element that is not where its owner is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {unit} of {element} {index} is {found}, {problem}")]
pub struct OwnerError {
    unit: &'static str,
    element: &'static str,
    index: usize,
    found: u32,
    problem: String,
}

impl Default for Layout {
    /// No groups.
    fn default() -> Self {
        Layout::new(vec![0], vec![0], vec![0])
    }
}

impl Layout {
    /// From offsets: trajectories of each group, steps of each trajectory, tokens of each step; each list starts at 0
    /// and has one entry more than there are units.
    ///
    /// # Panics
    /// If the offsets do not fit each other.
    pub fn new(trajs: Vec<u32>, steps: Vec<u32>, tokens: Vec<u32>) -> Self {
        let fits = |offsets: &[u32]| offsets.first() == Some(&0) && offsets.is_sorted();
        assert!(fits(&trajs) && fits(&steps) && fits(&tokens), "offsets start at 0 and grow");
        assert_eq!(trajs[trajs.len() - 1] as usize, steps.len() - 1, "groups cover the trajectories");
        assert_eq!(steps[steps.len() - 1] as usize, tokens.len() - 1, "trajectories cover the steps");
        let (group_of_traj, traj_of_step, step_of_token) = (owners(&trajs), owners(&steps), owners(&tokens));
        Layout { trajs, steps, tokens, group_of_traj, traj_of_step, step_of_token }
    }

    /// From lengths: trajectories of each group, steps of each trajectory, tokens of each step.
    ///
    /// # Panics
    /// If the lengths do not fit each other.
    pub fn from_lengths(
        trajs: impl IntoIterator<Item = usize>,
        steps: impl IntoIterator<Item = usize>,
        tokens: impl IntoIterator<Item = usize>,
    ) -> Self {
        fn offsets(lengths: impl IntoIterator<Item = usize>) -> Vec<u32> {
            let mut offsets = vec![0];
            offsets.extend(lengths.into_iter().scan(0, |end, length| {
                *end += length as u32;
                Some(*end)
            }));
            offsets
        }
        Layout::new(offsets(trajs), offsets(steps), offsets(tokens))
    }

    /// From owners: the group of each trajectory, the trajectory of each step, the step of each token, each numbered from 0
    /// in batch order. A group without trajectories is one whose number is passed over.
    ///
    /// ```
    /// use istar::batch::Layout;
    ///
    /// let layout = Layout::from_owners(&[0, 0, 1], &[0, 0, 2], &[0, 1, 1, 2])?;
    /// assert_eq!(layout, Layout::from_lengths([2, 1], [2, 0, 1], [1, 2, 1]));
    /// let error = Layout::from_owners(&[0, 0], &[1, 0], &[]).unwrap_err();
    /// assert_eq!(error.to_string(), "the trajectory of step 1 is 0, after 1: owners never fall");
    /// let error = Layout::from_owners(&[0, 0], &[0, 2], &[]).unwrap_err();
    /// assert_eq!(error.to_string(), "the trajectory of step 1 is 2, and there are 2, numbered from 0");
    /// # Ok::<(), istar::batch::OwnerError>(())
    /// ```
    ///
    /// # Errors
    /// An owner that falls, or that is not there.
    pub fn from_owners(
        group_of_traj: &[u32],
        traj_of_step: &[u32],
        step_of_token: &[u32],
    ) -> Result<Self, OwnerError> {
        let groups = group_of_traj.iter().max().map_or(0, |last| *last as usize + 1);
        let (trajs, steps) = (group_of_traj.len(), traj_of_step.len());
        Ok(Layout::from_lengths(
            lengths(("group", "trajectory"), group_of_traj, groups)?,
            lengths(("trajectory", "step"), traj_of_step, trajs)?,
            lengths(("step", "token"), step_of_token, steps)?,
        ))
    }

    /// Number of groups.
    pub fn groups(&self) -> usize {
        self.trajs.len() - 1
    }
    /// Number of trajectories.
    pub fn trajs(&self) -> usize {
        self.steps.len() - 1
    }
    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.tokens.len() - 1
    }
    /// Number of action tokens.
    pub fn tokens(&self) -> usize {
        self.step_of_token.len()
    }
    /// Trajectories of a group.
    pub fn trajs_of(&self, group: usize) -> Range<usize> {
        self.trajs[group] as usize..self.trajs[group + 1] as usize
    }
    /// Steps of a trajectory.
    pub fn steps_of(&self, traj: usize) -> Range<usize> {
        self.steps[traj] as usize..self.steps[traj + 1] as usize
    }
    /// Tokens of a step.
    pub fn tokens_of(&self, step: usize) -> Range<usize> {
        self.tokens[step] as usize..self.tokens[step + 1] as usize
    }
    /// The group of each trajectory.
    pub fn group_of_traj(&self) -> &[u32] {
        &self.group_of_traj
    }
    /// The trajectory of each step.
    pub fn traj_of_step(&self) -> &[u32] {
        &self.traj_of_step
    }
    /// The step of each token.
    pub fn step_of_token(&self) -> &[u32] {
        &self.step_of_token
    }
    /// Number of elements at a level that the layout itself knows: trajectory, step or token.
    pub fn len(&self, level: LevelId) -> Option<usize> {
        match level {
            LevelId::Traj => Some(self.trajs()),
            LevelId::Step => Some(self.steps()),
            LevelId::Token => Some(self.tokens()),
            LevelId::Segment | LevelId::Item | LevelId::Mixed => None,
        }
    }
}
