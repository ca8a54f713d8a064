//! What a running study shows: bars on a terminal, else one plain line per finished cell.

use super::cell::Cell;
use super::run::Tick;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write, stderr};
use std::time::Duration;

/// The bar of a study and those of its cells.
pub(super) struct Progress {
    bars: Option<(MultiProgress, ProgressBar)>,
    cells: usize,
    done: std::sync::atomic::AtomicUsize,
}

/// The bar of one cell.
pub(super) struct CellBar<'a> {
    study: &'a Progress,
    bar: Option<ProgressBar>,
    label: String,
    /// When this process first saw the phase under way, and the environment steps done until then.
    since: std::sync::Mutex<(&'static str, std::time::Instant, u64)>,
}

impl Progress {
    pub(super) fn new(cells: usize, done: usize, show_bars: bool) -> Self {
        let bars = (show_bars && stderr().is_terminal()).then(|| {
            let all = MultiProgress::new();
            let bar = all.add(ProgressBar::new(cells as u64));
            bar.set_style(style("{prefix:<28.bold} {bar:24} {pos}/{len} cells  {elapsed_precise}"));
            bar.set_prefix("study");
            // What was there before says nothing about how long a cell takes.
            bar.set_position(done as u64);
            bar.reset_eta();
            bar.enable_steady_tick(Duration::from_secs(1));
            (all, bar)
        });
        if bars.is_none() && done > 0 {
            line(&format!("{done} of {cells} cells are there already"));
        }
        Self { bars, cells, done: done.into() }
    }

    pub(super) fn cell(&self, row: &str, seed: u64) -> CellBar<'_> {
        let label = format!("{row}, seed {seed}");
        let bar = self.bars.as_ref().map(|(all, study)| {
            let bar = all.insert_before(study, ProgressBar::new(0));
            bar.set_style(style("{prefix:<28!} {bar:16} {pos:>4}/{len:<4} {eta:>4} left  {msg}"));
            bar.set_prefix(label.clone());
            bar.enable_steady_tick(Duration::from_secs(1));
            bar
        });
        CellBar { study: self, bar, label, since: std::sync::Mutex::new(("", std::time::Instant::now(), 0)) }
    }

    pub(super) fn finish(&self) {
        if let Some((_, bar)) = &self.bars {
            bar.finish_and_clear();
        }
    }
}

impl CellBar<'_> {
    pub(super) fn tick(&self, tick: Tick) {
        let Some(bar) = &self.bar else { return };
        if bar.length() != Some(tick.iterations) || tick.iteration < bar.position() {
            bar.set_length(tick.iterations);
            bar.reset_eta();
        }
        bar.set_position(tick.iteration);
        let mut since = self.since.lock().expect("nobody panics with a clock");
        if since.0 != tick.phase {
            *since = (tick.phase, std::time::Instant::now(), tick.env_steps);
        }
        let rate = tick.env_steps.saturating_sub(since.2) as f64 / since.1.elapsed().as_secs_f64().max(1e-3);
        bar.set_message(format!("{}  solved {:.1} %  {rate:.0} steps/s", tick.phase, 100.0 * tick.success));
    }

    pub(super) fn done(&self, outcome: Result<&Cell, &String>) {
        use std::sync::atomic::Ordering::Relaxed;
        let done = self.study.done.fetch_add(1, Relaxed) + 1;
        if let (Some(bar), Some((all, study))) = (&self.bar, &self.study.bars) {
            bar.finish_and_clear();
            study.set_style(style(
                "{prefix:<28.bold} {bar:24} {pos}/{len} cells  {elapsed_precise}  {eta} left",
            ));
            study.set_position(done as u64);
            if let Err(reason) = outcome {
                let _ = all.println(format!("failed: {reason}"));
            }
            return;
        }
        let words = match outcome {
            Ok(cell) => {
                let [start, last] =
                    [cell.start[0], cell.last[0]].map(|evaluation| 100.0 * evaluation.success);
                format!("{}: {start:.1} % → {last:.1} %", self.label)
            }
            Err(reason) => format!("failed: {reason}"),
        };
        line(&format!("[{done}/{}] {words}", self.study.cells));
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a valid template").progress_chars("━╸─")
}

/// Best effort: a closed standard error must not stop a study.
fn line(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}
