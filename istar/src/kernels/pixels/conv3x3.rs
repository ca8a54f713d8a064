//! 3×3 convolution over a grid of cells, one cell of zero padding, channels innermost, optional relu.

use std::ops::Range;

use dfdx::prelude::*;

use super::Grid;
use crate::kernels::core::{
    Activation,
    buffer::{view, widest},
    linear,
    parallel::{Shares, add_rows, run, split, threads},
    tile::{Wide, dot, load, load_rows, outer, panels, store, store_rows},
};

/// Images convolved at a time: with 32 channels on 6×6 cells their padded copy takes 66 kB and stays in the cache.
const IMAGES: usize = 8;

/// Partial sums of the parameters' gradients, over equal shares of the images. Fixed, so that the order of additions
/// does not depend on the threads; with 32 channels and outputs a sum takes 37 kB.
const PARTS: usize = 8;

/// [`Vision::conv3x3`](super::Vision::conv3x3) as a chain of dfdx operations, on any device: gather the nine
/// neighbours of every cell, blank those outside the image, multiply.
pub fn stock<C: Dim, K: Dim, O: Dim, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<(usize, C), f32, D, T>,
    w: &Tensor<(O, K), f32, D>,
    b: &Tensor<(O,), f32, D>,
    grid: Grid,
    activation: Activation,
) -> Tensor<(usize, O), f32, D, T> {
    let (rows, channels) = *x.shape();
    let images = check(rows, channels.size(), w.shape().1.size(), grid);
    let (mut neighbours, mut inside) = (Vec::with_capacity(rows * 9), Vec::with_capacity(rows * 9));
    for (image, row, column) in (0..images).flat_map(|image| cells(grid).map(move |(y, x)| (image, y, x))) {
        for (dy, dx) in (0..3).flat_map(|dy| (0..3).map(move |dx| (dy, dx))) {
            let (y, x) = (row + dy, column + dx);
            let here = (1..=grid.height).contains(&y) && (1..=grid.width).contains(&x);
            neighbours.push(if here { image * grid.cells() + (y - 1) * grid.width + x - 1 } else { 0 });
            inside.push(if here { 1.0f32 } else { 0.0 });
        }
    }
    let dev = x.device().clone();
    let inside = dev.tensor_from_vec(inside, (rows * 9,)).broadcast_like::<_, Axis<1>>(&(rows * 9, channels));
    let neighbours = dev.tensor_from_vec(neighbours, (rows * 9,));
    let unfolded: Tensor<(usize, C), f32, D, T> = x.gather(neighbours);
    let unfolded = (unfolded * inside).reshape_like(&(rows, w.shape().1));
    linear::stock(unfolded, w, b, activation)
}

/// [`Vision::conv3x3`](super::Vision::conv3x3) on the CPU.
pub fn fused<C: Dim, K: Dim, O: Dim, T: Tape<f32, Cpu>>(
    x: Tensor<(usize, C), f32, Cpu, T>,
    w: &Tensor<(O, K), f32, Cpu>,
    b: &Tensor<(O,), f32, Cpu>,
    grid: Grid,
    activation: Activation,
) -> Tensor<(usize, O), f32, Cpu, T> {
    let (rows, channels) = (x.shape().0, x.shape().1.size());
    let (outputs, inputs) = (w.shape().0.size(), w.shape().1.size());
    let images = check(rows, channels, inputs, grid);
    let (x, mut tape) = x.split_tape();
    let mut y = view(b).repeat(rows);
    let mut shares = Shares(&mut y);
    let (pad, xs, ws) = (Padding { grid, channels }, view(&x), view(w));
    run(split(images, threads()).map(|share| {
        let y = shares.take(share.len() * grid.cells() * outputs);
        let x = &xs[share.start * grid.cells() * channels..][..share.len() * grid.cells() * channels];
        move || widest(Forward { pad, x, w: ws, y, outputs, activation })
    }));
    let y = x.device().tensor_from_vec(y, (rows, w.shape().0));
    if T::OWNS_TAPE {
        let (out, w, b) = (y.clone(), w.clone(), b.clone());
        tape.add_backward_op(move |gradients| {
            let mut dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let flipped = flip(view(&w), channels, outputs);
            let mut partial = vec![0.0; PARTS.min(images) * outputs * (inputs + 1)];
            let dx = &mut gradients.get_or_alloc_mut(&x)?[..];
            let (mut dx, mut dys, mut partials) = (Shares(dx), Shares(&mut dy), Shares(&mut partial));
            let (xs, ys, flipped) = (view(&x), view(&out), &flipped[..]);
            run(split(images, PARTS).map(|share| {
                let (first, cells) = (share.start * grid.cells(), share.len() * grid.cells());
                let (dw, db) = partials.take(outputs * (inputs + 1)).split_at_mut(outputs * inputs);
                let (x, y) =
                    (&xs[first * channels..][..cells * channels], &ys[first * outputs..][..cells * outputs]);
                let (dy, dx) = (dys.take(cells * outputs), dx.take(cells * channels));
                move || widest(Backward { pad, x, y, dy, flipped, dw, db, dx, outputs, activation })
            }));
            for part in partial.chunks_exact(outputs * (inputs + 1)) {
                let (dw, db) = part.split_at(outputs * inputs);
                add_rows(gradients.get_or_alloc_mut(&w)?, dw);
                add_rows(gradients.get_or_alloc_mut(&b)?, db);
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// How a few images lie in a buffer with a border of zeros around each: every cell then has nine neighbours, three
/// adjacent runs of three cells.
#[derive(Clone, Copy)]
struct Padding {
    grid: Grid,
    channels: usize,
}

impl Padding {
    /// Numbers from one row of cells to the next.
    #[inline(always)]
    fn stride(self) -> usize {
        (self.grid.width + 2) * self.channels
    }

    fn image(self) -> usize {
        (self.grid.height + 2) * self.stride()
    }

    /// The cells of some images in tiles of at most `rows`. Those of the first row of an image and those of the last are apart from the
    /// others: one row of their neighbours is nothing but border, which would add nothing.
    fn tiles(self, images: usize, rows: usize) -> Tiles {
        let mut classes = [const { Vec::new() }; 3];
        for image in 0..images {
            for (number, (row, column)) in cells(self.grid).enumerate() {
                let class = [row == 0, row + 1 == self.grid.height].iter().position(|found| *found);
                let corner = self.corner(image, row, column);
                classes[class.unwrap_or(2)].push(Place { corner, cell: image * self.grid.cells() + number });
            }
        }
        let last = if self.grid.height > 1 { 3 } else { 2 };
        let mut tiles = Tiles { places: Vec::new(), ends: Vec::new() };
        for (places, inside) in classes.iter().zip([1..last, 0..2, 0..3]) {
            for places in places.chunks(rows) {
                tiles.places.extend(places);
                tiles.ends.push((tiles.places.len(), inside.clone()));
            }
        }
        tiles
    }

    /// Where the neighbours of a cell start: the upper left one.
    #[inline(always)]
    fn corner(self, image: usize, row: usize, column: usize) -> usize {
        image * self.image() + row * self.stride() + column * self.channels
    }

    /// A border of zeros for `images`, with room for a tile to overhang the end.
    fn buffer(self, images: usize, overhang: usize) -> Vec<f32> {
        vec![0.0; images * self.image() + overhang]
    }

    /// Copies images into the buffer; the border stays.
    fn fill(self, buffer: &mut [f32], images: &[f32]) {
        let line = self.grid.width * self.channels;
        for (image, buffer) in
            images.chunks_exact(self.grid.height * line).zip(buffer.chunks_exact_mut(self.image()))
        {
            let inside = buffer[self.stride() + self.channels..].chunks_mut(self.stride());
            image.chunks_exact(line).zip(inside).for_each(|(from, to)| to[..line].copy_from_slice(from));
        }
    }

    /// Adds to `out`, `(cells, outputs)`, the convolution of the images in the buffer.
    #[inline(always)]
    fn convolve<const ROWS: usize, const LANES: usize, const FUSED: bool>(
        self,
        buffer: &[f32],
        tiles: &Tiles,
        panels: &[f32],
        out: &mut [f32],
        outputs: usize,
    ) {
        let (run, stride) = (3 * self.channels, self.stride());
        for (panel, weights) in panels.chunks_exact(3 * run * LANES).enumerate() {
            let (column, mut start) = (panel * LANES, 0);
            for (end, inside) in &tiles.ends {
                let places = &tiles.places[start..*end];
                start = *end;
                // A tile that overhangs repeats its last row, which comes to the same.
                let last = places[places.len() - 1];
                let (mut rows, mut lines) = ([last.corner; ROWS], [last.cell * outputs + column; ROWS]);
                for ((row, line), place) in rows.iter_mut().zip(&mut lines).zip(places) {
                    (*row, *line) = (place.corner, place.cell * outputs + column);
                }
                let mut tile = load_rows::<ROWS, LANES>(out, &lines, outputs - column);
                dot::<ROWS, LANES, FUSED>(&mut tile, buffer, rows, (run, stride), inside, weights);
                store_rows(&tile, out, &lines, outputs - column);
            }
        }
    }

    /// The cells of some images, image by image, that have a neighbour inside: one of row `row` of the three, and of column `column` if
    /// there is only one column to look at. Each by the corners of its neighbours in this padding and in another.
    fn with_neighbour(
        self,
        other: Padding,
        images: usize,
        row: usize,
        column: Option<usize>,
    ) -> Vec<(usize, usize)> {
        let inside = |at: usize, offset: usize, size: usize| (1..=size).contains(&(at + offset));
        (0..images)
            .flat_map(|image| cells(self.grid).map(move |cell| (image, cell)))
            .filter(|(_, (y, x))| {
                inside(*y, row, self.grid.height)
                    && column.is_none_or(|column| inside(*x, column, self.grid.width))
            })
            .map(|(image, (y, x))| (self.corner(image, y, x), other.corner(image, y, x)))
            .collect()
    }
}

/// Cells as a convolution goes over them.
struct Tiles {
    places: Vec<Place>,
    /// Per tile, where its places end, and the rows of neighbours to look at.
    ends: Vec<(usize, Range<usize>)>,
}

/// A cell: where its neighbours start in a buffer, and which it is in the images.
#[derive(Clone, Copy, Debug)]
struct Place {
    corner: usize,
    cell: usize,
}

/// Weights for the way back: outputs and channels exchanged, and the nine neighbours in reverse.
fn flip(w: &[f32], channels: usize, outputs: usize) -> Vec<f32> {
    let mut flipped = vec![0.0; w.len()];
    for (output, w) in w.chunks_exact(9 * channels).enumerate() {
        for (neighbour, w) in w.chunks_exact(channels).enumerate() {
            for (channel, &weight) in w.iter().enumerate() {
                flipped[(channel * 9 + 8 - neighbour) * outputs + output] = weight;
            }
        }
    }
    flipped
}

struct Forward<'a> {
    pad: Padding,
    x: &'a [f32],
    w: &'a [f32],
    /// The bias in every row, to begin with.
    y: &'a mut [f32],
    outputs: usize,
    activation: Activation,
}

impl Wide for Forward<'_> {
    #[inline(always)]
    fn run<const ROWS: usize, const LANES: usize, const FUSED: bool>(self) {
        let Self { pad, x, w, y, outputs, activation } = self;
        let cells = pad.grid.cells();
        let panels = panels::<LANES>(w, 9 * pad.channels);
        let (whole, mut buffer) = (pad.tiles(IMAGES, ROWS), pad.buffer(IMAGES, 0));
        for (x, y) in x.chunks(IMAGES * cells * pad.channels).zip(y.chunks_mut(IMAGES * cells * outputs)) {
            pad.fill(&mut buffer, x);
            let images = y.len() / outputs / cells;
            let rest = if images < IMAGES { Some(pad.tiles(images, ROWS)) } else { None };
            let tiles = rest.as_ref().unwrap_or(&whole);
            pad.convolve::<ROWS, LANES, FUSED>(&buffer, tiles, &panels, y, outputs);
            activation.apply(y);
        }
    }
}

struct Backward<'a> {
    pad: Padding,
    x: &'a [f32],
    y: &'a [f32],
    dy: &'a mut [f32],
    flipped: &'a [f32],
    dw: &'a mut [f32],
    db: &'a mut [f32],
    dx: &'a mut [f32],
    outputs: usize,
    activation: Activation,
}

impl Wide for Backward<'_> {
    #[inline(always)]
    fn run<const ROWS: usize, const LANES: usize, const FUSED: bool>(self) {
        let Self { pad, x, y, dy, flipped, dw, db, dx, outputs, activation } = self;
        let (cells, channels) = (pad.grid.cells(), pad.channels);
        let back = Padding { grid: pad.grid, channels: outputs };
        let panels = panels::<LANES>(flipped, 9 * outputs);
        let whole = Steps::new::<ROWS, LANES>(pad, back, IMAGES);
        let (mut buffer, mut back_buffer) = (pad.buffer(IMAGES, LANES), back.buffer(IMAGES, ROWS));
        // From the corner of a cell's neighbours to the cell itself.
        let centre = back.stride() + outputs;
        let (inputs, chunk) = (IMAGES * cells * channels, IMAGES * cells * outputs);
        let hidden = x.chunks(inputs).zip(dx.chunks_mut(inputs));
        for (((x, dx), y), dy) in hidden.zip(y.chunks(chunk)).zip(dy.chunks_mut(chunk)) {
            activation.mask(dy, y);
            add_rows(db, dy);
            pad.fill(&mut buffer, x);
            back.fill(&mut back_buffer, dy);
            let images = dy.len() / outputs / cells;
            let rest =
                if images < IMAGES { Some(Steps::new::<ROWS, LANES>(pad, back, images)) } else { None };
            let steps = rest.as_ref().unwrap_or(&whole);
            for (row, column, positions) in &steps.weights {
                for output in (0..outputs).step_by(ROWS) {
                    let (dy, x) = (&back_buffer[centre + output..], &buffer[row * pad.stride() + column..]);
                    let corner = (output, row * 3 * channels + column);
                    let (width, inside) = (9 * channels, 3 * channels - column);
                    let mut tile = load::<ROWS, LANES>(dw, width, corner, inside);
                    outer::<ROWS, LANES, FUSED>(&mut tile, dy, x, positions.iter().copied());
                    store(&tile, dw, width, corner, inside);
                }
            }
            back.convolve::<ROWS, LANES, FUSED>(&back_buffer, &steps.tiles, &panels, dx, channels);
        }
    }
}

/// The way back of some images.
struct Steps {
    /// For each tile of the weights' gradient that is `LANES` wide: the row of neighbours, the first number in it, and the cells, by the
    /// corners of their neighbours, that have any of these numbers inside of the image.
    weights: Vec<(usize, usize, Vec<(usize, usize)>)>,
    tiles: Tiles,
}

impl Steps {
    fn new<const ROWS: usize, const LANES: usize>(pad: Padding, back: Padding, images: usize) -> Self {
        let tiles =
            (0..3).flat_map(|row| (0..3 * pad.channels).step_by(LANES).map(move |column| (row, column)));
        let weights = tiles.map(|(row, column)| {
            let [first, last] =
                [column, (column + LANES).min(3 * pad.channels) - 1].map(|at| at / pad.channels);
            let positions = back.with_neighbour(pad, images, row, (first == last).then_some(first));
            (row, column, positions)
        });
        Steps { weights: weights.collect(), tiles: back.tiles(images, ROWS) }
    }
}

fn cells(grid: Grid) -> impl Iterator<Item = (usize, usize)> {
    (0..grid.height).flat_map(move |row| (0..grid.width).map(move |column| (row, column)))
}

/// The number of images in `rows` cells.
pub(in crate::kernels) fn check(rows: usize, channels: usize, inputs: usize, grid: Grid) -> usize {
    assert_eq!(inputs, 9 * channels, "a 3x3 weight for {channels} channels");
    assert_eq!(rows % grid.cells(), 0, "{rows} cells are no whole number of {grid:?} images");
    rows / grid.cells()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{
        assert_close, assert_differences, assert_same_with_any_threads, random, run,
    };

    /// Images, grid, channels, outputs.
    const SIZES: [(usize, Grid, usize, usize); 7] = [
        (1, Grid { height: 1, width: 1 }, 1, 1),
        (1, Grid { height: 1, width: 5 }, 3, 2),
        (2, Grid { height: 4, width: 1 }, 2, 16),
        (1, Grid { height: 6, width: 6 }, 32, 32),
        (19, Grid { height: 3, width: 2 }, 5, 33),
        (9, Grid { height: 7, width: 5 }, 20, 48),
        (3, Grid { height: 10, width: 10 }, 16, 64),
    ];

    #[test]
    fn equals_the_stock_chain() {
        for (images, grid, channels, outputs) in SIZES {
            for activation in [Activation::Identity, Activation::Relu] {
                let x = random((images * grid.cells(), channels), "x");
                let (w, b) = (random((outputs, 9 * channels), "w"), random((outputs,), "b"));
                let fused = fused(x.leaky_trace(), &w, &b, grid, activation);
                let fused = run(fused, &[&x, &w, &b]);
                let stock = run(stock(x.leaky_trace(), &w, &b, grid, activation), &[&x, &w, &b]);
                for (what, (fused, stock)) in
                    ["y", "dx", "dw", "db"].into_iter().zip(fused.iter().zip(&stock))
                {
                    let what = format!("{what} of {images} images of {grid:?}, {channels} -> {outputs}");
                    assert_close(&what, fused, stock, 4e-6);
                }
            }
        }
    }

    #[test]
    fn follows_the_formula() {
        let (grid, channels, outputs) = (Grid { height: 3, width: 4 }, 2, 3);
        let x = random((2 * grid.cells(), channels), "x");
        let (w, b) = (random((outputs, 9 * channels), "w"), random((outputs,), "b"));
        let weights = random((2 * grid.cells(), outputs), "weights").as_vec();
        let all = run(fused(x.leaky_trace(), &w, &b, grid, Activation::Relu), &[&x, &w, &b]);
        let loss = |x: &[f64], w: &[f64], b: &[f64]| -> f64 {
            let mut loss = 0.0;
            for (i, &weight) in weights.iter().enumerate() {
                let (cell, o) = (i / outputs, i % outputs);
                let (image, row, column) = (cell / 12, cell % 12 / 4, cell % 4);
                let mut y = b[o];
                for (dy, dx, c) in
                    (0..9 * channels).map(|k| (k / 3 / channels, k / channels % 3, k % channels))
                {
                    let (row, column) = ((row + dy).wrapping_sub(1), (column + dx).wrapping_sub(1));
                    if row < 3 && column < 4 {
                        let there = image * 12 + row * 4 + column;
                        y += x[there * channels + c] * w[((o * 3 + dy) * 3 + dx) * channels + c];
                    }
                }
                loss += y.max(0.0) * f64::from(weight);
            }
            loss
        };
        let wide = |v: &[f32]| v.iter().map(|&v| f64::from(v)).collect::<Vec<_>>();
        let (xs, ws, bs) = (x.as_vec(), w.as_vec(), b.as_vec());
        let (x64, w64, b64) = (wide(&xs), wide(&ws), wide(&bs));
        assert_differences("dx", |x| loss(x, &w64, &b64), &xs, &all[1]);
        assert_differences("dw", |w| loss(&x64, w, &b64), &ws, &all[2]);
        assert_differences("db", |b| loss(&x64, &w64, b), &bs, &all[3]);
    }

    #[test]
    fn every_kind_of_register_gives_the_same() {
        let (pad, outputs) = (Padding { grid: Grid { height: 5, width: 3 }, channels: 7 }, 37);
        let (images, cells) = (11, 11 * 15);
        let [x, y] = [(7, "x"), (outputs, "y")].map(|(width, name)| random((cells, width), name).as_vec());
        let w = random((outputs, 63), "w").as_vec();
        let (flipped, activation) = (flip(&w, 7, outputs), Activation::Relu);
        assert_eq!(images * pad.grid.cells(), cells);
        let all = |wide: &dyn Fn(Forward<'_>, Backward<'_>)| {
            let (mut forward, mut dy) = (vec![0.5; cells * outputs], random((cells, outputs), "dy").as_vec());
            let (mut dw, mut db, mut dx) = (vec![0.0; w.len()], vec![0.0; outputs], vec![0.0; x.len()]);
            let ahead = Forward { pad, x: &x, w: &w, y: &mut forward, outputs, activation };
            let (y, dy) = (&y[..], &mut dy[..]);
            let flipped = &flipped[..];
            let back = Backward {
                pad,
                x: &x,
                y,
                dy,
                flipped,
                dw: &mut dw,
                db: &mut db,
                dx: &mut dx,
                outputs,
                activation,
            };
            wide(ahead, back);
            [forward, dw, db, dx].concat()
        };
        let widest = all(&|ahead, back| {
            widest(ahead);
            widest(back);
        });
        let eight = all(&|ahead, back| {
            ahead.run::<4, 8, false>();
            back.run::<4, 8, false>();
        });
        let sixteen = all(&|ahead, back| {
            ahead.run::<6, 16, true>();
            back.run::<6, 16, true>();
        });
        assert_close("4 x 8", &eight, &widest, 2e-6);
        assert_close("6 x 16", &sixteen, &widest, 2e-6);
    }

    #[test]
    fn a_row_does_not_depend_on_its_batch() {
        let grid = Grid { height: 6, width: 6 };
        let (w, b) = (random((33, 9 * 5), "w"), random((33,), "b"));
        let x = random((21 * 36, 5), "x").as_vec();
        let y = |images: Range<usize>| {
            let x = x[images.start * 180..images.end * 180].to_vec();
            let x = Cpu::default().tensor_from_vec(x, (images.len() * 36, 5));
            fused(x, &w, &b, grid, Activation::Identity).as_vec()
        };
        let all = y(0..21);
        assert_eq!([y(0..1), y(1..3), y(3..20), y(20..21)].concat(), all);
    }

    #[test]
    fn threads_do_not_show() {
        let grid = Grid { height: 6, width: 6 };
        let (x, w, b) = (random((37 * 36, 32), "x"), random((32, 288), "w"), random((32,), "b"));
        assert_same_with_any_threads(|| {
            run(fused(x.leaky_trace(), &w, &b, grid, Activation::Relu), &[&x, &w, &b])
        });
    }

    #[test]
    fn no_images_are_no_trouble() {
        let grid = Grid { height: 2, width: 2 };
        let (x, w, b) = (random((0, 1), "x"), random((2, 9), "w"), random((2,), "b"));
        assert!(view(&fused(x.leaky_trace(), &w, &b, grid, Activation::Relu)).is_empty());
    }
}
