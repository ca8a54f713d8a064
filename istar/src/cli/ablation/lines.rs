//! Rows that a reader writes, and the rows of a table as if one had: all of them are text.

use crate::Line;
use crate::cli::Error;
use crate::cli::settings::{Setting, line};
use crate::env::missing;
use crate::objective::AnyObjective;
use crate::slug::slug;
use crate::table::Row;
use crate::worlds::{self, LIST};

/// The line of a row; its name is the row's.
pub(super) fn read(text: &str) -> Result<Line, Error> {
    let line = line(text)?;
    let name = istar_lang::Line::read(text)?.name;
    match name.as_deref().map(str::trim) {
        None => Err(format!("--line: a row has a name: write \"mine = {text}\"").into()),
        Some(name) if name.is_empty() || name.contains(char::is_control) => {
            Err(format!("--line {text}: the name of a row is letters that can be seen").into())
        }
        Some(_) => Ok(line),
    }
}

/// The objective of a row as a line that says the same.
pub(super) fn of_row(row: &Row) -> Line {
    let numbers = row.parameters.iter().copied();
    let text = item(&format!("{:?}", row.objective), numbers, row.line);
    Line::parse(&text).expect("what the compiler took is taken when it is read")
}

/// A line as `objective!` takes it under this name, with its numbers as they are.
pub(super) fn declared(name: &str, line: &Line) -> String {
    item(name, line.numbers().iter(), line.source())
}

fn item<'a>(name: &str, numbers: impl Iterator<Item = (&'a str, f64)>, source: &str) -> String {
    let numbers: Vec<String> = numbers.map(|(name, value)| format!("{name} = {value:?}")).collect();
    let numbers = if numbers.is_empty() { String::new() } else { format!("<{}>", numbers.join(", ")) };
    format!("{name}{numbers} = {source}")
}

/// Whether every line can be a row beside these of a world; else why not.
pub(super) fn check(lines: &[Line], rows: &[Row], env: &str) -> Result<(), String> {
    for (place, line) in lines.iter().enumerate() {
        let name = line.name();
        let same = |other: &str| slug(other) == slug(name);
        if let Some(row) = rows.iter().find(|row| same(&row.name)) {
            return Err(format!(
                "--line: \"{name}\" is \"{}\" in files, a row of {env}: give the line another name",
                row.name
            ));
        }
        if let Some(other) = lines[..place].iter().find(|other| same(other.name())) {
            return Err(format!(
                "--line: \"{name}\" and \"{}\" have one name in files: rename one",
                other.name()
            ));
        }
        offered(line, env)?;
    }
    Ok(())
}

/// Whether a world offers what a line demands.
fn offered(line: &Line, env: &str) -> Result<(), String> {
    if let Some(column) = line.demand().own.columns().first() {
        return Err(format!(
            "--line: \"{}\" reads the column `{}`, which a log may have and no world of the list has; an environment of your own \
             provides it in Rust",
            line.name(),
            column.name
        ));
    }
    let lacks =
        |env: &str| worlds::offered(env).map_or(Vec::new(), |offered| missing(&line.demand(), &offered));
    let lack = lacks(env);
    if lack.is_empty() {
        return Ok(());
    }
    let others: Vec<String> = LIST
        .iter()
        .filter(|world| lacks(world.name).is_empty())
        .map(|world| format!("--env {}", world.name))
        .collect();
    let others = if others.is_empty() {
        "no world of the list has it; one of your own may, in Rust".to_owned()
    } else {
        format!("{} runs it", others.join(" or "))
    };
    Err(format!(
        "--line: \"{}\" needs {} of its environment, and {env} lacks it; {others}",
        line.name(),
        lack.join(", ")
    ))
}

/// The lines with those of these numbers that have no value yet, and whether each value is in range.
pub(super) fn with_numbers(mut lines: Vec<Line>, set: &[Setting]) -> Result<Vec<Line>, Error> {
    for line in &mut lines {
        let unset: Vec<String> = line
            .numbers()
            .iter()
            .filter(|(_, value)| value.is_nan())
            .map(|(name, _)| name.to_owned())
            .collect();
        for (name, values) in set.iter().filter(|(name, _)| unset.contains(name)) {
            line.set(name, values[0])?;
        }
        line.validate()?;
        let numbers = set.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, *value)));
        for (name, value) in numbers {
            let mut changed = line.clone();
            if changed.set(name, value).is_ok() {
                changed.validate()?;
            }
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::Sokoban;
    use crate::recipes;
    use crate::worlds::{Beside, SokobanRecipes, VisualSokoban};

    fn rows() -> Vec<Row> {
        Row::all::<Sokoban, Beside<VisualSokoban, SokobanRecipes>>()
    }

    #[test]
    fn a_row_is_the_line_that_says_it() {
        for row in rows() {
            let line = of_row(&row);
            assert_eq!((line.name(), line.source()), (row.objective, row.line));
            let numbers: Vec<(&str, f64)> = line.numbers().iter().collect();
            assert_eq!(numbers, row.parameters, "{}", row.name);
            let again = Line::parse(&declared("Row", &line)).expect("read again");
            assert_eq!(
                (again.source(), again.explain()),
                (row.line, line.explain().replacen(row.objective, "Row", 1))
            );
        }
        for recipe in recipes::all() {
            let (line, numbers) = (recipe.objective.source(), recipe.objective.numbers());
            let text = item("\"x\"", numbers.iter(), line);
            assert_eq!(Line::parse(&text).map(|line| line.demand()), Ok(recipe.objective.demand()), "{text}");
        }
    }

    #[test]
    fn a_row_has_a_name_of_its_own() {
        let named =
            |text: &str| read(text).map(|line| line.name().to_owned()).map_err(|error| error.to_string());
        assert_eq!(named("half = rl(adv = traj)").as_deref(), Ok("half"));
        assert_eq!(named("half<eps = 1e-4> = rl(adv = traj(eps = eps))").as_deref(), Ok("half"));
        assert_eq!(named("\"GRPO, λ ½\"<l = 0.5> = rl(adv = l * traj)").as_deref(), Ok("GRPO, λ ½"));
        for (text, part) in [
            ("rl(adv = traj)", "a row has a name: write \"mine = rl(adv = traj)\""),
            ("<l = 0.5> rl(adv = l * traj)", "a row has a name"),
            ("\" \" = rl(adv = traj)", "letters that can be seen"),
            ("\"a\\nb\" = rl(adv = traj)", "letters that can be seen"),
            ("half = rl(adv = setp)", "did you mean `step`?"),
            ("half = rl(adv = my::Signal)", "no compiler to know it"),
        ] {
            let error = named(text).expect_err(text);
            assert!(error.contains(part), "{error}");
        }
        let checked = |texts: &[&str], env: &str| {
            let lines: Vec<Line> = texts.iter().map(|text| read(text).expect("good")).collect();
            check(&lines, &rows(), env)
        };
        assert_eq!(checked(&["a = rl(adv = traj)", "b = rl(adv = traj)"], "sokoban"), Ok(()));
        for (texts, env, part) in [
            (&["grpo = rl(adv = loo)"][..], "sokoban", "\"grpo\" is \"GRPO\" in files, a row of sokoban"),
            (&["a = rl(adv = traj)", "A = rl(adv = loo)"], "sokoban", "\"A\" and \"a\" have one name"),
            (
                &["agents = rl(adv = norm(to_go(reward), within = agent))"],
                "sokoban2",
                "\"agents\" needs Agents of its environment, and sokoban2 lacks it; --env relay runs it",
            ),
            (
                &["mine = rl(adv = invalid * column(extra, traj, reward))"],
                "sokoban",
                "\"mine\" reads the column `extra`",
            ),
            (
                &["tags = rl(adv = norm(to_go(reward), within = tag))"],
                "sokoban",
                "no world of the list has it",
            ),
        ] {
            let error = checked(texts, env).expect_err(texts[0]);
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn numbers_are_checked_before_anything_is_compiled() {
        let lines = |set: &[Setting]| {
            let line = read("x<eps> = rl(adv = traj(eps = eps))").expect("good");
            let lines = with_numbers(vec![line], set).map_err(|error| error.to_string())?;
            Ok::<_, String>(declared("x", &lines[0]))
        };
        let set = |values: &[f64]| vec![("eps".to_owned(), values.to_vec()), ("beta".to_owned(), vec![-1.0])];
        assert_eq!(lines(&set(&[1e-7, 1.0])).as_deref(), Ok("x<eps = 1e-7> = rl(adv = traj(eps = eps))"));
        assert!(lines(&[]).expect_err("no value").contains("`eps` has no value"));
        assert!(lines(&set(&[0.1, -1.0])).expect_err("out of range").contains("found -1"));
    }
}
