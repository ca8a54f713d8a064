//! `ablations!`: rows of named or inline objectives.

use crate::ast::{Body, RowObjective, Table, TableRow};
use crate::check::check;
use crate::ir::Node;
use crate::lower::lower;
use crate::parse::is_path;
use crate::report::Errors;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser, Result};
use syn::{Attribute, Error, LitStr, Path, Token, braced, token};

impl Parse for Table {
    fn parse(input: ParseStream) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let name = input.parse().map_err(|e| {
            Error::new(
                e.span(),
                "expected the name of the table\nhelp: `ablations! { pub Credit { \"GRPO\" = Grpo } }`",
            )
        })?;
        let inner;
        braced!(inner in input);
        let rows = rows(&inner);
        if !input.is_empty() {
            return Err(input.error("expected the end of the table"));
        }
        Ok(Table { attrs, vis, name, rows })
    }
}

fn rows(input: ParseStream) -> Result<Vec<TableRow>> {
    let (mut rows, mut errors) = (Vec::new(), Errors::default());
    while !input.is_empty() {
        // Read apart: whatever is wrong with a row ends with it.
        let mut tokens = Vec::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            tokens.push(input.parse::<TokenTree>()?);
        }
        let end = tokens.last().map_or_else(|| input.span(), TokenTree::span);
        match row.parse2(TokenStream::from_iter(tokens)) {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(at_end(error, end)),
        }
        input.parse::<Option<Token![,]>>()?;
    }
    errors.finish().map(|()| rows)
}

fn row(input: ParseStream) -> Result<TableRow> {
    let name: LitStr = input
        .parse()
        .map_err(|e| Error::new(e.span(), "expected the name of a row\nhelp: `\"GRPO\" = rl(adv = traj)`"))?;
    input.parse::<Token![=]>()?;
    let objective = objective(input)?;
    if input.is_empty() {
        return Ok(TableRow { name, objective });
    }
    Err(input.error("expected `,` after the row\nhelp: terms are joined with `+`"))
}

/// A row that ends too soon is wrong at its last token.
fn at_end(error: Error, end: Span) -> Error {
    let message = error.to_string();
    if message.starts_with("unexpected end of input") { Error::new(end, message) } else { error }
}

fn objective(input: ParseStream) -> Result<RowObjective> {
    let ahead = input.fork();
    if is_path(&ahead) {
        let path = ahead.call(Path::parse_mod_style)?;
        if ahead.is_empty() || ahead.peek(Token![,]) {
            input.call(Path::parse_mod_style)?;
            return Ok(RowObjective::Path(path));
        }
        if ahead.peek(token::Brace) {
            input.call(Path::parse_mod_style)?;
            let fields: proc_macro2::Group = input.parse()?;
            let value = quote!(#path #fields);
            return Ok(RowObjective::Struct(path, value));
        }
    }
    input.parse::<Body>().map(RowObjective::Inline)
}

/// The graph and text of every inline row.
pub fn check_table(table: &Table, errors: &mut Errors) -> Vec<Option<(Node, String)>> {
    let rows = match &table.rows {
        Ok(rows) => rows,
        Err(error) => {
            errors.push(error.clone());
            return Vec::new();
        }
    };
    if rows.is_empty() {
        errors.at(table.name.span(), "a table has at least one row\nhelp: `\"GRPO\" = rl(adv = traj)`");
    }
    for (index, row) in rows.iter().enumerate() {
        if rows[..index].iter().any(|before| before.name.value() == row.name.value()) {
            errors.at(
                row.name.span(),
                format!(
                    "two rows are named {:?}\nhelp: results are kept by name; rename one of them",
                    row.name.value()
                ),
            );
        }
    }
    rows.iter()
        .map(|row| {
            let RowObjective::Inline(body) = &row.objective else { return None };
            let graph = check(None, body, errors);
            for name in &graph.names {
                errors.at(
                    name.span(),
                    format!(
                        "`{name}` has no value in this row\nhelp: write a number, or declare the objective with `objective! {{ Name<{name} = ..> = .. }}` and name it here"
                    ),
                );
            }
            Some((lower(&graph), body.to_string()))
        })
        .collect()
}
