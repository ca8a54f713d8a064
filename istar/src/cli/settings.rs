//! Parameters of objectives, set by name.

use super::Error;
use crate::Line;
use crate::objective::AnyObjective;
use crate::slug;
use crate::suggest::did_you_mean;
use std::collections::BTreeSet;

/// An objective, as far as arguments speak about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// Its name.
    pub name: &'a str,
    /// The names of its parameters.
    pub parameters: &'a [&'a str],
}

/// A parameter and the values that it takes: one, or a row for each.
pub type Setting = (String, Vec<f64>);

/// `name=value` pairs, or `name=value,value`, of parameters that some row has; `nobody` begins the refusal of one that none
/// has.
pub(super) fn settings(given: &[String], rows: &[&Known], nobody: &str) -> Result<Vec<Setting>, String> {
    let mut set: Vec<Setting> = Vec::new();
    for pair in given {
        let wrong = |reason: String| format!("--set {pair}: {reason}");
        let Some((name, value)) = pair.split_once('=').map(|(name, value)| (name.trim(), value.trim()))
        else {
            return Err(wrong("write a name and a number, such as beta=0.05".into()));
        };
        if !rows.iter().any(|row| row.parameters.contains(&name)) {
            let known: BTreeSet<&str> = rows.iter().flat_map(|row| row.parameters).copied().collect();
            let hint = did_you_mean(name, known.iter().copied());
            return Err(wrong(format!("{nobody} parameter \"{name}\"{hint}; {}", owners(rows))));
        }
        let numbers = value.split(',').map(number).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        distinct(&numbers).map_err(wrong)?;
        if set.iter().any(|(other, _)| other == name) {
            return Err(wrong(format!("\"{name}\" is set twice")));
        }
        set.push((name.to_owned(), numbers));
    }
    Ok(set)
}

/// Whether each value is there once; else which is not.
pub(super) fn distinct(values: &[f64]) -> Result<(), String> {
    match (1..values.len()).find(|&place| values[..place].contains(&values[place])) {
        Some(place) => Err(format!("{} is there twice", values[place])),
        None => Ok(()),
    }
}

fn number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let number: f64 = text.parse().map_err(|_| format!("\"{text}\" is no number"))?;
    if number.is_finite() { Ok(number) } else { Err(format!("\"{text}\" is not finite")) }
}

/// The objective of `--line`; what is legal in it and probably not meant is said on standard error.
pub(super) fn line(text: &str) -> Result<Line, istar_lang::Report> {
    let line = Line::parse(text)?;
    if !line.warnings().mistakes.is_empty() {
        eprint!("{}", line.warnings());
    }
    Ok(line)
}

/// The objective with `name=value` pairs of its parameters set.
pub(super) fn with_settings(
    mut objective: Box<dyn AnyObjective>,
    given: &[String],
) -> Result<Box<dyn AnyObjective>, Error> {
    let set = {
        let numbers = objective.numbers();
        let names: Vec<&str> = numbers.iter().map(|(name, _)| name).collect();
        let known = Known { name: objective.name(), parameters: &names };
        settings(given, &[&known], "the objective has no")?
    };
    for (name, values) in set {
        let [value] = values[..] else {
            return Err(
                format!("--set {name}: one number is wanted; several make rows of `istar ablate`").into()
            );
        };
        objective.set(&name, value)?;
    }
    Ok(objective)
}

/// The place of the row of this name, or of this name as in file names.
pub(super) fn find_row(given: &str, table: &[&Known]) -> Result<usize, String> {
    let slugs = slug::unique(table.iter().map(|row| row.name));
    let given = given.trim();
    let is = |name: &str| name.to_lowercase() == given.to_lowercase();
    let place = table.iter().zip(&slugs).position(|(row, slug)| is(row.name) || is(slug));
    place.ok_or_else(|| {
        let names = table.iter().map(|row| row.name).chain(slugs.iter().map(String::as_str));
        let hint = did_you_mean(given, names);
        // More than a line holds are for the list.
        let known = if slugs.len() > 12 {
            "--list shows them all".to_owned()
        } else {
            format!("known: {}", slugs.join(", "))
        };
        format!("\"{given}\" is no row of the table{hint}; {known}")
    })
}

/// Which rows have which parameters: `GRPO has none; iStar has beta, lambda`.
fn owners(rows: &[&Known]) -> String {
    let row = |row: &&Known| {
        let parameters =
            if row.parameters.is_empty() { "none".to_owned() } else { row.parameters.join(", ") };
        format!("{} has {parameters}", row.name)
    };
    rows.iter().map(row).collect::<Vec<_>>().join("; ")
}
