//! Affine map with an optional relu.

use super::super::memory::{
    Blocks, Matrix, Module, Numbers, fresh, gradient, launch, module, product, scratch, take_gradient, view,
};
use crate::kernels::Activation;
use dfdx::prelude::*;

const MODULE: Module = module!("linear");

/// [`Backend::linear`](crate::kernels::Backend::linear) and, where `x` has no gradient, [`Backend::linear_of`](crate::kernels::Backend::linear_of):
/// `back` says whether it has one.
pub(super) fn affine<I: Dim, O: Dim, T: Tape<f32, Cuda>>(
    x: Tensor<(usize, I), f32, Cuda>,
    w: &Tensor<(O, I), f32, Cuda>,
    b: &Tensor<(O,), f32, Cuda>,
    activation: Activation,
    mut tape: T,
    back: bool,
) -> Tensor<(usize, O), f32, Cuda, T> {
    let (rows, inputs) = (x.shape().0, x.shape().1.size());
    let outputs = w.shape().0.size();
    assert_eq!(inputs, w.shape().1.size(), "a weight for {inputs} inputs");
    let y = fresh((rows, w.shape().0));
    let weight = Matrix::rows(view(w), inputs);
    product(
        (rows, inputs, outputs),
        view(&y),
        false,
        1.0,
        Matrix::rows(view(&x), inputs),
        weight.transposed(),
    );
    bend(view(&y), view(b), activation);
    if T::OWNS_TAPE {
        let (out, w, b) = (y.clone(), w.clone(), b.clone());
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let dy = Numbers::of(&dy);
            unbend(dy, view(&out), outputs, activation, gradient(gradients, &b)?);
            let dy = Matrix::rows(dy, outputs);
            let x_rows = Matrix::rows(view(&x), inputs);
            product((outputs, rows, inputs), gradient(gradients, &w)?, true, 1.0, dy.transposed(), x_rows);
            if back {
                let weight = Matrix::rows(view(&w), inputs);
                product((rows, outputs, inputs), gradient(gradients, &x)?, true, 1.0, dy, weight);
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// Adds a bias to rows and applies what follows.
pub(in super::super) fn bend(y: Numbers<'_>, b: Numbers<'_>, activation: Activation) {
    let (n, relu) = (y.len(), u32::from(activation == Activation::Relu));
    launch!(MODULE, "bend", Blocks::of_elements(n), y, b, n, b.len() as u32, relu);
}

/// The way back of [`bend`]: turns the gradient of the output `y` into that of what was bent, and adds its sums over rows to the gradient of the bias.
pub(in super::super) fn unbend(
    dy: Numbers<'_>,
    y: Numbers<'_>,
    columns: usize,
    activation: Activation,
    db: Numbers<'_>,
) {
    sum_columns(dy, (activation == Activation::Relu).then_some(y), columns, db);
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
