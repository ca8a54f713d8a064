//! Cells of padded rows, and the runs of them that a mask leaves.
#![expect(clippy::unnecessary_cast, reason = "one text serves every type of cell, and one of them is f64")]

use std::ops::Range;

/// A run of tokens of a row that the policy wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) row: u32,
    pub(super) start: u32,
    pub(super) length: u32,
}

impl Run {
    /// Where it stands in the rows, one after the other, of this length.
    pub(super) fn cells(self, length: usize) -> Range<usize> {
        let start = self.row as usize * length + self.start as usize;
        start..start + self.length as usize
    }
}

/// Cells of an array of (rows, length), row after row.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'a> {
    /// Single precision.
    F32(&'a [f32]),
    /// Double precision.
    F64(&'a [f64]),
    /// Integers of 64 bits.
    I64(&'a [i64]),
    /// Integers of 32 bits.
    I32(&'a [i32]),
    /// Bytes.
    U8(&'a [u8]),
    /// Flags.
    Flags(&'a [bool]),
}

macro_rules! each {
    ($cells:expr, $slice:ident => $do:expr, $flags:ident => $other:expr) => {
        match $cells {
            Cells::F32($slice) => $do,
            Cells::F64($slice) => $do,
            Cells::I64($slice) => $do,
            Cells::I32($slice) => $do,
            Cells::U8($slice) => $do,
            Cells::Flags($flags) => $other,
        }
    };
}

impl Cells<'_> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        each!(self, slice => slice.len(), flags => flags.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them as numbers.
    #[must_use]
    pub fn numbers(&self) -> Vec<f64> {
        let mut column = Vec::with_capacity(self.len());
        self.append(0..self.len(), &mut column);
        column
    }

    pub(super) fn at(&self, index: usize) -> f64 {
        each!(self, slice => slice[index] as f64, flags => f64::from(u8::from(flags[index])))
    }

    pub(super) fn append(&self, cells: Range<usize>, column: &mut Vec<f64>) {
        each!(
            self,
            slice => column.extend(slice[cells].iter().map(|x| *x as f64)),
            flags => column.extend(flags[cells].iter().map(|yes| f64::from(u8::from(*yes))))
        );
    }

    /// The runs of a row of a mask; else the first place of it that is neither 0 nor 1.
    pub(super) fn runs(&self, row: usize, length: usize, runs: &mut Vec<Run>) -> Result<(), usize> {
        let cells = row * length..(row + 1) * length;
        let mut run = |start: usize, end: usize| {
            runs.push(Run { row: row as u32, start: start as u32, length: (end - start) as u32 });
        };
        each!(
            self,
            slice => bounds(&slice[cells], |x| if x as f64 == 1.0 { Some(true) } else if x as f64 == 0.0 { Some(false) } else { None }, &mut run),
            flags => bounds(&flags[cells], Some, &mut run)
        )
    }
}

/// Beginning and end of each run of what counts.
fn bounds<T: Copy>(
    row: &[T],
    counts: impl Fn(T) -> Option<bool>,
    run: &mut impl FnMut(usize, usize),
) -> Result<(), usize> {
    let mut start = None;
    for (place, cell) in row.iter().enumerate() {
        match (counts(*cell).ok_or(place)?, start) {
            (true, None) => start = Some(place),
            (false, Some(from)) => {
                run(from, place);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        run(from, row.len());
    }
    Ok(())
}
