//! From a table's rows to cells that can be run.

use super::directory::STARTS;
use super::error::TableError;
use super::frozen::{self, Kept};
use super::report::{Exhibits, Report};
use super::rows::{Row, differences};
use super::run::{Event, Finished, Work, run};
use super::schedule::Schedule;
use super::start::Start;
use super::study::{Study, StudyError};
use super::sweep::{Swept, Variant, variants};
use super::train::{Trained, train};
use super::world::{Stage, World};
use super::{Ablation, Visitor};
use crate::env::Offers;
use crate::objective::{Line, Numbers, Objective, validate, with_values};
use crate::rollout::Outcome;
use crate::trainer::Settings;
use serde::Serialize;
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

/// A table to be run in a world: which rows, with which numbers, settings and seeds.
pub struct Table<W: World> {
    stage: Arc<Stage<W>>,
    schedule: Schedule,
    seeds: u64,
    only: Option<Vec<String>>,
    numbers: Vec<(String, Vec<f64>)>,
    own: Vec<(String, Box<dyn Fn(Schedule) -> Schedule>)>,
    swept: Vec<Swept>,
}

impl<W: World> Table<W> {
    /// A table of one seed, all rows as they are declared. Draws the world's tasks.
    ///
    /// # Errors
    /// When the world cannot give them.
    pub fn new(world: W, schedule: Schedule) -> Result<Self, TableError> {
        let stage = Arc::new(Stage::of(world)?);
        let (numbers, own, swept) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Table { stage, schedule, seeds: 1, only: None, numbers, own, swept })
    }

    /// Seeds `0..seeds`.
    #[must_use]
    pub fn seeds(mut self, seeds: u64) -> Self {
        self.seeds = seeds;
        self
    }

    /// These rows alone.
    #[must_use]
    pub fn only<S: Into<String>>(mut self, rows: impl IntoIterator<Item = S>) -> Self {
        self.only = Some(rows.into_iter().map(Into::into).collect());
        self
    }

    /// A hyper-parameter, in every row that has one of this name.
    #[must_use]
    pub fn set(self, parameter: &str, value: f64) -> Self {
        self.sweep(parameter, [value])
    }

    /// A hyper-parameter with each of these values in turn, in every row that has one of this name: a row a value, whose name
    /// ends in it, as `iStar beta=0.05` does. Several parameters make the product; one value makes no row of its own, and none
    /// changes nothing.
    #[must_use]
    pub fn sweep(mut self, parameter: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.numbers.push((parameter.to_owned(), values.into_iter().collect()));
        self
    }

    /// Other settings for one row, made of the table's. What differs is named in the manifest and in the report.
    #[must_use]
    pub fn settings(self, row: &str, own: impl Fn(Settings) -> Settings + 'static) -> Self {
        self.schedule(row, move |table| Schedule { settings: own(table.settings), ..table })
    }

    /// As [`settings`](Self::settings), of the whole schedule: a row with other [`groups`](Schedule::groups) sees as many
    /// environment steps as the others only where there is a budget of them.
    #[must_use]
    pub fn schedule(mut self, row: &str, own: impl Fn(Schedule) -> Schedule + 'static) -> Self {
        self.own.push((row.to_owned(), Box::new(own)));
        self
    }

    /// A setting with each of these values in turn, in every row: a row a value, whose name ends in it, as `GRPO epochs=2` does.
    /// All rows get the same number of trials.
    #[must_use]
    pub fn sweep_setting(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = f64>,
        apply: impl Fn(Schedule, f64) -> Schedule + 'static,
    ) -> Self {
        let (name, values) = (name.to_owned(), values.into_iter().collect());
        self.swept.push(Swept { name, values, apply: Box::new(apply) });
        self
    }

    /// The cells of these rows, and the study that they make up.
    ///
    /// # Errors
    /// A number of a row is out of range, a row that was named is not there, there is a warm start and no expert, or outcomes
    /// are to be scores and there are none.
    pub fn works<A: Ablation<W::Env>>(self) -> Result<Works<W>, TableError> {
        let rows = Row::all::<W::Env, A>();
        self.check_names(&rows)?;
        let outcome = |row: &Row| self.schedule_of(&row.name).settings.sampling.outcome;
        if rows.iter().any(|row| outcome(row) == Outcome::Score) && !self.stage.world.scores() {
            return Err(TableError::NoScore);
        }
        self.check_frozen(&rows)?;
        let start = |seed| Start::new(&self.stage.world, &self.schedule, seed).map(Arc::new);
        let starts = (0..self.seeds).map(start).collect::<Result<_, _>>()?;
        let kept = (0..self.seeds).map(|_| Arc::default()).collect();
        let mut cells =
            Cells { table: &self, starts, kept, refused: None, rows: Vec::new(), works: Vec::new() };
        A::rows(&mut cells);
        let Cells { starts, refused, rows, works, .. } = cells;
        if let Some(refused) = refused {
            return Err(refused);
        }
        let manifest = json!({
            "table": A::NAME,
            "istar": env!("CARGO_PKG_VERSION"),
            "rows": rows.iter().map(Row::manifest).collect::<Vec<_>>(),
            "seeds": self.seeds,
            "setup": setup(&self.stage.world, &self.schedule)?,
        });
        let (world, setting) = (self.stage.world.setting(), self.schedule.to_string());
        let study = Study { name: A::NAME.to_owned(), world, setting, preset: None, manifest };
        Ok(Works { stage: self.stage, study, rows, works, starts })
    }

    fn check_names(&self, rows: &[Row]) -> Result<(), TableError> {
        let named = self.only.iter().flatten().chain(self.own.iter().map(|(row, _)| row));
        match named.into_iter().find(|name| rows.iter().all(|row| row.name != **name)) {
            None => Ok(()),
            Some(name) => {
                let known = rows.iter().map(|row| row.name.clone()).collect();
                Err(TableError::NoSuchRow { name: name.clone(), known })
            }
        }
    }

    /// Whether there is a PRM to be taught in every row that runs, if that is what is asked for.
    fn check_frozen(&self, rows: &[Row]) -> Result<(), TableError> {
        if self.schedule.frozen.is_none() {
            return Ok(());
        }
        let runs = |row: &&Row| self.only.as_ref().is_none_or(|only| only.contains(&row.name));
        for row in rows.iter().filter(runs) {
            if !row.prm {
                let known = rows.iter().filter(|row| row.prm).map(|row| row.name.clone()).collect();
                return Err(TableError::NoPrm { name: row.name.clone(), known });
            }
            let numbers = Numbers::new(row.parameters.iter().copied());
            if Line::written("", row.line, &numbers).is_err() {
                return Err(TableError::NotAText(row.name.clone()));
            }
        }
        Ok(())
    }

    /// The schedule of one row.
    fn schedule_of(&self, row: &str) -> Schedule {
        let own = self.own.iter().filter(|(name, _)| name == row);
        own.fold(self.schedule, |schedule, (_, change)| change(schedule))
    }
}

/// What a world is made from, with the schedule beside it.
fn setup(world: &impl Serialize, schedule: &Schedule) -> Result<Value, serde_json::Error> {
    let schedule = serde_json::to_value(schedule)?;
    Ok(match serde_json::to_value(world)? {
        Value::Object(mut fields) => {
            fields.insert("schedule".to_owned(), schedule);
            Value::Object(fields)
        }
        world => json!({ "world": world, "schedule": schedule }),
    })
}

/// Cells to be filled, and the study that they make up.
pub struct Works<W: World> {
    /// The world, its environment and its tasks.
    pub stage: Arc<Stage<W>>,
    /// What decides the numbers.
    pub study: Study,
    /// The rows, from top to bottom.
    pub rows: Vec<Row>,
    /// One per row and seed, row by row.
    pub works: Vec<Work>,
    starts: Vec<Arc<Start<W>>>,
}

impl<W: World> Works<W> {
    /// Runs what is not there yet: see [`run`].
    ///
    /// # Errors
    /// As [`run`].
    pub fn run(
        &self,
        dir: &Path,
        threads: NonZeroUsize,
        tell: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Finished, StudyError> {
        self.starts.iter().for_each(|start| start.keep_in(&dir.join(STARTS)));
        run(dir, &self.study, &self.works, threads, tell)
    }

    /// The report of the finished study, with what the world has to show.
    #[must_use]
    pub fn report<'a>(&'a self, finished: &'a Finished) -> Report<'a> {
        Report::new(&finished.study, &finished.cells, Exhibits::of(&self.stage.world))
            .costing(&finished.timings)
    }
}

/// Turns rows into cells.
struct Cells<'a, W: World> {
    table: &'a Table<W>,
    starts: Vec<Arc<Start<W>>>,
    /// Of each start, what the rows share off line.
    kept: Vec<Arc<Kept>>,
    refused: Option<TableError>,
    rows: Vec<Row>,
    works: Vec<Work>,
}

impl<W: World> Visitor<W::Env> for Cells<'_, W> {
    fn row<O: Objective>(&mut self, name: &'static str, objective: O)
    where
        W::Env: Offers<O>,
    {
        let table = self.table;
        if table.only.as_ref().is_some_and(|only| only.iter().all(|kept| kept != name)) {
            return;
        }
        let schedule = table.schedule_of(name);
        for Variant { end, numbers, settings } in variants(O::PARAMS, &table.numbers, &table.swept) {
            let apply =
                |schedule, (place, value): &(usize, f64)| (table.swept[*place].apply)(schedule, *value);
            let schedule = settings.iter().fold(schedule, apply);
            self.add(&format!("{name}{end}"), with_values(&objective, &numbers), schedule);
        }
    }
}

impl<W: World> Cells<'_, W> {
    /// A row and its cells.
    fn add<O: Objective>(&mut self, name: &str, objective: O, schedule: Schedule)
    where
        W::Env: Offers<O>,
    {
        let table = self.table;
        if let Err(refused) = validate(&objective) {
            self.refused.get_or_insert(refused.into());
        }
        if let Some(Err(refused)) = schedule.frozen.map(|frozen| frozen.check(schedule.settings.replay)) {
            self.refused.get_or_insert(TableError::Frozen(refused));
        }
        let settings = differences(&table.schedule, &schedule);
        self.rows.push(Row { settings: settings.clone(), ..Row::of(name, &objective) });
        for (start, kept) in self.starts.iter().zip(&self.kept) {
            let (stage, start, settings) = (table.stage.clone(), start.clone(), settings.clone());
            let kept = kept.clone();
            let (name, objective) = (name.to_owned(), objective.clone());
            self.works.push(Work {
                row: name.clone(),
                seed: start.seed,
                run: Box::new(move |dir, tick| {
                    let row = (&*name, &objective);
                    let (mut cell, timing) = match schedule.frozen {
                        None => {
                            let trained = train::<O, W>(row, &stage, &schedule, &start, dir, tick)?;
                            let Trained { cell, timing, .. } = trained;
                            (cell, timing)
                        }
                        Some(frozen) => {
                            let taught = (&*stage, &schedule, frozen);
                            frozen::fill::<O, W>(row, taught, (&start, &kept), dir, tick)?
                        }
                    };
                    cell.settings.clone_from(&settings);
                    Ok((cell, timing))
                }),
            });
        }
    }
}
