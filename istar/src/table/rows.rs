//! The rows of a table before anything is run.

use super::{Ablation, Visitor};
use crate::env::{Env, Offers};
use crate::objective::{Objective, demand_of};
use crate::table::Schedule;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// One row: what decides its numbers beside what all rows share.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// The name of its objective.
    pub objective: &'static str,
    /// Its objective's line.
    pub line: &'static str,
    /// Its hyper-parameters, in the order of the line.
    pub parameters: Vec<(&'static str, f64)>,
    /// Whether a term of it trains a PRM, implicit or explicit.
    pub prm: bool,
    /// Its own settings by dotted name, `prm.lr`, where they are not those of the table.
    pub settings: BTreeMap<String, Value>,
}

impl Row {
    pub(super) fn of<O: Objective>(name: &str, objective: &O) -> Self {
        let parameters = O::PARAMS.iter().map(|p| p.name).zip(objective.values()).collect();
        Row {
            name: name.to_owned(),
            objective: O::NAME,
            line: O::SOURCE,
            parameters,
            prm: has_prm::<O>(),
            settings: BTreeMap::new(),
        }
    }

    /// Every row of a table, from top to bottom.
    #[must_use]
    pub fn all<E: Env, A: Ablation<E>>() -> Vec<Self> {
        struct Rows(Vec<Row>);
        impl<E: Env> Visitor<E> for Rows {
            fn row<O: Objective>(&mut self, name: &'static str, objective: O)
            where
                E: Offers<O>,
            {
                self.0.push(Row::of(name, &objective));
            }
        }
        let mut rows = Rows(Vec::new());
        A::rows(&mut rows);
        rows.0
    }

    /// The row as the manifest of a study keeps it.
    #[must_use]
    pub fn manifest(&self) -> Value {
        let numbers: Map<String, Value> =
            self.parameters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let mut manifest = json!({ "name": self.name, "line": self.line, "parameters": numbers });
        if !self.settings.is_empty() {
            manifest["settings"] = json!(self.settings);
        }
        manifest
    }
}

fn has_prm<O: Objective>() -> bool {
    let demand = demand_of::<O>();
    demand.trains_prm || demand.explicit_prm
}

/// What is other than in the table's schedule, by dotted name: `prm.lr` of its settings, `groups` of its own.
pub(super) fn differences(table: &Schedule, own: &Schedule) -> BTreeMap<String, Value> {
    let value = |schedule: &Schedule| {
        let mut of = serde_json::to_value(schedule).expect("schedules are numbers and words");
        let settings = of.as_object_mut().and_then(|fields| fields.remove("settings"));
        (of, settings.unwrap_or_default())
    };
    let (table, own) = (value(table), value(own));
    let mut found = BTreeMap::new();
    differ("", &table.0, &own.0, &mut found);
    differ("", &table.1, &own.1, &mut found);
    found
}

fn differ(path: &str, table: &Value, own: &Value, found: &mut BTreeMap<String, Value>) {
    match (table, own) {
        (Value::Object(table), Value::Object(own)) => {
            // What is nothing is not written.
            for name in own.keys().chain(table.keys().filter(|name| !own.contains_key(*name))) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let [table, own] = [table, own].map(|of| of.get(name).unwrap_or(&Value::Null));
                differ(&path, table, own, found);
            }
        }
        _ if table == own => {}
        _ => _ = found.insert(path.to_owned(), own.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout::Sampling;
    use crate::trainer::Settings;
    use crate::trainer::adam::AdamConfig;

    #[test]
    fn differences_are_named_where_they_are() {
        let table = Schedule::default();
        assert!(differences(&table, &table).is_empty());
        let settings = Settings {
            prm_steps: 4,
            prm: AdamConfig { lr: 0.5, max_norm: None, ..table.settings.prm },
            sampling: Sampling { per_group: 2, ..table.settings.sampling },
            ..table.settings
        };
        let own = Schedule { groups: 7, settings, ..table };
        let found = differences(&table, &own);
        let expected = [
            ("groups", json!(7)),
            ("prm.lr", json!(0.5)),
            ("prm.max_norm", Value::Null),
            ("prm_steps", json!(4)),
            ("sampling.per_group", json!(2)),
        ];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value)).into());
        let replaying = Schedule { settings: Settings { replay: 3, ..table.settings }, ..table };
        let replay = |own, than| differences(than, own).remove("replay");
        assert_eq!(replay(&replaying, &table), Some(json!(3)));
        assert_eq!(replay(&table, &replaying), Some(Value::Null));
    }
}
