//! What losses do with a column in one pass, on devices that can.
//!
//! Loss terms are generic in dfdx's devices and number types, and chains of its operations. Such a chain can be left out here: where the column is one
//! of a device with kernels for it, what comes back is the result, and everywhere else the column.

pub(crate) mod cost;

use cost::Cost;
use dfdx::prelude::*;
use std::ops::Range;

type Taped<S, E, D> = Tensor<S, E, D, OwnedTape<E, D>>;
type Column<E, D> = Taped<(usize,), E, D>;

/// The sum of what the numbers of a column cost: in `f32` on CUDA.
pub(crate) fn sum_of_costs<E: Dtype, D: Device<E>>(
    x: Column<E, D>,
    cost: Cost<'_>,
) -> Result<Taped<Rank0, E, D>, Column<E, D>> {
    #[cfg(feature = "cuda")]
    return cuda::column(x).map(|x| cuda::back(crate::kernels::cuda::flat::sum_of_costs(x, cost)));
    #[cfg(not(feature = "cuda"))]
    return Err((x, cost).0);
}

/// Per run, the sum of `factor · x`, with a factor for each place of `x`; `None` is 1 everywhere: in `f32` on CUDA.
pub(crate) fn sum_runs<E: Dtype, D: Device<E>>(
    x: Column<E, D>,
    runs: &[Range<usize>],
    factor: Option<&[f64]>,
) -> Result<Column<E, D>, Column<E, D>> {
    #[cfg(feature = "cuda")]
    return cuda::column(x).map(|x| cuda::back(crate::kernels::cuda::flat::sum_runs(x, runs, factor)));
    #[cfg(not(feature = "cuda"))]
    return Err((x, runs, factor).0);
}

/// From types that stand for CUDA's to CUDA's own, and back.
#[cfg(feature = "cuda")]
mod cuda {
    use super::{Column, Taped};
    use dfdx::prelude::*;
    use std::any::Any;

    /// A column of CUDA's, or what it was.
    pub(super) fn column<E: Dtype, D: Device<E>>(x: Column<E, D>) -> Result<Column<f32, Cuda>, Column<E, D>> {
        let x: Box<dyn Any> = Box::new(x);
        let same = |x: Box<dyn Any>| *x.downcast().expect("it is what it was");
        x.downcast().map(|x| *x).map_err(same)
    }

    /// What a column of CUDA's became.
    pub(super) fn back<S: Shape, E: Dtype, D: Device<E>>(y: Taped<S, f32, Cuda>) -> Taped<S, E, D> {
        let y: Box<dyn Any> = Box::new(y);
        *y.downcast().expect("E is f32, and D is CUDA")
    }
}
