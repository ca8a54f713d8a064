//! Fields that a batch lacks and that its result does not depend on: numbers stand in for them, and where others give another
//! result, the field is read and missing.
//!
//! So nobody has to know which columns a line reads, be it compiled, of the user's own types or read at run time.

use super::schema::Field;
use super::{Assigned, Logged};
use crate::batch::Columns;
use crate::seed::stream;
use rand::RngExt;

/// How many sets of numbers stand in, one after the other: low and high by turns, random ones, each also in the contrary order, all
/// low, all high.
const SETS: u8 = 6;

/// Columns that stand in for absent ones.
#[derive(Debug, Default)]
pub(super) struct StandIns(Vec<(Field, Vec<f64>)>);

impl StandIns {
    /// For each of the fields, the set of this number.
    fn new(fields: &[Field], batch: &Logged, set: impl Fn(Field) -> u8) -> Self {
        let column = |field: &Field| {
            let mut random = stream(0, field.key(), 0);
            let number = |row: usize| {
                let (share, turn): (f64, _) = (random.random(), (row % 2) as f64);
                let shares = [turn, 1.0 - turn, share, 1.0 - share, 0.0, 1.0];
                from(*field, shares[usize::from(set(*field))])
            };
            (*field, (0..batch.table.rows(field.level())).map(number).collect())
        };
        StandIns(fields.iter().map(column).collect())
    }

    /// The columns with those that stand in.
    pub(super) fn among<'a>(&'a self, mut columns: Columns<'a>) -> Columns<'a> {
        for (field, column) in &self.0 {
            match field {
                Field::old => columns.old = column,
                Field::outcome => columns.outcome = column,
                Field::success => columns.success = column,
                Field::init => columns.init = Some(column),
                Field::snapshot => columns.snapshot = Some(column),
                Field::ema => columns.ema = Some(column),
                Field::prm => columns.prm = Some(column),
                // the leaf of a phase, which an advantage does not see
                _ => {}
            }
        }
        columns
    }
}

/// A number of this field, from a share between 0 and 1.
fn from(field: Field, share: f64) -> f64 {
    match field {
        Field::outcome => share,
        Field::success => f64::from(u8::from(share > 0.5)),
        _ => -0.1 - 3.0 * share,
    }
}

/// The result, if it is the same whatever stands in for the absent fields; else the first of them that it depends on.
pub(super) fn unless_read(
    absent: &[Field],
    batch: &Logged,
    result: impl Fn(&StandIns) -> Assigned,
) -> Result<Assigned, Field> {
    let first = result(&StandIns::new(absent, batch, |_| 0));
    let differs = |set: &dyn Fn(Field) -> u8| result(&StandIns::new(absent, batch, set)) != first;
    if absent.is_empty() || !(1..SETS).any(|set| differs(&|_| set)) {
        return Ok(first);
    }
    let alone =
        |field: &&Field| (1..SETS).any(|set| differs(&|other| if other == **field { set } else { 0 }));
    Err(*absent.iter().find(alone).unwrap_or(&absent[0]))
}
