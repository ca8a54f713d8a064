//! A matrix that many rows are multiplied with, laid out once for the registers of this processor.

use super::buffer::widest;
use super::tile::{Wide, dot, load, panels, store};

/// A matrix `(outputs, inputs)`, see [`panels`].
#[derive(Clone, Debug)]
pub(crate) struct Panels {
    numbers: Vec<f32>,
    inputs: usize,
    outputs: usize,
}

impl Panels {
    /// Of a matrix `(outputs, inputs)`, row-major.
    pub(crate) fn new(matrix: &[f32], inputs: usize) -> Self {
        let mut numbers = Vec::new();
        widest(Lay { matrix, inputs, numbers: &mut numbers });
        Panels { numbers, inputs, outputs: matrix.len() / inputs }
    }

    /// How many numbers a row of results has.
    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// `x · matrixᵀ`, onto what stands in `out` if `onto`: `x` is `(rows, inputs)`, `out` is `(rows, outputs)`. The bits of a row do not
    /// depend on the others.
    pub(crate) fn times(&self, x: &[f32], out: &mut [f32], onto: bool) {
        assert_eq!(x.len() / self.inputs, out.len() / self.outputs, "a row of results for every row");
        widest(Times { panels: self, x, out, onto });
    }
}

struct Lay<'a> {
    matrix: &'a [f32],
    inputs: usize,
    numbers: &'a mut Vec<f32>,
}

impl Wide for Lay<'_> {
    #[inline(always)]
    fn run<const ROWS: usize, const LANES: usize, const FUSED: bool>(self) {
        *self.numbers = panels::<LANES>(self.matrix, self.inputs);
    }
}

struct Times<'a> {
    panels: &'a Panels,
    x: &'a [f32],
    out: &'a mut [f32],
    onto: bool,
}

impl Wide for Times<'_> {
    #[inline(always)]
    fn run<const ROWS: usize, const LANES: usize, const FUSED: bool>(mut self) {
        let (inputs, rows) = (self.panels.inputs, self.x.len() / self.panels.inputs);
        for (panel, weights) in self.panels.numbers.chunks_exact(inputs * LANES).enumerate() {
            let (mut row, column) = (0, panel * LANES);
            while row + ROWS <= rows {
                self.tile::<ROWS, LANES, FUSED>(weights, (row, column));
                row += ROWS;
            }
            while row + 4 <= rows {
                self.tile::<4, LANES, FUSED>(weights, (row, column));
                row += 4;
            }
            while row < rows {
                self.tile::<1, LANES, FUSED>(weights, (row, column));
                row += 1;
            }
        }
    }
}

impl Times<'_> {
    #[inline(always)]
    fn tile<const ROWS: usize, const LANES: usize, const FUSED: bool>(
        &mut self,
        weights: &[f32],
        corner @ (row, column): (usize, usize),
    ) {
        let Panels { inputs, outputs, .. } = *self.panels;
        let mut tile = [[0.0; LANES]; ROWS];
        if self.onto {
            tile = load(self.out, outputs, corner, outputs - column);
        }
        // A loop, as `array::from_fn` is not always inlined.
        let mut rows = [0; ROWS];
        for (i, start) in rows.iter_mut().enumerate() {
            *start = (row + i) * inputs;
        }
        dot::<ROWS, LANES, FUSED>(&mut tile, self.x, rows, (inputs, 0), &(0..1), weights);
        store(&tile, self.out, outputs, corner, outputs - column);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::core::buffer::{Matrix, product, view};
    use crate::kernels::testing::{assert_close, random};

    #[test]
    fn they_multiply_as_the_matrix_does() {
        for (rows, inputs, outputs) in [(1, 1, 1), (5, 7, 33), (12, 96, 64), (31, 20, 50)] {
            let (x, w) = (random((rows, inputs), "x"), random((outputs, inputs), "w"));
            let panels = Panels::new(view(&w), inputs);
            for onto in [false, true] {
                let (mut found, mut expected) = (vec![0.5; rows * outputs], vec![0.5; rows * outputs]);
                panels.times(view(&x), &mut found, onto);
                let (a, b) = (Matrix::rows(view(&x), inputs), Matrix::rows(view(&w), inputs).transposed());
                product((rows, inputs, outputs), &mut expected, onto, 1.0, a, b, 1);
                assert_close(&format!("{rows} x {inputs} -> {outputs}"), &found, &expected, 2e-6);
            }
        }
    }

    #[test]
    fn a_row_does_not_depend_on_the_others() {
        let (x, w) = (random((29, 40), "x"), random((70, 40), "w"));
        let panels = Panels::new(view(&w), 40);
        let of = |rows: std::ops::Range<usize>| {
            let mut out = vec![0.0; rows.len() * panels.outputs()];
            panels.times(&view(&x)[rows.start * 40..rows.end * 40], &mut out, false);
            out
        };
        assert_eq!([of(0..1), of(1..6), of(6..29)].concat(), of(0..29));
    }
}
