//! Embedding of the square patches of 8-bit RGB frames, with relu.
//!
//! Frames drawn from tiles repeat a handful of patches thousands of times a batch, so the fused form embeds each
//! distinct patch once and hands the rows out; the backward pass sums the gradients of equal patches first. On frames
//! without repetition this costs one hash a patch.

use std::hash::Hasher;

use dfdx::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};

use super::Grid;
use crate::kernels::core::{
    Activation,
    buffer::{Matrix, product, view},
    linear,
    parallel::{add_rows, threads},
};

/// Pixels run from 0 to 255, inputs from 0 to 1.
pub(in crate::kernels) const SCALE: f32 = 1.0 / 255.0;

/// [`Vision::patch`](super::Vision::patch) as a chain of dfdx operations, on any device.
pub fn stock<K: Dim, O: Dim, D: Device<f32>, T: Tape<f32, D>>(
    frames: &[u8],
    grid: Grid,
    tile: usize,
    w: &Tensor<(O, K), f32, D>,
    b: &Tensor<(O,), f32, D>,
    tape: T,
) -> Tensor<(usize, O), f32, D, T> {
    let inputs = w.shape().1;
    let rows = check(frames, grid, tile, inputs.size());
    let mut patches = Vec::with_capacity(rows * inputs.size());
    let mut patch = vec![0; inputs.size()];
    for cell in 0..rows {
        read(frames, grid, tile, cell, &mut patch);
        patches.extend(patch.iter().map(|&pixel| f32::from(pixel) * SCALE));
    }
    let x = w.device().tensor_from_vec(patches, (rows, inputs));
    linear::stock(x.put_tape(tape), w, b, Activation::Relu)
}

/// [`Vision::patch`](super::Vision::patch) on the CPU.
pub fn fused<K: Dim, O: Dim, T: Tape<f32, Cpu>>(
    frames: &[u8],
    grid: Grid,
    tile: usize,
    w: &Tensor<(O, K), f32, Cpu>,
    b: &Tensor<(O,), f32, Cpu>,
    mut tape: T,
) -> Tensor<(usize, O), f32, Cpu, T> {
    let (outputs, inputs) = (w.shape().0.size(), w.shape().1.size());
    let Distinct { patches, of_cell } = distinct(frames, grid, tile, inputs);
    let (rows, kinds) = (of_cell.len(), patches.len() / inputs);
    let mut embedded = view(b).repeat(kinds);
    let weight = Matrix::rows(view(w), inputs).transposed();
    product(
        (kinds, inputs, outputs),
        &mut embedded,
        true,
        SCALE,
        Matrix::rows(&patches, inputs),
        weight,
        threads(),
    );
    Activation::Relu.apply(&mut embedded);
    let mut y = Vec::with_capacity(rows * outputs);
    of_cell.iter().for_each(|&kind| y.extend_from_slice(&embedded[kind as usize * outputs..][..outputs]));
    let y = w.device().tensor_from_vec(y, (rows, w.shape().0));
    if T::OWNS_TAPE {
        let (out, w, b) = (y.clone(), w.clone(), b.clone());
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let mut by_kind = vec![0.0; kinds * outputs];
            for (dy, &kind) in dy.chunks_exact(outputs).zip(&of_cell) {
                let sum = &mut by_kind[kind as usize * outputs..][..outputs];
                sum.iter_mut().zip(dy).for_each(|(sum, dy)| *sum += dy);
            }
            Activation::Relu.mask(&mut by_kind, &embedded);
            add_rows(gradients.get_or_alloc_mut(&b)?, &by_kind);
            let dw = gradients.get_or_alloc_mut(&w)?;
            let dy_rows = Matrix::rows(&by_kind, outputs).transposed();
            product(
                (outputs, kinds, inputs),
                dw,
                true,
                SCALE,
                dy_rows,
                Matrix::rows(&patches, inputs),
                threads(),
            );
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// The distinct patches of a batch, in order of first appearance, and which of them each cell shows.
struct Distinct {
    /// `(kinds, tile * tile * 3)`, pixels as they are.
    patches: Vec<f32>,
    of_cell: Vec<u32>,
}

fn distinct(frames: &[u8], grid: Grid, tile: usize, inputs: usize) -> Distinct {
    let rows = check(frames, grid, tile, inputs);
    let mut kinds: Vec<u8> = Vec::new();
    // Patches of equal hash are compared pixel by pixel: a collision costs time, never a wrong embedding.
    let mut by_hash: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let mut patch = vec![0; inputs];
    let of_cell = (0..rows).map(|cell| {
        read(frames, grid, tile, cell, &mut patch);
        let mut hasher = FxHasher::default();
        hasher.write(&patch);
        let same_hash = by_hash.entry(hasher.finish()).or_default();
        let known = same_hash.iter().find(|&&kind| kinds[kind as usize * inputs..][..inputs] == patch[..]);
        known.copied().unwrap_or_else(|| {
            let kind = (kinds.len() / inputs) as u32;
            kinds.extend_from_slice(&patch);
            same_hash.push(kind);
            kind
        })
    });
    let of_cell = of_cell.collect();
    Distinct { patches: kinds.into_iter().map(f32::from).collect(), of_cell }
}

/// Copies one cell's pixels, row by row, out of its frame.
fn read(frames: &[u8], grid: Grid, tile: usize, cell: usize, patch: &mut [u8]) {
    let line = grid.width * tile * 3;
    let (frame, row, column) =
        (cell / grid.cells(), cell % grid.cells() / grid.width, cell % grid.cells() % grid.width);
    let corner = (frame * grid.height + row) * tile * line + column * tile * 3;
    for (y, pixels) in patch.chunks_exact_mut(tile * 3).enumerate() {
        pixels.copy_from_slice(&frames[corner + y * line..][..tile * 3]);
    }
}

/// The number of cells in all frames.
pub(in crate::kernels) fn check(frames: &[u8], grid: Grid, tile: usize, inputs: usize) -> usize {
    assert_eq!(inputs, tile * tile * 3, "a patch weight for tiles of {tile} pixels");
    let bytes = grid.cells() * inputs;
    assert_eq!(frames.len() % bytes, 0, "{} bytes are no whole number of {grid:?} frames", frames.len());
    frames.len() / inputs
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::Rng;

    use super::*;
    use crate::{
        kernels::testing::{assert_close, assert_differences, assert_same_with_any_threads, random, run},
        seed::stream,
    };

    const GRID: Grid = Grid { height: 2, width: 3 };

    /// Frames of 2 by 3 cells, each cell one of `kinds` random patches.
    fn frames(count: usize, tile: usize, kinds: usize) -> Vec<u8> {
        let mut stream = stream(3, "frames", kinds as u64);
        let mut patches = vec![0; kinds * tile * tile * 3];
        stream.fill_bytes(&mut patches);
        let mut frames = vec![0; count * GRID.cells() * tile * tile * 3];
        for line in frames.chunks_exact_mut(GRID.width * tile * 3).collect::<Vec<_>>().chunks_exact_mut(tile)
        {
            let kinds: Vec<usize> = (0..GRID.width).map(|_| stream.next_u32() as usize % kinds).collect();
            for (y, line) in line.iter_mut().enumerate() {
                for (pixels, kind) in line.chunks_exact_mut(tile * 3).zip(&kinds) {
                    pixels.copy_from_slice(&patches[(kind * tile + y) * tile * 3..][..tile * 3]);
                }
            }
        }
        frames
    }

    #[test]
    fn equals_the_stock_chain() {
        for (count, tile, kinds, outputs) in [(1, 1, 1, 1), (1, 8, 6, 32), (5, 3, 7, 9), (40, 4, 240, 17)] {
            let frames = frames(count, tile, kinds);
            let (w, b) = (random((outputs, tile * tile * 3), "w"), random((outputs,), "b"));
            let fused = run(fused(&frames, GRID, tile, &w, &b, OwnedTape::default()), &[&w, &b]);
            let stock = run(stock(&frames, GRID, tile, &w, &b, OwnedTape::default()), &[&w, &b]);
            for (what, (fused, stock)) in ["y", "dw", "db"].into_iter().zip(fused.iter().zip(&stock)) {
                assert_close(&format!("{what} of {count} frames of {kinds} patches"), fused, stock, 4e-6);
            }
        }
    }

    #[test]
    fn follows_the_formula() {
        let (tile, outputs) = (2, 3);
        let frames = frames(2, tile, 4);
        let (w, b) = (random((outputs, 12), "w"), random((outputs,), "b"));
        let weights = random((12, outputs), "weights").as_vec();
        let all = run(fused(&frames, GRID, tile, &w, &b, OwnedTape::default()), &[&w, &b]);
        let loss = |w: &[f64], b: &[f64]| -> f64 {
            let mut loss = 0.0;
            for (i, &weight) in weights.iter().enumerate() {
                let (cell, o) = (i / outputs, i % outputs);
                let (frame, row, column) = (cell / 6, cell % 6 / 3, cell % 3);
                let pixel = |k: usize| {
                    let (y, x) = (row * tile + k / 6, column * tile + k / 3 % 2);
                    f64::from(frames[((frame * 4 + y) * 6 + x) * 3 + k % 3]) / 255.0
                };
                let y = (0..12).map(|k| w[o * 12 + k] * pixel(k)).sum::<f64>() + b[o];
                loss += y.max(0.0) * f64::from(weight);
            }
            loss
        };
        let (ws, bs) = (w.as_vec(), b.as_vec());
        let wide = |v: &[f32]| v.iter().map(|&v| f64::from(v)).collect::<Vec<_>>();
        let (w64, b64) = (wide(&ws), wide(&bs));
        assert_differences("dw", |w| loss(w, &b64), &ws, &all[1]);
        assert_differences("db", |b| loss(&w64, b), &bs, &all[2]);
    }

    #[test]
    fn equal_patches_are_found_and_others_kept_apart() {
        let frames = frames(30, 4, 5);
        let Distinct { patches, of_cell } = distinct(&frames, GRID, 4, 48);
        assert_eq!((patches.len() / 48, of_cell.len()), (5, 180));
        let mut patch = [0; 48];
        for (cell, &kind) in of_cell.iter().enumerate() {
            read(&frames, GRID, 4, cell, &mut patch);
            assert_eq!(patches[kind as usize * 48..][..48], patch.map(f32::from));
        }
    }

    #[test]
    fn threads_do_not_show() {
        let frames = frames(60, 8, 300);
        let (w, b) = (random((32, 192), "w"), random((32,), "b"));
        assert_same_with_any_threads(|| {
            run(fused(&frames, GRID, 8, &w, &b, OwnedTape::default()), &[&w, &b])
        });
    }
}
