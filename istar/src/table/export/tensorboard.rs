//! Event files as TensorBoard reads them: records of TFRecord, each an `Event` of protocol buffers, of which the few fields
//! that a number needs are written here.
//!
//! A record is its length (8 bytes, little-endian), the masked CRC-32C of these, its bytes, and theirs (TensorFlow,
//! `tensorflow/core/lib/io/record_writer.h`). An event is `wall_time` (field 1, double), `step` (2), `file_version` (3) or
//! `summary` (5), whose values (1) have a `tag` (1) and a `simple_value` (2, float) (`event.proto`, `summary.proto`).

use crate::table::cell::Cell;
use crate::table::metrics::lines;

const VERSION: &str = "brain.Event:2";
/// Protocol buffers' wire types.
const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const BYTES: u64 = 2;
const FIXED32: u64 = 5;

/// One number of an event file.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The iteration.
    pub step: u64,
    /// Its name, as in `metrics/*.csv`.
    pub tag: String,
    /// As TensorBoard keeps it.
    pub value: f32,
}

/// What a cell logged and measured, as an event file. Cells have no clock: the wall time of an event is its iteration, in
/// seconds, so that equal cells give equal bytes.
#[must_use]
pub fn events(cell: &Cell) -> Vec<u8> {
    let mut file = record(&event(0, &field(3, BYTES, VERSION.as_bytes())));
    for (iteration, (_, numbers)) in lines(cell) {
        let values = numbers.into_iter().map(|(tag, value)| summary_value(tag, value));
        file.extend(summary(iteration, values));
    }
    let [warm, cool] = &cell.last;
    let tested =
        [("test/success", warm.success), ("test/success_cool", cool.success), ("test/outcome", warm.outcome)];
    file.extend(summary(cell.iterations, tested.into_iter().map(|(tag, value)| summary_value(tag, value))));
    file
}

fn summary(iteration: u64, values: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let summary: Vec<u8> = values.flat_map(|value| field(1, BYTES, &value)).collect();
    record(&event(iteration, &field(5, BYTES, &summary)))
}

fn summary_value(tag: &str, value: f64) -> Vec<u8> {
    [field(1, BYTES, tag.as_bytes()), field(2, FIXED32, &(value as f32).to_le_bytes())].concat()
}

fn event(step: u64, what: &[u8]) -> Vec<u8> {
    let time = (step as f64).to_le_bytes();
    [&field(1, FIXED64, &time)[..], &field(2, VARINT, &varint(step)), what].concat()
}

fn field(number: u64, wire: u64, bytes: &[u8]) -> Vec<u8> {
    let length = if wire == BYTES { varint(bytes.len() as u64) } else { Vec::new() };
    [&varint(number << 3 | wire)[..], &length, bytes].concat()
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn record(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_le_bytes();
    [&length[..], &masked(&length), bytes, &masked(bytes)].concat()
}

/// The checksum, turned and moved: data that has checksums in it would else be too like them.
fn masked(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

/// The numbers of an event file, in its order; other events and fields are passed over.
///
/// # Errors
/// What is wrong with the first record that is damaged, and where it begins.
pub fn read_events(file: &[u8]) -> Result<Vec<Event>, String> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < file.len() {
        let wrong = |what: &str| format!("the record at byte {at} {what}");
        let part = |from: usize, length: usize| file.get(from..from.checked_add(length)?);
        let head = part(at, 12).ok_or_else(|| wrong("is cut short"))?;
        let (length, sum) = head.split_at(8);
        if sum != masked(length) {
            return Err(wrong("has another checksum of its length"));
        }
        let length = u64::from_le_bytes(length.try_into().expect("eight bytes")) as usize;
        let bytes = part(at + 12, length).ok_or_else(|| wrong("is cut short"))?;
        if part(at + 12 + length, 4) != Some(&masked(bytes)) {
            return Err(wrong("has another checksum"));
        }
        found.extend(numbers(bytes).ok_or_else(|| wrong("is no event"))?);
        at += 16 + length;
    }
    Ok(found)
}

fn numbers(event: &[u8]) -> Option<Vec<Event>> {
    let (mut step, mut found) = (0, Vec::new());
    for (number, value) in fields(event)? {
        match (number, value) {
            (2, Value::Number(number)) => step = number,
            (5, Value::Bytes(summary)) => {
                for (_, value) in fields(summary)?.into_iter().filter(|(number, _)| *number == 1) {
                    let Value::Bytes(value) = value else { return None };
                    let (mut tag, mut number) = (String::new(), 0.0);
                    for field in fields(value)? {
                        match field {
                            (1, Value::Bytes(bytes)) => tag = String::from_utf8(bytes.to_vec()).ok()?,
                            (2, Value::Bytes(bytes)) => number = f32::from_le_bytes(bytes.try_into().ok()?),
                            _ => {}
                        }
                    }
                    found.push((tag, number));
                }
            }
            _ => {}
        }
    }
    Some(found.into_iter().map(|(tag, value)| Event { step, tag, value }).collect())
}

/// A field as it is on the wire.
enum Value<'a> {
    Number(u64),
    /// Of any length, or the four or eight of a fixed one.
    Bytes(&'a [u8]),
}

fn fields(mut message: &[u8]) -> Option<Vec<(u64, Value<'_>)>> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = read_varint(&mut message)?;
        let value = match key & 7 {
            VARINT => Value::Number(read_varint(&mut message)?),
            FIXED64 => Value::Bytes(take(&mut message, 8)?),
            FIXED32 => Value::Bytes(take(&mut message, 4)?),
            BYTES => {
                let length = read_varint(&mut message)?;
                Value::Bytes(take(&mut message, usize::try_from(length).ok()?)?)
            }
            _ => return None,
        };
        found.push((key >> 3, value));
    }
    Some(found)
}

fn take<'a>(message: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (part, rest) = message.split_at_checked(length)?;
    *message = rest;
    Some(part)
}

fn read_varint(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(message, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::synthetic;

    #[test]
    fn bytes_by_hand() {
        assert_eq!(varint(300), [0xac, 0x02]);
        // The check value of CRC-32C is e3069283; turned by 15 bits and moved.
        assert_eq!(crc32c::crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(
            masked(b"123456789"),
            0xe306_9283u32.rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
        );
        // Field 1, a double; field 2, a number; field 3, thirteen bytes.
        let first = &record(&event(0, &field(3, BYTES, VERSION.as_bytes())))[12..];
        assert_eq!(first[..13], [0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0x1a, 13]);
        assert_eq!(&first[13..26], VERSION.as_bytes());
    }

    #[test]
    fn what_is_written_is_read() {
        let cell = synthetic::cell(2, 1);
        let read = read_events(&events(&cell)).expect("whole");
        let of = |tag: &str| -> Vec<(u64, f32)> {
            read.iter().filter(|event| event.tag == tag).map(|event| (event.step, event.value)).collect()
        };
        let entropy: Vec<(u64, f32)> = cell
            .points
            .iter()
            .map(|point| (point.iteration, point.metrics["charts/entropy"] as f32))
            .collect();
        assert_eq!(of("charts/entropy"), entropy);
        let validation: Vec<(u64, f32)> =
            cell.validation.iter().map(|point| (point.iteration, point.success as f32)).collect();
        assert_eq!(of("validation/success"), validation);
        assert_eq!(of("test/success"), [(200, cell.last[0].success as f32)]);
    }

    #[test]
    fn damage_is_named_with_its_place() {
        let whole = events(&synthetic::cell(0, 1));
        let first = 16 + u64::from_le_bytes(whole[..8].try_into().expect("eight")) as usize;
        let mut flipped = whole.clone();
        flipped[first + 20] ^= 1;
        let error = read_events(&flipped).expect_err("damaged");
        assert_eq!(error, format!("the record at byte {first} has another checksum"));
        assert!(read_events(&whole[..whole.len() - 1]).expect_err("cut").contains("checksum"));
        assert!(read_events(&whole[..first + 5]).expect_err("cut").contains("cut short"));
    }
}
