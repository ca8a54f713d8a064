//! One block of a decoder for tokens that come one after the other: nothing is recorded, rows are shared among the threads, and the
//! bits of a row do not depend on the others.

use super::attention::{Heads, along_paths};
use super::feed::{bend, times_silu};
use super::norm::norm_rows;
use super::rotary::Turns;
use crate::kernels::core::panels::Panels;
use crate::kernels::core::parallel::{Shares, run, split, threads};
use std::ops::Range;

/// The matrices of a block.
#[derive(Clone, Debug)]
pub(crate) struct Matrices {
    pub(crate) query: Panels,
    pub(crate) key: Panels,
    pub(crate) value: Panels,
    pub(crate) output: Panels,
    pub(crate) gate: Option<Panels>,
    pub(crate) up: Panels,
    pub(crate) down: Panels,
}

/// A norm: by mean and deviation if there is a bias, else by the root mean square.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Norm<'a> {
    pub(crate) gain: &'a [f32],
    pub(crate) bias: Option<&'a [f32]>,
    pub(crate) eps: f32,
}

impl Norm<'_> {
    /// Of every row.
    pub(crate) fn of(self, x: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; x.len()];
        norm_rows(x, self.gain, self.bias, self.eps, &mut out);
        out
    }
}

impl Matrices {
    /// The queries, keys and values of some rows `(rows, width)`, turned by `turns`, which has a position for each.
    pub(crate) fn attend(&self, x: &[f32], norm: Norm<'_>, turns: Option<&Turns>) -> [Vec<f32>; 3] {
        mapped(x, norm, turns, [(&self.query, true), (&self.key, true), (&self.value, false)])
    }

    /// The keys and values alone, of rows that others look at and that look at none.
    pub(crate) fn be_seen(&self, x: &[f32], norm: Norm<'_>, turns: Option<&Turns>) -> [Vec<f32>; 2] {
        mapped(x, norm, turns, [(&self.key, true), (&self.value, false)])
    }

    /// The queries alone, of rows whose keys and values are known.
    pub(crate) fn look(&self, x: &[f32], norm: Norm<'_>, turns: Option<&Turns>) -> Vec<f32> {
        let [queries] = mapped(x, norm, turns, [(&self.query, true)]);
        queries
    }

    /// Adds to some rows what they find along their paths, and what the second half of the block makes of that.
    pub(crate) fn go_on(
        &self,
        x: &mut [f32],
        norm: Norm<'_>,
        q: &[f32],
        (keys, values, paths): (&[f32], &[f32], &[&[u32]]),
        heads: Heads,
    ) {
        let (width, of_q) = (norm.gain.len(), heads.width());
        let mut xs = Shares(x);
        run(shares(paths.len()).map(|rows| {
            let (x, q) = (xs.take(rows.len() * width), &q[rows.start * of_q..rows.end * of_q]);
            let paths = &paths[rows];
            move || {
                let mut found = vec![0.0; q.len()];
                along_paths(q, keys, values, paths, heads, &mut found);
                self.output.times(&found, x, true);
                let seen = norm.of(x);
                let mut inner = vec![0.0; paths.len() * self.up.outputs()];
                self.up.times(&seen, &mut inner, false);
                match &self.gate {
                    Some(matrix) => {
                        let mut gate = vec![0.0; inner.len()];
                        matrix.times(&seen, &mut gate, false);
                        times_silu(&mut inner, &gate);
                    }
                    None => bend(&mut inner),
                }
                self.down.times(&inner, x, true);
            }
        }));
    }
}

/// Some rows through a norm and each of these maps, turned where that is said.
fn mapped<const N: usize>(
    x: &[f32],
    norm: Norm<'_>,
    turns: Option<&Turns>,
    maps: [(&Panels, bool); N],
) -> [Vec<f32>; N] {
    let (width, rows) = (norm.gain.len(), x.len() / norm.gain.len());
    let mut all = maps.map(|(map, _)| vec![0.0; rows * map.outputs()]);
    let mut of_all = all.each_mut().map(|of_map| Shares(of_map));
    run(shares(rows).map(|rows| {
        let x = &x[rows.start * width..rows.end * width];
        let outs: [&mut [f32]; N] =
            std::array::from_fn(|at| of_all[at].take(rows.len() * maps[at].0.outputs()));
        move || {
            let seen = norm.of(x);
            for ((map, turned), out) in maps.into_iter().zip(outs) {
                map.times(&seen, out, false);
                if let Some(turns) = turns.filter(|_| turned) {
                    turns.turn_rows(rows.start, out, map.outputs());
                }
            }
        }
    }));
    all
}

/// Rows that are worth a thread of their own.
const ROWS: usize = 8;

/// Rows as the threads share them.
pub(crate) fn shares(rows: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    split(rows, threads().min(rows.div_ceil(ROWS)))
}
