//! Arbitrary batches for tests.

use crate::batch::{Checklist, Columns, Item, Layout, LevelId, Scope, Turns};
use crate::credit::Credit;
use crate::objective::Signal;
use crate::objective::level::Level;
use proptest::prelude::*;

/// One step; its tokens are `(old, prm)`.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) reward: f64,
    pub(crate) invalid: bool,
    pub(crate) label: u32,
    /// What a judge says after it; see [`lists`].
    pub(crate) answer: Vec<bool>,
    pub(crate) tokens: Vec<(f64, f64)>,
}

/// One trajectory.
#[derive(Clone, Debug)]
pub(crate) struct Traj {
    pub(crate) outcome: f64,
    pub(crate) steps: Vec<Step>,
}

/// A batch: groups of trajectories.
pub(crate) type Nested = Vec<Vec<Traj>>;

/// The checklist of every group: two turns, the second with items that wait for each other.
pub(crate) fn lists() -> Turns {
    let item = |weight, deps: &[u32]| Item { weight, deps: deps.to_vec() };
    vec![vec![item(0.25, &[]), item(0.75, &[])], vec![item(0.5, &[]), item(0.2, &[0]), item(0.3, &[0, 1])]]
}

/// A batch as columns. `state`, `agent`, `tag` and `text` are the label of a step, `segment` and the turn how often the
/// label has changed; a trajectory is judged unless its outcome is negative.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) layout: Layout,
    old: Vec<f64>,
    prm: Vec<f64>,
    outcome: Vec<f64>,
    success: Vec<f64>,
    reward: Vec<f64>,
    invalid: Vec<f64>,
    label: Vec<u32>,
    segment: Vec<u32>,
    text: Vec<String>,
    checklist: Checklist,
    judged: Vec<f64>,
}

impl Sample {
    pub(crate) fn new(groups: &[Vec<Traj>]) -> Self {
        let trajs: Vec<&Traj> = groups.iter().flatten().collect();
        let steps: Vec<&Step> = trajs.iter().flat_map(|traj| &traj.steps).collect();
        let tokens: Vec<(f64, f64)> = steps.iter().flat_map(|step| step.tokens.iter().copied()).collect();
        let segments = |traj: &&Traj| {
            let changes = traj.steps.windows(2).map(|pair| u32::from(pair[0].label != pair[1].label));
            let mut segment = 0;
            let mut segments: Vec<u32> = traj.steps.iter().take(1).map(|_| 0).collect();
            segments.extend(changes.map(|change| {
                segment += change;
                segment
            }));
            segments
        };
        let layout = Layout::from_lengths(
            groups.iter().map(Vec::len),
            trajs.iter().map(|traj| traj.steps.len()),
            steps.iter().map(|step| step.tokens.len()),
        );
        let segment: Vec<u32> = trajs.iter().flat_map(segments).collect();
        let answers: Vec<Vec<bool>> = steps.iter().map(|step| step.answer.clone()).collect();
        let lists = groups.iter().map(|_| lists()).collect();
        Sample {
            checklist: Checklist::new(&layout, lists, segment.clone(), &answers),
            judged: trajs.iter().map(|traj| f64::from(u8::from(traj.outcome >= 0.0))).collect(),
            text: steps.iter().map(|step| format!("state {}", step.label)).collect(),
            layout,
            old: tokens.iter().map(|token| token.0).collect(),
            prm: tokens.iter().map(|token| token.1).collect(),
            outcome: trajs.iter().map(|traj| traj.outcome).collect(),
            success: trajs.iter().map(|traj| f64::from(u8::from(traj.outcome > 0.0))).collect(),
            reward: steps.iter().map(|step| step.reward).collect(),
            invalid: steps.iter().map(|step| f64::from(u8::from(step.invalid))).collect(),
            label: steps.iter().map(|step| step.label).collect(),
            segment,
        }
    }

    pub(crate) fn columns(&self) -> Columns<'_> {
        Columns {
            reward: Some(&self.reward),
            invalid: Some(&self.invalid),
            state: Some(&self.label),
            segment: Some(&self.segment),
            agent: Some(&self.label),
            tag: Some(&self.label),
            text: Some(&self.text),
            checklist: Some(&self.checklist),
            judged: Some(&self.judged),
            init: Some(&self.old),
            snapshot: Some(&self.old),
            ema: Some(&self.old),
            prm: Some(&self.prm),
            ..Columns::of_outcomes(&self.layout, &self.old, &self.outcome, &self.success)
        }
    }

    /// Evaluates a signal without hyper-parameters, repeated on the elements of a level.
    pub(crate) fn eval<S: Signal>(&self, level: LevelId) -> Vec<f64> {
        let cx = Credit { batch: self.columns(), at: Scope::new(&[], &[]) };
        crate::credit::broadcast(&cx.batch, S::eval(&cx), <S::Level as Level>::id(&cx.at), level)
    }
}

/// Any batch: groups, trajectories and steps may be empty.
pub(crate) fn batches() -> impl Strategy<Value = Nested> {
    let token = (-3.0..0.0f64, -3.0..0.0f64);
    let answer = prop::collection::vec(any::<bool>(), 3);
    let step = (-1.0..1.0f64, any::<bool>(), 0..3u32, prop::collection::vec(token, 0..4), answer)
        .prop_map(|(reward, invalid, label, tokens, answer)| Step { reward, invalid, label, tokens, answer });
    let outcome = prop_oneof![Just(0.0), Just(10.0), -1.0..1.0f64];
    let traj =
        (outcome, prop::collection::vec(step, 0..5)).prop_map(|(outcome, steps)| Traj { outcome, steps });
    prop::collection::vec(prop::collection::vec(traj, 0..5), 0..5)
}
