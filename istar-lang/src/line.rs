//! A line of text: read, checked, and its mistakes where they stand.

use crate::ast::{Arg, Body, Expr, Input, Param};
use crate::check::check;
use crate::ir::Node;
use crate::parse::{self, parse};
use crate::report::Diagnostic;
use crate::text::{Position, Text};
use std::error::Error;
use std::fmt::{Display, Formatter, Result};

/// An objective that was read from a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its name, if it was given one: `IStar<beta = 0.05> = ..`
    pub name: Option<String>,
    /// Its hyper-parameters with their defaults: those declared, or the free names in order of first use.
    pub params: Vec<(String, Option<f64>)>,
    /// The line in normal spacing, without name and hyper-parameters.
    pub source: String,
    /// Arguments whose value is written by name as a number, `beta = 0.05`, in the order of the text.
    pub literals: Vec<(String, f64)>,
    /// Its graph; hyper-parameters stand in it by position.
    pub graph: Node,
    /// Types of the user's: what refuses it where no compiler stands behind the text.
    pub types: Report,
    /// What is legal and probably not meant.
    pub warnings: Report,
}

/// What is wrong with a text. It is displayed as the compiler would: each mistake with its line and a mark under it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// In the order in which they were met.
    pub mistakes: Vec<Mistake>,
}

/// A mistake in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Whether it refuses nothing.
    pub warning: bool,
    /// What is wrong, with the offending value.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Its first character.
    pub start: Position,
    /// Behind its last character.
    pub end: Position,
    /// The line of the text on which it begins.
    pub text: String,
}

impl Line {
    /// Reads an objective in any of its forms: `Name<beta = 0.05> = body`, `<beta = 0.05> body`, or `body`, in which free
    /// names are hyper-parameters; each with `where`. A name in quotes may be any text, as that of a row of a table.
    ///
    /// # Errors
    /// Every mistake.
    ///
    /// ```
    /// use istar_lang::Line;
    ///
    /// let line = Line::read("IStar<beta = 0.05> = dpo_prm(beta) + rl(adv = traj + step)")?;
    /// assert_eq!(line.name.as_deref(), Some("IStar"));
    /// assert_eq!(line.params, [("beta".to_owned(), Some(0.05))]);
    /// assert_eq!(Line::read("\"GRPO, no std\" = rl(adv = traj)")?.name.as_deref(), Some("GRPO, no std"));
    ///
    /// let report = Line::read("rl(adv = traj + setp) + kl(0.1)").expect_err("a slip");
    /// assert_eq!(report.to_string(), "\
    /// error: unknown signal `setp`
    ///        help: did you mean `step`?
    ///  --> 1:17
    ///   |
    /// 1 | rl(adv = traj + setp) + kl(0.1)
    ///   |                 ^^^^
    /// ");
    /// # Ok::<(), istar_lang::Report>(())
    /// ```
    pub fn read(text: &str) -> std::result::Result<Line, Report> {
        let text = Text::new(text);
        let refused = |mistakes: Vec<Diagnostic>| Report::new(&text, false, &mistakes);
        let tokens = text.tokens().map_err(|mistake| refused(vec![mistake]))?;
        let one = |mistake: Diagnostic| refused(vec![mistake]);
        let (name, params, body) = match parse::text(&tokens) {
            Some(found) => found.map(|(name, params, body)| (name, Some(params), Ok(body))).map_err(one)?,
            None => match parse(&tokens).map_err(one)? {
                Input::Item(item) => (Some(item.name.text), Some(item.params), item.body),
                Input::Quote(body) | Input::Capture(body) => (None, None, Ok(body)),
            },
        };
        let body = body.map_err(one)?;
        Line::of(&text, name, params.as_deref(), &body).map_err(refused)
    }

    fn of(
        text: &Text<'_>,
        name: Option<String>,
        params: Option<&[Param]>,
        body: &Body,
    ) -> std::result::Result<Line, Vec<Diagnostic>> {
        let checked = check(params, body)?;
        let defaults = params.unwrap_or_default().iter().map(|param| param.default.as_ref());
        let defaults = defaults.map(|default| default.map(|number| number.value));
        let names = checked.names.into_iter().map(|name| name.text);
        let warnings: Vec<_> = checked.warnings.into_iter().map(|warning| warning.diagnostic).collect();
        Ok(Line {
            name,
            params: names.zip(defaults.chain(std::iter::repeat(None))).collect(),
            source: body.to_string(),
            literals: literals(body),
            types: Report::new(text, false, &types(&checked.graph)),
            graph: checked.graph,
            warnings: Report::new(text, true, &warnings),
        })
    }
}

/// The arguments that are written by name as numbers.
fn literals(body: &Body) -> Vec<(String, f64)> {
    fn number(value: &Expr) -> Option<f64> {
        match value {
            Expr::Number(number) => Some(number.value),
            Expr::Neg(_, inner) => number(inner).map(|value| -value),
            _ => None,
        }
    }
    fn walk(expr: &Expr, found: &mut Vec<(String, f64)>) {
        let mut arguments = |args: &[Arg]| {
            for arg in args {
                if let (Some(key), Some(value)) = (&arg.key, number(&arg.value)) {
                    found.push((key.text.clone(), value));
                }
                walk(&arg.value, found);
            }
        };
        match expr {
            Expr::Name(_) | Expr::Number(_) => {}
            Expr::Call(_, args) | Expr::User(_, args) => arguments(args),
            Expr::Sum(parts) => parts.iter().for_each(|part| walk(&part.expr, found)),
            Expr::Product(items) | Expr::Tuple(_, items) => items.iter().for_each(|item| walk(item, found)),
            Expr::Neg(_, inner) | Expr::Inverse(_, inner) => walk(inner, found),
        }
    }
    let mut found = Vec::new();
    walk(&body.expr, &mut found);
    body.named.iter().for_each(|named| walk(&named.value, &mut found));
    found
}

/// What is wrong with the types of the user's in a graph.
fn types(node: &Node) -> Vec<Diagnostic> {
    let (args, own) = match node {
        Node::User { path, args, .. } => (args.as_slice(), Some(path)),
        Node::Type { args, .. } => (args.as_slice(), None),
        _ => return Vec::new(),
    };
    let own = own.map(|path| {
        let message =
            format!("`{path}` is a type, and a line that is read at run time has no compiler to know it");
        Diagnostic::new(path.last(), message)
            .help("declare the line with `objective!` where the type is in scope")
    });
    own.into_iter().chain(args.iter().flat_map(types)).collect()
}

impl Report {
    fn new(text: &Text<'_>, warning: bool, diagnostics: &[Diagnostic]) -> Report {
        let mistake = |diagnostic: &Diagnostic| {
            let range = text.range(diagnostic);
            let start = text.position(range.start);
            Mistake {
                warning,
                message: diagnostic.message.clone(),
                help: diagnostic.help.clone(),
                start,
                end: text.position(range.end),
                text: text.source().lines().nth(start.line - 1).unwrap_or_default().to_owned(),
            }
        };
        Report { mistakes: diagnostics.iter().map(mistake).collect() }
    }
}

impl Error for Report {}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            write!(f, "{}{mistake}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl Display for Mistake {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let sort = if self.warning { "warning" } else { "error" };
        writeln!(f, "{sort}: {}", self.message)?;
        if let Some(help) = &self.help {
            writeln!(f, "{:indent$}help: {help}", "", indent = sort.len() + 2)?;
        }
        let Position { line, column } = self.start;
        // What has no width of its own would move the mark.
        let shown = self.text.replace(char::is_control, " ");
        let (before, length) = (column - 1, shown.chars().count());
        let end = if self.end.line == line { self.end.column - 1 } else { length };
        let number = line.to_string();
        let margin = number.len();
        writeln!(f, "{:margin$}--> {line}:{column}", "")?;
        writeln!(f, "{:margin$} |", "")?;
        writeln!(f, "{number} | {shown}")?;
        // By repetition: the width of a format ends at 65535.
        let (space, mark) = (" ".repeat(before), "^".repeat(end.saturating_sub(before).max(1)));
        writeln!(f, "{:margin$} | {space}{mark}", "")
    }
}
