//! A batch from elsewhere in, credit out: who gets it, what the loss is, and how it falls.
//!
//! [`Logged::read`] takes rollouts as JSON (`docs/src/credit.md` has the schema) straight into columns, [`assign`]
//! evaluates an objective on them in `f64` — advantages, the loss of each term, its derivative in each
//! log-probability — and [`write()`] puts it out in the nesting of the batch. Nothing is trained.
//!
//! ```
//! use istar::logged::{Logged, assign};
//! use istar::recipes::Grpo;
//!
//! let text = br#"{"groups": [{"trajectories": [
//!     {"outcome": 1, "success": true, "steps": [{"tokens": [{"old": -0.5, "logp": -0.5}]}]},
//!     {"outcome": 0, "success": false, "steps": [{"tokens": [{"old": -0.7, "logp": -0.6}]}]}]}]}"#;
//! let credit = assign(&Grpo, &Logged::read(text)?)?;
//! let advantage = credit.advantage.expect("GRPO has one");
//! assert!(advantage[0] > 0.7 && advantage[1] < -0.7);
//! # Ok::<(), istar::logged::LoggedError>(())
//! ```

mod absent;
mod arrays;
mod assign;
mod assigned;
mod beside;
mod beyond;
mod builder;
pub mod cases;
mod cells;
mod checklists;
mod column;
mod columnar;
mod critic;
mod demands;
mod error;
mod fields;
#[cfg(feature = "formats")]
pub mod formats;
mod given;
mod hiper;
mod logprobs;
mod mend;
mod names;
mod odd;
mod padded;
mod page;
mod read;
mod remark;
mod runs;
mod schema;
mod shares;
mod step;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod values;
mod wanted;
mod write;

pub use arrays::Arrays;
pub use assign::{advantage, assign};
pub use assigned::{Assigned, Slope};
pub use cells::Cells;
pub use column::Column;
pub use error::{LoggedError, Place};
pub use given::{Given, GivenReturn, SharedKeep, ValueLoss};
pub use names::FieldNames;
pub use padded::{Padded, PaddedError};
pub use page::{Drawn, page};
pub use remark::Remark;
pub use runs::Runs;
pub use shares::{Share, Shares, shares};
pub use step::Step;
pub use write::{summary, write};

use crate::batch::{Columns, Layout, LevelId, Turns, columns};
use schema::Field;
use serde_json::Value;
use table::Table;
use values::Values;

/// A batch of experience that was logged elsewhere, as columns. What it does not have is absent, and only a mistake if an
/// objective reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logged {
    layout: Layout,
    prompts: Vec<Option<Value>>,
    turns: Vec<Option<Turns>>,
    /// What was odd about the text.
    remarks: Vec<Remark>,
    /// Its labels were taken from its outcomes.
    labelled: bool,
    /// Keys that other programs have for fields, and that were passed over.
    passed: Vec<(LevelId, &'static str)>,
    /// Per trajectory, what the heads of a critic say of the state after its last step.
    finals: Vec<Option<Vec<(String, f64)>>>,
    values: Values,
    table: Table,
    segment: Option<Vec<u32>>,
}

/// A file with a batch: reference files say beside it which case it is for, and with which numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The case.
    pub case: Option<String>,
    /// Its numbers and choices; null if there are none.
    pub params: Value,
    /// The batch.
    pub batch: Logged,
}

impl Logged {
    /// Groups, trajectories, steps, tokens.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Puts numbers of tokens, in batch order, into a field, such as `logp`, in the place of what stands there.
    ///
    /// # Errors
    /// A name that is no field of numbers of tokens, a column of another length, a number that is not finite, at its place.
    pub fn set_tokens(&mut self, name: &str, column: Vec<f64>) -> Result<(), LoggedError> {
        let at = |place: Place, problem: String| Err(LoggedError::At { place, problem });
        let number = |field: &&Field| field.key() == name && field.kind() == schema::Kind::Number;
        let Some(field) = Field::of(LevelId::Token).iter().find(number) else {
            return at(Place::default(), format!("`{name}` is no number of a token{}", names::instead(name)));
        };
        if column.len() != self.layout.tokens() {
            let (found, there) = (column.len(), self.layout.tokens());
            return at(
                Place::default(),
                format!("`{name}` has length {found}, and there are {there} tokens"),
            );
        }
        if let Some(index) = column.iter().position(|x| !x.is_finite()) {
            let place = Place::of(&self.layout, LevelId::Token, index);
            return at(place, format!("`{name}` is {}, expected a finite number", column[index]));
        }
        self.table.set(*field, table::Values::Number(column));
        Ok(())
    }

    /// The columns that are there, as objectives see them; those of a critic depend on the objective.
    #[must_use]
    pub fn columns(&self) -> Columns<'_> {
        let columns = Columns {
            token: self.table.whole(Field::token),
            segment: self.segment.as_deref(),
            ended: self.table.whole(Field::ended),
            ..Columns::of_outcomes(&self.layout, &[], &[], &[])
        };
        of_table(&self.table, columns)
    }
}

macro_rules! view {
    (
        Always { $($(#[$adoc:meta])+ $always:ident: $alevel:ident $aitem:ident $alog:tt;)* }
        $($by:ident { $(
            $(#[$doc:meta])+
            $name:ident: $level:ident $item:ident if $need:ident ($($kind:ident $key:literal $($missed:tt)*)?);
        )* })*
    ) => {
        /// The columns of the table of columns that are there.
        fn of_table<'a>(table: &'a Table, columns: Columns<'a>) -> Columns<'a> {
            Columns {
                $($always: table.whole(Field::$always).unwrap_or_default(),)*
                $($($($name: { let _ = $key; table.whole(Field::$name) },)?)*)*
                ..columns
            }
        }
    };
}
columns!(view);
