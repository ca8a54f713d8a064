//! A batch while it is read.

use super::Logged;
use super::error::{LoggedError, Place};
use super::schema::{step, token, traj};
use crate::batch::{Layout, Role, Turns};
use rustc_hash::FxHashMap;
use serde_json::Value;

/// Columns that grow, and where the reader is.
#[derive(Debug)]
pub(super) struct Builder {
    /// What is being read.
    pub(super) place: Place,
    /// The key whose value is being read.
    pub(super) field: Option<&'static str>,
    /// Numbers of states, agents and tags; those of states are forgotten after each group.
    pub(super) names: [FxHashMap<String, u32>; 3],
    trajs_of: Vec<u32>,
    steps_of: Vec<u32>,
    tokens_of: Vec<u32>,
    batch: Logged,
}

/// The fields of one step.
#[derive(Debug, Default)]
pub(super) struct StepRow {
    pub(super) numbers: [Option<f64>; step::NUMBERS],
    pub(super) labels: [Option<u32>; step::LABELS],
    pub(super) text: Option<String>,
    pub(super) items: Option<Vec<bool>>,
    pub(super) values: Option<Vec<(String, f64)>>,
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            place: Place::default(),
            field: None,
            names: Default::default(),
            trajs_of: vec![0],
            steps_of: vec![0],
            tokens_of: vec![0],
            batch: Logged::default(),
        }
    }
}

impl Builder {
    pub(super) fn token(
        &mut self,
        numbers: [Option<f64>; token::NUMBERS],
        role: Option<Role>,
        word: Option<String>,
    ) {
        self.batch.tokens.push(numbers);
        self.batch.roles.push([role]);
        self.batch.words.push([word]);
    }

    /// Ends a step. What it says of segments and heads must fit the steps before it.
    pub(super) fn step(&mut self, row: StepRow) -> Result<(), String> {
        if row.numbers[step::SEGMENT_START].is_some() && row.labels[step::label(step::TURN)].is_some() {
            self.field = Some("turn");
            return Err("stands beside `segment_start`: give the one that says where segments begin".into());
        }
        self.batch.values.push(row.values).inspect_err(|_| self.field = Some("values"))?;
        self.batch.steps.push(row.numbers);
        self.batch.labels.push(row.labels);
        self.batch.texts.push([row.text]);
        self.batch.items.push([row.items]);
        self.tokens_of.push(self.batch.tokens.rows() as u32);
        Ok(())
    }

    pub(super) fn trajectory(
        &mut self,
        numbers: [Option<f64>; traj::NUMBERS],
        final_value: Option<Vec<(String, f64)>>,
    ) {
        self.batch.trajs.push(numbers);
        self.batch.finals.push(final_value);
        self.steps_of.push(self.batch.steps.rows() as u32);
    }

    pub(super) fn group(&mut self, prompt: Option<Value>, turns: Option<Turns>) {
        self.batch.prompts.push(prompt);
        self.batch.turns.push(turns);
        self.trajs_of.push(self.batch.trajs.rows() as u32);
        self.names[step::label(step::STATE)].clear();
    }

    pub(super) fn finish(self) -> Result<Logged, LoggedError> {
        let mut batch = self.batch;
        batch.layout = Layout::new(self.trajs_of, self.steps_of, self.tokens_of);
        batch.segment = segments(&batch)?;
        Ok(batch)
    }
}

/// Per step, the number of its segment: `turn`, or how often `segment_start` was true before in its trajectory, whose
/// first step always begins one.
fn segments(batch: &Logged) -> Result<Option<Vec<u32>>, LoggedError> {
    let (layout, labels) = (&batch.layout, &batch.labels);
    if let (true, Some(turn)) = (labels.rows() > 0, labels.whole(step::label(step::TURN))) {
        let owner = layout.traj_of_step();
        let falls = |i: &usize| owner[*i] == owner[i - 1] && turn[*i] < turn[i - 1];
        return match (1..turn.len()).find(falls) {
            Some(i) => Err(LoggedError::At {
                place: Place::of(layout, crate::batch::LevelId::Step, i),
                problem: format!("`turn` falls from {} to {}", turn[i - 1], turn[i]),
            }),
            None => Ok(Some(turn.to_vec())),
        };
    }
    let Some(starts) = batch.steps.whole(step::SEGMENT_START) else { return Ok(None) };
    let mut segment = Vec::with_capacity(starts.len());
    for traj in 0..layout.trajs() {
        let mut number = 0;
        for (position, start) in starts[layout.steps_of(traj)].iter().enumerate() {
            number += u32::from(position > 0 && *start > 0.0);
            segment.push(number);
        }
    }
    Ok(Some(segment))
}
