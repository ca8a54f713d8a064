//! Flat rows: what is known of a sequence under one name each, lists with an entry per token.

use super::nest::{Piece, Sample, Slot};
use super::{Outcome, Reading, Step};
use crate::logged::names::others;
use crate::logged::schema::Field;
use serde_json::{Map, Value};

type Row = Map<String, Value>;

/// Fields of tokens that a row may have lists of.
const OF_TOKENS: &[Field] = &[
    Field::old,
    Field::logp,
    Field::init,
    Field::snapshot,
    Field::ema,
    Field::prm,
    Field::value,
    Field::vpred,
    Field::entropy,
    Field::adv,
    Field::ret,
];

/// Fields of a step that is a row.
const OF_STEPS: &[Field] = &[Field::state, Field::reward, Field::invalid, Field::agent, Field::tag];

impl Reading<'_> {
    /// What a row has under one of the names of a field; null is nothing.
    pub(super) fn get<'r>(&self, row: &'r Row, field: Field) -> Option<(&'static str, &'r Value)> {
        self.named(row, field).filter(|(_, value)| !value.is_null())
    }

    fn named<'r>(&self, row: &'r Row, field: Field) -> Option<(&'static str, &'r Value)> {
        if let Some(name) = self.names.told(field) {
            return row.get(name).map(|value| (field.key(), value));
        }
        let own = self.format.names.iter().find(|(of, _)| *of == field).map_or(&[][..], |(_, names)| *names);
        let elsewhere = if own.is_empty() { others(field) } else { &[] };
        let mut names = own.iter().copied().chain([field.key()]).chain(elsewhere.iter().copied());
        names.find_map(|name| row.get(name).map(|value| (name, value)))
    }

    /// What the rows of a group have in common.
    pub(super) fn group(&self, row: &Row) -> Option<String> {
        if let Some(name) = self.names.word("group") {
            return row.get(name).map(Value::to_string);
        }
        let lists = self.format.group.iter().find(|keys| keys.iter().all(|key| row.contains_key(*key)));
        lists.map(|keys| keys.iter().map(|key| row[*key].to_string()).collect::<Vec<_>>().join(" "))
    }

    fn traj(&self, row: &Row) -> Option<String> {
        let keys = self.format.traj.iter().copied();
        let mut names = self.names.word("trajectory").into_iter().chain(keys);
        names.find_map(|key| row.get(key)).map(Value::to_string)
    }

    /// Outcome and label.
    pub(super) fn of_traj(&self, row: &Row) -> Result<Vec<(Field, Value)>, String> {
        let mut fields = Vec::new();
        let found = match self.format.outcome {
            Outcome::Columns if self.names.told(Field::outcome).is_none() => Some(rewards(row)?),
            outcome => {
                self.named(row, Field::outcome).map(|(name, value)| one(name, value, outcome)).transpose()?
            }
        };
        fields.extend(found.map(|value| (Field::outcome, value)));
        fields.extend(self.get(row, Field::success).map(|(_, value)| (Field::success, flag(value))));
        Ok(fields)
    }
}

/// 1.0 and 0.0, as scorers have it, and whatever else a flag is.
fn flag(value: &Value) -> Value {
    match value.as_f64() {
        Some(x) if x == 0.0 || x == 1.0 => Value::Bool(x == 1.0),
        _ => value.clone(),
    }
}

/// One number of what may be one per token.
fn one(name: &str, value: &Value, outcome: Outcome) -> Result<Value, String> {
    let Some(list) = value.as_array() else { return Ok(value.clone()) };
    let number = |(i, x): (usize, &Value)| {
        x.as_f64().ok_or_else(|| format!("`{name}`[{i}] is {x}, expected a finite number"))
    };
    let numbers: Vec<f64> = list.iter().enumerate().map(number).collect::<Result<_, _>>()?;
    match (outcome, numbers.first()) {
        (Outcome::Same, Some(first)) if numbers.iter().all(|x| x == first) => Ok((*first).into()),
        (Outcome::Same, _) => {
            Err(format!("`{name}` has no one number for the sequence: name another by --map outcome=.."))
        }
        _ => Ok(numbers.iter().sum::<f64>().into()),
    }
}

/// The sum of all columns that are rewards: numbers, and null where one does not apply.
fn rewards(row: &Row) -> Result<Value, String> {
    const NONE: &[&str] = &["step", "advantage", "entropy", "index", "rank", "epoch"];
    let is_one = |(key, value): &(&String, &Value)| {
        !NONE.contains(&key.as_str()) && !key.starts_with("istar_") && (value.is_number() || value.is_null())
    };
    let found: Vec<(&String, &Value)> = row.iter().filter(is_one).collect();
    let numbers: Vec<f64> = found.iter().filter_map(|(_, value)| value.as_f64()).collect();
    if numbers.is_empty() {
        let names: Vec<&str> = found.iter().map(|(key, _)| key.as_str()).collect();
        let are = if names.is_empty() {
            "it has no column of rewards".into()
        } else {
            format!("no reward is a number: {}", names.join(", "))
        };
        return Err(format!("{are}; name one by --map outcome=.."));
    }
    Ok(numbers.iter().sum::<f64>().into())
}

/// The one sample of a flat row.
pub(super) fn samples(reading: &Reading<'_>, number: usize, row: &Row) -> Result<Vec<Sample>, String> {
    let format = reading.format;
    let group = match reading.group(row) {
        Some(group) => group,
        None if reading.names.word("group").is_some() => {
            let name = reading.names.word("group").unwrap_or_default();
            return Err(format!("`{name}` is missing, and --map says that it is the group"));
        }
        None if format.traj.is_empty() && !format.advantage_only => format!("row {number}"),
        None => {
            let keys = format.group.last().copied().unwrap_or_default();
            return Err(format!(
                "`{}` is missing, and rows of one group have it in common; --map group=.. names another",
                keys.join("`, `")
            ));
        }
    };
    let (mask, lists, length) = lists(reading, row)?;
    let steps = if is_idle(row) { Vec::new() } else { steps(reading.step, &written(mask, length)?) };
    let mut pieces = Vec::with_capacity(steps.len());
    let rows_fields = of_step(reading, row, steps.len())?;
    for step in steps {
        let numbers = lists.iter().map(|(field, (name, list))| {
            let number = |place: &usize| {
                let x = &list[*place];
                x.as_f64().ok_or_else(|| format!("`{name}`[{place}] is {x}, expected a finite number"))
            };
            Ok((*field, step.iter().map(number).collect::<Result<_, String>>()?))
        });
        let numbers = numbers.collect::<Result<_, String>>()?;
        let word = reading.get(row, Field::word).filter(|_| length.is_none()).map(|(_, value)| shown(value));
        pieces.push(Piece {
            fields: rows_fields.clone(),
            places: step.iter().map(|place| (0, *place)).collect(),
            numbers,
            words: word.map(|word| vec![word]),
        });
    }
    let slots = vec![Slot { path: Vec::new(), length }];
    let fields = reading.of_traj(row)?;
    Ok(vec![Sample { row: number, group, traj: reading.traj(row), fields, steps: pieces, slots }])
}

/// A text, or what stands for it; of chat messages what they say.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(messages) if messages.iter().all(|message| message.get("content").is_some()) => {
            messages.iter().map(|message| shown(&message["content"])).collect::<Vec<_>>().join("\n")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether the row stands for a step after the end of its episode.
fn is_idle(row: &Row) -> bool {
    row.get("active_masks").is_some_and(|active| flag(active) == Value::Bool(false))
}

/// A list of tokens: the name that it has in the row, its entries.
type List<'r> = (&'r str, &'r Vec<Value>);

/// What a row says of its tokens: the mask, lists by field, and the one length of all.
type Lists<'r> = (Option<List<'r>>, Vec<(Field, List<'r>)>, Option<usize>);

fn lists<'r>(reading: &Reading<'r>, row: &'r Row) -> Result<Lists<'r>, String> {
    let mask = mask(reading, row)?;
    let mut found = Vec::new();
    for field in OF_TOKENS {
        if reading.format.advantage_only && reading.names.told(*field).is_none() {
            continue;
        }
        match reading.get(row, *field) {
            Some((name, Value::Array(list))) => found.push((*field, (name, list))),
            Some((name, Value::String(text))) if text.starts_with('[') => {
                let text = brief(&Value::String(text.clone()));
                return Err(format!("`{name}` is {text}, and no list of numbers as JSON has it"));
            }
            _ => {}
        }
    }
    let mut lengths =
        mask.into_iter().chain(found.iter().map(|(_, list)| *list)).map(|(name, list)| (name, list.len()));
    let Some((first, length)) = lengths.next() else { return Ok((mask, found, None)) };
    match lengths.find(|(_, other)| *other != length) {
        Some((name, other)) => Err(format!("`{name}` has length {other}, and `{first}` {length}")),
        None => Ok((mask, found, Some(length))),
    }
}

/// The mask, if there is one.
fn mask<'r>(reading: &Reading<'r>, row: &'r Row) -> Result<Option<List<'r>>, String> {
    let found = match reading.names.word("mask") {
        Some(name) => Some((name, row.get(name).unwrap_or(&Value::Null))),
        None => {
            let mut names = reading.format.mask.iter().copied();
            names.find_map(|name| row.get(name).filter(|value| !value.is_null()).map(|value| (name, value)))
        }
    };
    match found {
        None => Ok(None),
        Some((name, Value::Array(list))) => Ok(Some((name, list))),
        Some((name, other)) => Err(format!("`{name}` is {}, and a mask is a list of 0 and 1", brief(other))),
    }
}

/// The beginning of a value.
fn brief(value: &Value) -> String {
    let text: String = value.to_string().chars().take(24).collect();
    if text.len() < 24 { text } else { format!("{text}..") }
}

/// Which tokens the policy wrote; of a row without lists, one.
fn written(mask: Option<List<'_>>, length: Option<usize>) -> Result<Vec<bool>, String> {
    let Some((name, mask)) = mask else { return Ok(vec![true; length.unwrap_or(1)]) };
    let entry = |(i, x): (usize, &Value)| {
        flag(x).as_bool().ok_or_else(|| format!("`{name}`[{i}] is {x}, expected 0 or 1"))
    };
    mask.iter().enumerate().map(entry).collect()
}

/// The places of the tokens of each step.
fn steps(step: Step, written: &[bool]) -> Vec<Vec<usize>> {
    let places = (0..written.len()).filter(|place| written[*place]);
    match step {
        Step::Row => vec![places.collect()],
        Step::Token => places.map(|place| vec![place]).collect(),
        Step::Run => places.collect::<Vec<_>>().chunk_by(|a, b| a + 1 == *b).map(<[usize]>::to_vec).collect(),
    }
}

/// Fields of the step that a row is; a row of several has none.
fn of_step(reading: &Reading<'_>, row: &Row, steps: usize) -> Result<Vec<(Field, Value)>, String> {
    let mut fields = Vec::new();
    for field in OF_STEPS.iter().filter(|_| steps == 1) {
        if reading.format.advantage_only && reading.names.told(*field).is_none() {
            continue;
        }
        let Some((name, value)) = reading.get(row, *field) else { continue };
        let value = match field {
            Field::reward => one(name, value, Outcome::Sum)?,
            Field::invalid => flag(value),
            _ if value.is_string() || value.is_i64() || value.is_u64() => value.clone(),
            _ => Value::String(value.to_string()),
        };
        fields.push((*field, value));
    }
    Ok(fields)
}
