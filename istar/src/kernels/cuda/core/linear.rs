//! Affine maps with an optional relu, of rows that are there or are laid out when they are wanted.

use super::super::memory::{
    Blocks, Matrix, Module, Numbers, fresh, gradient, launch, module, product, scratch, take_gradient, view,
};
use crate::kernels::Activation;
use dfdx::prelude::*;
use std::ops::Range;

static MODULE: Module = module!("linear");

/// What an affine map is shown.
pub(in super::super) trait Shown: 'static {
    /// How many rows there are.
    fn len(&self) -> usize;

    /// How many of them are taken together, and how many numbers they need room for.
    fn part(&self) -> (usize, usize);

    /// Some of them, laid out in that room if they are not there.
    fn rows<'a>(&'a self, rows: &Range<usize>, room: Numbers<'a>) -> Matrix<'a>;

    /// Adds the gradient of these rows, `dy · w`, to that of what they are made of, if it has one.
    fn back(
        &self,
        gradients: &mut Gradients<f32, Cuda>,
        rows: &Range<usize>,
        dy: Matrix<'_>,
        w: Matrix<'_>,
        room: Numbers<'_>,
    ) -> Result<(), CudaError>;
}

/// `activation(x · wᵀ + b)` of what is shown as `x`. What is laid out is not kept, but laid out again on the way back.
pub(in super::super) fn affine<K: Dim, O: Dim, T: Tape<f32, Cuda>>(
    shown: impl Shown,
    w: &Tensor<(O, K), f32, Cuda>,
    b: &Tensor<(O,), f32, Cuda>,
    activation: Activation,
    mut tape: T,
) -> Tensor<(usize, O), f32, Cuda, T> {
    let (outputs, inputs) = (w.shape().0.size(), w.shape().1.size());
    let (rows, (step, numbers)) = (shown.len(), shown.part());
    let parts = move || (0..rows).step_by(step.max(1)).map(move |first| first..rows.min(first + step));
    let y = fresh((rows, w.shape().0));
    let room = scratch(numbers);
    for part in parts() {
        let (size, w) = ((part.len(), inputs, outputs), Matrix::rows(view(w), inputs).transposed());
        product(
            size,
            view(&y).part(part.start * outputs, part.len() * outputs),
            false,
            1.0,
            shown.rows(&part, Numbers::of(&room)),
            w,
        );
    }
    bend(view(&y), view(b), activation);
    if T::OWNS_TAPE {
        let (out, w, b) = (y.clone(), w.clone(), b.clone());
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let (dy, mask) = (Numbers::of(&dy), (activation == Activation::Relu).then(|| view(&out)));
            sum_columns(dy, mask, outputs, gradient(gradients, &b)?);
            let room = scratch(numbers);
            for part in parts() {
                let dy = Matrix::rows(dy.part(part.start * outputs, part.len() * outputs), outputs);
                let (size, x) = ((outputs, part.len(), inputs), shown.rows(&part, Numbers::of(&room)));
                product(size, gradient(gradients, &w)?, true, 1.0, dy.transposed(), x);
                let w = Matrix::rows(view(&w), inputs);
                shown.back(gradients, &part, dy, w, Numbers::of(&room))?;
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// Rows that are there, of a tensor that has a gradient or not.
pub(super) struct There<I: Dim> {
    pub(super) x: Tensor<(usize, I), f32, Cuda>,
    pub(super) has_gradient: bool,
}

impl<I: Dim> There<I> {
    fn inputs(&self) -> usize {
        self.x.shape().1.size()
    }
}

impl<I: Dim> Shown for There<I> {
    fn len(&self) -> usize {
        self.x.shape().0
    }

    fn part(&self) -> (usize, usize) {
        (self.len(), 1)
    }

    fn rows<'a>(&'a self, _: &Range<usize>, _: Numbers<'a>) -> Matrix<'a> {
        Matrix::rows(view(&self.x), self.inputs())
    }

    fn back(
        &self,
        gradients: &mut Gradients<f32, Cuda>,
        rows: &Range<usize>,
        dy: Matrix<'_>,
        w: Matrix<'_>,
        _: Numbers<'_>,
    ) -> Result<(), CudaError> {
        if self.has_gradient {
            let size = (rows.len(), dy.width(), self.inputs());
            product(size, gradient(gradients, &self.x)?, true, 1.0, dy, w);
        }
        Ok(())
    }
}

/// Adds a bias to rows and applies what follows.
fn bend(y: Numbers<'_>, b: Numbers<'_>, activation: Activation) {
    let (n, relu) = (y.len(), u32::from(activation == Activation::Relu));
    launch!(MODULE, "bend", Blocks::of_elements(n), y, b, n, b.len() as u32, relu);
}

/// Adds the sums over rows of `x` to `sums`; where there is a `mask`, what stands beside a number of it that is not positive becomes 0 before.
pub(in super::super) fn sum_columns(
    x: Numbers<'_>,
    mask: Option<Numbers<'_>>,
    columns: usize,
    sums: Numbers<'_>,
) {
    /// Rows of a chunk, and chunks of all rows at most: what is summed depends on the sizes alone.
    const ROWS: usize = 128;
    const CHUNKS: usize = 512;
    let rows = x.len() / columns;
    let add = |x: Numbers<'_>, mask: Option<Numbers<'_>>, rows: usize, chunk: usize, sums: Numbers<'_>| {
        let blocks = Blocks::new([rows.div_ceil(chunk), columns.div_ceil(32)], [32, 8]);
        launch!(MODULE, "column_sums", blocks, x, mask, rows, columns as u32, chunk as u32, sums);
    };
    if rows <= ROWS {
        return add(x, mask, rows, ROWS, sums);
    }
    let chunk = rows.div_ceil(CHUNKS).max(ROWS);
    let chunks = rows.div_ceil(chunk);
    let partial = scratch(chunks * columns);
    add(x, mask, rows, chunk, Numbers::of(&partial));
    add(Numbers::of(&partial), None, chunks, chunks, sums);
}
