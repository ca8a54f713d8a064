//! `ablations!`: rows of named or inline objectives.

use crate::ast::{RowObjective, Table, TableRow};
use crate::check::find;
use crate::ir::{Checked, Node};
use crate::parse::{Cursor, attributes, body, is_path, literal, path, visibility};
use crate::report::{Diagnostic, Errors, Warning};
use crate::token::{Bracket, Tokens};

type Result<T> = std::result::Result<T, Diagnostic>;

/// Reads a table.
///
/// # Errors
/// What leaves no table of that name. What is wrong with its rows is kept in it.
pub fn parse_table(tokens: &Tokens) -> Result<Table> {
    let mut input = Cursor::new(tokens);
    let (attrs, vis) = (attributes(&mut input)?, visibility(&mut input));
    let here = input.here();
    let name = input.take_word().ok_or_else(|| {
        Diagnostic::new(here, "expected the name of the table")
            .help("`ablations! { pub Credit { \"GRPO\" = Grpo } }`")
    })?;
    let (_, inner) = input.expect_group(Bracket::Curly, "curly braces")?;
    let rows = rows(inner);
    if input.is_empty() {
        Ok(Table { attrs, vis, name, rows })
    } else {
        Err(input.error("expected the end of the table"))
    }
}

fn rows(mut input: Cursor<'_>) -> std::result::Result<Vec<TableRow>, Vec<Diagnostic>> {
    let (mut rows, mut errors) = (Vec::new(), Errors::default());
    while !input.is_empty() {
        // Read apart: whatever is wrong with a row ends with it.
        match row(input.until(',')) {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(error),
        }
        input.take_mark(',');
    }
    errors.finish(rows)
}

fn row(mut input: Cursor<'_>) -> Result<TableRow> {
    let name = input.literal().and_then(|(at, text)| Some((at, literal::string(text)?)));
    let Some((at, name)) = name else {
        let message = "expected the name of a row";
        return Err(Diagnostic::new(input.here(), message).help("`\"GRPO\" = rl(adv = traj)`"));
    };
    input.take_literal();
    input.expect_mark('=')?;
    let objective = objective(&mut input)?;
    if input.is_empty() {
        return Ok(TableRow { name, at, objective });
    }
    Err(input.error("expected `,` after the row").help("terms are joined with `+`"))
}

fn objective(input: &mut Cursor<'_>) -> Result<RowObjective> {
    if is_path(input) {
        let mut ahead = *input;
        let path = path(&mut ahead)?;
        if ahead.is_empty() {
            *input = ahead;
            return Ok(RowObjective::Path(path));
        }
        if let Some(of) = path.owner().filter(|_| ahead.is_group(Bracket::Round)) {
            let help = format!(
                "write `{of}`, which is at its defaults, or `{of} {{ beta: 0.1, ..Default::default() }}`"
            );
            return Err(Diagnostic::new(
                path.span(),
                format!("a row names an objective, and `{path}` is a function"),
            )
            .help(help));
        }
        let braces = ahead;
        if ahead.take_group(Bracket::Curly).is_some() {
            *input = ahead;
            return Ok(RowObjective::Struct(path, input.since(&braces)));
        }
    }
    body(input).map(RowObjective::Inline)
}

/// What is made of an inline row.
#[derive(Clone, Debug, PartialEq)]
pub struct Inline {
    /// Its graph.
    pub graph: Node,
    /// Its line in normal spacing.
    pub source: String,
    /// What is legal and probably not meant.
    pub warnings: Vec<Warning>,
}

/// Every inline row, `None` for one that names its objective.
///
/// # Errors
/// All that is wrong with the rows.
pub fn check_table(table: &Table) -> std::result::Result<Vec<Option<Inline>>, Vec<Diagnostic>> {
    let rows = table.rows.as_ref().map_err(Clone::clone)?;
    let mut errors = Errors::default();
    if rows.is_empty() {
        errors.at(table.name.at, "a table has at least one row", "`\"GRPO\" = rl(adv = traj)`");
    }
    for (index, row) in rows.iter().enumerate() {
        if rows[..index].iter().any(|before| before.name == row.name) {
            errors.at(
                row.at,
                format!("two rows are named {:?}", row.name),
                "results are kept by name; rename one of them",
            );
        }
    }
    let mut inline = Vec::new();
    for row in rows {
        inline.push(if let RowObjective::Inline(body) = &row.objective {
            let found = find(None, body, &mut errors);
            for name in &found.names {
                let help = format!(
                    "write a number, or declare the objective with `objective! {{ Name<{name} = ..> = .. }}` and name it here"
                );
                errors.at(name.at, format!("`{name}` has no value in this row"), help);
            }
            Some((found, body.to_string()))
        } else {
            None
        });
    }
    let inline = errors.finish(inline)?;
    let inline = inline.into_iter().map(|row| {
        row.map(|(found, source)| {
            let Checked { graph, warnings, .. } = found.checked();
            Inline { graph, source, warnings }
        })
    });
    Ok(inline.collect())
}
