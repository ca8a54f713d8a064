//! Parquet: rows out of a file, and the file again with columns added.
//!
//! What was there is copied as it is stored, column chunk by column chunk; added columns are doubles or lists of them.

use super::nest::{Cell, Places};
use bytes::Bytes;
use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::DoubleType;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, KeyValue, RowGroupMetaData};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use serde_json::{Map, Value};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What such a file begins with.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Arrow's own schema, which would say nothing of added columns.
const ARROW: &str = "ARROW:schema";

fn open(file: &[u8]) -> Result<(Bytes, SerializedFileReader<Bytes>), ParquetError> {
    let bytes = Bytes::copy_from_slice(file);
    let reader = SerializedFileReader::new(bytes.clone())?;
    if reader.metadata().row_groups().iter().all(|group| is_sound(group, file.len())) {
        Ok((bytes, reader))
    } else {
        Err(ParquetError::General("a column lies outside of the file".into()))
    }
}

/// Whether the columns of a row group lie in the file, which the reader takes for granted.
fn is_sound(group: &RowGroupMetaData, length: usize) -> bool {
    let inside =
        |offset: i64, size: i64| offset >= 0 && size >= 0 && offset.saturating_add(size) <= length as i64;
    let of_column = |column: &ColumnChunkMetaData| {
        let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
        inside(start, column.compressed_size())
            && inside(column.data_page_offset(), 0)
            && column.num_values() >= 0
    };
    group.num_rows() >= 0 && group.columns().iter().all(of_column)
}

/// The rows of a file.
pub(super) fn read(file: &[u8]) -> Result<Vec<Map<String, Value>>, String> {
    unharmed(|| {
        let (_, reader) = open(file)?;
        reader.get_row_iter(None)?.map(|row| row.map(|row| object(&row))).collect()
    })
    .map_err(|error| format!("the Parquet file: {error}").replace('\n', " "))
}

/// What a reader says of a file, also where it panics: some damage it does not look for.
fn unharmed<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParquetError::General("it is damaged".into())))
}

fn object(row: &Row) -> Map<String, Value> {
    row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect()
}

fn value(field: &Field) -> Value {
    let float =
        |x: f64| serde_json::Number::from_f64(x).map_or_else(|| Value::String(x.to_string()), Value::Number);
    match field {
        Field::Null => Value::Null,
        Field::Bool(x) => (*x).into(),
        Field::Byte(x) => (*x).into(),
        Field::Short(x) => (*x).into(),
        Field::Int(x) | Field::Date(x) | Field::TimeMillis(x) => (*x).into(),
        Field::Long(x) | Field::TimeMicros(x) | Field::TimestampMillis(x) | Field::TimestampMicros(x) => {
            (*x).into()
        }
        Field::UByte(x) => (*x).into(),
        Field::UShort(x) => (*x).into(),
        Field::UInt(x) => (*x).into(),
        Field::ULong(x) => (*x).into(),
        Field::Float16(x) => float(x.to_f64()),
        Field::Float(x) => float(f64::from(*x)),
        Field::Double(x) => float(*x),
        Field::Str(text) => text.as_str().into(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned().into(),
        Field::Group(row) => Value::Object(object(row)),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        other => Value::String(other.to_string()),
    }
}

/// The file with columns added.
pub(super) fn with(
    file: &[u8],
    rows: usize,
    columns: &[(&'static str, &[f64])],
    places: &Places,
) -> io::Result<Vec<u8>> {
    let cells: Vec<Vec<Cell>> = (0..rows)
        .map(|row| {
            places.of(row, columns).into_iter().flat_map(|slot| slot.values).map(|(_, cell)| cell).collect()
        })
        .collect();
    unharmed(|| added(file, columns, &cells)).map_err(io::Error::other)
}

fn added(
    file: &[u8],
    columns: &[(&'static str, &[f64])],
    cells: &[Vec<Cell>],
) -> Result<Vec<u8>, ParquetError> {
    let (bytes, reader) = open(file)?;
    let metadata = reader.metadata();
    let lists = cells.iter().flatten().any(|cell| matches!(cell, Cell::List(_)));
    let root = metadata.file_metadata().schema_descr().root_schema();
    let mut fields = root.get_fields().to_vec();
    fields.retain(|field| !columns.iter().any(|(name, _)| *name == field.name()));
    if fields.len() < root.get_fields().len() {
        return Err(ParquetError::General(
            "it has columns of istar already: give the file without them".into(),
        ));
    }
    for (name, _) in columns {
        fields.push(Arc::new(added_type(name, lists)?));
    }
    let schema = Type::group_type_builder(root.name()).with_fields(fields).build()?;
    let kept = metadata.file_metadata().key_value_metadata();
    let kept: Option<Vec<KeyValue>> =
        kept.map(|pairs| pairs.iter().filter(|pair| pair.key != ARROW).cloned().collect());
    let properties = WriterProperties::builder().set_key_value_metadata(kept).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut first = 0;
    for group in metadata.row_groups() {
        let mut into = writer.next_row_group()?;
        copy(&mut into, &bytes, group)?;
        let last = first + group.num_rows() as usize;
        for column in 0..columns.len() {
            let of_group: Vec<&Cell> = cells[first..last].iter().filter_map(|row| row.get(column)).collect();
            fill(&mut into, &of_group)?;
        }
        first = last;
        into.close()?;
    }
    writer.into_inner()
}

/// The type of an added column: an optional double, or a list of doubles as Arrow and Spark write it.
fn added_type(name: &str, list: bool) -> Result<Type, ParquetError> {
    let double = |name: &str, repetition| {
        Type::primitive_type_builder(name, Physical::DOUBLE).with_repetition(repetition).build()
    };
    if !list {
        return double(name, Repetition::REQUIRED);
    }
    let element = Arc::new(double("element", Repetition::REQUIRED)?);
    let entries = Type::group_type_builder("list")
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![element])
        .build()?;
    Type::group_type_builder(name)
        .with_repetition(Repetition::REQUIRED)
        .with_converted_type(ConvertedType::LIST)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![Arc::new(entries)])
        .build()
}

/// Copies the columns of a row group as they are stored.
fn copy(
    into: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    file: &Bytes,
    group: &RowGroupMetaData,
) -> Result<(), ParquetError> {
    for column in group.columns() {
        let result = parquet::column::writer::ColumnCloseResult {
            bytes_written: column.compressed_size() as u64,
            rows_written: group.num_rows() as u64,
            metadata: column.clone(),
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        into.append_column(file, result)?;
    }
    Ok(())
}

/// Writes an added column of a row group.
fn fill(into: &mut SerializedRowGroupWriter<'_, Vec<u8>>, cells: &[&Cell]) -> Result<(), ParquetError> {
    let Some(mut column) = into.next_column()? else { return Ok(()) };
    let (mut values, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        match cell {
            Cell::One(x) => values.push(*x),
            Cell::List(list) => {
                values.extend(list);
                defined.extend(if list.is_empty() { vec![0] } else { vec![1; list.len()] });
                repeated.push(0);
                repeated.extend(vec![1; list.len().saturating_sub(1)]);
            }
        }
    }
    let levels = |levels: &'_ [i16]| (!defined.is_empty()).then(|| levels.to_vec());
    let (definition, repetition) = (levels(&defined), levels(&repeated));
    if let ColumnWriter::DoubleColumnWriter(_) = column.untyped() {
        column.typed::<DoubleType>().write_batch(&values, definition.as_deref(), repetition.as_deref())?;
    }
    column.close()
}
