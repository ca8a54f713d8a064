//! Lines as rows: a crate is written for them, compiled, kept in a cache by its text, and run in place of this program.

mod cache;
mod cargo;
mod crate_text;

use super::lines::{check, of_row, read, with_numbers};
use super::several::one_by_one;
use super::{Arguments, Choice, Grid, Known, Request, with_choice};
use crate::Line;
use crate::cli::{self, Error};
use crate::kernels::Place;
use crate::objective::AnyObjective;
use crate::table::{Ablation, Row, Schedule};
use crate::worlds::{self, Beside, LIST, Preset, Recipes, Visit, World};
use cache::Written;
use clap::Parser;
use crate_text::{Source, Table, program};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Runs what is asked for, a study a world, lines among it: this process becomes the program that is made.
pub(super) fn run(
    (asked, place): (&Arguments, Place),
    each: &[Arguments],
    out: &mut dyn Write,
) -> Result<(), Error> {
    let program = make((asked, place), each)?;
    out.flush()?;
    Err(become_it(&mut command(&program, asked)))
}

/// What it would fill, as the program that is made says it.
pub(super) fn grid((asked, place): (&Arguments, Place), each: &[Arguments]) -> Result<Grid, Error> {
    let output = command(&make((asked, place), each)?, asked).arg("--grid").output()?;
    if output.status.success() {
        return Ok(serde_json::from_slice(&output.stdout)?);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(said.trim().strip_prefix("error: ").unwrap_or(&said).into())
}

/// The program, asked for the same.
fn command(program: &Path, asked: &Arguments) -> Command {
    let mut command = Command::new(program);
    // What a study keeps as its command is one that can be given again.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, "istar");
    command.arg("ablate").args(asked.words());
    command
}

/// Terminal, signals and exit code are the program's: on Unix it has this process.
fn become_it(command: &mut Command) -> Error {
    #[cfg(unix)]
    return std::os::unix::process::CommandExt::exec(command).into();
    #[cfg(not(unix))]
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(cli::MISTAKE.into())),
        Err(error) => error.into(),
    }
}

/// The program, compiled if it has to be.
fn make((asked, place): (&Arguments, Place), each: &[Arguments]) -> Result<PathBuf, Error> {
    let tables = each.iter().map(|one| table(one).map_err(|wrong| placed(one, wrong)));
    let program = program(&tables.collect::<Result<Vec<_>, _>>()?, place);
    let given = asked.istar.as_deref().map(folder).transpose()?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = match &given {
        Some(folder) => Source::Folder(folder),
        None if is_istar(built) => Source::Folder(built),
        None => Source::Published,
    };
    cargo::build(&Written::new(&program, &source, place)?, !asked.quiet)
}

/// Where in a clone istar's package is, or where it is itself.
fn folder(given: &Path) -> Result<PathBuf, Error> {
    let folders = [given.join("istar"), given.to_owned()];
    let found = folders.into_iter().find(|folder| is_istar(folder)).ok_or_else(|| {
        format!(
            "--istar {}: istar is not there; the folder of a clone is wanted, or that of its package",
            given.display()
        )
    })?;
    Ok(std::path::absolute(found)?)
}

fn is_istar(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml"));
    let manifest = manifest.ok().and_then(|text| text.parse::<toml::Table>().ok());
    manifest.is_some_and(|found| found.get("package").and_then(|p| p.get("name")?.as_str()) == Some("istar"))
}

/// The rows that a world is asked for, each checked as far as it can be before it is compiled.
fn table(asked: &Arguments) -> Result<Table, Error> {
    let lines = asked.line.iter().map(|text| read(text).map_err(|wrong| in_file(asked, text, wrong)));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let world = *LIST.iter().find(|world| world.name == asked.env).expect("the arguments name a world");
    let (name, rows, chosen) = worlds::visit(&asked.env, Chosen(asked)).expect("a world of the list");
    check(&lines, &rows, &asked.env)?;
    let chosen = chosen?;
    let table = rows.iter().filter(|row| chosen.contains(&row.name));
    let table = table.map(|row| (row.name.clone(), of_row(row)));
    let lines = lines.into_iter().map(|line| (line.name().to_owned(), line));
    let (names, rows): (Vec<String>, Vec<Line>) = table.chain(lines).unzip();
    let request = {
        let numbers: Vec<_> = rows.iter().map(|line| line.numbers()).collect();
        let parameters: Vec<Vec<&str>> =
            numbers.iter().map(|numbers| numbers.iter().map(|(name, _)| name).collect()).collect();
        let known = names.iter().zip(&parameters);
        let known: Vec<Known> = known.map(|(name, parameters)| Known { name, parameters }).collect();
        let has_prm = |line: &Line| {
            let demand = line.demand();
            demand.trains_prm || demand.explicit_prm
        };
        let taught: Vec<bool> = rows.iter().map(has_prm).collect();
        let choice = Choice { rows: &known, taught: &taught, unasked: usize::MAX, offered: None };
        if let (Some(_), Some(place)) = (asked.off_line(), taught.iter().position(|taught| !taught)) {
            return Err(choice.no_prm(Some(&names[place])).into());
        }
        Request::checked(alone(asked.clone()), &choice)?
    };
    let rows = names.into_iter().zip(with_numbers(rows, &request.set)?).collect();
    Ok(Table { world, name, rows })
}

/// The same of a table that holds what is asked for and no other row.
fn alone(asked: Arguments) -> Arguments {
    Arguments { line: Vec::new(), recipes: None, ..asked }
}

/// The name of a world's table, its rows, and the names of those that are asked for: without a name none, beside lines.
struct Chosen<'a>(&'a Arguments);

impl Visit for Chosen<'_> {
    type Output = (&'static str, Vec<Row>, Result<Vec<String>, String>);
    fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
        self,
        _: fn(Preset) -> (W, Schedule),
    ) -> Self::Output {
        let asked = self.0.recipes.as_deref().unwrap_or_default();
        let names = with_choice::<W, Beside<A, R>, _>((0, Some(R::OFFERED)), |choice| {
            choice.names(Some(asked), self.0.off_line().is_some())
        });
        (A::NAME, Row::all::<W::Env, Beside<A, R>>(), names)
    }
}

/// What is wrong with a line, where it stands in the study file.
fn in_file(asked: &Arguments, text: &str, wrong: Error) -> Error {
    match (&asked.file, wrong.downcast::<istar_lang::Report>()) {
        (Some(file), Ok(report)) => file.report(*report, text).into(),
        (None, Ok(report)) => report,
        (_, Err(wrong)) => wrong,
    }
}

/// What is wrong with an argument, with where the study file says it.
fn placed(asked: &Arguments, wrong: Error) -> Error {
    match &asked.file {
        Some(file) if !wrong.is::<istar_lang::Report>() => file.place(&wrong.to_string()).into(),
        _ => wrong,
    }
}

/// A table that was written for lines, and the job on it.
pub type Compiled = fn(Arguments, &mut dyn Write) -> Result<(), Error>;

/// The whole of a program that was written for lines: `istar ablate` with a table a world, by the world's name.
pub fn compiled(tables: &[(&str, Compiled)]) -> ExitCode {
    #[derive(Parser)]
    #[command(name = "istar", version)]
    enum Job {
        Ablate(Box<Arguments>),
    }
    cli::run(|Job::Ablate(arguments), out| {
        one_by_one(arguments.each()?, |one| {
            let table = tables.iter().find(|(world, _)| *world == one.env);
            let (_, table) = table.ok_or("this program was made for other worlds")?;
            table(alone(one), out)
        })
    })
}
