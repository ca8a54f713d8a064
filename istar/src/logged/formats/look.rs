//! What a file looks like that is no batch, and how it may be read.

use super::{FORMATS, Format, find};
use serde_json::{Map, Value};

/// What files of other kinds begin with, and the way out.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x93NUMPY", "a NumPy array: write rows as JSON Lines or Parquet"),
    (
        b"PK\x03\x04",
        "a zip archive, such as torch.save and numpy.savez write: write rows as JSON Lines or Parquet",
    ),
    (b"\x80\x02", "a pickle: write rows as JSON Lines or Parquet"),
    (b"\x80\x04", "a pickle: write rows as JSON Lines or Parquet"),
    (b"\x80\x05", "a pickle: write rows as JSON Lines or Parquet"),
    (b"ARROW1", "an Arrow file: write it as Parquet"),
    (b"SQLite format 3", "a database of SQLite: write a query's rows as CSV"),
    (b"\x89HDF", "an HDF5 file: write rows as JSON Lines or Parquet"),
    (b"\xFF\xFE", "text in UTF-16: write it in UTF-8"),
    (b"\xFE\xFF", "text in UTF-16: write it in UTF-8"),
    (b"<", "HTML or XML"),
    (b"%PDF", "a PDF"),
];

/// Says what a file looks like, of which this is the beginning, and which format to try; nothing of what may be a batch.
#[must_use]
pub fn look(start: &[u8]) -> Option<String> {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    if start.starts_with(super::parquet::MAGIC) {
        return Some("it looks like Parquet: --from verl-agent reads rows with uid and masks, --from trl logged completions".into());
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Some(format!("it looks like {what}"));
    }
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start();
    let format = if text.starts_with(['{', '[']) {
        let object = text.trim_start_matches(['[', ' ', '\n', '\r', '\t']);
        let first = serde_json::Deserializer::from_str(object).into_iter::<Map<String, Value>>().next();
        match first {
            Some(Ok(row)) if row.contains_key("groups") || row.contains_key("batch") => None,
            Some(Ok(row)) => of_row(|key| row.contains_key(key)),
            _ => of_row(|key| !object.contains("\"groups\"") && object.contains(&format!("\"{key}\""))),
        }
    } else {
        let head = text.lines().next().unwrap_or_default();
        of_row(|key| head.split([',', '\t', ';']).any(|cell| cell.trim_matches('"') == key))
    };
    Some(match format {
        Some(format) => format!("it looks like {}: try --from {}", format.what, format.name),
        None if text.starts_with('[') => {
            "it is a list, and a batch is an object with `groups`; rows of other programs need --from".into()
        }
        None => return None,
    })
}

/// The format whose sign a row bears.
pub(super) fn of_row(has: impl Fn(&str) -> bool) -> Option<&'static Format> {
    let chat = || has("messages").then(|| find("openai").ok()).flatten();
    FORMATS.iter().find(|format| format.sign.iter().all(|key| has(key))).or_else(chat)
}
