//! A field of every element of a level, as an array.

use serde_json::Value;

/// A field of every element of a level, in batch order.
#[derive(Clone, Debug)]
pub enum Column<'a> {
    /// Numbers; of a flag, 0 or 1.
    Numbers(&'a [f64]),
    /// Whole numbers: labels, turns.
    Integers(&'a [u32]),
    /// Flags.
    Flags(&'a [bool]),
    /// Texts: labels, roles, descriptions.
    Texts(&'a [&'a str]),
    /// Numbers by name: the estimates of a critic, by head; columns of your own.
    Heads(&'a [(&'a str, &'a [f64])]),
    /// Whatever stands there in JSON: prompts, checklists, what a judge said.
    Json(&'a [Value]),
}

macro_rules! from_slices {
    ($($of:ty => $column:ident;)*) => {$(
        impl<'a> From<&'a [$of]> for Column<'a> {
            fn from(column: &'a [$of]) -> Self {
                Column::$column(column)
            }
        }
        impl<'a, const N: usize> From<&'a [$of; N]> for Column<'a> {
            fn from(column: &'a [$of; N]) -> Self {
                Column::$column(column)
            }
        }
        impl<'a> From<&'a Vec<$of>> for Column<'a> {
            fn from(column: &'a Vec<$of>) -> Self {
                Column::$column(column)
            }
        }
    )*};
}

from_slices! {
    f64 => Numbers;
    u32 => Integers;
    bool => Flags;
    &'a str => Texts;
    (&'a str, &'a [f64]) => Heads;
    Value => Json;
}

impl Column<'_> {
    pub(super) fn lengths(&self) -> Vec<usize> {
        match self {
            Column::Numbers(column) => vec![column.len()],
            Column::Integers(column) => vec![column.len()],
            Column::Flags(column) => vec![column.len()],
            Column::Texts(column) => vec![column.len()],
            Column::Heads(heads) => heads.iter().map(|(_, column)| column.len()).collect(),
            Column::Json(column) => vec![column.len()],
        }
    }

    /// What it is a column of, in words.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Column::Numbers(_) => "numbers",
            Column::Integers(_) => "integers",
            Column::Flags(_) => "flags",
            Column::Texts(_) => "texts",
            Column::Heads(_) => "numbers by name",
            Column::Json(_) => "JSON",
        }
    }
}
