//! The inner loops: a tile of outputs held in registers while the products that belong to it are summed.
//!
//! A tile is `ROWS` rows of `LANES` columns. [`widest`](super::buffer::widest) compiles them once for every kind of
//! register and picks at run time: 12×32 with AVX-512, 6×16 with AVX2, 4×8 otherwise; the loops over rows and lanes
//! have constant bounds, so the compiler unrolls them and keeps the sums in registers. Every element is summed in the
//! order of its own products, whatever tile it falls into: the bits of a row do not depend on its neighbours.

use std::ops::Range;

/// Work that [`widest`](super::buffer::widest) compiles for several kinds of register. `run` must be inlined always,
/// as must all it calls in its inner loops, and no closure may stand between: only what is inlined is compiled for the
/// wide registers, and a closure as large as an unrolled tile is not.
pub(crate) trait Wide {
    /// Does the work with tiles of `ROWS` by `LANES`; `FUSED` says that a fused multiply-add is one instruction.
    fn run<const ROWS: usize, const LANES: usize, const FUSED: bool>(self);
}

/// Functions over slices that [`widest`](super::buffer::widest) compiles for several kinds of register, for passes over elements that the
/// compiler lays over registers by itself. What they call must be inlined always. They fuse no products, so their bits are the same with
/// every kind.
///
/// ```text
/// wide! {
///     /// Doubles every number.
///     fn double<'a>(x: &'a mut [f32]) {
///         x.iter_mut().for_each(|x| *x *= 2.0);
///     }
/// }
/// ```
macro_rules! wide {
    ($($(#[$attribute:meta])* $vis:vis fn $name:ident<'a>($($argument:ident: $kind:ty),* $(,)?) $body:block)*) => {$(
        $(#[$attribute])*
        $vis fn $name<'a>($($argument: $kind),*) {
            struct Work<'a> { $($argument: $kind),* }
            impl<'a> $crate::kernels::core::tile::Wide for Work<'a> {
                #[inline(always)]
                fn run<const ROWS: usize, const LANES: usize, const FUSED: bool>(self) {
                    let Work { $($argument),* } = self;
                    $body
                }
            }
            $crate::kernels::core::buffer::widest(Work { $($argument),* });
        }
    )*};
}
pub(crate) use wide;

#[inline(always)]
fn multiply_add<const FUSED: bool>(a: f32, b: f32, sum: f32) -> f32 {
    if FUSED { a.mul_add(b, sum) } else { a * b + sum }
}

/// Adds to row `r` of the tile the products of weights with the numbers that start at `x[rows[r]]`: runs of `len`,
/// each `stride` after the one before, of which only some count. A panel holds `LANES` weights for every number of every run.
#[inline(always)]
pub(crate) fn dot<const ROWS: usize, const LANES: usize, const FUSED: bool>(
    tile: &mut [[f32; LANES]; ROWS],
    x: &[f32],
    rows: [usize; ROWS],
    (len, stride): (usize, usize),
    counted: &Range<usize>,
    panel: &[f32],
) {
    let mut sums = *tile;
    for (run, panel) in panel.chunks_exact(len * LANES).enumerate() {
        // Of a panel that is cut to the runs that count, the compiler unrolls no tile.
        if !counted.contains(&run) {
            continue;
        }
        // A loop, as `array::from_fn` is not always inlined and the compiler must see that the lengths are `len`.
        let mut numbers = [&x[..0]; ROWS];
        for row in 0..ROWS {
            numbers[row] = &x[rows[row] + run * stride..][..len];
        }
        for (k, weights) in panel.as_chunks::<LANES>().0.iter().enumerate().take(len) {
            for row in 0..ROWS {
                let factor = numbers[row][k];
                for lane in 0..LANES {
                    sums[row][lane] = multiply_add::<FUSED>(factor, weights[lane], sums[row][lane]);
                }
            }
        }
    }
    *tile = sums;
}

/// Adds to the tile, for each pair of positions, the outer product of `ROWS` numbers of `a` and `LANES` of `b`.
#[inline(always)]
pub(crate) fn outer<const ROWS: usize, const LANES: usize, const FUSED: bool>(
    tile: &mut [[f32; LANES]; ROWS],
    a: &[f32],
    b: &[f32],
    positions: impl Iterator<Item = (usize, usize)>,
) {
    let mut sums = *tile;
    for (at_a, at_b) in positions {
        let a: &[f32; ROWS] = a[at_a..].first_chunk().expect("the buffers overhang by a tile");
        let b: &[f32; LANES] = b[at_b..].first_chunk().expect("the buffers overhang by a tile");
        for row in 0..ROWS {
            for lane in 0..LANES {
                sums[row][lane] = multiply_add::<FUSED>(a[row], b[lane], sums[row][lane]);
            }
        }
    }
    *tile = sums;
}

/// A tile of a row-major matrix of the given width, its corner at `(row, column)`. It may overhang the matrix below,
/// and `columns` to the right: what lies outside is zero.
#[inline(always)]
pub(crate) fn load<const ROWS: usize, const LANES: usize>(
    matrix: &[f32],
    width: usize,
    (row, column): (usize, usize),
    columns: usize,
) -> [[f32; LANES]; ROWS] {
    let mut tile = [[0.0; LANES]; ROWS];
    for (tile, line) in tile.iter_mut().zip(matrix.chunks_exact(width).skip(row)) {
        read(tile, &line[column..], columns);
    }
    tile
}

/// Writes a tile back to where [`load`] found it; what overhangs is dropped.
#[inline(always)]
pub(crate) fn store<const ROWS: usize, const LANES: usize>(
    tile: &[[f32; LANES]; ROWS],
    matrix: &mut [f32],
    width: usize,
    (row, column): (usize, usize),
    columns: usize,
) {
    for (tile, line) in tile.iter().zip(matrix.chunks_exact_mut(width).skip(row)) {
        write(tile, &mut line[column..], columns);
    }
}

/// As [`load`], of rows that start anywhere in the matrix.
#[inline(always)]
pub(crate) fn load_rows<const ROWS: usize, const LANES: usize>(
    matrix: &[f32],
    rows: &[usize; ROWS],
    columns: usize,
) -> [[f32; LANES]; ROWS] {
    let mut tile = [[0.0; LANES]; ROWS];
    for row in 0..ROWS {
        read(&mut tile[row], &matrix[rows[row]..], columns);
    }
    tile
}

/// Writes a tile back to where [`load_rows`] found it.
#[inline(always)]
pub(crate) fn store_rows<const ROWS: usize, const LANES: usize>(
    tile: &[[f32; LANES]; ROWS],
    matrix: &mut [f32],
    rows: &[usize; ROWS],
    columns: usize,
) {
    for row in 0..ROWS {
        write(&tile[row], &mut matrix[rows[row]..], columns);
    }
}

/// The numbers of one row of a tile, of which so many are inside. A copy of a known length is a few registers.
#[inline(always)]
fn read<const LANES: usize>(tile: &mut [f32; LANES], line: &[f32], columns: usize) {
    if columns >= LANES {
        tile.copy_from_slice(&line[..LANES]);
    } else {
        tile[..columns].copy_from_slice(&line[..columns]);
    }
}

/// Writes back what [`read`] found.
#[inline(always)]
fn write<const LANES: usize>(tile: &[f32; LANES], line: &mut [f32], columns: usize) {
    if columns >= LANES {
        line[..LANES].copy_from_slice(tile);
    } else {
        line[..columns].copy_from_slice(&tile[..columns]);
    }
}

/// Weights `(outputs, inputs)`, row-major, as panels of `LANES` outputs, inputs outermost; the last panel is filled up
/// with zeros.
pub(crate) fn panels<const LANES: usize>(weights: &[f32], inputs: usize) -> Vec<f32> {
    let outputs = weights.len() / inputs;
    let mut panels = vec![0.0; outputs.div_ceil(LANES) * LANES * inputs];
    for (output, weights) in weights.chunks_exact(inputs).enumerate() {
        let panel = &mut panels[output / LANES * LANES * inputs..];
        for (lanes, weight) in panel.chunks_exact_mut(LANES).zip(weights) {
            lanes[output % LANES] = *weight;
        }
    }
    panels
}
