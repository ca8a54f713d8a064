//! A batch while it is read.

use super::error::{LoggedError, Place};
use super::schema::{Field, Kind, key};
use super::table::Value;
use super::{FieldNames, Logged};
use crate::batch::{Layout, LevelId, Turns};
use rustc_hash::FxHashMap;
use serde::de::IgnoredAny;

/// Said of `turn`.
pub(super) const TWO_SEGMENTS: &str =
    "stands beside `segment_start`: give the one that says where segments begin";

/// Columns that grow, and where the reader is.
#[derive(Debug)]
pub(super) struct Builder {
    /// What is being read.
    pub(super) place: Place,
    /// The key whose value is being read.
    pub(super) field: Option<&'static str>,
    /// Fields that have another name.
    pub(super) told: Vec<(Field, String)>,
    /// By field, the numbers of its labels.
    labels: Vec<FxHashMap<String, u32>>,
    trajs_of: Vec<u32>,
    steps_of: Vec<u32>,
    tokens_of: Vec<u32>,
    batch: Logged,
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            place: Place::default(),
            field: None,
            told: Vec::new(),
            labels: vec![FxHashMap::default(); Field::ALL.len()],
            trajs_of: vec![0],
            steps_of: vec![0],
            tokens_of: vec![0],
            batch: Logged::default(),
        }
    }
}

impl Builder {
    /// One for a batch whose fields have these names.
    pub(super) fn of(names: &FieldNames) -> Self {
        Builder { told: names.told.clone(), ..Builder::default() }
    }

    /// Notes a key that another program has for a field, and that is passed over.
    pub(super) fn pass(&mut self, level: LevelId, key: &'static str, _: IgnoredAny) {
        if !self.batch.passed.contains(&(level, key)) {
            self.batch.passed.push((level, key));
        }
    }

    /// The numbers that the labels of a field have so far.
    pub(super) fn labels(&mut self, field: Field) -> &mut FxHashMap<String, u32> {
        &mut self.labels[field as usize]
    }

    /// Fills a field of what is being read.
    ///
    /// # Errors
    /// When it is filled already.
    pub(super) fn put(&mut self, field: Field, value: Value) -> Result<(), &'static str> {
        if self.batch.table.put(field, value) { Ok(()) } else { Err("stands twice") }
    }

    /// Fills columns of somebody's own.
    ///
    /// # Errors
    /// When one is filled already.
    pub(super) fn put_own(
        &mut self,
        level: LevelId,
        columns: impl Iterator<Item = (String, f64)>,
    ) -> Result<(), &'static str> {
        for (name, x) in columns {
            if !self.batch.table.put_own(level, name, x) {
                return Err("stands twice");
            }
        }
        Ok(())
    }

    pub(super) fn token(&mut self) {
        self.batch.table.end(LevelId::Token);
    }

    /// Ends a step. What it says of segments and heads must fit the steps before it.
    pub(super) fn step(&mut self, values: Option<Vec<(String, f64)>>) -> Result<(), String> {
        let table = &mut self.batch.table;
        if table.has(Field::segment_start) && table.has(Field::turn) {
            self.field = Some(Field::turn.key());
            return Err(TWO_SEGMENTS.into());
        }
        table.end(LevelId::Step);
        self.tokens_of.push(table.rows(LevelId::Token) as u32);
        self.batch.values.push(values).inspect_err(|_| self.field = Some(key::VALUES))
    }

    pub(super) fn trajectory(&mut self, value_after: Option<Vec<(String, f64)>>) {
        self.batch.finals.push(value_after);
        self.batch.table.end(LevelId::Traj);
        self.steps_of.push(self.batch.table.rows(LevelId::Step) as u32);
    }

    pub(super) fn group(&mut self, prompt: Option<serde_json::Value>, turns: Option<Turns>) {
        self.batch.prompts.push(prompt);
        self.batch.turns.push(turns);
        self.trajs_of.push(self.batch.table.rows(LevelId::Traj) as u32);
        for field in Field::ALL.iter().filter(|field| field.kind() == Kind::GroupLabel) {
            self.labels(*field).clear();
        }
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
pub(super) fn segments(batch: &Logged) -> Result<Option<Vec<u32>>, LoggedError> {
    let (layout, table) = (&batch.layout, &batch.table);
    if let (true, Some(turn)) = (table.rows(LevelId::Step) > 0, table.whole::<u32>(Field::turn)) {
        let owner = layout.traj_of_step();
        let falls = |i: &usize| owner[*i] == owner[i - 1] && turn[*i] < turn[i - 1];
        return match (1..turn.len()).find(falls) {
            Some(i) => Err(LoggedError::At {
                place: Place::of(layout, LevelId::Step, i),
                problem: format!("`turn` falls from {} to {}", turn[i - 1], turn[i]),
            }),
            None => Ok(Some(turn.to_vec())),
        };
    }
    let Some(starts) = table.whole::<f64>(Field::segment_start) else { return Ok(None) };
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
