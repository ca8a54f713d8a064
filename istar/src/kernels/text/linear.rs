//! A linear map onto what stands there already.

use super::{Rows, project};
use crate::kernels::core::buffer::{Matrix, product, view};
use crate::kernels::core::parallel::threads;
use dfdx::prelude::*;

/// `x · wᵀ` as a chain of dfdx operations, on any device.
pub(super) fn stock_linear<D: Device<f32>, T: Tape<f32, D>>(x: Rows<D, T>, w: &Rows<D>) -> Rows<D, T> {
    x.matmul(w.retaped::<T>().permute::<(usize, usize), Axes2<1, 0>>())
}

/// [`Text::add_linear`](super::Text::add_linear) in one pass on the CPU.
pub fn fused<T: Tape<f32, Cpu>>(onto: Rows<Cpu, T>, x: Rows<Cpu, T>, w: &Rows<Cpu>) -> Rows<Cpu, T> {
    let (rows, inputs) = *x.shape();
    let outputs = w.shape().0;
    assert_eq!(
        (rows, outputs, inputs),
        (onto.shape().0, onto.shape().1, w.shape().1),
        "rows, outputs and inputs"
    );
    let (onto, tape) = onto.split_tape();
    let (x, x_tape) = x.split_tape();
    let mut tape = tape.merge(x_tape);
    let mut y = view(&onto).to_vec();
    project(view(&x), view(w), inputs, &mut y, true);
    let y = x.device().tensor_from_vec(y, (rows, outputs));
    if T::OWNS_TAPE {
        let (out, w) = (y.clone(), w.clone());
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let donto = gradients.get_or_alloc_mut(&onto)?;
            donto.iter_mut().zip(&dy).for_each(|(donto, dy)| *donto += dy);
            let dy = Matrix::rows(&dy, outputs);
            let dw = gradients.get_or_alloc_mut(&w)?;
            let size = (outputs, rows, inputs);
            product(size, dw, true, 1.0, dy.transposed(), Matrix::rows(view(&x), inputs), threads());
            let dx = gradients.get_or_alloc_mut(&x)?;
            product((rows, outputs, inputs), dx, true, 1.0, dy, Matrix::rows(view(&w), inputs), threads());
            Ok(())
        });
    }
    y.put_tape(tape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, assert_same_with_any_threads, random, run};

    #[test]
    fn equals_the_stock_chain() {
        for (rows, inputs, outputs) in [(1, 1, 1), (3, 7, 5), (70, 33, 16)] {
            let (onto, x, w) = (
                random((rows, outputs), "onto"),
                random((rows, inputs), "x"),
                random((outputs, inputs), "w"),
            );
            let fused = run(fused(onto.leaky_trace(), x.leaky_trace(), &w), &[&onto, &x, &w]);
            let stock = run(onto.leaky_trace() + stock_linear(x.leaky_trace(), &w), &[&onto, &x, &w]);
            for (what, (fused, stock)) in ["y", "donto", "dx", "dw"].iter().zip(fused.iter().zip(&stock)) {
                assert_close(&format!("{what} of {rows} x {inputs} -> {outputs}"), fused, stock, 2e-6);
            }
        }
    }

    #[test]
    fn threads_do_not_show() {
        let (onto, x, w) = (random((300, 96), "onto"), random((300, 100), "x"), random((96, 100), "w"));
        assert_same_with_any_threads(|| {
            run(fused(onto.leaky_trace(), x.leaky_trace(), &w), &[&onto, &x, &w])
        });
    }
}
