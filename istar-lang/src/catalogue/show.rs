//! Rows as text, for help lines and for the documentation.

use super::{Arg, Fill, PRODUCT, Row, Takes};

/// As it is called: `kl(coef, ref = init, estimator = k3)`.
pub fn signature(row: &Row) -> String {
    list(row, row.args.iter())
}

/// As it is called with what it needs: `rl(adv = ..)`.
pub fn call(row: &Row) -> String {
    list(row, row.args.iter().filter(|arg| matches!(arg.default, Fill::Needed)))
}

/// The values of an option, as they are written; products of them are not listed.
pub fn words(rows: &[Row]) -> Vec<String> {
    rows.iter().filter(|row| row.name != PRODUCT.name).map(signature).collect()
}

fn list<'a>(row: &Row, args: impl Iterator<Item = &'a Arg>) -> String {
    let args: Vec<_> = args.map(argument).collect();
    match (row.name, args.as_slice()) {
        (name, []) => name.to_owned(),
        ("", [one]) => one.clone(),
        (name, many) => format!("{name}({})", many.join(", ")),
    }
}

fn argument(arg: &Arg) -> String {
    match (arg.default, &arg.takes) {
        (Fill::Needed, Takes::Level(levels)) if arg.positional => match levels {
            [one] => one.name().to_owned(),
            [one, ..] => one.name().to_owned(),
            [] => arg.name.to_owned(),
        },
        (Fill::Needed, Takes::Level(levels)) if !levels.is_empty() => {
            format!("{} = {}", arg.name, levels.last().map_or("..", |level| level.name()))
        }
        (Fill::Needed | Fill::Same, _) if arg.positional => arg.name.to_owned(),
        (Fill::Text(text), _) => format!("{} = {text}", arg.name),
        (Fill::Type(_), _) if arg.positional => arg.name.to_owned(),
        _ => format!("{} = ..", arg.name),
    }
}
