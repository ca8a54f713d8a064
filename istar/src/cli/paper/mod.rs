//! The tables of the iStar paper beside the same rows here.

mod numbers;

use super::ablation::{self, draw};
use super::device::Device;
use super::{Error, worlds};
use crate::slug::slug;
use crate::table::merge;
use crate::table::published::printed;
use crate::table::report::{COLUMNS, Column, Exhibits, Report};
use crate::worlds::Preset;
use clap::Parser;
use numbers::{Number, PaperTable, TABLES};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use tabled::builder::Builder;

/// Runs the rows of a table of the iStar paper on a world that is there, and prints the paper's numbers beside ours.
///
/// Another policy, another scale: what can be compared is the order of the rows, not the numbers.
#[derive(Debug, Parser)]
#[command(name = "paper", version, max_term_width = 100)]
pub struct Arguments {
    /// Which table
    #[arg(value_parser = ["table1", "table2", "table3"])]
    table: String,
    /// Prints the paper's numbers alone; nothing is run
    #[arg(long)]
    numbers: bool,
    /// What is trained on [default: sokoban, of table2 dialogue]
    #[arg(long, value_parser = worlds())]
    env: Option<String>,
    /// How much is trained and tested
    #[arg(long, value_enum, default_value = "default")]
    preset: Preset,
    /// Directory of the study [default: runs/paper-, the table's name, the preset's name]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Seeds per row [default: those of the preset]
    #[arg(long, value_name = "N", value_parser = super::at_least_one::<u64>)]
    seeds: Option<u64>,
    /// Cells run at a time [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Where the networks compute
    #[arg(long, value_enum, default_value = "cpu")]
    device: Device,
    /// No bars; one line per finished cell
    #[arg(long)]
    quiet: bool,
}

impl Arguments {
    /// The table that is asked for.
    fn asked(&self) -> &'static PaperTable {
        TABLES.iter().find(|table| table.name == self.table).expect("the arguments name a table")
    }

    /// The world in which its rows are run.
    fn world<'a>(&'a self, table: &PaperTable) -> &'a str {
        self.env.as_deref().unwrap_or(table.world)
    }
}

/// Runs the job.
///
/// # Errors
/// Those of `istar ablate`, and that no row of the table is one of the world's.
// Inline for the same reason as `ablation::job`.
#[inline]
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let table = arguments.asked();
    if arguments.numbers {
        return theirs(table, &[], out);
    }
    let world = arguments.world(table);
    let (rows, left_out) = here(table, world)?;
    let folder = format!("paper-{}-{}", table.name, arguments.preset.name());
    let study = arguments.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(folder));
    let words = words(arguments, &rows, world, &study);
    let parsed = ablation::Arguments::try_parse_from(words);
    ablation::job(parsed.map_err(|wrong| super::one_line(&wrong.to_string()))?, out)?;
    writeln!(out)?;
    theirs(table, &ours(&study)?, out)?;
    if !left_out.is_empty() {
        writeln!(out, "Left out, for {world} has no such row: {}.", left_out.join(", "))?;
    }
    Ok(writeln!(
        out,
        "Here: {world}, preset {}, mean ± standard deviation over seeds. Another policy and another scale than the paper's.",
        arguments.preset.name()
    )?)
}

/// The recipes of a table that are rows of a world, and those that are none.
fn here(table: &PaperTable, world: &str) -> Result<(Vec<&'static str>, Vec<&'static str>), Error> {
    let known = crate::worlds::rows(world).expect("the arguments name a world of the list");
    let recipes = table.rows.iter().filter_map(|row| row.recipe);
    let (here, left_out): (Vec<_>, Vec<_>) =
        recipes.partition(|recipe| known.iter().any(|name| name == recipe));
    if here.is_empty() {
        let whole =
            format!("no row of {} is one of {world}'s; without --env it runs in {}", table.name, table.world);
        return Err(whole.into());
    }
    Ok((here, left_out))
}

/// What `istar ablate` is asked for.
fn words(arguments: &Arguments, rows: &[&str], world: &str, study: &std::path::Path) -> Vec<String> {
    // As in file names: a title may have the comma in it that divides rows.
    let rows: Vec<String> = rows.iter().map(|row| slug(row)).collect();
    let study = study.display().to_string();
    let fixed = [
        ("--recipes", rows.join(",")),
        ("--env", world.to_owned()),
        ("--preset", arguments.preset.name().to_owned()),
        ("--out", study),
    ];
    let given = [
        ("--seeds", arguments.seeds.map(|seeds| seeds.to_string())),
        ("--threads", arguments.threads.map(|threads| threads.to_string())),
        ("--device", super::word(&arguments.device).filter(|_| arguments.device != Device::Cpu)),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let pairs = fixed.into_iter().chain(given).flat_map(|(name, value)| [name.to_owned(), value]);
    ["ablate".to_owned()]
        .into_iter()
        .chain(pairs)
        .chain(arguments.quiet.then(|| "--quiet".to_owned()))
        .collect()
}

/// What is said of a row here: by the key of its column, and under which heading.
const HERE: [(&str, &str); 3] =
    [("best_validation", "best valid.\nhere, %"), ("final", "final\nhere, %"), ("score", "score\nhere")];

/// A row here, and what is said of it; nothing where no cell has the column.
type Ours = (String, [Option<String>; 3]);

/// By recipe, what the finished study has.
fn ours(study: &PathBuf) -> Result<Vec<Ours>, Error> {
    let merged = merge(std::slice::from_ref(study))?;
    let report = Report::new(&merged.finished.study, &merged.finished.cells, Exhibits::default());
    let show = |cells: &[&crate::table::cell::Cell], key: &str| {
        let column: &Column = COLUMNS.iter().find(|column| column.key == key).expect("a column");
        let known = cells.iter().any(|cell| (column.value)(cell).is_some());
        known.then(|| column.show(column.summary(cells), true))
    };
    let row = |row: &crate::table::report::MeasuredRow| {
        (row.name().to_owned(), HERE.map(|(key, _)| show(&row.cells, key)))
    };
    Ok(report.rows.iter().map(row).collect())
}

/// The paper's table, with ours beside it where there are some.
fn theirs(table: &PaperTable, ours: &[Ours], out: &mut dyn Write) -> Result<(), Error> {
    let known = |number: &usize| ours.iter().any(|(_, numbers)| numbers[*number].is_some());
    let here: Vec<usize> = (0..HERE.len()).filter(known).collect();
    let mut builder = Builder::default();
    let heads = here.iter().map(|number| HERE[*number].1);
    builder.push_record(
        ["method"].into_iter().chain(table.heads.iter().copied()).chain(heads).chain(["row here"]),
    );
    for row in table.rows {
        let found = row.recipe.and_then(|recipe| ours.iter().find(|(name, _)| name == recipe));
        let number = |number: &usize| found.and_then(|(_, numbers)| numbers[*number].clone());
        let here = here.iter().map(|column| number(column).unwrap_or_else(|| "—".to_owned()));
        let fields = [row.method.to_owned()].into_iter().chain(row.numbers.iter().map(show));
        builder.push_record(fields.chain(here).chain([row.recipe.unwrap_or_default().to_owned()]));
    }
    writeln!(out, "{}\n\n{}\n", table.what, draw(builder))?;
    table.remarks.iter().try_for_each(|remark| writeln!(out, "{remark}"))?;
    Ok(())
}

fn show(number: &Number) -> String {
    number.map_or_else(|| "—".to_owned(), |(mean, spread)| printed(mean, spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(words: &[&str]) -> String {
        let arguments = Arguments::try_parse_from(["paper", "--numbers"].iter().chain(words)).expect("good");
        let mut out = Vec::new();
        job(&arguments, &mut out).expect("it prints");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn the_papers_numbers_are_printed_without_running_anything() {
        let text = printed(&["table2"]);
        for part in ["8.06 ± 0.11", "7.16 ± 0.14", "0.14 points of 10", "0.48 points of 10"] {
            assert!(text.contains(part), "{text}");
        }
        let text = printed(&["table1"]);
        assert!(
            text.contains("91.7 ± 1.2") && text.contains("iStar (paper, RLOO)") && !text.contains("here, %"),
            "{text}"
        );
        let text = printed(&["table3"]);
        assert!(text.contains("token-level process rewards") && text.contains("93.0"), "{text}");
    }

    #[test]
    fn the_rows_of_a_table_are_those_that_are_asked_for() {
        let arguments =
            Arguments::try_parse_from(["paper", "table3", "--seeds", "2", "--quiet"]).expect("good");
        let table = arguments.asked();
        assert_eq!(arguments.world(table), "sokoban");
        let (rows, left_out) = here(table, "sokoban").expect("rows of Sokoban");
        assert!(left_out.is_empty());
        let asked = words(&arguments, &rows, "sokoban", std::path::Path::new("x")).join(" ");
        let expected = "ablate --recipes rloo,istar-env-step-rewards,istar-merged-rewards,istar-token-level,istar-paper-rloo \
                        --env sokoban --preset default --out x --seeds 2 --quiet";
        assert_eq!(asked, expected);
    }

    #[test]
    fn rows_that_a_world_has_not_are_left_out() {
        let (rows, left_out) = here(&TABLES[2], "webshop").expect("rows of a shop");
        assert_eq!(rows, ["RLOO", "iStar merged rewards", "iStar token level", "iStar (paper, RLOO)"]);
        assert_eq!(left_out, ["iStar env step rewards"]);
        assert!(here(&TABLES[0], "webshop").expect("rows of a shop").1.is_empty());
        let (rows, _) = here(&TABLES[1], "dialogue-self").expect("rows of self-play");
        assert_eq!(rows, ["PPO", "GRPO", "RLOO", "REINFORCE++ baseline", "iStar (paper, GRPO)"]);
    }

    #[test]
    fn a_score_stands_beside_success_where_there_is_one() {
        let numbers =
            |score: Option<&str>| [Some("61.0 ± 2.0".into()), Some("58.0".into()), score.map(str::to_owned)];
        for (score, said) in [(None, false), (Some("7.4 ± 0.1"), true)] {
            let ours = vec![("RLOO".to_owned(), numbers(score))];
            let mut out = Vec::new();
            theirs(&TABLES[2], &ours, &mut out).expect("printed");
            let text = String::from_utf8(out).expect("text");
            let line = text.lines().find(|line| line.starts_with("RLOO")).expect("a row");
            assert!(line.contains("85.9") && line.contains("61.0 ± 2.0") && line.ends_with("RLOO"), "{text}");
            assert_eq!(line.contains("7.4 ± 0.1"), said, "{text}");
        }
    }
}
