//! The main job: an ablation table of credit-assignment objectives on VisualSokoban.

mod request;

pub use super::settings::Known;
pub use request::{ArgumentError, EnvName, Request};

use super::Error;
use crate::env::sokoban::{Room, Sokoban};
use crate::kernels::set_threads;
use crate::recipes;
use crate::table::report::{self, Report};
use crate::table::sokoban::{Cells, Preset, Row, Setup};
use crate::table::study::Study;
use crate::table::{Ablation, run};
use serde_json::json;
use std::io::Write;

/// Reads the arguments of the program, trains what is asked for and prints the table.
///
/// # Errors
/// When an argument is wrong, a directory cannot be used, or cells failed; whatever is finished is kept.
pub fn job(out: &mut dyn Write) -> Result<(), Error> {
    table::<recipes::VisualSokoban>(std::env::args_os(), out)
}

/// [`job`] for any table on VisualSokoban and any arguments, the program's name first.
///
/// # Errors
/// As [`job`].
pub fn table<A: Ablation<Sokoban>>(
    arguments: impl IntoIterator<Item = std::ffi::OsString>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let rows = Row::all::<A>();
    let known: Vec<Known> =
        rows.iter().map(|row| Known { name: row.name, parameters: &row.parameters }).collect();
    let request = match Request::parse(arguments, &known) {
        Ok(request) => request,
        Err(ArgumentError::Help(text)) => return Ok(write!(out, "{text}")?),
        Err(wrong) => return Err(wrong.into()),
    };
    let setup = request.setup();
    let keep = |name: &str| request.recipes.as_ref().is_none_or(|kept| kept.iter().any(|k| k == name));
    let cells = Cells::of::<A>(setup, setup.world()?, request.seeds as u64, &keep, &request.set)?;
    let study = Study {
        name: A::NAME.to_owned(),
        setting: setting(&request, &setup),
        manifest: json!({
            "table": A::NAME,
            "istar": env!("CARGO_PKG_VERSION"),
            "rows": cells.rows.iter().map(|row| &row.manifest).collect::<Vec<_>>(),
            "seeds": request.seeds,
            "setup": setup,
        }),
    };
    // Cells run side by side, one thread each.
    set_threads(1);
    let (cells, timings) = run::run(&request.out, &study, &cells.works, request.threads, !request.quiet)?;
    let report = Report::new(&study, &cells);
    report::write(&request.out, &report, &picture)?;
    writeln!(out, "{}", report::terminal(&report, &timings))?;
    Ok(writeln!(out, "{}", request.out.join("report.html").display())?)
}

/// Environment, sizes and settings in words.
fn setting(request: &Request, setup: &Setup) -> String {
    let schedule = &setup.schedule;
    let boxes = if setup.boxes == 1 { "1 box".to_owned() } else { format!("{} boxes", setup.boxes) };
    let preset = match request.preset {
        Preset::Smoke => "; a smoke run: it shows that everything runs, and no more",
        Preset::Default | Preset::Full => "",
    };
    format!(
        "VisualSokoban {size}×{size}, {boxes}, {steps} steps; {iterations} iterations of {groups} groups × {per} \
         episodes after {warm} steps of behaviour cloning; outcome: {outcome}{preset}",
        size = setup.size,
        steps = setup.max_steps,
        iterations = schedule.iterations,
        groups = schedule.groups,
        per = schedule.settings.sampling.per_group,
        warm = schedule.warm_start.steps,
        outcome = match schedule.settings.sampling.outcome {
            crate::rollout::Outcome::Reward => "sum of rewards",
            crate::rollout::Outcome::Success => "success",
            crate::rollout::Outcome::Score => "score",
        },
    )
}

/// A level as a PNG; empty where the text is no level.
fn picture(rows: &[String]) -> Vec<u8> {
    let Ok(room) = rows.join("\n").parse::<Room>() else { return Vec::new() };
    let mut image = Vec::new();
    // Into memory there is nothing that can fail.
    super::picture::paint(&room, &mut image).map(|()| image).unwrap_or_default()
}
