//! A linear map onto what stands there already.

use super::super::memory::{Matrix, Numbers, fresh, gradient, product, take_gradient, view};
use super::feed::add;
use crate::kernels::Rows;
use dfdx::prelude::*;

/// [`Text::add_linear`](crate::kernels::Text::add_linear).
pub(super) fn added<T: Tape<f32, Cuda>>(
    onto: Rows<Cuda, T>,
    x: Rows<Cuda, T>,
    w: &Rows<Cuda>,
) -> Rows<Cuda, T> {
    let ((rows, inputs), outputs) = (*x.shape(), w.shape().0);
    assert_eq!(*onto.shape(), (rows, outputs), "a row for every row of x");
    let (onto, tape) = onto.split_tape();
    let (x, own) = x.split_tape();
    let mut tape = tape.merge(own);
    let y = fresh((rows, outputs));
    add(view(&onto), view(&y));
    let weight = Matrix::rows(view(w), inputs);
    product(
        (rows, inputs, outputs),
        view(&y),
        true,
        1.0,
        Matrix::rows(view(&x), inputs),
        weight.transposed(),
    );
    if T::OWNS_TAPE {
        let (out, w) = (y.clone(), w.clone());
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let dy = Numbers::of(&dy);
            add(dy, gradient(gradients, &onto)?);
            let dy = Matrix::rows(dy, outputs);
            let x_rows = Matrix::rows(view(&x), inputs);
            product((outputs, rows, inputs), gradient(gradients, &w)?, true, 1.0, dy.transposed(), x_rows);
            let weight = Matrix::rows(view(&w), inputs);
            product((rows, outputs, inputs), gradient(gradients, &x)?, true, 1.0, dy, weight);
            Ok(())
        });
    }
    y.put_tape(tape)
}
