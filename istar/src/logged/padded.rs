//! A batch from padded arrays: rows of equal length with a mask, as trainers of language models have them.

use super::beyond;
use super::cells::Cells;
use super::column::Column;
use super::fields::Data;
use super::runs::Runs;
use super::schema::{Field, key};
use super::table::Values;
use super::values::Values as Heads;
use super::{Logged, LoggedError, Step, columnar};
use crate::batch::{Layout, LevelId};
use rustc_hash::FxHashMap;
use serde_json::Value;

/// What is wrong with padded arrays, and where; rows and tokens are numbered from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", where_(*row, *token))]
pub struct PaddedError {
    /// The row.
    pub row: Option<usize>,
    /// The place in the row.
    pub token: Option<usize>,
    /// What is wrong, with the field's name.
    pub problem: String,
}

fn where_(row: Option<usize>, token: Option<usize>) -> String {
    match (row, token) {
        (None, _) => String::new(),
        (Some(row), None) => format!("row {row}: "),
        (Some(row), Some(token)) => format!("row {row}, token {token}: "),
    }
}

impl PaddedError {
    fn of(problem: String) -> Self {
        PaddedError { problem, ..PaddedError::default() }
    }
}

/// Padded rows: a mask that says which tokens the policy wrote, what the rows of a group have in common, and fields of
/// trajectories, steps and tokens under the names that they have in a log.
///
/// ```
/// use istar::logged::{Cells, Padded, Step, advantage};
/// use istar::recipes::Grpo;
///
/// // Two rows of one group, three places each; the second has an observation in the middle, so it has two steps.
/// let mask = [true, true, false, true, false, true];
/// let outcome = [1.0, 0.0];
/// let (batch, runs) = Padded::new(2, 3, Cells::Flags(&mask), &[7, 7])
///     .step(Step::Run)
///     .per_row("outcome", &outcome)
///     .read()?;
/// assert_eq!((batch.layout().steps(), batch.layout().tokens()), (3, 4));
///
/// let found = advantage(&Grpo, &batch)?.advantage.expect("GRPO has one");
/// let mut rows = [0.0; 6];
/// runs.spread(&found, &mut rows, |x| (10.0 * x).round());
/// assert_eq!(rows, [7.0, 7.0, 0.0, -7.0, 0.0, -7.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Padded<'a> {
    rows: usize,
    length: usize,
    mask: Cells<'a>,
    group: &'a [u32],
    traj: Option<&'a [u32]>,
    step: Step,
    columns: Vec<(&'a str, Data<'a>)>,
    own: Vec<(&'a str, Data<'a>)>,
    heads: Vec<(&'a str, Data<'a>)>,
    checklists: Option<&'a [Value]>,
}

impl<'a> Padded<'a> {
    /// Rows of this length; per row the number of its group.
    #[must_use]
    pub fn new(rows: usize, length: usize, mask: Cells<'a>, group: &'a [u32]) -> Self {
        Padded {
            rows,
            length,
            mask,
            group,
            traj: None,
            step: Step::Run,
            columns: Vec::new(),
            own: Vec::new(),
            heads: Vec::new(),
            checklists: None,
        }
    }

    /// Per row the number of its trajectory inside of its group; without it each row is one.
    #[must_use]
    pub fn trajectories(self, traj: &'a [u32]) -> Self {
        Padded { traj: Some(traj), ..self }
    }

    /// What a step is: each run of the mask unless this says otherwise.
    #[must_use]
    pub fn step(self, step: Step) -> Self {
        Padded { step, ..self }
    }

    /// A field with an entry a row. Of a trajectory of several rows the first one's counts, of `value_after` the last one's, which may
    /// be [by head](Column::Heads).
    #[must_use]
    pub fn per_row(self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.with(name, Data::Row(column.into()))
    }

    /// A field of steps with an entry a step, in the order of the rows.
    #[must_use]
    pub fn per_step(self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.with(name, Data::Step(column.into()))
    }

    /// A field with a cell for each place of each row. One of steps is read at the step's last token, `reward` as the sum over
    /// the step's tokens; one of trajectories is summed over the first row.
    #[must_use]
    pub fn per_token(self, name: &'a str, cells: Cells<'a>) -> Self {
        self.with(name, Data::Cell(cells))
    }

    /// Texts of tokens: words, roles.
    #[must_use]
    pub fn words(self, name: &'a str, cells: &'a [&'a str]) -> Self {
        self.with(name, Data::Text(cells))
    }

    /// A column of your own of trajectories, with an entry a row: what a log has under `columns`.
    #[must_use]
    pub fn own_per_row(mut self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.own.push((name, Data::Row(column.into())));
        self
    }

    /// One of steps, with an entry a step, in the order of the rows.
    #[must_use]
    pub fn own_per_step(mut self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.own.push((name, Data::Step(column.into())));
        self
    }

    /// One of tokens, with a cell for each place of each row.
    #[must_use]
    pub fn own_per_token(mut self, name: &'a str, cells: Cells<'a>) -> Self {
        self.own.push((name, Data::Cell(cells)));
        self
    }

    /// A head of a critic with an entry a row, where rows are steps: what a log has under `values`.
    #[must_use]
    pub fn head_per_row(mut self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.heads.push((name, Data::Row(column.into())));
        self
    }

    /// A head of a critic with an entry a step, in the order of the rows.
    #[must_use]
    pub fn head_per_step(mut self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.heads.push((name, Data::Step(column.into())));
        self
    }

    /// A head of a critic with a cell for each place of each row, read at the first token of each step.
    #[must_use]
    pub fn head_per_token(mut self, name: &'a str, cells: Cells<'a>) -> Self {
        self.heads.push((name, Data::Cell(cells)));
        self
    }

    /// The checklist of each row's group, as a log has it: `{"turns": [{"items": [{"weight": 1.0, "deps": []}]}]}`. Of a group the first
    /// row's counts.
    #[must_use]
    pub fn checklists(self, rows: &'a [Value]) -> Self {
        Padded { checklists: Some(rows), ..self }
    }

    fn with(mut self, name: &'a str, data: Data<'a>) -> Self {
        self.columns.push((name, data));
        self
    }

    /// The batch, and where its tokens stand in the rows. Rows of one group come together, in the order of first appearance. Without
    /// labels an outcome above 0 is taken for a success, with a remark where labels are read.
    ///
    /// # Errors
    /// Arrays of other shapes, a mask of other values than 0 and 1, a field that there is none, a value that is not of its field's
    /// type: with row and token.
    pub fn read(&self) -> Result<(Logged, Runs), PaddedError> {
        self.check_shapes()?;
        let (runs, layout) = self.layout()?;
        let mut remarks = Vec::new();
        let mut finals = None;
        let mut columns: Vec<(Field, Values)> = Vec::new();
        for (name, data) in &self.columns {
            if [key::VALUE_AFTER, key::FINAL_VALUE].contains(name) {
                finals = Some(data.finals(&runs).map_err(|(row, problem)| PaddedError {
                    row,
                    token: None,
                    problem,
                })?);
                continue;
            }
            let field = self.field(name, data)?;
            if columns.iter().any(|(known, _)| *known == field) {
                return Err(PaddedError::of(format!("`{name}` stands twice")));
            }
            let values = data.column(field, &runs, &layout, &mut remarks);
            let values = values.map_err(|(index, problem)| {
                if self.rows == 0 {
                    return PaddedError::of(problem);
                }
                let (row, token) = runs.element(field.level(), index);
                PaddedError { row: Some(row), token, problem }
            })?;
            columns.push((field, values));
        }
        let unlabelled = !columns.iter().any(|(field, _)| *field == Field::success);
        if let (true, Some((_, Values::Number(outcome)))) =
            (unlabelled, columns.iter().find(|(field, _)| *field == Field::outcome))
        {
            let labels = outcome.iter().map(|outcome| f64::from(u8::from(*outcome > 0.0))).collect();
            columns.push((Field::success, Values::Number(labels)));
        }
        let mut batch = columnar::logged(layout, columns).map_err(|error| match error {
            LoggedError::At { problem, .. } => PaddedError::of(problem),
            other => PaddedError::of(other.to_string()),
        })?;
        self.read_beyond(&mut batch, &runs)?;
        if let Some(finals) = finals {
            batch.finals = finals;
        }
        batch.remarks = remarks;
        batch.labelled = unlabelled;
        Ok((batch, runs))
    }

    /// Columns of somebody's own, heads and checklists into a batch.
    fn read_beyond(&self, batch: &mut Logged, runs: &Runs) -> Result<(), PaddedError> {
        let place = |level: LevelId, (index, problem): (usize, String)| match self.rows {
            0 => PaddedError::of(problem),
            _ => {
                let (row, token) = runs.element(level, index);
                PaddedError { row: Some(row), token, problem }
            }
        };
        for (at, (name, data)) in self.own.iter().enumerate() {
            let level = beyond::level(data);
            let before = &self.own[..at];
            if before.iter().any(|(known, other)| known == name && beyond::level(other) == level) {
                return Err(PaddedError::of(format!("the column `{name}` stands twice")));
            }
            let column = beyond::own(name, data, runs).map_err(|wrong| place(level, wrong))?;
            batch.table.set_own(level, name, column);
        }
        let mut heads: Vec<(String, Vec<f64>)> = Vec::new();
        for (name, data) in &self.heads {
            if matches!(data, Data::Row(_)) && self.step != Step::Row {
                return Err(PaddedError::of(format!(
                    "`{}` has one entry a row for `{name}`: give a list of entries for each row, an array of ({}, {}), or step = \"row\"",
                    key::VALUES,
                    self.rows,
                    self.length
                )));
            }
            if heads.iter().any(|(known, _)| known == name) {
                return Err(PaddedError::of(format!("`{}` has the head `{name}` twice", key::VALUES)));
            }
            let column = beyond::head(name, data, runs, &batch.layout);
            heads.push(((*name).to_owned(), column.map_err(|wrong| place(LevelId::Step, wrong))?));
        }
        if !heads.is_empty() {
            batch.values = Heads::of(heads, batch.layout.steps());
        }
        if let Some(rows) = self.checklists {
            let turns = beyond::checklists(rows, runs, &batch.layout);
            batch.turns =
                turns.map_err(|(row, problem)| PaddedError { row: Some(row), token: None, problem })?;
        }
        Ok(())
    }

    fn check_shapes(&self) -> Result<(), PaddedError> {
        let (rows, length) = (self.rows, self.length);
        let cells = rows.checked_mul(length).filter(|cells| u32::try_from(*cells).is_ok());
        let Some(cells) = cells else {
            return Err(PaddedError::of(format!("{rows} rows of {length} tokens are more than 4294967295")));
        };
        let is = |name: &str, found: usize, expected: usize, what: &str| match found == expected {
            true => Ok(()),
            false => Err(PaddedError::of(format!("`{name}` has {found} {what}, expected {expected}"))),
        };
        is("mask", self.mask.len(), cells, "cells")?;
        is("uid", self.group.len(), rows, "entries")?;
        if let Some(traj) = self.traj {
            is("traj_uid", traj.len(), rows, "entries")?;
        }
        if let Some(checklists) = self.checklists {
            is(key::CHECKLIST, checklists.len(), rows, "entries")?;
        }
        for (name, data) in self.columns.iter().chain(&self.own).chain(&self.heads) {
            match data {
                Data::Row(column) => {
                    column.lengths().into_iter().try_for_each(|n| is(name, n, rows, "entries"))?
                }
                Data::Cell(column) => is(name, column.len(), cells, "cells")?,
                Data::Text(column) => is(name, column.len(), cells, "cells")?,
                Data::Step(_) => {}
            }
        }
        Ok(())
    }

    /// Where tokens stand, and the layout that follows.
    fn layout(&self) -> Result<(Runs, Layout), PaddedError> {
        // Groups in the order of their first rows, trajectories in that of theirs.
        let (mut groups, mut trajs) = (FxHashMap::default(), FxHashMap::default());
        let mut keys = Vec::with_capacity(self.rows);
        for (row, group) in self.group.iter().enumerate() {
            let next = groups.len() as u32;
            let group = *groups.entry(*group).or_insert(next);
            let traj = match self.traj {
                None => row as u32,
                Some(of) => *trajs.entry((group, of[row])).or_insert(row as u32),
            };
            keys.push((group, traj));
        }
        let mut order: Vec<u32> = (0..self.rows as u32).collect();
        order.sort_by_key(|row| keys[*row as usize]);

        let mut runs = Vec::with_capacity(self.rows);
        let mut steps = Vec::with_capacity(self.rows + 1);
        let (mut tokens_of, mut steps_of, mut trajs_of) = (vec![0u32], vec![0u32], vec![0u32]);
        let (mut first, mut before) = (Vec::new(), None);
        let mut tokens = 0;
        for row in &order {
            let key = keys[*row as usize];
            if before != Some(key) {
                if before.is_some_and(|(group, _): (u32, u32)| group != key.0) {
                    trajs_of.push(first.len() as u32);
                }
                if before.is_some() {
                    steps_of.push(tokens_of.len() as u32 - 1);
                }
                first.push(*row);
                before = Some(key);
            }
            steps.push(tokens_of.len() as u32 - 1);
            let from = runs.len();
            self.mask.runs(*row as usize, self.length, &mut runs).map_err(|token| {
                let found = self.mask.at(*row as usize * self.length + token);
                let problem = format!("`mask` is {found}, expected 0 or 1");
                PaddedError { row: Some(*row as usize), token: Some(token), problem }
            })?;
            let mut end = |count: u32| {
                tokens += count;
                tokens_of.push(tokens);
            };
            match self.step {
                Step::Row => end(runs[from..].iter().map(|run| run.length).sum()),
                Step::Run => runs[from..].iter().for_each(|run| end(run.length)),
                Step::Token => runs[from..].iter().for_each(|run| (0..run.length).for_each(|_| end(1))),
            }
        }
        if before.is_some() {
            steps_of.push(tokens_of.len() as u32 - 1);
            trajs_of.push(first.len() as u32);
        }
        steps.push(tokens_of.len() as u32 - 1);
        let layout = Layout::new(trajs_of, steps_of, tokens_of);
        Ok((Runs { rows: self.rows, length: self.length, runs, order, steps, first }, layout))
    }

    /// The field of this name: of tokens if it has a cell a token and no other level has it.
    fn field(&self, name: &str, data: &Data<'_>) -> Result<Field, PaddedError> {
        let cells = matches!(data, Data::Cell(_) | Data::Text(_));
        let mut found: Vec<Field> = Field::ALL.iter().copied().filter(|field| field.key() == name).collect();
        found.sort_by_key(|field| (field.level() == LevelId::Token) != cells);
        match (found.first(), data) {
            (None, _) => Err(PaddedError::of(format!("`{name}` is no field{}", super::names::instead(name)))),
            (Some(field), Data::Row(_)) if field.level() == LevelId::Token => Err(PaddedError::of(format!(
                "`{name}` is a field of tokens and has one entry a row, expected an array of ({}, {})",
                self.rows, self.length
            ))),
            (Some(field), Data::Row(_)) if field.level() == LevelId::Step && self.step != Step::Row => {
                Err(PaddedError::of(format!(
                    "`{name}` is a field of steps and has one entry a row: give a list of entries for each row, an array of ({}, {}), or step = \"row\"",
                    self.rows, self.length
                )))
            }
            (Some(field), Data::Step(_)) if field.level() != LevelId::Step => {
                Err(PaddedError::of(format!("`{name}` is no field of steps")))
            }
            (Some(field), Data::Text(_)) if field.level() != LevelId::Token => {
                Err(PaddedError::of(format!("`{name}` has texts for each token, and is no field of tokens")))
            }
            (Some(field), _) => Ok(*field),
        }
    }
}
