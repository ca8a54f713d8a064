//! Losses that are sums over a column.

use super::super::core::total::Shares;
use super::super::memory::{
    Blocks, Module, Numbers, fresh, gradient, launch, module, scratch, take_gradient, upload, view,
};
use super::Taped;
use crate::kernels::flat::cost::Cost;
use cudarc::driver::CudaSlice;
use dfdx::prelude::*;

static MODULE: Module = module!("losses");

/// The sum of what the numbers of a column cost.
pub(crate) fn sum_of_costs(x: Taped, cost: Cost<'_>) -> Tensor<Rank0, f32, Cuda, OwnedTape<f32, Cuda>> {
    let (x, mut tape) = x.split_tape();
    let n = x.shape().0;
    let (loss, slopes, shares) = (fresh(()), scratch(n.max(1)), Shares::of(n));
    let to = Numbers::of(&slopes);
    let (from, blocks, chunk, sums) = (view(&x), shares.blocks(), shares.chunk, shares.sums());
    match cost {
        Cost::Clip { slope, within, dual, far } => {
            let slope = column(slope, n);
            let each = u32::from(within.is_some_and(|(lower, _)| lower.len() == n));
            let within = within.map(|(lower, upper)| {
                let bound = |bounds: &[f64]| column(bounds, bounds.len());
                assert!(
                    lower.len() == upper.len() && (each == 1 || lower.len() == 1),
                    "a bound for each number or one"
                );
                (bound(lower), bound(upper))
            });
            let (lower, upper) = within.as_ref().map(|(lower, upper)| (lower, upper)).unzip();
            let dual = dual.map_or(f32::INFINITY, |dual| dual as f32);
            launch!(
                MODULE, "clip", blocks, from, n, chunk, &slope, lower, upper, each, dual, far as f32, to,
                sums
            );
        }
        Cost::Squares { weight, target, old } => {
            let [weight, target] = [weight, target].map(|numbers| column(numbers, n));
            let reach = old.map_or(0.0, |(_, reach)| reach) as f32;
            let old = old.map(|(old, _)| column(old, n));
            launch!(
                MODULE,
                "squares_within",
                blocks,
                from,
                n,
                chunk,
                &weight,
                &target,
                old.as_ref(),
                reach,
                to,
                sums
            );
        }
        Cost::Surprise { weight } => {
            launch!(MODULE, "surprise", blocks, from, n, chunk, weight as f32, to, sums);
        }
        Cost::Weighted { weight } => {
            let weight = column(weight, n);
            launch!(MODULE, "weighted", blocks, from, n, chunk, &weight, to, sums);
        }
    }
    shares.total(None, view(&loss));
    let out = loss.clone();
    tape.add_backward_op(move |gradients| {
        let dloss = take_gradient(gradients, &out)?;
        let dx = gradient(gradients, &x)?;
        let blocks = Blocks::of_elements(n);
        launch!(MODULE, "losses_back", blocks, Numbers::of(&slopes), Numbers::of(&dloss), n, dx);
        Ok(())
    });
    loss.put_tape(tape)
}

/// Constants on the device, as many as there are numbers.
fn column(numbers: &[f64], n: usize) -> CudaSlice<f32> {
    assert_eq!(numbers.len(), n, "a constant for each number of a column");
    upload(numbers.iter().map(|number| *number as f32).collect(), 0.0)
}
