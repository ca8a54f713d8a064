//! The main job: a table of objectives in one of the worlds.

mod bars;
mod choice;
mod interrupt;
mod list;
mod own;
mod request;
mod terminal;

pub use super::settings::{Known, Setting};
pub use choice::Choice;
pub use own::Own;
pub use request::{Arguments, Request};
pub use terminal::terminal;

use super::Error;
use crate::kernels::set_threads;
use crate::need::demand::Demand;
use crate::table::{Ablation, Row, Schedule, Table, report};
use crate::worlds::{self, Beside, Preset, Recipes, Visit, World};
use bars::Bars;
use interrupt::Interrupt;
use std::io::Write;

/// Trains what is asked for in the world that is asked for, and prints the table. Every recipe that the world can run may be
/// asked for beside the rows of its table.
///
/// # Errors
/// When an argument is wrong, a directory cannot be used, or cells failed; whatever is finished is kept.
// Inline, so that the program which is a table pays for the trainers of all its rows, and the library does not.
#[inline]
pub fn job(arguments: Arguments, out: &mut dyn Write) -> Result<(), Error> {
    struct Job<'a>(Arguments, &'a mut dyn Write);
    impl Visit for Job<'_> {
        type Output = Result<(), Error>;
        fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
            self,
            make: fn(Preset) -> (W, Schedule),
        ) -> Self::Output {
            let unasked = Row::all::<W::Env, A>().len();
            run::<W, Beside<A, R>>(make, (unasked, Some(R::OFFERED)), self.0, self.1)
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
    run::<W, A>(make, (usize::MAX, None), arguments, out)
}

/// The job, with how many rows are run where none is named, and what the environment offers where every recipe that it can
/// run is a row.
fn run<W: World, A: Ablation<W::Env>>(
    make: fn(Preset) -> (W, Schedule),
    (unasked, offered): (usize, Option<Demand>),
    arguments: Arguments,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let rows = Row::all::<W::Env, A>();
    let parameters: Vec<Vec<&str>> =
        rows.iter().map(|row| row.parameters.iter().map(|(name, _)| *name).collect()).collect();
    let known = rows.iter().zip(&parameters).map(|(row, parameters)| Known { name: &row.name, parameters });
    let choice = Choice { rows: &known.collect::<Vec<_>>(), unasked, offered };
    if arguments.list {
        return list::list(&arguments.env, &choice, out);
    }
    let request = Request::new(arguments, &choice)?;
    let (world, schedule) = request.fit(make(request.preset))?;
    let mut table = Table::new(world, schedule)?.seeds(request.seeds).only(&request.recipes);
    for (parameter, values) in &request.set {
        table = table.sweep(parameter, values.iter().copied());
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
    let _last_words = Interrupt::during(&request.out);
    let bars = Bars::new(!request.quiet);
    let finished = works.run(&request.out, request.threads, &|event| bars.tell(event))?;
    let report = works.report(&finished);
    report::write(&request.out, &report)?;
    if request.statistics {
        report::write_statistics(&request.out, &report)?;
    }
    writeln!(out, "{}", terminal(&report, &finished.timings))?;
    Ok(writeln!(out, "{}", request.out.join("report.html").display())?)
}
