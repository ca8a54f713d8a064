//! The main job: a table of objectives in one of the worlds.

mod bars;
mod own;
mod request;
mod terminal;

pub use super::settings::Known;
pub use own::Own;
pub use request::{Arguments, Request};
pub use terminal::terminal;

use super::Error;
use crate::kernels::set_threads;
use crate::table::{Ablation, Row, Schedule, Table, report};
use crate::worlds::{self, Preset, Visit, World};
use bars::Bars;
use std::io::Write;

/// Trains what is asked for in the world that is asked for, and prints the table.
///
/// # Errors
/// When an argument is wrong, a directory cannot be used, or cells failed; whatever is finished is kept.
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    struct Job<'a>(Arguments, &'a mut dyn Write);
    impl Visit for Job<'_> {
        type Output = Result<(), Error>;
        fn world<W: World, A: Ablation<W::Env>>(self, make: fn(Preset) -> (W, Schedule)) -> Self::Output {
            table::<W, A>(make, self.0, self.1)
        }
    }
    let env = arguments.env.clone();
    worlds::visit(&env, Job(arguments, out)).expect("the arguments name a world of the list")
}

/// [`job`] for any table in any world; `--env` is passed over.
///
/// # Errors
/// As [`job`].
pub fn table<W: World, A: Ablation<W::Env>>(
    make: fn(Preset) -> (W, Schedule),
    arguments: Arguments,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let rows = Row::all::<W::Env, A>();
    let parameters: Vec<Vec<&str>> =
        rows.iter().map(|row| row.parameters.iter().map(|(name, _)| *name).collect()).collect();
    let known = rows.iter().zip(&parameters).map(|(row, parameters)| Known { name: row.name, parameters });
    let request = Request::new(arguments, &known.collect::<Vec<_>>())?;
    let (world, schedule) = request.fit(make(request.preset))?;
    let mut table = Table::new(world, schedule)?.seeds(request.seeds as u64);
    if let Some(rows) = &request.recipes {
        table = table.only(rows);
    }
    for (parameter, value) in &request.set {
        table = table.set(parameter, *value);
    }
    for own in request.own.clone() {
        table = table.settings(&own.row.clone(), move |settings| own.apply(settings));
    }
    let mut works = table.works::<A>()?;
    works.study.preset = Some(request.preset.name());
    if request.preset == Preset::Smoke {
        works.study.setting += "; a smoke run: it shows that everything runs, and no more";
    }
    // Cells run side by side, one thread each.
    set_threads(1);
    let bars = Bars::new(!request.quiet);
    let finished = works.run(&request.out, request.threads, &|event| bars.tell(event))?;
    let report = works.report(&finished);
    report::write(&request.out, &report)?;
    writeln!(out, "{}", terminal(&report, &finished.timings))?;
    Ok(writeln!(out, "{}", request.out.join("report.html").display())?)
}
