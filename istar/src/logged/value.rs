//! Single values of the schema: numbers that are finite, flags, labels; anything else is refused in words.

use super::names::elsewhere;
use super::schema::Field;
use crate::batch::LevelId;
use rustc_hash::FxHashMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor};
use std::collections::BTreeMap;
use std::fmt::Formatter;

/// A finite number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Finite;
        impl Visitor<'_> for Finite {
            type Value = Number;
            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("a finite number")
            }
            fn visit_f64<E: Error>(self, x: f64) -> Result<Number, E> {
                if x.is_finite() { Ok(Number(x)) } else { Err(E::invalid_value(Unexpected::Float(x), &self)) }
            }
            fn visit_u64<E: Error>(self, x: u64) -> Result<Number, E> {
                Ok(Number(x as f64))
            }
            fn visit_i64<E: Error>(self, x: i64) -> Result<Number, E> {
                Ok(Number(x as f64))
            }
        }
        deserializer.deserialize_f64(Finite)
    }
}

/// What the heads of a critic say of one state: a number by head; or a number, of the only head, which has no name.
#[derive(Clone, Debug)]
pub(super) struct Heads(pub(super) Vec<(String, f64)>);

impl<'de> Deserialize<'de> for Heads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Heads;
            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("a finite number, or one by head")
            }
            fn visit_f64<E: Error>(self, x: f64) -> Result<Heads, E> {
                let only = |x| Heads(vec![(String::new(), x)]);
                if x.is_finite() { Ok(only(x)) } else { Err(E::invalid_value(Unexpected::Float(x), &self)) }
            }
            fn visit_u64<E: Error>(self, x: u64) -> Result<Heads, E> {
                self.visit_f64(x as f64)
            }
            fn visit_i64<E: Error>(self, x: i64) -> Result<Heads, E> {
                self.visit_f64(x as f64)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Heads, A::Error> {
                let heads = BTreeMap::<String, Number>::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Heads(heads.into_iter().map(|(head, x)| (head, x.0)).collect()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// `true`, `false`, 1 or 0; as 1 or 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flag(pub(super) f64);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Flag;
            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("true or false")
            }
            fn visit_bool<E: Error>(self, yes: bool) -> Result<Flag, E> {
                Ok(Flag(f64::from(u8::from(yes))))
            }
            fn visit_u64<E: Error>(self, x: u64) -> Result<Flag, E> {
                if x < 2 { Ok(Flag(x as f64)) } else { Err(E::invalid_value(Unexpected::Unsigned(x), &self)) }
            }
            fn visit_f64<E: Error>(self, x: f64) -> Result<Flag, E> {
                if x == 0.0 || x == 1.0 {
                    Ok(Flag(x))
                } else {
                    Err(E::invalid_value(Unexpected::Float(x), &self))
                }
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A text or an integer, as the number of its first appearance.
#[derive(Debug)]
pub(super) struct Label<'a>(pub(super) &'a mut FxHashMap<String, u32>);

impl Label<'_> {
    fn number(self, text: &str) -> u32 {
        if let Some(number) = self.0.get(text) {
            return *number;
        }
        let next = self.0.len() as u32;
        self.0.insert(text.to_owned(), next);
        next
    }
}

impl<'de> DeserializeSeed<'de> for Label<'_> {
    type Value = u32;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u32, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Label<'_> {
    type Value = u32;
    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text or an integer")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<u32, E> {
        Ok(self.number(text))
    }
    fn visit_u64<E: Error>(self, x: u64) -> Result<u32, E> {
        Ok(self.number(&x.to_string()))
    }
    fn visit_i64<E: Error>(self, x: i64) -> Result<u32, E> {
        Ok(self.number(&x.to_string()))
    }
}

/// A text, or anything else as it is written in JSON; nothing for null.
#[derive(Debug)]
pub(super) struct Text(pub(super) Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Text(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }))
    }
}

/// A key: a field of this level, under its own name or the one that the reader was told, or one of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a>(
    pub(super) Option<LevelId>,
    pub(super) &'static [&'static str],
    pub(super) &'a [(Field, String)],
);

/// What a key is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// A field of the level.
    Field(Field),
    /// One of the list.
    Other(&'static str),
    /// A name that another program has for a field; it is passed over.
    Elsewhere(&'static str),
    /// Neither: it is passed over.
    Nothing,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Found;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Found;
    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Found, E> {
        let Key(level, others, told) = self;
        let Some(level) = level else {
            return Ok(others
                .iter()
                .find(|key| **key == text)
                .map_or(Found::Nothing, |key| Found::Other(key)));
        };
        let told_name =
            |field: &Field| told.iter().find(|(of, _)| of == field).map(|(_, name)| name.as_str());
        let is = |field: &&Field| told_name(field).unwrap_or(field.key()) == text;
        Ok(Field::of(level)
            .iter()
            .find(is)
            .map(|field| Found::Field(*field))
            .or(others.iter().find(|key| **key == text).map(|key| Found::Other(key)))
            .or(elsewhere(level, text).map(Found::Elsewhere))
            .unwrap_or(Found::Nothing))
    }
}
