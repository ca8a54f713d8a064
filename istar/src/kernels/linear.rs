//! Affine map with an optional relu.

use dfdx::prelude::*;

use super::{
    Activation, Input,
    buffer::{Matrix, product, view},
    parallel::{add_rows, threads},
};

/// [`Backend::linear`](super::Backend::linear) as a chain of dfdx operations, on any device.
pub fn stock<I: Dim, O: Dim, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<(usize, I), f32, D, T>,
    w: &Tensor<(O, I), f32, D>,
    b: &Tensor<(O,), f32, D>,
    activation: Activation,
) -> Tensor<(usize, O), f32, D, T> {
    let shape = (x.shape().0, w.shape().0);
    let y = x.matmul(w.retaped::<T>().permute::<(I, O), Axes2<1, 0>>())
        + b.retaped::<T>().broadcast_like::<_, Axis<0>>(&shape);
    match activation {
        Activation::Identity => y,
        Activation::Relu => y.relu(),
    }
}

/// [`Backend::linear`](super::Backend::linear) in one pass on the CPU.
pub fn fused<I: Dim, O: Dim, T: Tape<f32, Cpu>>(
    x: Tensor<(usize, I), f32, Cpu, T>,
    w: &Tensor<(O, I), f32, Cpu>,
    b: &Tensor<(O,), f32, Cpu>,
    activation: Activation,
    input: Input,
) -> Tensor<(usize, O), f32, Cpu, T> {
    let (rows, inputs) = (x.shape().0, x.shape().1.size());
    let outputs = w.shape().0.size();
    assert_eq!(inputs, w.shape().1.size(), "a weight for {inputs} inputs");
    let (x, mut tape) = x.split_tape();
    let mut y = view(b).repeat(rows);
    let weight = Matrix::rows(view(w), inputs).transposed();
    product((rows, inputs, outputs), &mut y, true, 1.0, Matrix::rows(view(&x), inputs), weight, threads());
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
            let x_rows = Matrix::rows(view(&x), inputs);
            product((outputs, rows, inputs), dw, true, 1.0, dy_rows.transposed(), x_rows, threads());
            if input == Input::Hidden {
                let dx = gradients.get_or_alloc_mut(&x)?;
                let weight = Matrix::rows(view(&w), inputs);
                product((rows, outputs, inputs), dx, true, 1.0, dy_rows, weight, threads());
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

impl Activation {
    /// Applies the activation in place.
    pub(super) fn apply(self, y: &mut [f32]) {
        if self == Activation::Relu {
            y.iter_mut().for_each(|y| *y = y.max(0.0));
        }
    }

    /// Turns the gradient of the output `y` into that of the activation's input, in place. The slope at zero is zero.
    pub(super) fn mask(self, dy: &mut [f32], y: &[f32]) {
        if self == Activation::Relu {
            dy.iter_mut().zip(y).for_each(|(dy, &y)| *dy = if y > 0.0 { *dy } else { 0.0 });
        }
    }
}
