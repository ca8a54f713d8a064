//! Hyper-parameters in files: a map from name to number.

use super::Objective;
use super::erased::{listed, place};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use std::fmt::Formatter;
use std::marker::PhantomData;

/// Writes the hyper-parameters as a map, in order of declaration.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<O: Objective, S: Serializer>(objective: &O, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(O::PARAMS.len()))?;
    for (param, value) in O::PARAMS.iter().zip(objective.values()) {
        map.serialize_entry(param.name, &value)?;
    }
    map.end()
}

/// Reads hyper-parameters from a map; what is not there takes its default.
///
/// # Errors
/// A name that is not declared or stands twice, or a declared one without default that is not there.
pub fn deserialize<'de, O: Objective, D: Deserializer<'de>>(deserializer: D) -> Result<O, D::Error> {
    deserializer.deserialize_map(Values(PhantomData))
}

struct Values<O>(PhantomData<O>);

impl<'de, O: Objective> Visitor<'de> for Values<O> {
    type Value = O;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = O::PARAMS.iter().map(|param| param.name).collect();
        write!(f, "the hyper-parameters of {}: {}", O::NAME, listed(&names))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<O, A::Error> {
        let mut values: Vec<Option<f64>> = vec![None; O::PARAMS.len()];
        while let Some(name) = map.next_key::<String>()? {
            let index = place(O::NAME, O::PARAMS, &name).map_err(Error::custom)?;
            if values[index].replace(map.next_value()?).is_some() {
                return Err(Error::custom(format!("hyper-parameter `{name}` of {} is given twice", O::NAME)));
            }
        }
        let values = values.into_iter().zip(O::PARAMS).map(|(value, param)| {
            value.or(param.default).ok_or_else(|| {
                Error::custom(format!(
                    "hyper-parameter `{}` of {} has no default: give it a value",
                    param.name,
                    O::NAME
                ))
            })
        });
        Ok(O::from_values(&values.collect::<Result<Vec<_>, _>>()?))
    }
}
