//! Embedding of the square patches of 8-bit RGB frames, with relu.
//!
//! Frames drawn from tiles repeat a handful of patches thousands of times a batch, so the fused form embeds each
//! distinct patch once and hands the rows out; the backward pass sums the gradients of equal patches first. On frames
//! without repetition this costs one hash a patch.

use std::hash::Hasher;

use dfdx::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};

use super::{
    Activation, Grid,
    buffer::{Matrix, product, view},
    parallel::{add_rows, threads},
};

/// Pixels run from 0 to 255, inputs from 0 to 1.
const SCALE: f32 = 1.0 / 255.0;

/// [`Backend::patch`](super::Backend::patch) as a chain of dfdx operations, on any device.
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
    super::linear::stock(x.put_tape(tape), w, b, Activation::Relu)
}

/// [`Backend::patch`](super::Backend::patch) on the CPU.
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
fn check(frames: &[u8], grid: Grid, tile: usize, inputs: usize) -> usize {
    assert_eq!(inputs, tile * tile * 3, "a patch weight for tiles of {tile} pixels");
    let bytes = grid.cells() * inputs;
    assert_eq!(frames.len() % bytes, 0, "{} bytes are no whole number of {grid:?} frames", frames.len());
    frames.len() / inputs
}
