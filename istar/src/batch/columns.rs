//! The columns of a batch.

use super::{Checklist, Continued, Layout, Legal, Role};
use crate::need::bit::Bit;
use crate::need::demand::Needs;

type Slot<B, T> = <B as Bit>::Slot<Vec<T>>;

/// One batch of experience as columns. A column that the objective does not need has no size.
#[derive(Clone, Debug)]
pub struct Batch<N: Needs, O> {
    /// Groups, trajectories, steps, tokens.
    pub layout: Layout,
    /// What tokens were chosen from: the distinct pairs of an observation and a set of legal tokens. These are the
    /// observations.
    pub observations: Vec<O>,
    /// And these the sets, one per observation.
    pub legal: Vec<Legal>,
    /// Per token, its observation.
    pub observation: Vec<u32>,
    /// Per token, the action token taken.
    pub token: Vec<u32>,
    /// Per token, its log-probability under the policy that produced the batch; never recomputed.
    pub old: Vec<f64>,
    /// Per trajectory, the scalar return.
    pub outcome: Vec<f64>,
    /// Per trajectory, 1 for success, 0 for failure.
    pub success: Vec<f64>,
    /// Per trajectory, 1 where the last step ended the episode, 0 where it was cut off.
    pub ended: Vec<f64>,
    /// The distinct observations after the last step of trajectories that were cut off; none where no critic is trained.
    pub finals: Vec<O>,
    /// Per trajectory, its observation among `finals`; none where the episode ended.
    pub final_observation: Slot<N::CriticNet, Option<u32>>,
    /// Per step, the environment's reward.
    pub reward: Slot<N::StepRewards, f64>,
    /// Per step, 1 where the action could not be parsed.
    pub invalid: Slot<N::InvalidFlags, f64>,
    /// Per step, a label equal for equal states of one group.
    pub state: Slot<N::StateKeys, u32>,
    /// Per step, its segment's index inside the trajectory, from 0 and growing.
    pub segment: Slot<N::Segments, u32>,
    /// Per step, the agent that acted.
    pub agent: Slot<N::Agents, u32>,
    /// Per step, its tag.
    pub tag: Slot<N::Tags, u32>,
    /// The checklists and how far each step got.
    pub checklist: <N::Checklist as Bit>::Slot<Checklist>,
    /// Per trajectory, 0 where a judge or tool call failed.
    pub judged: Slot<N::Checklist, f64>,
    /// Per step, a description of the state that it was taken in.
    pub text: Slot<N::StateTexts, String>,
    /// Per token, what it is for.
    pub role: Slot<N::Roles, Role>,
    /// Per step, 1 where the decision token said SWITCH.
    pub switch: Slot<N::Roles, f64>,
    /// Per step, the probability of SWITCH under the policy that produced the batch; 0 where there is no decision.
    pub p_switch: Slot<N::Roles, f64>,
    /// Per token, the initial policy's log-probability.
    pub init: Slot<N::InitRef, f64>,
    /// Per token, the snapshot's log-probability.
    pub snapshot: Slot<N::SnapshotRef, f64>,
    /// Per token, the moving average's log-probability.
    pub ema: Slot<N::EmaRef, f64>,
    /// Per token, the PRM's log-probability.
    pub prm: Slot<N::ReadsPrm, f64>,
    /// Per step, the explicit PRM's reading of the action taken, 0 to 1.
    pub q: Slot<N::ExplicitPrm, f64>,
    /// Fresh continuations from the state before each step.
    pub continued: <N::Continuations as Bit>::Slot<Continued>,
    /// Per head of the critic, its estimates: see [`Columns::value`].
    pub value: Slot<N::CriticNet, Vec<f64>>,
    /// Per head of the critic, its estimates after the last steps: see [`Columns::final_value`]. No head where nothing
    /// demands them.
    pub final_value: Slot<N::CriticNet, Vec<f64>>,
}

/// A view of the columns of a batch, or of a logged batch: what is absent is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// Groups, trajectories, steps, tokens.
    pub layout: &'a Layout,
    /// Per token, see [`Batch::old`].
    pub old: &'a [f64],
    /// Per trajectory.
    pub outcome: &'a [f64],
    /// Per trajectory, 1 or 0.
    pub success: &'a [f64],
    /// Per step.
    pub reward: Option<&'a [f64]>,
    /// Per step, 1 or 0.
    pub invalid: Option<&'a [f64]>,
    /// Per step, a label inside the group.
    pub state: Option<&'a [u32]>,
    /// Per step.
    pub segment: Option<&'a [u32]>,
    /// Per step.
    pub agent: Option<&'a [u32]>,
    /// Per step.
    pub tag: Option<&'a [u32]>,
    /// Per token.
    pub init: Option<&'a [f64]>,
    /// Per token.
    pub snapshot: Option<&'a [f64]>,
    /// Per token.
    pub ema: Option<&'a [f64]>,
    /// Per token.
    pub prm: Option<&'a [f64]>,
    /// Per head of the critic, its estimates when the batch was sampled, at the level (step or token) of the critic.
    pub value: Option<&'a [Vec<f64>]>,
    /// Per head of the critic and trajectory, its estimate of the state after the last step; 0 where the episode ended.
    pub final_value: Option<&'a [Vec<f64>]>,
    /// Per step, the explicit PRM's reading of the action taken, 0 to 1.
    pub q: Option<&'a [f64]>,
    /// Fresh continuations from the state before each step.
    pub continued: Option<&'a Continued>,
    /// Per trajectory, 1 where the last step ended the episode, 0 where it was cut off; all ended where absent.
    pub ended: Option<&'a [f64]>,
    /// Per token.
    pub role: Option<&'a [Role]>,
    /// Per step, 1 where the decision token said SWITCH.
    pub switch: Option<&'a [f64]>,
    /// Per step, the policy's probability of SWITCH.
    pub p_switch: Option<&'a [f64]>,
    /// The checklists of the groups.
    pub checklist: Option<&'a Checklist>,
    /// Per trajectory, 0 where a judge or tool call failed.
    pub judged: Option<&'a [f64]>,
    /// Per step, a description of the state that it was taken in.
    pub text: Option<&'a [String]>,
    /// Per token, an advantage that came with a logged batch.
    pub adv: Option<&'a [f64]>,
    /// Per token, a return that came with a logged batch.
    pub ret: Option<&'a [f64]>,
}

impl<'a> Columns<'a> {
    /// A batch with outcomes and nothing else.
    pub fn of_outcomes(layout: &'a Layout, old: &'a [f64], outcome: &'a [f64], success: &'a [f64]) -> Self {
        Columns {
            layout,
            old,
            outcome,
            success,
            reward: None,
            invalid: None,
            state: None,
            segment: None,
            agent: None,
            tag: None,
            init: None,
            snapshot: None,
            ema: None,
            prm: None,
            value: None,
            final_value: None,
            q: None,
            continued: None,
            ended: None,
            role: None,
            switch: None,
            p_switch: None,
            checklist: None,
            judged: None,
            text: None,
            adv: None,
            ret: None,
        }
    }
}

impl<N: Needs, O> Batch<N, O> {
    /// The columns that are there.
    pub fn columns(&self) -> Columns<'_> {
        Columns {
            reward: N::StepRewards::get(&self.reward).map(Vec::as_slice),
            invalid: N::InvalidFlags::get(&self.invalid).map(Vec::as_slice),
            state: N::StateKeys::get(&self.state).map(Vec::as_slice),
            segment: N::Segments::get(&self.segment).map(Vec::as_slice),
            agent: N::Agents::get(&self.agent).map(Vec::as_slice),
            tag: N::Tags::get(&self.tag).map(Vec::as_slice),
            checklist: N::Checklist::get(&self.checklist),
            judged: N::Checklist::get(&self.judged).map(Vec::as_slice),
            text: N::StateTexts::get(&self.text).map(Vec::as_slice),
            role: N::Roles::get(&self.role).map(Vec::as_slice),
            switch: N::Roles::get(&self.switch).map(Vec::as_slice),
            p_switch: N::Roles::get(&self.p_switch).map(Vec::as_slice),
            init: N::InitRef::get(&self.init).map(Vec::as_slice),
            snapshot: N::SnapshotRef::get(&self.snapshot).map(Vec::as_slice),
            ema: N::EmaRef::get(&self.ema).map(Vec::as_slice),
            prm: N::ReadsPrm::get(&self.prm).map(Vec::as_slice),
            q: N::ExplicitPrm::get(&self.q).map(Vec::as_slice),
            continued: N::Continuations::get(&self.continued),
            value: N::CriticNet::get(&self.value).map(Vec::as_slice),
            final_value: N::CriticNet::get(&self.final_value).map(Vec::as_slice),
            ended: Some(&self.ended),
            ..Columns::of_outcomes(&self.layout, &self.old, &self.outcome, &self.success)
        }
    }
}
