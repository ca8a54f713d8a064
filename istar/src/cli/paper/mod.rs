//! The tables of the iStar paper beside the same rows here.

mod numbers;

use super::ablation::{self, draw};
use super::{Error, worlds};
use crate::slug::slug;
use crate::table::merge;
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
    /// What is trained on [default: sokoban]
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
    /// No bars; one line per finished cell
    #[arg(long)]
    quiet: bool,
}

impl Arguments {
    /// The table that is asked for.
    fn asked(&self) -> &'static PaperTable {
        TABLES.iter().find(|table| table.name == self.table).expect("the arguments name a table")
    }

    /// The world in which its rows are run, if they are.
    fn world<'a>(&'a self, table: &PaperTable) -> Option<&'a str> {
        self.env.as_deref().or(table.world).filter(|_| !self.numbers)
    }
}

/// The paper's numbers, and nothing beside them.
fn print(table: &PaperTable, out: &mut dyn Write) -> Result<(), Error> {
    theirs(table, &[], out)?;
    if table.world.is_none() {
        writeln!(
            out,
            "None of the worlds here is SOTOPIA: nothing was run. --env runs the rows in another one."
        )?;
    }
    Ok(())
}

/// Runs the job.
///
/// # Errors
/// Those of `istar ablate`.
// Inline for the same reason as `ablation::job`.
#[inline]
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let table = arguments.asked();
    let Some(world) = arguments.world(table) else { return print(table, out) };
    let folder = format!("paper-{}-{}", table.name, arguments.preset.name());
    let study = arguments.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(folder));
    let words = words(arguments, table, world, &study);
    let parsed = ablation::Arguments::try_parse_from(words);
    ablation::job(parsed.map_err(|wrong| super::one_line(&wrong.to_string()))?, out)?;
    writeln!(out)?;
    theirs(table, &ours(&study)?, out)?;
    Ok(writeln!(
        out,
        "Here: {world}, preset {}, mean ± standard deviation over seeds. Another policy and another scale than the paper's.",
        arguments.preset.name()
    )?)
}

/// What `istar ablate` is asked for.
fn words(arguments: &Arguments, table: &PaperTable, world: &str, study: &std::path::Path) -> Vec<String> {
    // As in file names: a title may have the comma in it that divides rows.
    let rows: Vec<String> = table.rows.iter().filter_map(|row| row.recipe).map(slug).collect();
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
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let pairs = fixed.into_iter().chain(given).flat_map(|(name, value)| [name.to_owned(), value]);
    ["ablate".to_owned()]
        .into_iter()
        .chain(pairs)
        .chain(arguments.quiet.then(|| "--quiet".to_owned()))
        .collect()
}

/// By recipe, the best validation value and the final success here.
fn ours(study: &PathBuf) -> Result<Vec<(String, [String; 2])>, Error> {
    let merged = merge(std::slice::from_ref(study))?;
    let report = Report::new(&merged.finished.study, &merged.finished.cells, Exhibits::default());
    let show = |cells: &[&crate::table::cell::Cell], key: &str| {
        let column: &Column = COLUMNS.iter().find(|column| column.key == key).expect("a column");
        column.show(column.summary(cells), true)
    };
    let row = |row: &crate::table::report::MeasuredRow| {
        (row.name().to_owned(), ["best_validation", "final"].map(|key| show(&row.cells, key)))
    };
    Ok(report.rows.iter().map(row).collect())
}

/// The paper's table, with ours beside it where there are some.
fn theirs(table: &PaperTable, ours: &[(String, [String; 2])], out: &mut dyn Write) -> Result<(), Error> {
    let mut builder = Builder::default();
    let here = ["best valid.\nhere, %", "final\nhere, %"].into_iter().filter(|_| !ours.is_empty());
    builder.push_record(
        ["method"].into_iter().chain(table.heads.iter().copied()).chain(here).chain(["row here"]),
    );
    for row in table.rows {
        let found = row.recipe.and_then(|recipe| ours.iter().find(|(name, _)| name == recipe));
        let here = found.map_or_else(|| [0; 2].map(|_| "—".to_owned()), |(_, numbers)| numbers.clone());
        let fields = [row.method.to_owned()].into_iter().chain(row.numbers.iter().map(show));
        let here = here.into_iter().filter(|_| !ours.is_empty());
        builder.push_record(fields.chain(here).chain([row.recipe.unwrap_or_default().to_owned()]));
    }
    writeln!(out, "{}\n\n{}\n", table.what, draw(builder))?;
    table.remarks.iter().try_for_each(|remark| writeln!(out, "{remark}"))?;
    Ok(())
}

fn show(number: &Number) -> String {
    // Points of ten have two decimals, percentages one.
    let decimals = |mean: f64| if mean < 10.0 { 2 } else { 1 };
    match *number {
        None => "—".to_owned(),
        Some((mean, None)) => format!("{mean:.0$}", decimals(mean)),
        Some((mean, Some(spread))) => format!("{mean:.0$} ± {spread:.0$}", decimals(mean)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(words: &[&str]) -> String {
        let arguments = Arguments::try_parse_from(["paper"].iter().chain(words)).expect("good");
        let table = arguments.asked();
        assert_eq!(arguments.world(table), None, "nothing is run");
        let mut out = Vec::new();
        print(table, &mut out).expect("it prints");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn the_papers_numbers_are_printed_without_running_anything() {
        let text = printed(&["table2"]);
        for part in
            ["8.06 ± 0.11", "7.16 ± 0.14", "0.14 points of 10", "0.48 points of 10", "nothing was run"]
        {
            assert!(text.contains(part), "{text}");
        }
        let text = printed(&["table1", "--numbers"]);
        assert!(
            text.contains("91.7 ± 1.2") && text.contains("iStar (paper, RLOO)") && !text.contains("here, %"),
            "{text}"
        );
        let text = printed(&["table3", "--numbers"]);
        assert!(text.contains("token-level process rewards") && text.contains("93.0"), "{text}");
    }

    #[test]
    fn the_rows_of_a_table_are_those_that_are_asked_for() {
        let arguments =
            Arguments::try_parse_from(["paper", "table3", "--seeds", "2", "--quiet"]).expect("good");
        let asked = words(&arguments, &TABLES[2], "sokoban", std::path::Path::new("x")).join(" ");
        let expected = "ablate --recipes rloo,istar-env-step-rewards,istar-merged-rewards,istar-token-level,istar-paper-rloo \
                        --env sokoban --preset default --out x --seeds 2 --quiet";
        assert_eq!(asked, expected);
        let ours = vec![("RLOO".to_owned(), ["61.0 ± 2.0", "58.0"].map(str::to_owned))];
        let mut out = Vec::new();
        theirs(&TABLES[2], &ours, &mut out).expect("printed");
        let text = String::from_utf8(out).expect("text");
        let line = text.lines().find(|line| line.starts_with("RLOO")).expect("a row");
        assert!(line.contains("85.9") && line.contains("61.0 ± 2.0") && line.ends_with("RLOO"), "{text}");
    }
}
