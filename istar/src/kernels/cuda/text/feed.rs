//! What bends the second half of a block.

use super::super::memory::{Blocks, Module, Numbers, fresh, gradient, launch, module, take_gradient, view};
use crate::kernels::Rows;
use dfdx::prelude::*;

static MODULE: Module = module!("feed");

/// `to += from`.
pub(super) fn add(from: Numbers<'_>, to: Numbers<'_>) {
    let n = to.len();
    launch!(MODULE, "add", Blocks::of_elements(n), from, n, to);
}

/// [`Text::swiglu`](crate::kernels::Text::swiglu).
pub(super) fn swiglu<T: Tape<f32, Cuda>>(gate: Rows<Cuda, T>, up: Rows<Cuda, T>) -> Rows<Cuda, T> {
    assert_eq!(gate.shape(), up.shape(), "a gate for every number");
    let (gate, tape) = gate.split_tape();
    let (up, own) = up.split_tape();
    let mut tape = tape.merge(own);
    let y = fresh(*gate.shape());
    let n = view(&y).len();
    launch!(MODULE, "swiglu", Blocks::of_elements(n), view(&gate), view(&up), n, view(&y));
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let (dy, blocks) = (Numbers::of(&dy), Blocks::of_elements(n));
            // One and then the other: they may be the same tensor.
            launch!(MODULE, "up_back", blocks, view(&gate), dy, n, gradient(gradients, &up)?);
            launch!(MODULE, "gate_back", blocks, view(&gate), view(&up), dy, n, gradient(gradients, &gate)?);
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// [`Text::gelu`](crate::kernels::Text::gelu).
pub(super) fn gelu<T: Tape<f32, Cuda>>(x: Rows<Cuda, T>) -> Rows<Cuda, T> {
    let (x, mut tape) = x.split_tape();
    let y = fresh(*x.shape());
    let n = view(&y).len();
    launch!(MODULE, "gelu", Blocks::of_elements(n), view(&x), n, view(&y));
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let dx = gradient(gradients, &x)?;
            launch!(MODULE, "gelu_back", Blocks::of_elements(n), view(&x), Numbers::of(&dy), n, dx);
            Ok(())
        });
    }
    y.put_tape(tape)
}
