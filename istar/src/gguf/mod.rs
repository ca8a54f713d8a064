//! Files of llama.cpp: named values, and named arrays of numbers that may be quantised (GGUF, versions 2 and 3).

mod cursor;
mod number;
mod value;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) use self::cursor::Cursor;
pub use self::number::Encoding;
pub(crate) use self::number::{bf16, f16};
pub use self::value::{List, Value};
use crate::file::Refused;

/// What every such file begins with.
pub const MAGIC: &[u8; 4] = b"GGUF";

/// A file, read whole; its arrays are decoded when they are asked for.
#[derive(Debug)]
pub struct Gguf {
    file: PathBuf,
    bytes: Vec<u8>,
    values: BTreeMap<String, Value>,
    arrays: BTreeMap<String, Place>,
}

/// Where an array lies.
#[derive(Clone, Debug)]
struct Place {
    /// Row-major, the last one contiguous.
    sizes: Vec<usize>,
    encoding: Encoding,
    /// In the file.
    start: usize,
    len: usize,
}

impl Gguf {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is cut short, or holds what no such file holds.
    pub fn read(file: &Path) -> Result<Self, Refused> {
        Self::from_bytes(crate::file::read(file)?, file)
    }

    /// Reads the bytes of a file, whose name is for messages.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_bytes(bytes: Vec<u8>, file: &Path) -> Result<Self, Refused> {
        let parsed = parse(&bytes).map_err(|what| Refused::new(file, what))?;
        let (values, arrays) = parsed;
        Ok(Gguf { file: file.to_owned(), bytes, values, arrays })
    }

    /// The value under a key, if there is one.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The whole number under a key, if there is one.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn number(&self, key: &str) -> Result<Option<u64>, Refused> {
        self.get(key, "a whole number from 0", Value::number)
    }

    /// The number under a key, if there is one.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn float(&self, key: &str) -> Result<Option<f64>, Refused> {
        self.get(key, "a number", Value::float)
    }

    /// The text under a key, if there is one.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn text(&self, key: &str) -> Result<Option<&str>, Refused> {
        self.get(key, "a text", Value::text)
    }

    /// The list of texts under a key, if there is one.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn texts(&self, key: &str) -> Result<Option<&[String]>, Refused> {
        self.get(key, "a list of texts", Value::texts)
    }

    /// The list of numbers under a key, if there is one.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn numbers(&self, key: &str) -> Result<Option<&[f64]>, Refused> {
        self.get(key, "a list of numbers", Value::numbers)
    }

    fn get<'a, T>(
        &'a self,
        key: &str,
        wanted: &str,
        as_wanted: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refused> {
        let Some(value) = self.values.get(key) else { return Ok(None) };
        let other = || self.refused(format!("`{key}` is {value}, but {wanted} is wanted"));
        as_wanted(value).ok_or_else(other).map(Some)
    }

    /// The sizes of an array, the last one contiguous, if there is one of this name.
    pub fn sizes(&self, name: &str) -> Option<&[usize]> {
        self.arrays.get(name).map(|place| place.sizes.as_slice())
    }

    /// The names of all arrays, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.arrays.keys().map(String::as_str)
    }

    /// The numbers of an array, row-major, decoded.
    ///
    /// # Errors
    /// When there is none of this name, it has other sizes, or its encoding is not known here.
    pub fn array(&self, name: &str, sizes: &[usize]) -> Result<Vec<f32>, Refused> {
        let place = self.arrays.get(name).ok_or_else(|| {
            let first = self.names().next().unwrap_or("none");
            self.refused(format!(
                "there is no array `{name}` among its {}, from `{first}` on",
                self.arrays.len()
            ))
        })?;
        if place.sizes != sizes {
            return Err(self.refused(format!("array `{name}` is {:?}, but {sizes:?} is wanted", place.sizes)));
        }
        place
            .encoding
            .decode(&self.bytes[place.start..][..place.len], sizes)
            .map_err(|what| self.refused(format!("array `{name}`: {what}")))
    }

    /// An error of this file.
    pub(crate) fn refused(&self, what: String) -> Refused {
        Refused::new(&self.file, what)
    }
}

type Parsed = (BTreeMap<String, Value>, BTreeMap<String, Place>);

fn parse(bytes: &[u8]) -> Result<Parsed, String> {
    let mut cursor = Cursor::new(bytes);
    if cursor.take(4, "its first four letters")? != MAGIC {
        return Err("it does not begin with GGUF".into());
    }
    let version = cursor.u32("its version")?;
    if !(2..=3).contains(&version) {
        return Err(format!("it is of version {version} of GGUF; 2 and 3 are read"));
    }
    let arrays = cursor.count("the number of its arrays", 1)?;
    let values = cursor.count("the number of its values", 1)?;
    let mut named = BTreeMap::new();
    for _ in 0..values {
        let key = cursor.text("the name of a value")?;
        let value = Value::parse(&mut cursor, &key)?;
        if named.insert(key.clone(), value).is_some() {
            return Err(format!("the value `{key}` is there twice"));
        }
    }
    let align = match named.get("general.alignment") {
        None => 32,
        Some(value) => match value.number() {
            Some(align @ 1..=65_536) if align.is_power_of_two() => align as usize,
            _ => return Err(format!("`general.alignment` is {value}, but a power of 2 is wanted")),
        },
    };
    let mut places = BTreeMap::new();
    for _ in 0..arrays {
        let name = cursor.text("the name of an array")?;
        let place = place(&mut cursor, &name)?;
        if places.insert(name.clone(), place).is_some() {
            return Err(format!("the array `{name}` is there twice"));
        }
    }
    let data = cursor.at().next_multiple_of(align);
    for (name, place) in &mut places {
        place.start = place.start.checked_add(data).ok_or_else(|| format!("array `{name}` lies nowhere"))?;
        let end = place.start.checked_add(place.len);
        if end.is_none_or(|end| end > bytes.len()) {
            return Err(format!(
                "it is cut short: array `{name}` takes bytes {} to {}, but there are {}",
                place.start,
                end.unwrap_or(usize::MAX),
                bytes.len()
            ));
        }
    }
    Ok((named, places))
}

fn place(cursor: &mut Cursor, name: &str) -> Result<Place, String> {
    let what = |what: &str| format!("{what} of array `{name}`");
    let dimensions = cursor.u32(&what("the number of dimensions"))?;
    if dimensions > 8 {
        return Err(format!("array `{name}` has {dimensions} dimensions"));
    }
    let mut sizes = Vec::new();
    for _ in 0..dimensions {
        sizes.push(cursor.u64(&what("a size"))?);
    }
    sizes.reverse();
    let encoding = Encoding::of_code(cursor.u32(&what("the encoding"))?);
    let start = cursor.u64(&what("the place"))?;
    let elements = sizes.iter().try_fold(1u64, |all, size| all.checked_mul(*size));
    let overflow = || format!("array `{name}` has sizes {sizes:?}, which is more than there can be");
    let elements = elements.filter(|elements| *elements <= 1 << 40).ok_or_else(overflow)?;
    let last = sizes.last().copied().unwrap_or(1);
    let len =
        encoding.bytes(elements as usize, last as usize).map_err(|text| format!("array `{name}`: {text}"))?;
    let whole = |number: &u64| *number as usize;
    Ok(Place { sizes: sizes.iter().map(whole).collect(), encoding, start: start as usize, len })
}

#[cfg(test)]
mod tests;
