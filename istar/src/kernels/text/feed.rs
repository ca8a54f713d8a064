//! What bends the second half of a block.

use super::Rows;
use super::exp::exp;
use super::norm::by_rows;
use crate::kernels::core::buffer::view;
use crate::kernels::core::tile::wide;
use dfdx::prelude::*;

/// [`Text::swiglu`](super::Text::swiglu) as a chain of dfdx operations, on any device.
pub fn stock_swiglu<D: Device<f32>, T: Tape<f32, D>>(gate: Rows<D, T>, up: Rows<D, T>) -> Rows<D, T> {
    gate.retaped::<T>().sigmoid() * gate * up
}

/// [`Text::swiglu`](super::Text::swiglu) in one pass on the CPU.
pub fn fused_swiglu<T: Tape<f32, Cpu>>(gate: Rows<Cpu, T>, up: Rows<Cpu, T>) -> Rows<Cpu, T> {
    assert_eq!(gate.shape(), up.shape(), "a gate for every number");
    let (gate, tape) = gate.split_tape();
    let (up, up_tape) = up.split_tape();
    let mut tape = tape.merge(up_tape);
    let y = gate.device().tensor_from_vec(swiglu(view(&gate), view(&up)), *gate.shape());
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let (gate_numbers, up_numbers) = (view(&gate), view(&up));
            by_rows(gradients.get_or_alloc_mut(&up)?, 1, |first, dup| {
                back_of_up(dup, &gate_numbers[first..], &dy[first..]);
            });
            by_rows(gradients.get_or_alloc_mut(&gate)?, 1, |first, dgate| {
                back_of_gate(dgate, &gate_numbers[first..], &up_numbers[first..], &dy[first..]);
            });
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// [`Text::gelu`](super::Text::gelu) in one pass on the CPU.
pub fn fused_gelu<T: Tape<f32, Cpu>>(x: Rows<Cpu, T>) -> Rows<Cpu, T> {
    let (x, mut tape) = x.split_tape();
    let mut y = view(&x).to_vec();
    gelu(&mut y);
    let y = x.device().tensor_from_vec(y, *x.shape());
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let numbers = view(&x);
            by_rows(gradients.get_or_alloc_mut(&x)?, 1, |first, dx| {
                back_of_gelu(dx, &numbers[first..], &dy[first..]);
            });
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// `silu(gate) ⊙ up`, element by element.
pub(crate) fn swiglu(gate: &[f32], up: &[f32]) -> Vec<f32> {
    let mut out = up.to_vec();
    by_rows(&mut out, 1, |first, out| times_silu(out, &gate[first..]));
    out
}

/// The tangent's form of gelu, in place.
pub(crate) fn gelu(x: &mut [f32]) {
    by_rows(x, 1, |_, x| bend(x));
}

wide! {
    /// `out ⊙ silu(gate)`, in place.
    pub(crate) fn times_silu<'a>(out: &'a mut [f32], gate: &'a [f32]) {
        for (out, gate) in out.iter_mut().zip(gate) {
            *out *= gate * sigmoid(*gate);
        }
    }

    fn back_of_up<'a>(dup: &'a mut [f32], gate: &'a [f32], dy: &'a [f32]) {
        for ((dup, gate), dy) in dup.iter_mut().zip(gate).zip(dy) {
            *dup += dy * gate * sigmoid(*gate);
        }
    }

    fn back_of_gate<'a>(dgate: &'a mut [f32], gate: &'a [f32], up: &'a [f32], dy: &'a [f32]) {
        for (((dgate, gate), up), dy) in dgate.iter_mut().zip(gate).zip(up).zip(dy) {
            let s = sigmoid(*gate);
            *dgate += dy * up * s * (1.0 + gate * (1.0 - s));
        }
    }

    /// The tangent's form of gelu, in place.
    pub(crate) fn bend<'a>(x: &'a mut [f32]) {
        for x in x {
            *x *= sigmoid(inner(*x));
        }
    }

    fn back_of_gelu<'a>(dx: &'a mut [f32], x: &'a [f32], dy: &'a [f32]) {
        for ((dx, x), dy) in dx.iter_mut().zip(x).zip(dy) {
            let s = sigmoid(inner(*x));
            *dx += dy * s * (1.0 + x * (1.0 - s) * slope(*x));
        }
    }
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// 2 √(2/π): half of one plus a hyperbolic tangent of `u` is a sigmoid of `2u`.
const TWICE_ROOT: f32 = 1.595_769_2;

#[inline(always)]
fn inner(x: f32) -> f32 {
    TWICE_ROOT * (x + 0.044_715 * x * x * x)
}

/// The derivative of [`inner`].
#[inline(always)]
fn slope(x: f32) -> f32 {
    TWICE_ROOT * (1.0 + 3.0 * 0.044_715 * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, assert_same_with_any_threads, random, run};

    #[test]
    fn swiglu_equals_the_stock_chain() {
        for shape in [(1, 1), (9, 13)] {
            let (gate, up) = (random(shape, "gate") * 6.0, random(shape, "up"));
            let fused = run(fused_swiglu(gate.leaky_trace(), up.leaky_trace()), &[&gate, &up]);
            let stock = run(stock_swiglu(gate.leaky_trace(), up.leaky_trace()), &[&gate, &up]);
            for (what, (fused, stock)) in ["y", "dgate", "dup"].iter().zip(fused.iter().zip(&stock)) {
                assert_close(what, fused, stock, 2e-6);
            }
        }
    }

    #[test]
    fn gelu_equals_the_stock_chain() {
        let x = random((9, 13), "x") * 6.0;
        let (fused, stock) =
            (run(fused_gelu(x.leaky_trace()), &[&x]), run(x.leaky_trace().fast_gelu(), &[&x]));
        assert_close("y", &fused[0], &stock[0], 2e-6);
        assert_close("dx", &fused[1], &stock[1], 2e-6);
    }

    #[test]
    fn threads_do_not_show() {
        let (gate, up) = (random((300, 70), "gate"), random((300, 70), "up"));
        assert_same_with_any_threads(|| {
            run(fused_swiglu(gate.leaky_trace(), up.leaky_trace()), &[&gate, &up])
        });
    }
}
