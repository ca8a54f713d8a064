//! What rows are written in: JSON Lines, a list in JSON, CSV, Parquet.

use super::nest::Places;
use super::{parquet, splice};
use crate::logged::mend::mend;
use crate::logged::read::not_a_number;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

/// Rows, and the file that they stand in.
#[derive(Debug)]
pub(super) struct Rows {
    rows: Vec<Map<String, Value>>,
    file: File,
}

/// What the rows are written back into.
#[derive(Debug)]
enum File {
    /// The text, and where each row stands in it.
    Json {
        text: String,
        rows: Vec<Range<usize>>,
        list: bool,
    },
    Csv {
        head: csv::StringRecord,
        records: Vec<csv::StringRecord>,
        delimiter: u8,
    },
    Parquet(Vec<u8>),
}

impl Rows {
    /// Reads a file that is not compressed.
    pub(super) fn read(file: Cow<'_, [u8]>) -> Result<Self, String> {
        if file.starts_with(parquet::MAGIC) {
            let rows = parquet::read(&file)?;
            return Ok(Rows { rows, file: File::Parquet(file.into_owned()) });
        }
        let (text, _) = mend(&file);
        let text = std::str::from_utf8(&text).map_err(|error| error.to_string())?;
        match text.trim_start().chars().next() {
            None => Err("the input has no rows".into()),
            Some('[' | '{') => json(text),
            Some(_) => csv(text),
        }
    }

    pub(super) fn rows(&self) -> &[Map<String, Value>] {
        &self.rows
    }

    pub(super) fn is_text(&self) -> bool {
        !matches!(self.file, File::Parquet(_))
    }

    /// Writes the rows with these columns of tokens added.
    pub(super) fn write<W: Write>(
        &self,
        out: &mut W,
        columns: &[(&'static str, &[f64])],
        places: &Places,
    ) -> io::Result<()> {
        match &self.file {
            File::Json { text, rows, list } => {
                let last = rows.len().saturating_sub(1);
                out.write_all(if *list { b"[" } else { b"" })?;
                for (number, row) in rows.iter().enumerate() {
                    out.write_all(splice::with(&text[row.clone()], &places.of(number, columns)).as_bytes())?;
                    out.write_all(if *list && number < last {
                        b",\n"
                    } else if *list {
                        b""
                    } else {
                        b"\n"
                    })?;
                }
                out.write_all(if *list { b"]\n" } else { b"" })
            }
            File::Csv { head, records, delimiter } => {
                let mut csv = csv::WriterBuilder::new().delimiter(*delimiter).from_writer(out);
                csv.write_record(head.iter().chain(columns.iter().map(|(name, _)| *name)))?;
                for (number, record) in records.iter().enumerate() {
                    let cells: Vec<String> = places
                        .of(number, columns)
                        .iter()
                        .flat_map(|slot| &slot.values)
                        .map(|(_, value)| value.to_string())
                        .collect();
                    csv.write_record(record.iter().chain(cells.iter().map(String::as_str)))?;
                }
                csv.flush()
            }
            File::Parquet(file) => out.write_all(&parquet::with(file, self.rows.len(), columns, places)?),
        }
    }
}

/// One object a line, or a list of them.
fn json(text: &str) -> Result<Rows, String> {
    let skip = |at: usize| at + (text[at..].len() - text[at..].trim_start().len());
    let list = text.trim_start().starts_with('[');
    let (mut rows, mut spans) = (Vec::new(), Vec::new());
    let mut at = if list { skip(skip(0) + 1) } else { skip(0) };
    let ended = |at: usize| if list { text[at..].starts_with(']') } else { at == text.len() };
    while !ended(at) {
        let number = rows.len() + 1;
        let mut stream = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Map<String, Value>>();
        match stream.next() {
            Some(Ok(row)) => rows.push(row),
            Some(Err(error)) => return Err(wrong(&error, &text[at..], number)),
            None => return Err("the list of rows does not end".into()),
        }
        let end = at + stream.byte_offset();
        spans.push(at..end);
        at = skip(end);
        match list {
            true if text[at..].starts_with(',') => at = skip(at + 1),
            true if !ended(at) => {
                return Err(format!("row {number}: a comma or the end of the list is wanted behind it"));
            }
            _ => {}
        }
    }
    if list && !text[at + 1..].trim().is_empty() {
        return Err("something follows the list of rows".into());
    }
    if rows.is_empty() {
        return Err("the input has no rows".into());
    }
    Ok(Rows { rows, file: File::Json { text: text.into(), rows: spans, list } })
}

fn wrong(error: &serde_json::Error, text: &str, row: usize) -> String {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    match not_a_number(said, text.as_bytes(), error.line(), error.column()) {
        Some(word) => format!("row {row}: {word} is no number of JSON: leave out what has none"),
        None => format!("row {row}: {said}"),
    }
}

/// A head with names, then a record a row; a cell is a number, `true` or `false`, JSON in brackets, nothing, or a text.
fn csv(text: &str) -> Result<Rows, String> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter =
        [b',', b'\t', b';'].into_iter().max_by_key(|d| (head.bytes().filter(|b| b == d).count(), *d == b','));
    let delimiter = delimiter.unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let head = reader.headers().map_err(|error| error.to_string())?.clone();
    if head.len() < 2 {
        return Err("it is no JSON, no Parquet and no CSV with a head".into());
    }
    let mut records = Vec::new();
    for (number, record) in reader.records().enumerate() {
        records.push(record.map_err(|error| format!("row {}: {error}", number + 1))?);
    }
    let row = |record: &csv::StringRecord| {
        head.iter().zip(record).map(|(name, cell)| (name.to_owned(), value(cell))).collect()
    };
    let rows = records.iter().map(row).collect();
    Ok(Rows { rows, file: File::Csv { head, records, delimiter } })
}

fn value(cell: &str) -> Value {
    let trimmed = cell.trim();
    match trimmed {
        "" => Value::Null,
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        _ => match serde_json::from_str(trimmed) {
            Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_))) => value,
            _ => Value::String(cell.to_owned()),
        },
    }
}
