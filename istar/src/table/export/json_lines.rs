//! What a cell logged, an iteration a line of JSON.

use crate::table::cell::Cell;
use crate::table::metrics::lines;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// One object per iteration, with `row`, `seed`, `iteration`, `env_steps` (null where it is not known) and every number by its
/// name, as in [`metrics_csv`](crate::table::metrics_csv()); the first is the start.
#[must_use]
pub fn json_lines(cell: &Cell) -> String {
    let line = |(iteration, (env_steps, numbers)): (u64, (Option<u64>, BTreeMap<&str, f64>))| {
        let fixed = [
            ("row", json!(cell.row)),
            ("seed", json!(cell.seed)),
            ("iteration", json!(iteration)),
            ("env_steps", json!(env_steps)),
        ];
        let numbers = numbers.into_iter().map(|(name, value)| (name, json!(value)));
        let fields = fixed.into_iter().chain(numbers).map(|(name, value)| (name.to_owned(), value));
        format!("{}\n", Value::Object(fields.collect::<Map<_, _>>()))
    };
    lines(cell).into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::synthetic;

    #[test]
    fn every_line_is_an_object_with_the_numbers_of_its_iteration() {
        let cell = synthetic::cell(0, 1);
        let text = json_lines(&cell);
        let read: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(read.len(), 1 + 200);
        assert_eq!((&read[0]["iteration"], &read[0]["row"]), (&json!(0), &json!("GRPO")));
        let point = &cell.points[39];
        assert_eq!(read[40]["env_steps"], point.env_steps);
        assert_eq!(read[40]["charts/entropy"], point.metrics["charts/entropy"]);
        assert_eq!(read[40]["validation/success"], cell.validation[2].success);
        assert!(read[41].get("validation/success").is_none());
    }
}
