//! The fields of a logged batch as columns that are filled row by row, each of which may be absent.

use super::schema::{Field, LEVELS};
use crate::batch::{LevelId, Role};

/// A field that a row lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// The first row without it.
    pub(super) row: usize,
    /// Other rows have it, which is a mistake.
    pub(super) ragged: bool,
}

/// One row a type of item.
macro_rules! items {
    ($($name:ident($item:ty);)*) => {
        /// One item.
        #[derive(Clone, Debug, PartialEq)]
        pub(super) enum Value { $($name($item)),* }

        /// The items of a column.
        #[derive(Clone, Debug, PartialEq)]
        pub(super) enum Values { $($name(Vec<$item>)),* }

        impl Values {
            fn one(value: Value) -> Self {
                match value {
                    $(Value::$name(value) => Values::$name(vec![value]),)*
                }
            }

            fn push(&mut self, value: Value) {
                match (self, value) {
                    $((Values::$name(values), Value::$name(value)) => values.push(value),)*
                    (values, value) => unreachable!("a field has items of one type, not {value:?} in {values:?}"),
                }
            }
        }

        $(impl Item for $item {
            fn of(values: &Values) -> Option<&[Self]> {
                if let Values::$name(values) = values { Some(values) } else { None }
            }
        })*
    };
}

/// What a column may be made of.
pub(super) trait Item: Sized + 'static {
    /// The items, if they are of this type.
    fn of(values: &Values) -> Option<&[Self]>;
}

items! {
    Number(f64);
    Label(u32);
    Text(String);
    Role(Role);
    Items(Vec<bool>);
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Column {
    values: Option<Values>,
    /// Rows up to the last one that has the field.
    filled: usize,
    gap: Option<usize>,
}

/// The columns of all levels. A field that some rows have and others lack leaves a gap, which is a mistake; one that no
/// row has is absent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: [usize; LEVELS.len()],
}

impl Default for Table {
    fn default() -> Self {
        Table { columns: vec![Column::default(); Field::ALL.len()], rows: [0; LEVELS.len()] }
    }
}

impl Table {
    /// Fills a field of the row that is under way; `false` if it has it already.
    pub(super) fn put(&mut self, field: Field, value: Value) -> bool {
        let row = self.rows(field.level());
        let column = &mut self.columns[field as usize];
        if column.filled > row {
            return false;
        }
        column.filled = row + 1;
        match &mut column.values {
            Some(values) => values.push(value),
            values => *values = Some(Values::one(value)),
        }
        true
    }

    /// Whether the row that is under way has this field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns[field as usize].filled > self.rows(field.level())
    }

    /// Ends a row of this level.
    pub(super) fn end(&mut self, level: LevelId) {
        let row = self.rows(level);
        for field in Field::of(level) {
            let column = &mut self.columns[*field as usize];
            if column.filled <= row {
                column.gap.get_or_insert(row);
            }
        }
        self.rows[place(level)] += 1;
    }

    /// How many rows of a level have ended.
    pub(super) fn rows(&self, level: LevelId) -> usize {
        self.rows[place(level)]
    }

    /// A column that every row has.
    pub(super) fn whole<T: Item>(&self, field: Field) -> Option<&[T]> {
        let column = &self.columns[field as usize];
        match (&column.values, column.gap) {
            (_, Some(_)) => None,
            (Some(values), None) => T::of(values),
            (None, None) => Some(&[]),
        }
    }

    /// Where a row lacks this field.
    pub(super) fn gap(&self, field: Field) -> Option<Gap> {
        let column = &self.columns[field as usize];
        column.gap.map(|row| Gap { row, ragged: column.values.is_some() })
    }
}

fn place(level: LevelId) -> usize {
    LEVELS.iter().position(|at| *at == level).expect("a level that has fields")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_whole_absent_or_has_a_gap() {
        let mut table = Table::default();
        assert_eq!(table.whole(Field::reward), Some(&[0.0; 0][..]), "no row lacks it");
        let mut row = |fields: &[(Field, Value)]| {
            for (field, value) in fields {
                assert!(!table.has(*field) && table.put(*field, value.clone()) && table.has(*field));
                assert!(!table.put(*field, value.clone()), "it stands twice");
            }
            table.end(LevelId::Step);
        };
        row(&[(Field::reward, Value::Number(1.0)), (Field::tag, Value::Label(3))]);
        row(&[(Field::reward, Value::Number(4.0)), (Field::agent, Value::Label(5))]);
        assert_eq!(table.whole(Field::reward), Some(&[1.0, 4.0][..]));
        let gap = |row, ragged| Some(Gap { row, ragged });
        let found = [Field::reward, Field::q, Field::tag, Field::agent].map(|field| table.gap(field));
        assert_eq!(found, [None, gap(0, false), gap(1, true), gap(0, true)]);
        assert_eq!(
            (table.rows(LevelId::Step), table.gap(Field::old)),
            (2, None),
            "tokens have rows of their own"
        );
    }
}
