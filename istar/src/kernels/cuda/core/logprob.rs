//! From logits to log-probabilities of chosen elements.

use super::super::memory::{
    Blocks, Module, Numbers, fresh, gradient, launch, module, take_gradient, upload_ids, view,
};
use super::by_row::ByRow;
use crate::kernels::{Column, logprob};
use dfdx::prelude::*;

static MODULE: Module = module!("logprob");

/// [`Backend::logprob`](crate::kernels::Backend::logprob).
pub(super) fn chosen<A: Dim, T: Tape<f32, Cuda>>(
    logits: Tensor<(usize, A), f32, Cuda, T>,
    (row, column): (&[u32], &[u32]),
    temperature: f32,
    entropy: bool,
) -> (Column<Cuda>, Option<Column<Cuda>>, T) {
    let (rows, columns) = (logits.shape().0, logits.shape().1.size());
    let picks = logprob::check((row, column), (rows, columns));
    let (logits, mut tape) = logits.split_tape();
    let width = columns as u32;
    let all = fresh((rows, columns));
    let entropies = entropy.then(|| fresh((rows,)));
    launch!(
        MODULE,
        "log_softmax",
        Blocks::of_rows(rows),
        view(&logits),
        rows,
        width,
        temperature,
        view(&all),
        entropies.as_ref().map(view)
    );
    let by_row = ByRow::new(row, rows);
    let [row, column] = [row, column].map(upload_ids);
    let logp = fresh((picks,));
    let entropy = entropy.then(|| fresh((picks,)));
    launch!(
        MODULE,
        "pick",
        Blocks::of_elements(picks),
        view(&all),
        entropies.as_ref().map(view),
        &row,
        &column,
        picks,
        width,
        view(&logp),
        entropy.as_ref().map(view)
    );
    if T::OWNS_TAPE {
        let (logp, entropy) = (logp.clone(), entropy.clone());
        tape.add_backward_op(move |gradients| {
            let dlogp = take_gradient(gradients, &logp)?;
            let dentropy = entropy.map(|entropy| take_gradient(gradients, &entropy)).transpose()?;
            launch!(
                MODULE,
                "logprob_back",
                Blocks::of_rows(rows),
                view(&all),
                entropies.as_ref().map(view),
                &by_row.start,
                &by_row.order,
                &column,
                rows,
                width,
                temperature,
                Numbers::of(&dlogp),
                dentropy.as_ref().map(Numbers::of),
                gradient(gradients, &logits)?
            );
            Ok(())
        });
    }
    (logp, entropy, tape)
}
