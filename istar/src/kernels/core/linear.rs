//! Affine map with an optional relu.

use dfdx::prelude::*;

use super::{
    buffer::{Matrix, product, view},
    parallel::{add_rows, threads},
};

/// What follows an affine map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    Identity,
    /// `max(x, 0)`.
    Relu,
}

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
) -> Tensor<(usize, O), f32, Cpu, T> {
    let (x, tape) = x.split_tape();
    affine(x, w, b, activation, tape, true)
}

/// [`Backend::linear_of`](super::Backend::linear_of) in one pass on the CPU.
pub fn fused_of<I: Dim, O: Dim, T: Tape<f32, Cpu>>(
    x: Tensor<(usize, I), f32, Cpu>,
    w: &Tensor<(O, I), f32, Cpu>,
    b: &Tensor<(O,), f32, Cpu>,
    activation: Activation,
    tape: T,
) -> Tensor<(usize, O), f32, Cpu, T> {
    affine(x, w, b, activation, tape, false)
}

/// `back` says whether `x` has a gradient.
fn affine<I: Dim, O: Dim, T: Tape<f32, Cpu>>(
    x: Tensor<(usize, I), f32, Cpu>,
    w: &Tensor<(O, I), f32, Cpu>,
    b: &Tensor<(O,), f32, Cpu>,
    activation: Activation,
    mut tape: T,
    back: bool,
) -> Tensor<(usize, O), f32, Cpu, T> {
    let (rows, inputs) = (x.shape().0, x.shape().1.size());
    let outputs = w.shape().0.size();
    assert_eq!(inputs, w.shape().1.size(), "a weight for {inputs} inputs");
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
            if back {
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
    pub(in crate::kernels) fn apply(self, y: &mut [f32]) {
        if self == Activation::Relu {
            y.iter_mut().for_each(|y| *y = y.max(0.0));
        }
    }

    /// Turns the gradient of the output `y` into that of the activation's input, in place. The slope at zero is zero.
    pub(in crate::kernels) fn mask(self, dy: &mut [f32], y: &[f32]) {
        if self == Activation::Relu {
            dy.iter_mut().zip(y).for_each(|(dy, &y)| *dy = if y > 0.0 { *dy } else { 0.0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{
        assert_close, assert_differences, assert_same_with_any_threads, random, run,
    };

    const SIZES: [(usize, usize, usize); 5] =
        [(1, 1, 1), (1, 7, 3), (5, 33, 17), (70, 96, 64), (259, 100, 31)];

    #[test]
    fn equals_the_stock_chain() {
        for (rows, inputs, outputs) in SIZES {
            for activation in [Activation::Identity, Activation::Relu] {
                let (x, w, b) =
                    (random((rows, inputs), "x"), random((outputs, inputs), "w"), random((outputs,), "b"));
                let fused = fused(x.leaky_trace(), &w, &b, activation);
                let fused = run(fused, &[&x, &w, &b]);
                let stock = run(stock(x.leaky_trace(), &w, &b, activation), &[&x, &w, &b]);
                for (what, (fused, stock)) in
                    ["y", "dx", "dw", "db"].into_iter().zip(fused.iter().zip(&stock))
                {
                    assert_close(&format!("{what} of {rows} x {inputs} -> {outputs}"), fused, stock, 2e-6);
                }
            }
        }
    }

    #[test]
    fn what_is_shown_gives_the_same() {
        let (x, w, b) = (random((9, 33), "x"), random((17, 33), "w"), random((17,), "b"));
        let whole = run(fused(x.leaky_trace(), &w, &b, Activation::Relu), &[&w, &b]);
        let shown = fused_of(x, &w, &b, Activation::Relu, OwnedTape::default());
        assert_eq!(run(shown, &[&w, &b]), whole);
    }

    #[test]
    fn follows_the_formula() {
        let (rows, inputs, outputs) = (3, 5, 4);
        let (x, w, b) =
            (random((rows, inputs), "x"), random((outputs, inputs), "w"), random((outputs,), "b"));
        let weights = random((rows, outputs), "weights").as_vec();
        let all = run(fused(x.leaky_trace(), &w, &b, Activation::Relu), &[&x, &w, &b]);
        let loss = |x: &[f64], w: &[f64], b: &[f64]| -> f64 {
            let y = |i: usize| {
                let (row, o) = (i / outputs, i % outputs);
                (0..inputs).map(|k| x[row * inputs + k] * w[o * inputs + k]).sum::<f64>() + b[o]
            };
            (0..rows * outputs).map(|i| y(i).max(0.0) * f64::from(weights[i])).sum()
        };
        let wide = |v: &[f32]| v.iter().map(|&v| f64::from(v)).collect::<Vec<_>>();
        let (xs, ws, bs) = (x.as_vec(), w.as_vec(), b.as_vec());
        let (x64, w64, b64) = (wide(&xs), wide(&ws), wide(&bs));
        assert_differences("dx", |x| loss(x, &w64, &b64), &xs, &all[1]);
        assert_differences("dw", |w| loss(&x64, w, &b64), &ws, &all[2]);
        assert_differences("db", |b| loss(&x64, &w64, b), &bs, &all[3]);
    }

    #[test]
    fn threads_do_not_show() {
        let (x, w, b) = (random((300, 200), "x"), random((96, 200), "w"), random((96,), "b"));
        assert_same_with_any_threads(|| run(fused(x.leaky_trace(), &w, &b, Activation::Relu), &[&x, &w, &b]));
    }

    #[test]
    fn no_rows_are_no_trouble() {
        let (x, w, b) = (random((0, 5), "x"), random((2, 5), "w"), random((2,), "b"));
        let (y, tape) = fused(x.leaky_trace(), &w, &b, Activation::Relu).split_tape();
        assert!(view(&y).is_empty());
        let other: Tensor<Rank0, f32, Cpu> = Cpu::default().tensor(1.0);
        assert_eq!(other.put_tape(tape).backward().get(&w).as_vec(), [0.0; 10]);
    }
}
