//! A batch from flat arrays: the way in for programs whose rollouts are arrays.
//!
//! Columns of plain numbers, flags and labels are taken as a whole. What is more than that, or wrong, is shown to the reader of JSON
//! as the nesting that it stands for, so it is known, checked and refused by the same code and in the same words.

use super::builder::Builder;
use super::column::Column;
use super::error::{LoggedError, Place};
use super::read::{Groups, problem};
use super::schema::{Field, key};
use super::{Logged, columnar};
use crate::batch::{Layout, LevelId};
use crate::suggest::hint;
use istar_lang::nearest;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Error;
use std::ops::Range;

/// Named arrays over a layout: what a JSON batch has of fields per group, trajectory, step and token, each as one array.
///
/// ```
/// use istar::batch::Layout;
/// use istar::logged::{Arrays, assign};
/// use istar::recipes::Grpo;
///
/// // Two trajectories of one group: of the one two steps, of the other one; three tokens.
/// let layout = Layout::from_owners(&[0, 0], &[0, 0, 1], &[0, 1, 2])?;
/// let batch = Arrays::new(&layout)
///     .traj("outcome", &[1.0, 0.0])
///     .traj("success", &[true, false])
///     .token("old", &[-0.5, -0.6, -0.7])
///     .token("logp", &[-0.5, -0.6, -0.7])
///     .read()?;
/// let advantage = assign(&Grpo, &batch)?.advantage.expect("GRPO has one");
/// assert!(advantage[0] == advantage[1] && advantage[2] == -advantage[0]);
///
/// let error = Arrays::new(&layout).token("old", &[-0.5, f64::NAN, -0.7]).read().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "group 0, trajectory 0, step 1, token 0: `old` is floating point `NaN`, expected a finite number"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Arrays<'a> {
    layout: &'a Layout,
    columns: [Vec<(&'a str, Column<'a>)>; 4],
}

impl<'a> Arrays<'a> {
    /// No field of any element.
    #[must_use]
    pub fn new(layout: &'a Layout) -> Self {
        Arrays { layout, columns: Default::default() }
    }

    /// A field of each group: `prompt`, `checklist`.
    #[must_use]
    pub fn group(self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.with(Unit::Group, name, column.into())
    }

    /// A field of each trajectory: `outcome`, `success`, ...
    #[must_use]
    pub fn traj(self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.with(Unit::Traj, name, column.into())
    }

    /// A field of each step: `state`, `reward`, ...
    #[must_use]
    pub fn step(self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.with(Unit::Step, name, column.into())
    }

    /// A field of each token: `old`, `logp`, ...
    #[must_use]
    pub fn token(self, name: &'a str, column: impl Into<Column<'a>>) -> Self {
        self.with(Unit::Token, name, column.into())
    }

    fn with(mut self, unit: Unit, name: &'a str, column: Column<'a>) -> Self {
        self.columns[unit as usize].push((name, column));
        self
    }

    /// The batch.
    ///
    /// # Errors
    /// A field that its level has not, an array of another length than its level, a value that is not of its field's
    /// type, with its place.
    pub fn read(&self) -> Result<Logged, LoggedError> {
        for unit in [Unit::Group, Unit::Traj, Unit::Step, Unit::Token] {
            for (name, column) in &self.columns[unit as usize] {
                self.check(unit, name, column)
                    .map_err(|problem| LoggedError::At { place: Place::default(), problem })?;
            }
        }
        if let Some(batch) = self.whole() {
            return Ok(batch);
        }
        let mut builder = Builder::default();
        let list = List { arrays: self, unit: Unit::Group, elements: 0..self.layout.groups() };
        match Groups(&mut builder).deserialize(list) {
            Ok(()) => builder.finish(),
            Err(error) => {
                let problem = problem(builder.field, &error.to_string());
                Err(LoggedError::At { place: builder.place, problem })
            }
        }
    }

    /// The batch, if every column can be taken as a whole and nothing is wrong with it: what else there is, is read element by
    /// element, with its place in what is said of it.
    fn whole(&self) -> Option<Logged> {
        let mut columns = Vec::new();
        for unit in [Unit::Group, Unit::Traj, Unit::Step, Unit::Token] {
            for (name, column) in &self.columns[unit as usize] {
                let field = *Field::of(unit.level()?).iter().find(|field| field.key() == *name)?;
                if columns.iter().any(|(known, _)| *known == field) {
                    return None;
                }
                columns.push((field, columnar::values(field, column, self.layout).ok()?));
            }
        }
        columnar::logged(self.layout.clone(), columns).ok()
    }

    fn check(&self, unit: Unit, name: &str, column: &Column<'_>) -> Result<(), String> {
        let (one, many) = unit.words();
        let fields = unit.fields();
        if !fields.contains(&name) {
            let near = hint(nearest(name, fields.iter().copied()));
            return Err(format!("`{name}` is no field of a {one}{near}"));
        }
        let there = unit.count(self.layout);
        match column.lengths().into_iter().find(|length| *length != there) {
            Some(length) => Err(format!("`{name}` has length {length}, and there are {there} {many}")),
            None => Ok(()),
        }
    }
}

/// What an element is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Group,
    Traj,
    Step,
    Token,
}

impl Unit {
    /// One and many of it.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Unit::Group => ("group", "groups"),
            Unit::Traj => ("trajectory", key::TRAJECTORIES),
            Unit::Step => ("step", key::STEPS),
            Unit::Token => ("token", key::TOKENS),
        }
    }

    /// The level whose fields it has.
    fn level(self) -> Option<LevelId> {
        match self {
            Unit::Group => None,
            Unit::Traj => Some(LevelId::Traj),
            Unit::Step => Some(LevelId::Step),
            Unit::Token => Some(LevelId::Token),
        }
    }

    /// Its fields, without those that hold the elements below.
    fn fields(self) -> Vec<&'static str> {
        let beside: &[&str] = match self {
            Unit::Group => &[key::PROMPT, key::CHECKLIST],
            Unit::Traj => &[key::COLUMNS, key::VALUE_AFTER, key::FINAL_VALUE],
            Unit::Step => &[key::COLUMNS, key::VALUES],
            Unit::Token => &[key::COLUMNS],
        };
        self.level()
            .into_iter()
            .flat_map(Field::of)
            .map(|field| field.key())
            .chain(beside.iter().copied())
            .collect()
    }

    fn count(self, layout: &Layout) -> usize {
        match self {
            Unit::Group => layout.groups(),
            Unit::Traj => layout.trajs(),
            Unit::Step => layout.steps(),
            Unit::Token => layout.tokens(),
        }
    }

    /// What element `index` holds, and which of them.
    fn below(self, layout: &Layout, index: usize) -> Option<(Unit, Range<usize>)> {
        match self {
            Unit::Group => Some((Unit::Traj, layout.trajs_of(index))),
            Unit::Traj => Some((Unit::Step, layout.steps_of(index))),
            Unit::Step => Some((Unit::Token, layout.tokens_of(index))),
            Unit::Token => None,
        }
    }
}

/// The elements of a unit, as a list in JSON.
struct List<'s, 'a> {
    arrays: &'s Arrays<'a>,
    unit: Unit,
    elements: Range<usize>,
}

impl<'de> Deserializer<'de> for List<'_, '_> {
    type Error = Error;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for List<'_, '_> {
    type Error = Error;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(index) = self.elements.next() else { return Ok(None) };
        seed.deserialize(Element { arrays: self.arrays, unit: self.unit, index, next: 0 }).map(Some)
    }
}

/// An element, as an object in JSON: its fields, then what it holds.
struct Element<'s, 'a> {
    arrays: &'s Arrays<'a>,
    unit: Unit,
    index: usize,
    next: usize,
}

impl<'de> Deserializer<'de> for Element<'_, '_> {
    type Error = Error;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(self)
    }
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'a> Element<'_, 'a> {
    fn columns(&self) -> &[(&'a str, Column<'a>)] {
        &self.arrays.columns[self.unit as usize]
    }
}

impl<'de> MapAccess<'de> for Element<'_, '_> {
    type Error = Error;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let key = match self.columns().get(self.next) {
            Some((name, _)) => *name,
            None if self.next > self.columns().len() => return Ok(None),
            None => match self.unit.below(self.arrays.layout, self.index) {
                Some((unit, _)) => unit.words().1,
                None => return Ok(None),
            },
        };
        self.next += 1;
        seed.deserialize(IntoDeserializer::<Error>::into_deserializer(key)).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some((_, column)) = self.columns().get(self.next - 1) else {
            let below = self.unit.below(self.arrays.layout, self.index);
            let (unit, elements) = below.expect("its key has just been given");
            return seed.deserialize(List { arrays: self.arrays, unit, elements });
        };
        let i = self.index;
        match column {
            Column::Numbers(column) => {
                seed.deserialize(IntoDeserializer::<Error>::into_deserializer(column[i]))
            }
            Column::Integers(column) => {
                seed.deserialize(IntoDeserializer::<Error>::into_deserializer(column[i]))
            }
            Column::Flags(column) => {
                seed.deserialize(IntoDeserializer::<Error>::into_deserializer(column[i]))
            }
            Column::Texts(column) => {
                seed.deserialize(IntoDeserializer::<Error>::into_deserializer(column[i]))
            }
            Column::Heads(heads) => {
                seed.deserialize(MapDeserializer::new(heads.iter().map(|(head, column)| (*head, column[i]))))
            }
            Column::Json(column) => seed.deserialize(column[i].clone()),
        }
    }
}
