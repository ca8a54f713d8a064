//! From JSON straight into columns: no tree of values is built, whatever the length.

use super::builder::Builder;
use super::error::LoggedError;
use super::mend::mend;
use super::schema::{Field, Kind, key};
use super::table::Value as Stored;
use super::value::{Flag, Found, Heads, Key, Label, Number, Text};
use super::{Document, FieldNames, Logged, Remark};
use crate::batch::{Item, LevelId};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use std::collections::BTreeMap;
use std::fmt::Formatter;

impl Document {
    /// Reads a batch alone (`{"groups": ..}`), or one under the key `batch` beside whatever else a file has. Texts that are no
    /// Unicode are read all the same, with a [remark](super::Remark).
    ///
    /// # Errors
    /// Text that is no JSON, and values that are not of their field's type, with their place; what is missing shows
    /// when an objective wants it, see [`assign`](super::assign).
    pub fn read(text: &[u8]) -> Result<Self, LoggedError> {
        Self::read_as(text, &FieldNames::default())
    }

    /// The same of a batch whose fields have other names.
    ///
    /// # Errors
    /// As there.
    pub fn read_as(text: &[u8], names: &FieldNames) -> Result<Self, LoggedError> {
        let read = Self::parse(text, names);
        if !matches!(read, Err(LoggedError::Json { .. })) {
            return read;
        }
        let (mended, odd) = mend(text);
        if odd == 0 && mended.len() == text.len() {
            return read;
        }
        let mut document = Self::parse(&mended, names)?;
        if odd > 0 {
            let what = "a text is no Unicode; what is none is shown as U+FFFD with its number";
            document.batch.remarks.push(Remark { count: odd, ..Remark::of_batch(what) });
        }
        Ok(document)
    }

    fn parse(text: &[u8], names: &FieldNames) -> Result<Self, LoggedError> {
        let mut builder = Builder::of(names);
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        let read = Whole(&mut builder)
            .deserialize(&mut deserializer)
            .and_then(|document| deserializer.end().map(|()| document));
        match read {
            Ok((case, params)) => Ok(Document { case, params, batch: builder.finish()? }),
            Err(error) => Err(explain(&error, text, &builder)),
        }
    }
}

impl Logged {
    /// The batch of [`Document::read`].
    ///
    /// # Errors
    /// As there.
    pub fn read(text: &[u8]) -> Result<Self, LoggedError> {
        Document::read(text).map(|document| document.batch)
    }
}

/// What serde says, with the place in the batch.
fn explain(error: &serde_json::Error, text: &[u8], builder: &Builder) -> LoggedError {
    let (line, column) = (error.line(), error.column());
    let said = error.to_string();
    let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said);
    let at = |problem: String| LoggedError::At { place: builder.place, problem };
    let field = builder.field;
    match (error.classify(), field) {
        (Category::Data, field) => at(problem(field, said)),
        (_, field) => match (not_a_number(said, text, line, column), field) {
            (Some(word), Some(field)) => at(format!("`{field}` is {word}, expected a finite number")),
            _ => LoggedError::Json { line, column, problem: said.to_owned() },
        },
    }
}

/// What serde says of a field, in words of the batch.
pub(super) fn problem(field: Option<&str>, said: &str) -> String {
    let kind = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "));
    match (field, kind) {
        (Some(field), Some(is)) => format!("`{field}` is {is}"),
        (Some(field), None) => format!("`{field}` {said}"),
        (None, _) => said.to_owned(),
    }
}

/// What stands for a number and is none: a word that Python writes and JSON does not have, or too many digits.
pub(super) fn not_a_number(said: &str, text: &[u8], line: usize, column: usize) -> Option<&'static str> {
    if said == "number out of range" {
        return Some("too large");
    }
    let start =
        text.split(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(|line| line.len() + 1).sum();
    let line: &[u8] = text.get(start..)?;
    // The parser stops at the word, or just behind its sign or first letter.
    let near = |back: usize| line.get(column.checked_sub(back)?..);
    ["NaN", "-Infinity", "Infinity"]
        .into_iter()
        .find(|word| (0..3).filter_map(near).any(|rest| rest.starts_with(word.as_bytes())))
}

/// Visits an object: `$what` is a `$name`, read by `$visit`.
macro_rules! object {
    ($name:ident -> $value:ty, $what:literal, |$builder:ident, $map:ident| $visit:block) => {
        struct $name<'a>(&'a mut Builder);
        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = $value;
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.deserialize_map(self)
            }
        }
        impl<'de> Visitor<'de> for $name<'_> {
            type Value = $value;
            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str($what)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut $map: A) -> Result<$value, A::Error> {
                let $builder = self.0;
                $visit
            }
        }
    };
}

/// Visits a list of objects, the number of each in the place's `$part`.
macro_rules! list {
    ($name:ident of $item:ident, $key:literal, $part:ident) => {
        pub(super) struct $name<'a>(pub(super) &'a mut Builder);
        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = ();
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_seq(self)
            }
        }
        impl<'de> Visitor<'de> for $name<'_> {
            type Value = ();
            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!("a list of ", $key))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
                // The place is that of the next element, so that what is wrong with it is said of it.
                for index in 0.. {
                    (self.0.place.$part, self.0.field) = (Some(index), None);
                    if seq.next_element_seed($item(self.0))?.is_none() {
                        break;
                    }
                }
                (self.0.place.$part, self.0.field) = (None, Some($key));
                Ok(())
            }
        }
    };
}

list!(Groups of Group, "groups", group);
list!(Trajectories of Trajectory, "trajectories", trajectory);
list!(Steps of Step, "steps", step);
list!(Tokens of Token, "tokens", token);

object!(Token -> (), "a token", |builder, map| {
    while let Some(found) = map.next_key_seed(Key(Some(LevelId::Token), &[key::COLUMNS], &builder.told))? {
        match found {
            Found::Field(field) => value(builder, field, &mut map)?,
            Found::Other(_) => own(builder, LevelId::Token, &mut map)?,
            Found::Elsewhere(key) => builder.pass(LevelId::Token, key, map.next_value()?),
            Found::Nothing => _ = map.next_value::<IgnoredAny>()?,
        }
    }
    builder.token();
    Ok(())
});

object!(Step -> (), "a step", |builder, map| {
    let (mut values, mut tokens) = (None, None);
    while let Some(found) = map.next_key_seed(Key(Some(LevelId::Step), &[key::COLUMNS, key::VALUES, key::TOKENS], &builder.told))? {
        match found {
            Found::Field(field) => value(builder, field, &mut map)?,
            Found::Other(key::COLUMNS) => own(builder, LevelId::Step, &mut map)?,
            Found::Other(key) => {
                builder.field = Some(key);
                once(match key {
                    key::VALUES => {
                        let heads: BTreeMap<String, Number> = map.next_value()?;
                        values.replace(heads.into_iter().map(|(head, x)| (head, x.0)).collect()).is_none()
                    }
                    _ => tokens.replace(map.next_value_seed(Tokens(builder))?).is_none(),
                })?;
            }
            Found::Elsewhere(key) => builder.pass(LevelId::Step, key, map.next_value()?),
            Found::Nothing => _ = map.next_value::<IgnoredAny>()?,
        }
    }
    needs(builder, tokens, key::TOKENS)?;
    builder.step(values).map_err(A::Error::custom)
});

object!(Trajectory -> (), "a trajectory", |builder, map| {
    let (mut value_after, mut steps) = (None, None);
    while let Some(found) = map.next_key_seed(Key(Some(LevelId::Traj), &[key::COLUMNS, key::VALUE_AFTER, key::FINAL_VALUE, key::STEPS], &builder.told))? {
        match found {
            Found::Field(field) => value(builder, field, &mut map)?,
            Found::Other(key::COLUMNS) => own(builder, LevelId::Traj, &mut map)?,
            Found::Other(key) => {
                builder.field = Some(key);
                once(match key {
                    key::VALUE_AFTER | key::FINAL_VALUE => {
                        value_after.replace(map.next_value::<Heads>()?.0).is_none()
                    }
                    _ => steps.replace(map.next_value_seed(Steps(builder))?).is_none(),
                })?;
            }
            Found::Elsewhere(key) => builder.pass(LevelId::Traj, key, map.next_value()?),
            Found::Nothing => _ = map.next_value::<IgnoredAny>()?,
        }
    }
    needs(builder, steps, key::STEPS)?;
    builder.trajectory(value_after);
    Ok(())
});

object!(Group -> (), "a group", |builder, map| {
    let (mut prompt, mut checklist, mut trajectories) = (None, None, None);
    while let Some(found) = map.next_key_seed(Key(None, &[key::PROMPT, key::CHECKLIST, key::TRAJECTORIES], &[]))? {
        let Found::Other(key) = found else {
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        builder.field = Some(key);
        once(match key {
            // A prompt is only shown: a list of chat messages is as good as a text.
            key::PROMPT => prompt.replace(map.next_value::<Value>()?).is_none(),
            key::CHECKLIST => checklist.replace(map.next_value::<Turns>()?).is_none(),
            _ => trajectories.replace(map.next_value_seed(Trajectories(builder))?).is_none(),
        })?;
    }
    needs(builder, trajectories, key::TRAJECTORIES)?;
    let turns = checklist.map(Turns::items);
    builder.group(prompt, turns);
    Ok(())
});

object!(Batch -> (), "a batch", |builder, map| {
    let mut groups = None;
    while let Some(found) = map.next_key_seed(Key(None, &[key::GROUPS], &[]))? {
        match found {
            Found::Other(key) => {
                builder.field = Some(key);
                once(groups.replace(map.next_value_seed(Groups(builder))?).is_none())?;
            }
            _ => _ = map.next_value::<IgnoredAny>()?,
        }
    }
    needs(builder, groups, key::GROUPS)
});

object!(Whole -> (Option<String>, Value), "a batch", |builder, map| {
    let (mut batch, mut case, mut params) = (None, None, Value::Null);
    while let Some(found) = map.next_key_seed(Key(None, &[key::GROUPS, key::BATCH, key::CASE, key::PARAMS], &[]))? {
        let Found::Other(key) = found else {
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        builder.field = Some(key);
        match key {
            key::GROUPS => once(batch.replace(map.next_value_seed(Groups(builder))?).is_none())?,
            key::BATCH => once(batch.replace(map.next_value_seed(Batch(builder))?).is_none())?,
            key::CASE => case = Some(map.next_value()?),
            _ => params = map.next_value()?,
        }
        builder.field = None;
    }
    needs(builder, batch, key::GROUPS)?;
    Ok((case, params))
});

/// Reads the value of a field.
fn value<'de, A: MapAccess<'de>>(builder: &mut Builder, field: Field, map: &mut A) -> Result<(), A::Error> {
    builder.field = Some(field.key());
    let value = match field.kind() {
        Kind::Number => Stored::Number(map.next_value::<Number>()?.0),
        Kind::Flag => Stored::Number(map.next_value::<Flag>()?.0),
        Kind::Not => Stored::Number(1.0 - map.next_value::<Flag>()?.0),
        Kind::Count => Stored::Label(map.next_value()?),
        Kind::Label | Kind::GroupLabel => Stored::Label(map.next_value_seed(Label(builder.labels(field)))?),
        Kind::Shown => Stored::Text(map.next_value::<Text>()?.0.unwrap_or_default()),
        Kind::Text => match map.next_value::<Text>()?.0 {
            Some(text) => Stored::Text(text),
            None => return Ok(()),
        },
        Kind::Role => Stored::Role(map.next_value()?),
        Kind::Items => Stored::Items(map.next_value()?),
    };
    builder.put(field, value).map_err(A::Error::custom)
}

/// Reads columns of somebody's own: a number by name.
fn own<'de, A: MapAccess<'de>>(builder: &mut Builder, level: LevelId, map: &mut A) -> Result<(), A::Error> {
    builder.field = Some(key::COLUMNS);
    let columns: BTreeMap<String, Number> = map.next_value()?;
    let columns = columns.into_iter().map(|(name, x)| (name, x.0));
    builder.put_own(level, columns).map_err(A::Error::custom)
}

/// The checklist of a group.
#[derive(Deserialize)]
pub(super) struct Turns {
    turns: Vec<Turn>,
}
impl Turns {
    /// Turn by turn, its items.
    pub(super) fn items(self) -> crate::batch::Turns {
        self.turns.into_iter().map(|turn| turn.items).collect()
    }
}
#[derive(Deserialize)]
struct Turn {
    items: Vec<Item>,
}

/// A key may stand once.
fn once<E: Error>(holds: bool) -> Result<(), E> {
    if holds { Ok(()) } else { Err(E::custom("stands twice")) }
}

/// A key must be there.
fn needs<E: Error>(builder: &mut Builder, found: Option<()>, field: &'static str) -> Result<(), E> {
    builder.field = Some(field);
    found.ok_or_else(|| E::custom("is missing"))
}
