//! 3×3 convolution over a grid of cells, one cell of zero padding, channels innermost, optional relu.

use dfdx::prelude::*;

use super::{
    Activation, Grid, Input,
    buffer::{Matrix, product, view},
    parallel::{add_rows, threads},
};

/// [`Backend::conv3x3`](super::Backend::conv3x3) as a chain of dfdx operations, on any device: gather the nine
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
    super::linear::stock(unfolded, w, b, activation)
}

/// [`Backend::conv3x3`](super::Backend::conv3x3) on the CPU.
pub fn fused<C: Dim, K: Dim, O: Dim, T: Tape<f32, Cpu>>(
    x: Tensor<(usize, C), f32, Cpu, T>,
    w: &Tensor<(O, K), f32, Cpu>,
    b: &Tensor<(O,), f32, Cpu>,
    grid: Grid,
    activation: Activation,
    input: Input,
) -> Tensor<(usize, O), f32, Cpu, T> {
    let (rows, channels) = (x.shape().0, x.shape().1.size());
    let (outputs, inputs) = (w.shape().0.size(), w.shape().1.size());
    check(rows, channels, inputs, grid);
    let (x, mut tape) = x.split_tape();
    let mut columns = vec![0.0; rows * inputs];
    unfold(view(&x), &mut columns, grid, channels);
    let mut y = view(b).repeat(rows);
    let weight = Matrix::rows(view(w), inputs).transposed();
    product((rows, inputs, outputs), &mut y, true, 1.0, Matrix::rows(&columns, inputs), weight, threads());
    activation.apply(&mut y);
    let y = x.device().tensor_from_vec(y, (rows, w.shape().0));
    if T::OWNS_TAPE {
        let (out, w, b) = (y.clone(), w.clone(), b.clone());
        tape.add_backward_op(move |gradients| {
            let mut dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            activation.mask(&mut dy, view(&out));
            let dy_rows = Matrix::rows(&dy, outputs);
            add_rows(gradients.get_or_alloc_mut(&b)?, &dy);
            let dw = gradients.get_or_alloc_mut(&w)?;
            let unfolded = Matrix::rows(&columns, inputs);
            product((outputs, rows, inputs), dw, true, 1.0, dy_rows.transposed(), unfolded, threads());
            if input == Input::Hidden {
                let weight = Matrix::rows(view(&w), inputs);
                product((rows, outputs, inputs), &mut columns, false, 1.0, dy_rows, weight, threads());
                fold(&columns, gradients.get_or_alloc_mut(&x)?, grid, channels);
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// Visits every cell and, for each of its three rows of neighbours, the part inside the image: `f(cell, offset, span)`
/// with the cell's index, where the span starts among the cell's nine neighbours, and the cells it covers.
fn spans(cells: usize, grid: Grid, mut f: impl FnMut(usize, usize, std::ops::Range<usize>)) {
    for cell in 0..cells {
        let (row, column) = (cell % grid.cells() / grid.width, cell % grid.width);
        let (left, right) = (usize::from(column > 0), usize::from(column + 1 < grid.width));
        for dy in usize::from(row == 0)..3 - usize::from(row + 1 == grid.height) {
            let middle = cell + dy * grid.width - grid.width;
            f(cell, dy * 3 + 1 - left, middle - left..middle + right + 1);
        }
    }
}

fn unfold(x: &[f32], columns: &mut [f32], grid: Grid, channels: usize) {
    spans(x.len() / channels, grid, |cell, offset, span| {
        let source = &x[span.start * channels..span.end * channels];
        columns[(cell * 9 + offset) * channels..][..source.len()].copy_from_slice(source);
    });
}

fn fold(columns: &[f32], dx: &mut [f32], grid: Grid, channels: usize) {
    spans(dx.len() / channels, grid, |cell, offset, span| {
        let target = &mut dx[span.start * channels..span.end * channels];
        let source = &columns[(cell * 9 + offset) * channels..][..target.len()];
        target.iter_mut().zip(source).for_each(|(target, source)| *target += source);
    });
}

fn cells(grid: Grid) -> impl Iterator<Item = (usize, usize)> {
    (0..grid.height).flat_map(move |row| (0..grid.width).map(move |column| (row, column)))
}

/// The number of images in `rows` cells.
fn check(rows: usize, channels: usize, inputs: usize, grid: Grid) -> usize {
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
                let fused = fused(x.leaky_trace(), &w, &b, grid, activation, Input::Hidden);
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
        let all = run(fused(x.leaky_trace(), &w, &b, grid, Activation::Relu, Input::Hidden), &[&x, &w, &b]);
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
    fn data_gets_no_gradient() {
        let grid = Grid { height: 2, width: 3 };
        let (x, w, b) = (random((12, 4), "x"), random((5, 36), "w"), random((5,), "b"));
        let all = |input| run(fused(x.leaky_trace(), &w, &b, grid, Activation::Relu, input), &[&w, &b]);
        assert_eq!(all(Input::Data), all(Input::Hidden));
    }

    #[test]
    fn threads_do_not_show() {
        let grid = Grid { height: 6, width: 6 };
        let (x, w, b) = (random((37 * 36, 32), "x"), random((32, 288), "w"), random((32,), "b"));
        assert_same_with_any_threads(|| {
            run(fused(x.leaky_trace(), &w, &b, grid, Activation::Relu, Input::Hidden), &[&x, &w, &b])
        });
    }

    #[test]
    fn no_images_are_no_trouble() {
        let grid = Grid { height: 2, width: 2 };
        let (x, w, b) = (random((0, 1), "x"), random((2, 9), "w"), random((2,), "b"));
        assert!(view(&fused(x.leaky_trace(), &w, &b, grid, Activation::Relu, Input::Hidden)).is_empty());
    }
}
