//! Sums over runs of a column.

use super::super::core::by_row::ByRow;
use super::super::memory::{
    Blocks, Module, Numbers, fresh, gradient, launch, module, take_gradient, upload, upload_ids, view,
};
use super::Taped;
use dfdx::prelude::*;
use std::ops::Range;

static MODULE: Module = module!("runs");

/// Per run, the sum of `factor · x`, with a factor for each place of `x`; `None` is 1 everywhere. A place may be in several runs.
pub(crate) fn sum_runs(x: Taped, runs: &[Range<usize>], factor: Option<&[f64]>) -> Taped {
    let (x, mut tape) = x.split_tape();
    let n = x.shape().0;
    let (mut start, mut places, mut run_of) = (vec![0], Vec::new(), Vec::new());
    for (number, run) in (0..).zip(runs) {
        assert!(run.end <= n, "a run to {} of {n} numbers", run.end);
        places.extend(run.clone().map(|place| place as u32));
        run_of.resize(places.len(), number);
        start.push(places.len() as u32);
    }
    let factor_at = |place: &u32| factor.map_or(1.0, |factor| factor[*place as usize] as f32);
    let factors = upload(places.iter().map(factor_at).collect(), 0.0);
    let sums = fresh((runs.len(),));
    launch!(
        MODULE,
        "sum_runs",
        Blocks::of_rows(runs.len()),
        view(&x),
        &upload_ids(&start),
        &upload_ids(&places),
        &factors,
        runs.len(),
        view(&sums)
    );
    let (out, terms, run_of) = (sums.clone(), ByRow::new(&places, n), upload_ids(&run_of));
    tape.add_backward_op(move |gradients| {
        let dsums = take_gradient(gradients, &out)?;
        let dx = gradient(gradients, &x)?;
        launch!(
            MODULE,
            "sum_runs_back",
            Blocks::of_elements(n),
            Numbers::of(&dsums),
            &terms.start,
            &terms.order,
            &run_of,
            &factors,
            n,
            dx
        );
        Ok(())
    });
    sums.put_tape(tape)
}
