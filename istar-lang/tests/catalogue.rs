//! Rows mean what they say, and nobody else decides by a name.

use istar_lang::catalogue::{
    Arg, CATALOGUE, CLASHES, FOREIGN, Fill, LevelRule, Prm, RECIPES, Recipe, Row, Rule, Sort,
    TRAINS_IMPLICIT, Takes, find, find_value,
};
use istar_lang::{LevelId, Line};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every row of the catalogue and every word of every option.
fn rows() -> Vec<&'static Row> {
    fn add(row: &'static Row, rows: &mut Vec<&'static Row>) {
        rows.push(row);
        for arg in row.args {
            if let Takes::Word(words) = arg.takes {
                words.iter().for_each(|word| add(word, rows));
            }
        }
    }
    let mut rows = Vec::new();
    CATALOGUE.iter().for_each(|row| add(row, &mut rows));
    rows
}

#[test]
fn a_name_stands_once_and_is_documented() {
    for row in CATALOGUE {
        assert!(!row.doc.is_empty(), "{}", row.name);
        assert_eq!(row.backwards.is_empty(), row.sort != Sort::Loss, "{}", row.name);
        // A term and a signal may share a name: no place takes both.
        let found = if row.sort == Sort::Loss { find(row.name) } else { find_value(row.name) };
        assert!(found.is_some_and(|found| std::ptr::eq(found, row)), "`{}` stands twice", row.name);
    }
}

#[test]
fn arguments_without_a_name_come_first() {
    for row in rows() {
        let named = row.args.iter().skip_while(|arg| arg.positional);
        assert!(named.clone().all(|arg| !arg.positional), "{}", row.name);
        let mut names = BTreeSet::new();
        assert!(row.args.iter().all(|arg| names.insert(arg.name)), "`{}` has two of a name", row.name);
    }
}

/// What is told to be written instead can be written.
#[test]
fn the_way_out_is_open() {
    for foreign in FOREIGN {
        for name in foreign.names {
            assert!(find(name).is_none(), "`{name}` is in the language");
            let per = foreign.code.iter().any(|code| code.contains("{per}"));
            for args in ["reward, 0, 1", "reward, per = traj"].into_iter().take(1 + usize::from(per)) {
                let told = Line::read(&format!("X = rl(adv = {name}({args}))")).expect_err(name);
                let help = told.mistakes[0].help.clone().expect("a way out");
                let Some(code) = help.strip_prefix("write `").and_then(|code| code.split('`').next()) else {
                    assert!(foreign.code.is_empty(), "{help}");
                    continue;
                };
                Line::read(&format!("X = rl(adv = {code})"))
                    .unwrap_or_else(|report| panic!("{name}: {report}"));
            }
        }
    }
    for Recipe { name, line, .. } in RECIPES {
        Line::read(line).unwrap_or_else(|report| panic!("{name}: {report}"));
    }
    Line::read(&format!("{TRAINS_IMPLICIT} + rl(adv = step)")).unwrap_or_else(|report| panic!("{report}"));
}

/// A rule that means an option which is not there would never be checked.
#[test]
fn rules_mean_options_that_are_there() {
    for row in rows() {
        let of_level = match row.level {
            LevelRule::Option(name) | LevelRule::Along(name) => vec![name],
            _ => Vec::new(),
        };
        let of_prm = match row.prm {
            Prm::Trains { beta, reference } => vec![beta, reference],
            _ => Vec::new(),
        };
        let of_rules = row.rules.iter().flat_map(|rule| match *rule {
            Rule::Repeated(option) => vec![option],
            Rule::Pooled { within, count, gate } => {
                [Some(within), count, Some(gate)].into_iter().flatten().collect()
            }
            Rule::Down { per, at } => vec![per, at],
            Rule::Estimated { per, value } => vec![per, value],
            Rule::Up(option) | Rule::Inside(option) | Rule::Alike(option) => vec![option],
            Rule::Within { unit, elements } => vec![unit, elements],
            Rule::AddsUp(option) => option.into_iter().collect(),
            _ => Vec::new(),
        });
        for option in of_level.into_iter().chain(of_prm).chain(of_rules) {
            assert!(row.arg(option).is_some(), "`{}` has no `{option}`", row.name);
        }
    }
    for clash in CLASHES {
        let stands = |(option, words): (&str, &[&str])| {
            let is_there = |word: &&str| {
                let takes = |arg: &Arg| matches!(arg.takes, Takes::Word(words) if words.iter().any(|w| w.name == *word));
                CATALOGUE.iter().any(|row| row.args.iter().any(|arg| arg.name == option && takes(arg)))
            };
            words.iter().all(is_there)
        };
        assert!(stands(clash.one) && stands(clash.other), "{clash:?}");
    }
}

/// What a default says is what could have been written.
#[test]
fn defaults_are_values_of_their_options() {
    for row in rows() {
        for arg in row.args {
            let Fill::Text(text) = arg.default else { continue };
            let fits = match arg.takes {
                Takes::Scalar(range) => text.parse().is_ok_and(|number| range.holds(number)),
                Takes::Number => text.parse::<f64>().is_ok(),
                Takes::Coefficient(_) => text.parse().is_ok_and(|number: f64| number > 0.0),
                Takes::Level(levels) => LevelId::find(text).is_some_and(|level| levels.contains(&level)),
                Takes::Word(words) => words
                    .iter()
                    .any(|word| word.name == text || (word.name.is_empty() && text.parse::<f64>().is_ok())),
                Takes::Estimate { .. } => find(text).is_some() || text.parse::<f64>().is_ok(),
                Takes::Heads => true,
                _ => false,
            };
            assert!(fits, "`{}`: {} = {text}", row.name, arg.name);
        }
    }
}

/// What a rule says of one name must hold for the next one that has it: nothing outside of the catalogue compares with a
/// name of the language.
#[test]
fn only_the_catalogue_knows_names() {
    let mut names: BTreeSet<&str> =
        rows().iter().flat_map(|row| row.args.iter().map(|arg| arg.name)).collect();
    names.extend(rows().iter().map(|row| row.name).filter(|name| !name.is_empty()));
    let (mut read, mut found) = (0, Vec::new());
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "../istar-macros/src"].map(|folder| sources(&here.join(folder)));
    for path in files.into_iter().flatten() {
        // The vocabulary itself, and the words of the grammar.
        let file = path.to_string_lossy().replace('\\', "/");
        if ["src/catalogue", "src/parse", "src/level.rs"].iter().any(|own| file.contains(own)) {
            continue;
        }
        read += 1;
        let text = fs::read_to_string(&path).expect("a source file");
        let code = text.lines().map(str::trim).take_while(|line| *line != "#[cfg(test)]");
        for line in code.filter(|line| !line.starts_with("//")) {
            let quoted = line.split('"').skip(1).step_by(2);
            for name in quoted.filter(|quoted| names.contains(quoted)) {
                found.push(format!("{file}: `{name}` in {line}"));
            }
        }
    }
    assert!(found.is_empty(), "these decide by a name; give its row a rule instead:\n{}", found.join("\n"));
    assert!(names.contains("rl") && names.contains("per") && read > 20, "the sources are read wrongly");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let tests = ["tests.rs", "expansions.rs"];
    let files = files.into_iter().filter(|path| !tests.iter().any(|test| path.ends_with(test)));
    files.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}
