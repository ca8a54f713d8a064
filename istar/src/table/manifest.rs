//! What a study is, as data: which of two manifests may go on with the other, and where they first differ.

use serde_json::Value;

/// The manifest of a study that goes on as it is asked to: what is there, and beneath it the rows and seeds that are new. Else
/// the first difference.
pub(super) fn grow(there: &Value, mut here: Value) -> Result<Value, String> {
    let mut grown = there.clone();
    if let (Some(old), Some(asked)) = (there["seeds"].as_u64(), here["seeds"].as_u64()) {
        for manifest in [&mut grown, &mut here] {
            manifest["seeds"] = old.max(asked).into();
        }
    }
    let both = (grown.get_mut("rows"), here.get_mut("rows"));
    if let (Some(Value::Array(old)), Some(Value::Array(asked))) = both {
        let as_asked = |row: &Value| asked.iter().find(|new| same(new, row)).unwrap_or(row).clone();
        let kept: Vec<Value> = old.iter().map(as_asked).collect();
        let new: Vec<Value> =
            asked.iter().filter(|row| !old.iter().any(|old| same(old, row))).cloned().collect();
        *asked = [&kept[..], &new].concat();
        old.extend(new);
    }
    difference("", &grown, &here).map_or(Ok(grown), Err)
}

/// Two rows of one name.
fn same(a: &Value, b: &Value) -> bool {
    name(a).map_or(a == b, |a| name(b) == Some(a))
}

/// The rows of a manifest.
pub(super) fn rows(manifest: &Value) -> &[Value] {
    manifest["rows"].as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn name(row: &Value) -> Option<&str> {
    row["name"].as_str().or(row.as_str())
}

/// The first difference of two JSON values, by path: `settings.beta: 0.05 there, 0.1 here`.
fn difference(path: &str, there: &Value, here: &Value) -> Option<String> {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (there, here) {
        (Value::Object(a), Value::Object(b)) => {
            a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))).find_map(|key| {
                difference(
                    &under(key),
                    a.get(key).unwrap_or(&Value::Null),
                    b.get(key).unwrap_or(&Value::Null),
                )
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(index, (a, b))| difference(&under(&index.to_string()), a, b)),
        _ => (there != here).then(|| {
            format!(
                "{}: {} there, {} here",
                if path.is_empty() { "manifest" } else { path },
                brief(there),
                brief(here)
            )
        }),
    }
}

/// A value in a message: whole if short, else how many it holds or its beginning.
fn brief(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Array(items) if value.to_string().len() > 60 => format!("{} items", items.len()),
        _ => {
            let text = value.to_string();
            if text.chars().count() <= 60 { text } else { text.chars().take(59).chain(['…']).collect() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn first_difference_is_named() {
        let a = json!({ "seeds": 3, "rows": [{ "name": "GRPO", "beta": 0.05 }], "gone": 1 });
        for (b, expected) in [
            (json!({ "seeds": 5, "rows": a["rows"], "gone": 1 }), "seeds: 3 there, 5 here"),
            (
                json!({ "seeds": 3, "rows": [{ "name": "GRPO", "beta": 0.1 }], "gone": 1 }),
                "rows.0.beta: 0.05 there, 0.1 here",
            ),
            (json!({ "seeds": 3, "rows": a["rows"] }), "gone: 1 there, nothing here"),
            (
                json!({ "seeds": 3, "rows": a["rows"], "gone": 1, "new": "x" }),
                "new: nothing there, \"x\" here",
            ),
            (
                json!([]),
                "manifest: {\"gone\":1,\"rows\":[{\"beta\":0.05,\"name\":\"GRPO\"}],\"seeds\":3} there, [] here",
            ),
        ] {
            assert_eq!(difference("", &a, &b).as_deref(), Some(expected));
        }
        assert_eq!(difference("", &a, &a.clone()), None);
    }

    #[test]
    fn a_manifest_grows_by_rows_and_seeds_and_by_nothing_else() {
        let row = |name: &str, beta: f64| json!({ "name": name, "beta": beta });
        let manifest = |seeds: u64, rows: &[Value]| json!({ "seeds": seeds, "rows": rows, "size": 6 });
        let (a, b, c) = (row("a", 0.1), row("b", 0.1), row("c", 0.1));
        let there = manifest(2, &[a.clone(), b.clone()]);
        for (here, expected) in [
            (there.clone(), Ok(there.clone())),
            (manifest(5, &[b.clone(), a.clone()]), Ok(manifest(5, &[a.clone(), b.clone()]))),
            (manifest(1, &[c.clone(), b.clone()]), Ok(manifest(2, &[a.clone(), b.clone(), c]))),
            (manifest(2, &[row("b", 0.2)]), Err("rows.1.beta: 0.1 there, 0.2 here".to_owned())),
            (json!({ "seeds": 2, "rows": [a] }), Err("size: 6 there, nothing here".to_owned())),
            (json!([]), Err(difference("", &there, &json!([])).expect("they differ"))),
        ] {
            assert_eq!(grow(&there, here), expected);
        }
        assert_eq!(grow(&json!([]), there).expect_err("not a study").split(':').next(), Some("manifest"));
    }
}
