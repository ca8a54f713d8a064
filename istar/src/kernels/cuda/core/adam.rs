//! One step of Adam on one parameter.

use super::super::memory::{Blocks, Module, fresh, gradient, launch, module, view};
use super::total::Shares;
use crate::kernels::{AdamStep, Column, Squares};
use dfdx::prelude::*;

static MODULE: Module = module!("adam");

/// [`Backend::add_squares`](crate::kernels::Backend::add_squares): squares of one parameter are added up in `f64`.
pub(super) fn squares<S: Shape>(
    parameter: &Tensor<S, f32, Cuda>,
    gradients: &mut Gradients<f32, Cuda>,
    sum: &mut Squares<Cuda>,
) {
    let numbers = gradient(gradients, parameter).expect("room for a gradient");
    let shares = Shares::of(numbers.len());
    launch!(MODULE, "squares", shares.blocks(), numbers, shares.n, shares.chunk, shares.sums());
    let all = fresh(());
    shares.total(sum.device.as_ref().map(view), view(&all));
    sum.device = Some(all);
}

/// [`Backend::adam`](crate::kernels::Backend::adam).
pub(super) fn step<S: Shape>(
    parameter: &mut Tensor<S, f32, Cuda>,
    gradients: &mut Gradients<f32, Cuda>,
    [first, second]: [&mut Column<Cuda>; 2],
    step: &AdamStep,
) {
    let g = gradient(gradients, parameter).expect("room for a gradient");
    let (n, [beta1, beta2]) = (g.len(), step.betas);
    let [new_first, new_second] = [(); 2].map(|()| fresh((n,)));
    let direction = fresh(*parameter.shape());
    launch!(
        MODULE,
        "adam",
        Blocks::of_elements(n),
        g,
        view(first),
        view(second),
        n,
        step.clip,
        beta1,
        beta2,
        step.root,
        step.eps,
        view(&new_first),
        view(&new_second),
        view(&direction)
    );
    (*first, *second) = (new_first, new_second);
    // dfdx's, for it copies a parameter that has a twin before it is written.
    parameter.axpy(step.decay, &direction, -step.rate);
}
