//! How names and numbers are written in a study file.

use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// A number, or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a number or a list of numbers is wanted")]
pub enum Values {
    /// One.
    One(f64),
    /// Several, each in turn.
    Many(Vec<f64>),
}

impl<const N: usize> From<[f64; N]> for Values {
    fn from(values: [f64; N]) -> Self {
        if let [value] = values[..] { Values::One(value) } else { Values::Many(values.to_vec()) }
    }
}

impl Values {
    /// As arguments say it: divided by commas.
    pub(super) fn show(&self) -> String {
        match self {
            Values::One(value) => value.to_string(),
            Values::Many(values) => values.iter().map(f64::to_string).collect::<Vec<_>>().join(","),
        }
    }
}

pub(super) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a name or a list of names is wanted")]
    enum Names {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Names::deserialize(deserializer)? {
        Names::One(name) => vec![name],
        Names::Many(names) => names,
    })
}

/// `policy.lr = 1` and `"policy.lr" = 1` are the same.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a number or a list of numbers is wanted")]
enum Node {
    Values(Values),
    Nodes(BTreeMap<String, Node>),
}

impl Node {
    fn flatten(self, name: String, into: &mut BTreeMap<String, Values>) {
        match self {
            Node::Values(values) => _ = into.insert(name, values),
            Node::Nodes(nodes) => {
                nodes.into_iter().for_each(|(end, node)| node.flatten(format!("{name}.{end}"), into));
            }
        }
    }
}

fn flat(nodes: BTreeMap<String, Node>) -> BTreeMap<String, Values> {
    let mut found = BTreeMap::new();
    nodes.into_iter().for_each(|(name, node)| node.flatten(name, &mut found));
    found
}

pub(super) fn dotted<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Values>, D::Error> {
    Ok(flat(BTreeMap::deserialize(deserializer)?))
}

pub(super) fn dotted_each<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, BTreeMap<String, Values>>, D::Error> {
    let rows: BTreeMap<String, BTreeMap<String, Node>> = BTreeMap::deserialize(deserializer)?;
    Ok(rows.into_iter().map(|(row, nodes)| (row, flat(nodes))).collect())
}
