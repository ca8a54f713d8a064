//! Fields of padded rows as columns of a batch.

use super::cells::Cells;
use super::column::Column;
use super::runs::Runs;
use super::schema::{Field, Kind, key};
use super::table::Values;
use super::{Remark, columnar};
use crate::batch::{Layout, LevelId};

/// What is given for a field.
#[derive(Clone, Debug)]
pub(super) enum Data<'a> {
    /// One for each row; of trajectories, or of steps that are rows.
    Row(Column<'a>),
    /// One for each step, in the order of the rows.
    Step(Column<'a>),
    /// One for each place of each row.
    Cell(Cells<'a>),
    /// The same, of texts.
    Text(&'a [&'a str]),
}

/// What the heads of a critic say of a state, if they say anything.
type Heads = Option<Vec<(String, f64)>>;

impl Data<'_> {
    /// The column of a field.
    ///
    /// # Errors
    /// The first element that does not fit the field.
    pub(super) fn column(
        &self,
        field: Field,
        runs: &Runs,
        layout: &Layout,
        remarks: &mut Vec<Remark>,
    ) -> Result<Values, columnar::Wrong> {
        let of = |column: &Column<'_>| columnar::values(field, column, layout);
        match (field.level(), self) {
            (LevelId::Token, Data::Cell(cells)) => {
                let column = runs.gather(cells);
                match column.iter().position(|x| !x.is_finite()) {
                    Some(index) => Err((
                        index,
                        format!("`{}` is {}, expected a finite number", field.key(), column[index]),
                    )),
                    None if matches!(field.kind(), Kind::Number) => Ok(Values::Number(column)),
                    None => of(&Column::Numbers(&column)),
                }
            }
            (LevelId::Token, Data::Text(cells)) => {
                let texts: Vec<&str> =
                    runs.runs.iter().flat_map(|run| &cells[run.cells(runs.length)]).copied().collect();
                of(&Column::Texts(&texts))
            }
            (LevelId::Traj, Data::Row(column)) => {
                let first: Vec<usize> = runs.first.iter().map(|row| *row as usize).collect();
                if first.len() < runs.rows && differ(column, runs) {
                    let what = format!(
                        "rows of one trajectory differ in `{}`: the first row's is taken",
                        field.key()
                    );
                    remarks.push(Remark::of_batch(what));
                }
                picked(column, &first, of)
            }
            (LevelId::Traj, Data::Cell(cells)) => {
                let sum = |row: &u32| {
                    let mut cells_of = Vec::with_capacity(runs.length);
                    let start = *row as usize * runs.length;
                    cells.append(start..start + runs.length, &mut cells_of);
                    cells_of.iter().sum::<f64>()
                };
                of(&Column::Numbers(&runs.first.iter().map(sum).collect::<Vec<_>>()))
            }
            (_, Data::Row(column)) => {
                let order: Vec<usize> = runs.order.iter().map(|row| *row as usize).collect();
                picked(column, &order, of)
            }
            (_, Data::Step(column)) => {
                let places = steps_in_order(runs);
                match column.lengths().into_iter().find(|length| *length != places.len()) {
                    Some(length) => Err((
                        0,
                        format!(
                            "`{}` has {length} entries, and there are {} steps",
                            field.key(),
                            places.len()
                        ),
                    )),
                    None => picked(column, &places, of),
                }
            }
            (_, Data::Cell(cells)) => {
                let mut column = Vec::with_capacity(layout.steps());
                let tokens = runs.gather(cells);
                for step in 0..layout.steps() {
                    let tokens = &tokens[layout.tokens_of(step)];
                    column.push(match (field, tokens.last()) {
                        (Field::reward, _) => tokens.iter().sum(),
                        (_, Some(last)) => *last,
                        (_, None) => {
                            return Err((step, format!("`{}` has no token that it is read at", field.key())));
                        }
                    });
                }
                match columnar::labelled(field, &column) {
                    Some(labels) => of(&Column::Integers(&labels?)),
                    None => of(&Column::Numbers(&column)),
                }
            }
            (_, Data::Text(_)) => unreachable!("texts are of tokens alone: the field has been asked"),
        }
    }

    /// What the heads of a critic, or its only one, say of the state after each trajectory.
    pub(super) fn finals(&self, runs: &Runs) -> Result<Vec<Heads>, (Option<usize>, String)> {
        let name = key::VALUE_AFTER;
        let heads = match self {
            Data::Row(Column::Numbers(column)) => vec![("", *column)],
            Data::Row(Column::Heads(heads)) => heads.to_vec(),
            _ => return Err((None, format!("`{name}` has a number for each row"))),
        };
        // The last row of each trajectory stands before the first of the next.
        let ends = runs.first.iter().skip(1).map(|first| runs.order.iter().position(|row| row == first));
        let ends = ends.map(|end| end.unwrap_or(0)).chain([runs.order.len()]);
        let of = |end: usize| {
            let row = runs.order[end - 1] as usize;
            let said = |(head, column): &(&str, &[f64])| match column[row] {
                x if x.is_finite() => Ok(((*head).to_owned(), x)),
                x => {
                    let problem = format!("`{name}` is {x}, expected a finite number");
                    Err((Some(row), problem))
                }
            };
            heads.iter().map(said).collect::<Result<_, _>>().map(Some)
        };
        if runs.rows == 0 { Ok(Vec::new()) } else { ends.map(of).collect() }
    }
}

/// Whether rows of a trajectory say different things.
fn differ(column: &Column<'_>, runs: &Runs) -> bool {
    let same = |a: usize, b: usize| match column {
        Column::Numbers(column) => column[a] == column[b],
        Column::Integers(column) => column[a] == column[b],
        Column::Flags(column) => column[a] == column[b],
        Column::Texts(column) => column[a] == column[b],
        _ => true,
    };
    let mut first = 0;
    let mut trajs = runs.first.iter().peekable();
    runs.order.iter().any(|row| {
        if trajs.peek() == Some(&row) {
            first = *row as usize;
            trajs.next();
        }
        !same(first, *row as usize)
    })
}

/// Per step of the batch, its number in the order of the rows.
pub(super) fn steps_in_order(runs: &Runs) -> Vec<usize> {
    let count = |at: usize| (runs.steps[at + 1] - runs.steps[at]) as usize;
    let mut first = vec![0; runs.rows + 1];
    for (at, row) in runs.order.iter().enumerate() {
        first[*row as usize + 1] = count(at);
    }
    for row in 0..runs.rows {
        first[row + 1] += first[row];
    }
    let of_row = |(at, row): (usize, &u32)| {
        let from = first[*row as usize];
        from..from + count(at)
    };
    runs.order.iter().enumerate().flat_map(of_row).collect()
}

/// What is made of these entries of a column.
fn picked(
    column: &Column<'_>,
    places: &[usize],
    of: impl Fn(&Column<'_>) -> Result<Values, columnar::Wrong>,
) -> Result<Values, columnar::Wrong> {
    fn pick<T: Clone>(column: &[T], places: &[usize]) -> Vec<T> {
        places.iter().map(|place| column[*place].clone()).collect()
    }
    match column {
        Column::Numbers(column) => of(&Column::Numbers(&pick(column, places))),
        Column::Integers(column) => of(&Column::Integers(&pick(column, places))),
        Column::Flags(column) => of(&Column::Flags(&pick(column, places))),
        Column::Texts(column) => of(&Column::Texts(&pick(column, places))),
        Column::Json(column) => of(&Column::Json(&pick(column, places))),
        Column::Heads(_) => of(column),
    }
}
