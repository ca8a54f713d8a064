//! What a running study shows: bars on a terminal, else one plain line per finished cell.

use crate::table::Tick;
use crate::table::cell::Cell;
use crate::table::run::Event;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::{IsTerminal, Write, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The bar of a study and those of its cells.
pub(super) struct Bars {
    show: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cells: usize,
    done: usize,
    /// All bars and the study's, where there are any.
    study: Option<(MultiProgress, ProgressBar)>,
    /// The bars of the cells under way, by row and seed.
    under_way: HashMap<(String, u64), CellBar>,
}

/// The bar of one cell.
struct CellBar {
    bar: ProgressBar,
    /// When this process first saw the phase under way, and the environment steps done until then.
    since: (&'static str, Instant, u64),
}

impl Bars {
    /// Bars if they are wanted and standard error is a terminal, else lines.
    pub(super) fn new(wanted: bool) -> Self {
        Bars { show: wanted && stderr().is_terminal(), state: Mutex::default() }
    }

    /// Shows what happened.
    pub(super) fn tell(&self, event: Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Begun { cells, done } => state.begin(cells, done, self.show),
            Event::Advanced { row, seed, tick } => state.advance(row, seed, tick),
            Event::Ended { row, seed, outcome } => state.end(row, seed, outcome),
            Event::Over => {
                if let Some((_, bar)) = &state.study {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

impl State {
    fn begin(&mut self, cells: usize, done: usize, show: bool) {
        (self.cells, self.done) = (cells, done);
        if show {
            let all = MultiProgress::new();
            let bar = all.add(ProgressBar::new(cells as u64));
            bar.set_style(style("{prefix:<28.bold} {bar:24} {pos}/{len} cells  {elapsed_precise}"));
            bar.set_prefix("study");
            // What was there before says nothing about how long a cell takes.
            bar.set_position(done as u64);
            bar.reset_eta();
            bar.enable_steady_tick(Duration::from_secs(1));
            self.study = Some((all, bar));
        } else if done > 0 {
            line(&format!("{done} of {cells} cells are there already"));
        }
    }

    fn advance(&mut self, row: &str, seed: u64, tick: Tick) {
        let Some((all, study)) = &self.study else { return };
        let cell = self.under_way.entry((row.to_owned(), seed)).or_insert_with(|| {
            let bar = all.insert_before(study, ProgressBar::new(0));
            bar.set_style(style("{prefix:<28!} {bar:16} {pos:>4}/{len:<4} {eta:>4} left  {msg}"));
            bar.set_prefix(format!("{row}, seed {seed}"));
            bar.enable_steady_tick(Duration::from_secs(1));
            CellBar { bar, since: ("", Instant::now(), 0) }
        });
        cell.advance(tick);
    }

    fn end(&mut self, row: &str, seed: u64, outcome: Result<&Cell, &str>) {
        self.done += 1;
        if let Some(cell) = self.under_way.remove(&(row.to_owned(), seed)) {
            cell.bar.finish_and_clear();
        }
        if let Some((all, study)) = &self.study {
            study.set_style(style(
                "{prefix:<28.bold} {bar:24} {pos}/{len} cells  {elapsed_precise}  {eta} left",
            ));
            study.set_position(self.done as u64);
            if let Err(reason) = outcome {
                let _ = all.println(format!("failed: {reason}"));
            }
            return;
        }
        let words = match outcome {
            // Off line no policy is tested.
            Ok(cell) if cell.last[0].episodes == 0 => {
                format!("{row}, seed {seed}: {} updates", cell.iterations)
            }
            Ok(cell) => {
                let [start, last] =
                    [&cell.start[0], &cell.last[0]].map(|evaluation| 100.0 * evaluation.success);
                format!("{row}, seed {seed}: {start:.1} % → {last:.1} %")
            }
            Err(reason) => format!("failed: {reason}"),
        };
        line(&format!("[{}/{}] {words}", self.done, self.cells));
    }
}

impl CellBar {
    fn advance(&mut self, tick: Tick) {
        let bar = &self.bar;
        if bar.length() != Some(tick.iterations) || tick.iteration < bar.position() {
            bar.set_length(tick.iterations);
            bar.reset_eta();
        }
        bar.set_position(tick.iteration);
        if self.since.0 != tick.phase {
            self.since = (tick.phase, Instant::now(), tick.env_steps);
        }
        let (_, from, steps) = self.since;
        let rate = tick.env_steps.saturating_sub(steps) as f64 / from.elapsed().as_secs_f64().max(1e-3);
        bar.set_message(format!("{}  solved {:.1} %  {rate:.0} steps/s", tick.phase, 100.0 * tick.success));
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a valid template").progress_chars("━╸─")
}

/// Best effort: a closed standard error must not stop a study.
fn line(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}
