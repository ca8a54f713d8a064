//! Where in a study file something is said.

use istar_lang::{Position, Report};
use std::ops::Range;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// The text of a study file, and its name once there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StudyText {
    text: String,
    file: Option<String>,
}

/// What a file says by another name than the command line does.
const NAMES: [(&str, &str); 6] = [
    ("recipes", "rows"),
    ("line", "lines"),
    ("own", "own"),
    ("setting", "settings"),
    ("no-symmetry", "vary"),
    ("warm-start", "warm_start"),
];

impl StudyText {
    pub(super) fn new(text: &str) -> Self {
        StudyText { text: text.to_owned(), file: None }
    }

    /// With the name of the file in front of every message.
    pub(super) fn named(&self, file: &Path) -> Self {
        StudyText { file: Some(file.display().to_string()), ..self.clone() }
    }

    /// A message with the line and the column, from 1, in letters, where it begins.
    pub(super) fn wrong(&self, span: Option<Range<usize>>, message: &str) -> String {
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let before = span.and_then(|span| self.text.get(..span.start));
        let Some(before) = before else { return message };
        let (line, column) = (
            before.matches('\n').count() + 1,
            before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1,
        );
        format!("line {line}, column {column}: {message}")
    }

    /// What is wrong with a line of the language, moved to where it stands in the file if it stands there letter by letter.
    pub(super) fn report(&self, mut report: Report, line: &str) -> Report {
        let Some(before) = self.text.find(line).map(|start| &self.text[..start]) else { return report };
        let rows = before.matches('\n').count();
        let columns = before.rsplit('\n').next().map_or(0, |row| row.chars().count());
        let moved = |at: Position| Position {
            line: at.line + rows,
            column: at.column + if at.line == 1 { columns } else { 0 },
        };
        for mistake in &mut report.mistakes {
            (mistake.start, mistake.end) = (moved(mistake.start), moved(mistake.end));
            mistake.text = self.text.lines().nth(mistake.start.line - 1).unwrap_or_default().to_owned();
        }
        report
    }

    /// What was said of an argument, said of where the file asks for it.
    pub(super) fn place(&self, message: &str) -> String {
        let placed = self.wrong(self.span(message), message);
        self.file.as_ref().map_or(placed.clone(), |file| format!("{file}: {placed}"))
    }

    /// The key of the option that a message speaks about, as in `--set beta=2: ..` and `.. for '--seeds <N>': ..`.
    fn span(&self, message: &str) -> Option<Range<usize>> {
        let table = DeTable::parse(&self.text).ok()?;
        let rest = message.split_once("--")?.1;
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'))?;
        let (option, rest) = rest.split_at(end);
        let name = NAMES.iter().find(|(here, _)| *here == option).map_or(option, |(_, there)| there);
        let (key, value) = table.get_ref().get_key_value(name)?;
        let inner = rest.trim_start().split(['=', ':']).next().unwrap_or_default().trim();
        let of_inner = |value: &DeValue| {
            let (key, _) = value.as_table()?.iter().find(|(key, _)| {
                let key: &str = key.get_ref();
                key == inner || inner.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
            })?;
            Some(key.span())
        };
        Some(of_inner(value.get_ref()).unwrap_or_else(|| key.span()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use istar_lang::Line;

    #[test]
    fn an_argument_is_where_the_file_asks_for_it() {
        let text = "seeds = 0\n[set]\n\"β\" = 1\nbeta = [1, 2]\n[settings]\n\"policy.lr\" = 0\nprm.lr = 0\n";
        let text = StudyText::new(text);
        for (message, place) in [
            ("invalid value '0' for '--seeds <N>': no", "line 1, column 1: "),
            ("--set beta=1,2: no", "line 4, column 1: "),
            ("--setting policy.lr=0: no", "line 6, column 1: "),
            ("--setting prm.lr=0: no", "line 7, column 1: "),
            ("--setting: no", "line 5, column 2: "),
            ("no option", ""),
        ] {
            assert_eq!(text.place(message), format!("{place}{message}"));
        }
        let report = Line::read("x = rl(adv = setp)").expect_err("a slip");
        let text =
            StudyText::new("seeds = 1\nlines = [\n  \"β = rl(adv = loo)\", \"x = rl(adv = setp)\"\n]\n");
        let moved = text.report(report, "x = rl(adv = setp)").to_string();
        let expected = " --> 3:38\n  |\n3 |   \"β = rl(adv = loo)\", \"x = rl(adv = setp)\"\n";
        assert!(
            moved.contains(expected) && moved.ends_with("|                                      ^^^^\n"),
            "{moved}"
        );
        let named = text.named(Path::new("a.toml")).place("--seeds: no");
        assert_eq!(named, "a.toml: line 1, column 1: --seeds: no");
    }
}
