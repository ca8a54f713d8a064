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

            fn same(&self, a: usize, b: usize) -> bool {
                match self {
                    $(Values::$name(values) => values[a] == values[b],)*
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

impl Column {
    fn put(&mut self, row: usize, value: Value) -> bool {
        if self.filled > row {
            return false;
        }
        self.filled = row + 1;
        match &mut self.values {
            Some(values) => values.push(value),
            values => *values = Some(Values::one(value)),
        }
        true
    }

    fn end(&mut self, row: usize) {
        if self.filled <= row {
            self.gap.get_or_insert(row);
        }
    }

    fn whole<T: Item>(&self) -> Option<&[T]> {
        match (&self.values, self.gap) {
            (_, Some(_)) => None,
            (Some(values), None) => T::of(values),
            (None, None) => Some(&[]),
        }
    }

    /// Whether two rows hold the same. Only a column without gaps can tell.
    fn same(&self, a: usize, b: usize) -> bool {
        self.gap.is_some() || self.values.as_ref().is_none_or(|values| values.same(a, b))
    }

    fn gap(&self) -> Option<Gap> {
        self.gap.map(|row| Gap { row, ragged: self.values.is_some() })
    }
}

/// The columns of all levels. A field that some rows have and others lack leaves a gap, which is a mistake; one that no
/// row has is absent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: [usize; LEVELS.len()],
    /// By level, columns of somebody's own: each its name and its numbers.
    own: [Vec<(String, Column)>; LEVELS.len()],
}

impl Default for Table {
    fn default() -> Self {
        Table {
            columns: vec![Column::default(); Field::ALL.len()],
            rows: [0; LEVELS.len()],
            own: Default::default(),
        }
    }
}

impl Table {
    /// Of so many rows by level, whose columns are there as a whole.
    pub(super) fn of(rows: [usize; LEVELS.len()], columns: Vec<(Field, Values)>) -> Self {
        let mut table = Table { rows, ..Table::default() };
        for field in Field::ALL {
            table.columns[*field as usize].gap = (table.rows(field.level()) > 0).then_some(0);
        }
        for (field, values) in columns {
            let filled = table.rows(field.level());
            if filled > 0 {
                table.columns[field as usize] = Column { values: Some(values), filled, gap: None };
            }
        }
        table
    }

    /// Puts a column in the place of one, or where there is none.
    pub(super) fn set(&mut self, field: Field, values: Values) {
        let filled = self.rows(field.level());
        let values = (filled > 0).then_some(values);
        self.columns[field as usize] = Column { values, filled, gap: None };
    }

    /// Whether any row of this level has a field.
    pub(super) fn tells(&self, level: LevelId) -> bool {
        let own = self.own[place(level)].iter().map(|(_, column)| column);
        let columns = Field::of(level).iter().map(|field| &self.columns[*field as usize]).chain(own);
        columns.into_iter().any(|column| column.values.is_some())
    }

    /// Fills a field of the row that is under way; `false` if it has it already.
    pub(super) fn put(&mut self, field: Field, value: Value) -> bool {
        let row = self.rows(field.level());
        self.columns[field as usize].put(row, value)
    }

    /// The same for a column of somebody's own.
    pub(super) fn put_own(&mut self, level: LevelId, name: String, x: f64) -> bool {
        let (row, own) = (self.rows(level), &mut self.own[place(level)]);
        let at = own.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            own.push((name, Column { gap: (row > 0).then_some(0), ..Column::default() }));
            own.len() - 1
        });
        own[at].1.put(row, Value::Number(x))
    }

    /// Puts a whole column of somebody's own; none of its name may be there.
    pub(super) fn set_own(&mut self, level: LevelId, name: &str, column: Vec<f64>) {
        let filled = self.rows(level);
        let values = (filled > 0).then_some(Values::Number(column));
        self.own[place(level)].push((name.to_owned(), Column { values, filled, gap: None }));
    }

    /// Whether the row that is under way has this field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns[field as usize].filled > self.rows(field.level())
    }

    /// Ends a row of this level.
    pub(super) fn end(&mut self, level: LevelId) {
        let row = self.rows(level);
        for field in Field::of(level) {
            self.columns[*field as usize].end(row);
        }
        for (_, column) in &mut self.own[place(level)] {
            column.end(row);
        }
        self.rows[place(level)] += 1;
    }

    /// How many rows of a level have ended.
    pub(super) fn rows(&self, level: LevelId) -> usize {
        self.rows[place(level)]
    }

    /// A column that every row has.
    pub(super) fn whole<T: Item>(&self, field: Field) -> Option<&[T]> {
        self.columns[field as usize].whole()
    }

    /// The same for a column of somebody's own.
    pub(super) fn own(&self, level: LevelId, name: &str) -> Option<&[f64]> {
        match self.own[place(level)].iter().find(|(known, _)| known == name) {
            Some((_, column)) => column.whole(),
            None => (self.rows(level) == 0).then_some(&[]),
        }
    }

    /// Where a row lacks a column of somebody's own.
    pub(super) fn own_gap(&self, level: LevelId, name: &str) -> Option<Gap> {
        match self.own[place(level)].iter().find(|(known, _)| known == name) {
            Some((_, column)) => column.gap(),
            None => (self.rows(level) > 0).then_some(Gap { row: 0, ragged: false }),
        }
    }

    /// Whether all fields of two rows of a level are the same.
    pub(super) fn same(&self, level: LevelId, a: usize, b: usize) -> bool {
        let own = self.own[place(level)].iter().map(|(_, column)| column);
        let columns = Field::of(level).iter().map(|field| &self.columns[*field as usize]).chain(own);
        columns.into_iter().all(|column| column.same(a, b))
    }

    /// The names of such columns at a level.
    pub(super) fn own_names(&self, level: LevelId) -> impl Iterator<Item = &str> {
        self.own[place(level)].iter().map(|(name, _)| name.as_str())
    }

    /// Where a row lacks this field.
    pub(super) fn gap(&self, field: Field) -> Option<Gap> {
        self.columns[field as usize].gap()
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
