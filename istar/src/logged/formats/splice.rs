//! Keys added to the objects of a row, whose text stays as it was.

use super::nest::{Filled, Part};
use std::fmt::Write;

/// The row, an object in JSON, with keys added at the end of some of its objects.
pub(super) fn with(row: &str, filled: &[Filled<'_>]) -> String {
    let mut ends: Vec<(usize, bool, &Filled<'_>)> = filled
        .iter()
        .filter_map(|filled| {
            let start = descend(row.as_bytes(), 0, filled.path)?;
            let end = skip(row.as_bytes(), start)? - 1;
            Some((end, row[start + 1..end].trim().is_empty(), filled))
        })
        .collect();
    ends.sort_by_key(|(end, ..)| *end);
    let (mut out, mut kept) = (String::with_capacity(row.len()), 0);
    for (end, empty, filled) in ends {
        out.push_str(&row[kept..end]);
        for (i, (name, value)) in filled.values.iter().enumerate() {
            _ = write!(out, "{}\"{name}\":{value}", if empty && i == 0 { "" } else { "," });
        }
        kept = end;
    }
    out.push_str(&row[kept..]);
    out
}

/// Where the value begins to which the path leads.
fn descend(json: &[u8], at: usize, path: &[Part]) -> Option<usize> {
    let mut at = blank(json, at);
    let Some((part, rest)) = path.split_first() else { return (json.get(at) == Some(&b'{')).then_some(at) };
    let object = match json.get(at)? {
        b'{' => true,
        b'[' => false,
        _ => return None,
    };
    at = blank(json, at + 1);
    for number in 0.. {
        if matches!(json.get(at)?, b'}' | b']') {
            return None;
        }
        let here = if object {
            let end = skip(json, at)?;
            let key = &json[at + 1..end - 1];
            at = blank(json, blank(json, end) + 1);
            matches!(part, Part::Key(wanted) if wanted.as_bytes() == key)
        } else {
            *part == Part::Index(number)
        };
        if here {
            return descend(json, at, rest);
        }
        at = blank(json, skip(json, at)?);
        if json.get(at)? == &b',' {
            at = blank(json, at + 1);
        }
    }
    None
}

/// The first place that is no white space.
fn blank(json: &[u8], mut at: usize) -> usize {
    while json.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The end of the value that begins here.
fn skip(json: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0usize);
    loop {
        match json.get(at)? {
            b'"' => {
                at += 1;
                while json.get(at)? != &b'"' {
                    at += if json[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => {
                let plain =
                    |byte: &u8| !matches!(byte, b',' | b':' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
                while json.get(at + 1).is_some_and(plain) {
                    at += 1;
                }
            }
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::nest::Cell;
    use super::*;

    #[test]
    fn keys_are_added_and_nothing_else_moves() {
        let row = r#" { "a": [1, {"b": "}\"", "c": {}}], "d" : -1.50e3 , "e": {} }"#;
        let filled = |path: &'static [Part], x: f64| Filled {
            path,
            values: vec![("x", Cell::One(x)), ("y", Cell::List(vec![x]))],
        };
        let found = with(
            row,
            &[
                filled(&[], 1.0),
                filled(&[Part::Key("a"), Part::Index(1)], 2.5),
                filled(&[Part::Key("e")], 3.0),
                filled(&[Part::Key("a"), Part::Index(2)], 4.0),
            ],
        );
        assert_eq!(
            found,
            r#" { "a": [1, {"b": "}\"", "c": {},"x":2.5,"y":[2.5]}], "d" : -1.50e3 , "e": {"x":3.0,"y":[3.0]} ,"x":1.0,"y":[1.0]}"#
        );
        assert_eq!(with("{}", &[filled(&[], 1.0)]), r#"{"x":1.0,"y":[1.0]}"#);
    }
}
