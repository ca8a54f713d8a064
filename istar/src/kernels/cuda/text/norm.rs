//! Norms of rows, and linear maps behind them.

use super::super::core::linear::sum_columns;
use super::super::memory::{
    Blocks, Buffer, Matrix, Module, Numbers, fresh, gradient, launch, module, product, scratch,
    take_gradient, view,
};
use crate::kernels::text::norm::with_tape;
use crate::kernels::{Column, Rows};
use dfdx::prelude::*;

static MODULE: Module = module!("norm");

/// [`Text::norm`](crate::kernels::Text::norm).
pub(super) fn normed<T: Tape<f32, Cuda>>(
    x: Rows<Cuda, T>,
    gain: &Column<Cuda>,
    bias: Option<&Column<Cuda>>,
    eps: f32,
) -> Rows<Cuda, T> {
    let (x, mut tape) = x.split_tape();
    let y = fresh(*x.shape());
    forward(&x, gain, bias, eps, view(&y));
    if T::OWNS_TAPE {
        let (out, gain, bias) = (y.clone(), gain.clone(), bias.cloned());
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            backward(gradients, &dy, &x, &gain, bias.as_ref(), eps)
        });
    }
    y.put_tape(tape)
}

/// [`Text::norm_linear`](crate::kernels::Text::norm_linear). What lies between is not kept, but computed again on the way back.
pub(super) fn normed_linear<T: Tape<f32, Cuda>, const N: usize>(
    x: Rows<Cuda, T>,
    gain: &Column<Cuda>,
    bias: Option<&Column<Cuda>>,
    eps: f32,
    maps: [&Rows<Cuda>; N],
) -> [Rows<Cuda, T>; N] {
    let (rows, inputs) = *x.shape();
    let (x, mut tape) = x.split_tape();
    let between = scratch(rows * inputs);
    forward(&x, gain, bias, eps, Numbers::of(&between));
    let outputs = maps.map(|w| {
        let outputs = w.shape().0;
        let y = fresh((rows, outputs));
        let (between, w) = (Matrix::rows(Numbers::of(&between), inputs), Matrix::rows(view(w), inputs));
        product((rows, inputs, outputs), view(&y), false, 1.0, between, w.transposed());
        y
    });
    if T::OWNS_TAPE {
        let (outs, gain, bias, maps) = (outputs.clone(), gain.clone(), bias.cloned(), maps.map(Rows::clone));
        tape.add_backward_op(move |gradients| {
            let [between, dbetween] = [(); 2].map(|()| scratch(rows * inputs));
            forward(&x, &gain, bias.as_ref(), eps, Numbers::of(&between));
            for (number, (out, w)) in outs.iter().zip(&maps).enumerate() {
                let (dy, outputs) = (take_gradient(gradients, out)?, w.shape().0);
                let dy = Matrix::rows(Numbers::of(&dy), outputs);
                let between = Matrix::rows(Numbers::of(&between), inputs);
                product(
                    (outputs, rows, inputs),
                    gradient(gradients, w)?,
                    true,
                    1.0,
                    dy.transposed(),
                    between,
                );
                let w = Matrix::rows(view(w), inputs);
                product((rows, outputs, inputs), Numbers::of(&dbetween), number > 0, 1.0, dy, w);
            }
            backward(gradients, &dbetween, &x, &gain, bias.as_ref(), eps)
        });
    }
    with_tape(outputs.map(|y| y.put_tape(T::default())), tape)
}

fn forward(x: &Rows<Cuda>, gain: &Column<Cuda>, bias: Option<&Column<Cuda>>, eps: f32, y: Numbers<'_>) {
    let (rows, width) = *x.shape();
    assert_eq!(width, gain.shape().0, "a gain for each number of a row");
    let blocks = Blocks::of_rows(rows);
    launch!(MODULE, "norm_rows", blocks, view(x), view(gain), bias.map(view), eps, rows, width as u32, y);
}

/// Runs the gradient of a norm's output back.
fn backward(
    gradients: &mut Gradients<f32, Cuda>,
    dy: &Buffer,
    x: &Rows<Cuda>,
    gain: &Column<Cuda>,
    bias: Option<&Column<Cuda>>,
    eps: f32,
) -> Result<(), CudaError> {
    let ((rows, width), dy) = (*x.shape(), Numbers::of(dy));
    let of_gain = scratch(rows * width);
    launch!(
        MODULE,
        "norm_back",
        Blocks::of_rows(rows),
        view(x),
        dy,
        view(gain),
        u32::from(bias.is_some()),
        eps,
        rows,
        width as u32,
        gradient(gradients, x)?,
        Numbers::of(&of_gain)
    );
    sum_columns(Numbers::of(&of_gain), None, width, gradient(gradients, gain)?);
    if let Some(bias) = bias {
        sum_columns(dy, None, width, gradient(gradients, bias)?);
    }
    Ok(())
}
