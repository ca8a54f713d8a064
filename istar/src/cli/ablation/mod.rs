//! The main job: a table of objectives in one of the worlds, and what a reader's own lines are compiled to.

mod arguments;
mod bars;
mod cell;
mod choice;
mod compiled;
mod interrupt;
mod lines;
mod list;
mod own;
mod request;
mod several;
mod study_file;
mod study_text;
mod study_values;
mod swept;
mod terminal;

pub use super::settings::{Known, Setting};
pub use arguments::Arguments;
pub use choice::Choice;
pub use compiled::{Compiled, compiled};
pub use own::Own;
pub use request::Request;
pub(super) use several::ALL;
pub use study_file::StudyFile;
pub use study_values::Values;
pub use swept::Swept;
pub(super) use terminal::draw;
pub use terminal::terminal;

use super::Error;
use crate::kernels::{Backend, set_threads};
use crate::need::demand::Demand;
use crate::table::{Ablation, Budget, Row, Schedule, Table, Works};
use crate::worlds::{self, Beside, LIST, Preset, Recipes, Visit, World};
use bars::Bars;
use interrupt::Interrupt;
use serde::{Deserialize, Serialize};
use several::{left_out, one_by_one};
use std::io::Write;
use std::path::PathBuf;

/// Trains what is asked for in the world that is asked for, and prints the table. Every recipe that the world can run may be
/// asked for beside the rows of its table. With lines of the reader's own among what is asked for, the process becomes a program
/// that is compiled for them, and does not come back; what that prints goes to standard output.
///
/// # Errors
/// When an argument is wrong, a directory cannot be used, or cells failed; whatever is finished is kept. Of several worlds, those
/// after one that failed are run all the same.
// Inline, so that the program which is a table pays for the trainers of all its rows, and the library does not, unless it is to.
#[cfg_attr(any(test, not(feature = "trainers")), inline)]
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
    let place = arguments.device.place()?;
    if arguments.list && arguments.env == ALL {
        return Err("--list: it shows the rows of one world: name one with --env".into());
    }
    let each = arguments.clone().each()?;
    if arguments.env == ALL {
        left_out().into_iter().for_each(|remark| eprintln!("{remark}"));
    }
    if !arguments.list && each.iter().any(|one| !one.line.is_empty()) {
        return compiled::run((&arguments, place), &each, out);
    }
    if each.len() > 1 {
        // Before anything is run, for what is wrong in the last world is wrong from the beginning.
        each.iter().try_for_each(good)?;
    }
    one_by_one(each, |arguments| {
        let env = arguments.env.clone();
        worlds::visit_on(place, &env, Job(arguments, &mut *out))
            .expect("the arguments name a world of the list")
    })
}

/// Whether what is asked of one of several worlds can be asked of it.
fn good(arguments: &Arguments) -> Result<(), Error> {
    struct Good<'a>(&'a Arguments);
    impl Visit for Good<'_> {
        type Output = Result<(), Error>;
        fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
            self,
            _: fn(Preset) -> (W, Schedule),
        ) -> Self::Output {
            let choice = (Row::all::<W::Env, A>().len(), Some(R::OFFERED));
            with_choice::<W, Beside<A, R>, _>(choice, |choice| Request::new(self.0.clone(), choice)).map(drop)
        }
    }
    let env = &arguments.env;
    let good = worlds::visit(env, Good(arguments)).expect("the arguments name a world of the list");
    good.map_err(|wrong| format!("in {env}: {wrong}").into())
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
    let (asked, there) = (arguments.device.place()?.name(), W::Device::NAME);
    if asked != there {
        return Err(format!(
            "--device: {asked} is asked for, and the world of this table computes on {there}"
        )
        .into());
    }
    let env = LIST[0].name.to_owned();
    let arguments = if arguments.env == ALL { Arguments { env, ..arguments } } else { arguments };
    one_by_one(arguments.each()?, |arguments| run::<W, A>(make, (usize::MAX, None), arguments, out))
}

/// The cells that a job would fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// The names of the rows, from top to bottom.
    pub rows: Vec<String>,
    /// Seeds of each row.
    pub seeds: u64,
    /// The directory of the study.
    pub out: PathBuf,
    /// Arguments of the report.
    pub outputs: Vec<String>,
}

/// What [`job`] would fill; nothing is run.
///
/// # Errors
/// When an argument is wrong.
#[cfg_attr(any(test, not(feature = "trainers")), inline)]
pub fn grid(arguments: Arguments) -> Result<Grid, Error> {
    struct Ask(Arguments);
    impl Visit for Ask {
        type Output = Result<Grid, Error>;
        fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
            self,
            make: fn(Preset) -> (W, Schedule),
        ) -> Self::Output {
            let choice = (Row::all::<W::Env, A>().len(), Some(R::OFFERED));
            asked::<W, Beside<A, R>>(make, choice, self.0)
        }
    }
    let [one] = <[Arguments; 1]>::try_from(arguments.clone().each()?)
        .map_err(|several| format!("{} worlds are as many studies: ask for one at a time", several.len()))?;
    if !one.line.is_empty() {
        return compiled::grid((&arguments, arguments.device.place()?), &[one]);
    }
    let env = one.env.clone();
    worlds::visit(&env, Ask(one)).expect("the arguments name a world of the list")
}

/// The cells of a table in a world.
fn asked<W: World, A: Ablation<W::Env>>(
    make: fn(Preset) -> (W, Schedule),
    choice: (usize, Option<Demand>),
    arguments: Arguments,
) -> Result<Grid, Error> {
    let (works, request) = prepare::<W, A>(make, choice, arguments)?;
    let rows = works.rows.into_iter().map(|row| row.name).collect();
    let outputs = request.outputs.arguments();
    Ok(Grid { rows, seeds: request.seeds, out: request.out, outputs })
}

/// Rows with the names of their parameters, as arguments speak about them.
fn with_choice<W: World, A: Ablation<W::Env>, T>(
    (unasked, offered): (usize, Option<Demand>),
    then: impl FnOnce(&Choice) -> T,
) -> T {
    let rows = Row::all::<W::Env, A>();
    let parameters: Vec<Vec<&str>> =
        rows.iter().map(|row| row.parameters.iter().map(|(name, _)| *name).collect()).collect();
    let known = rows.iter().zip(&parameters).map(|(row, parameters)| Known { name: &row.name, parameters });
    let taught: Vec<bool> = rows.iter().map(|row| row.prm).collect();
    then(&Choice { rows: &known.collect::<Vec<_>>(), taught: &taught, unasked, offered })
}

/// The job, with how many rows are run where none is named, and what the environment offers where every recipe that it can
/// run is a row.
fn run<W: World, A: Ablation<W::Env>>(
    make: fn(Preset) -> (W, Schedule),
    choice: (usize, Option<Demand>),
    arguments: Arguments,
    out: &mut dyn Write,
) -> Result<(), Error> {
    if arguments.list {
        return with_choice::<W, A, _>(choice, |choice| list::list(&arguments.env, choice, out));
    }
    if !arguments.line.is_empty() {
        return Err("--line: the rows of this table stand in its `ablations!`: write the line there".into());
    }
    if arguments.grid {
        return Ok(serde_json::to_writer(out, &asked::<W, A>(make, choice, arguments)?)?);
    }
    let (mut works, request) = prepare::<W, A>(make, choice, arguments)?;
    let names: Vec<String> = works.rows.iter().map(|row| row.name.clone()).collect();
    request.outputs.place(names.iter().map(String::as_str))?;
    if let Some(given) = &request.cell {
        let (row, seed) = cell::parse(given, &names, request.seeds)?;
        works.works.retain(|work| (&work.row, work.seed) == (&row, seed));
    }
    // Off line nothing is spent on the environment while a PRM learns.
    let unequal = unequal(&works.rows, request.budget).filter(|_| request.frozen.is_none());
    for remark in [trials(&works.rows), unequal].into_iter().flatten() {
        eprintln!("{remark}");
    }
    // Cells run side by side, one thread each.
    set_threads(1);
    let _last_words = Interrupt::during(&request.out);
    let bars = Bars::new(!request.quiet);
    let finished = works.run(&request.out, request.threads, &|event| bars.tell(event))?;
    if request.cell.is_some() {
        return Ok(());
    }
    request.outputs.write(&request.out, works.report(&finished), &finished.timings, out)
}

/// A remark where lines have unequal numbers of trials: the best of more of them flatters.
fn trials(rows: &[Row]) -> Option<String> {
    let count = |row: &Row| rows.iter().filter(|other| other.line == row.line).count();
    let fewest = rows.iter().min_by_key(|row| count(row))?;
    let most = rows.iter().max_by_key(|row| count(row))?;
    (count(fewest) < count(most)).then(|| {
        format!(
            "remark: \"{}\" is one of {} trials of its line, \"{}\" of {}: the best of more trials flatters",
            most.name,
            count(most),
            fewest.name,
            count(fewest)
        )
    })
}

/// A remark where rows sample batches of different sizes and nothing holds them to equal budgets.
fn unequal(rows: &[Row], budget: Option<Budget>) -> Option<String> {
    let sized = |name: &String| ["groups", "sampling.per_group"].contains(&name.as_str());
    let row = rows.iter().find(|row| row.settings.keys().any(sized)).filter(|_| budget.is_none())?;
    Some(format!(
        "remark: \"{}\" samples other batches than the table, and rows of equal iterations then see unequal numbers of environment \
         steps: --budget env_steps=N makes them equal",
        row.name
    ))
}

/// The cells that are asked for.
fn prepare<W: World, A: Ablation<W::Env>>(
    make: fn(Preset) -> (W, Schedule),
    choice: (usize, Option<Demand>),
    arguments: Arguments,
) -> Result<(Works<W>, Request), Error> {
    let request = with_choice::<W, A, _>(choice, |choice| Request::new(arguments, choice))?;
    let (world, schedule) = request.fit(make(request.preset))?;
    let mut table = Table::new(world, schedule)?.seeds(request.seeds).only(&request.recipes);
    for (parameter, values) in &request.set {
        table = table.sweep(parameter, values.iter().copied());
    }
    for own in request.own.clone() {
        table = table.schedule(&own.row.clone(), move |schedule| own.apply(schedule));
    }
    for swept in request.settings.clone().into_iter().filter(|swept| swept.values.len() > 1) {
        let (name, values) = (swept.name, swept.values.clone());
        table = table.sweep_setting(name, values, move |schedule, value| swept.apply(schedule, value));
    }
    let mut works = table.works::<A>()?;
    works.study.preset = Some(request.preset.name().to_owned());
    if request.preset == Preset::Smoke {
        works.study.setting += "; a smoke run: it shows that everything runs, and no more";
    }
    Ok((works, request))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unequal_batches_want_a_budget() {
        let row = |name: &str, settings: &[(&str, u64)]| Row {
            name: name.into(),
            objective: "Grpo",
            line: "rl(adv = traj)",
            prm: false,
            parameters: Vec::new(),
            settings: settings.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect(),
        };
        let equal = [row("GRPO", &[]), row("GRPO epochs=2", &[("epochs", 2)])];
        assert_eq!(unequal(&equal, None), None);
        for setting in ["groups", "sampling.per_group"] {
            let rows = [row("GRPO", &[]), row("more", &[(setting, 64)])];
            let remark = unequal(&rows, None).expect("they see unequal numbers of steps");
            assert!(remark.starts_with("remark: \"more\" samples other batches"), "{remark}");
            assert_eq!(unequal(&rows, Some(Budget::EnvSteps(9))), None);
        }
    }
}
