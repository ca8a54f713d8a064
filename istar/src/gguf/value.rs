//! The named values of a file.

use super::Cursor;
use std::fmt;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number.
    Whole(i128),
    /// A number.
    Float(f64),
    /// Yes or no.
    Flag(bool),
    /// A text.
    Text(String),
    /// Several of one kind.
    List(List),
}

/// Several values of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum List {
    /// Numbers and flags.
    Numbers(Vec<f64>),
    /// Texts.
    Texts(Vec<String>),
}

const TEXT: u32 = 8;
const LIST: u32 = 9;

impl Value {
    pub(super) fn parse(cursor: &mut Cursor, key: &str) -> Result<Self, String> {
        let kind = cursor.u32(&format!("the kind of value `{key}`"))?;
        Self::of_kind(cursor, kind, key)
    }

    fn of_kind(cursor: &mut Cursor, kind: u32, key: &str) -> Result<Self, String> {
        let what = format!("value `{key}`");
        Ok(match kind {
            TEXT => Value::Text(cursor.text(&what)?),
            LIST => {
                let kind = cursor.u32(&format!("the kind of the list `{key}`"))?;
                let len = cursor.count(&format!("the length of the list `{key}`"), 1)?;
                Value::List(List::parse(cursor, kind, len, key)?)
            }
            _ => Self::scalar(cursor, kind, &what)?,
        })
    }

    fn scalar(cursor: &mut Cursor, kind: u32, what: &str) -> Result<Self, String> {
        let whole = |number: i128| Ok(Value::Whole(number));
        match kind {
            0 => whole(i128::from(cursor.array::<1>(what)?[0])),
            1 => whole(i128::from(i8::from_le_bytes(cursor.array(what)?))),
            2 => whole(i128::from(u16::from_le_bytes(cursor.array(what)?))),
            3 => whole(i128::from(i16::from_le_bytes(cursor.array(what)?))),
            4 => whole(i128::from(cursor.u32(what)?)),
            5 => whole(i128::from(i32::from_le_bytes(cursor.array(what)?))),
            6 => Ok(Value::Float(f64::from(f32::from_le_bytes(cursor.array(what)?)))),
            7 => Ok(Value::Flag(cursor.array::<1>(what)?[0] != 0)),
            10 => whole(i128::from(cursor.u64(what)?)),
            11 => whole(i128::from(i64::from_le_bytes(cursor.array(what)?))),
            12 => Ok(Value::Float(f64::from_le_bytes(cursor.array(what)?))),
            _ => Err(format!("{what} is of kind {kind}; 0 to 12 are known")),
        }
    }

    /// A whole number from 0.
    pub fn number(&self) -> Option<u64> {
        match self {
            Value::Whole(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// A number.
    pub fn float(&self) -> Option<f64> {
        match self {
            Value::Whole(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A list of texts.
    pub fn texts(&self) -> Option<&[String]> {
        match self {
            Value::List(List::Texts(texts)) => Some(texts),
            _ => None,
        }
    }

    /// A list of numbers.
    pub fn numbers(&self) -> Option<&[f64]> {
        match self {
            Value::List(List::Numbers(numbers)) => Some(numbers),
            _ => None,
        }
    }
}

impl List {
    fn parse(cursor: &mut Cursor, kind: u32, len: usize, key: &str) -> Result<Self, String> {
        match kind {
            TEXT => {
                let what = format!("a text of the list `{key}`");
                (0..len).map(|_| cursor.text(&what)).collect::<Result<_, _>>().map(List::Texts)
            }
            LIST => Err(format!("the list `{key}` holds lists, which are not read")),
            _ => {
                let what = format!("a number of the list `{key}`");
                let number = |value| match value {
                    Value::Flag(flag) => f64::from(u8::from(flag)),
                    other => other.float().unwrap_or(f64::NAN),
                };
                let all = (0..len).map(|_| Value::scalar(cursor, kind, &what).map(number));
                all.collect::<Result<_, _>>().map(List::Numbers)
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Whole(number) => write!(f, "{number}"),
            Value::Float(number) => write!(f, "{number}"),
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::Text(text) => write!(f, "{text:?}"),
            Value::List(List::Numbers(numbers)) => write!(f, "a list of {} numbers", numbers.len()),
            Value::List(List::Texts(texts)) => write!(f, "a list of {} texts", texts.len()),
        }
    }
}
