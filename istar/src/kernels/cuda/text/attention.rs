//! Causal attention with heads of keys and values that are shared, over sequences that lie one behind the other. No row of weights is ever
//! written: Dao et al., "FlashAttention", 2022, with a warp for each row.

use super::super::memory::{
    Blocks, Module, Numbers, fresh, gradient, launch, module, scratch, take_gradient, upload_ids, view,
};
use crate::kernels::text::attention;
use crate::kernels::{Heads, Rows};
use dfdx::prelude::*;

static MODULE: Module = module!("attention");

/// The kernels by how many numbers of a head a lane of 32 has at most: forward, back to the queries, back to keys and values.
const KERNELS: [(usize, [&str; 3]); 4] = [
    (1, ["attention_1", "queries_back_1", "shared_back_1"]),
    (2, ["attention_2", "queries_back_2", "shared_back_2"]),
    (4, ["attention_4", "queries_back_4", "shared_back_4"]),
    (8, ["attention_8", "queries_back_8", "shared_back_8"]),
];

/// [`Text::attention`](crate::kernels::Text::attention). Larger heads than of 256 numbers go through the stock chain.
pub(super) fn attended<T: Tape<f32, Cuda>>(
    q: Rows<Cuda, T>,
    k: Rows<Cuda, T>,
    v: Rows<Cuda, T>,
    lengths: &[usize],
    heads: Heads,
) -> Rows<Cuda, T> {
    let Some((_, [forward, to_queries, to_shared])) =
        KERNELS.iter().find(|(parts, _)| heads.size <= 32 * parts)
    else {
        return attention::stock(q, k, v, lengths, heads);
    };
    let rows = heads.check(*q.shape(), *k.shape(), *v.shape(), lengths);
    let (q, tape) = q.split_tape();
    let (k, own_k) = k.split_tape();
    let (v, own_v) = v.split_tape();
    let mut tape = tape.merge(own_k).merge(own_v);
    let (start, end) = bounds(lengths);
    let [start, end] = [start, end].map(|bounds| upload_ids(&bounds));
    let [queries, shared, size] = [heads.queries, heads.shared, heads.size].map(|number| number as u32);
    let scale = heads.scale();
    let (y, logs) = (fresh((rows, heads.width())), scratch(rows * heads.queries));
    launch!(
        MODULE,
        forward,
        Blocks::of_rows(rows * heads.queries),
        view(&q),
        view(&k),
        view(&v),
        &start,
        rows,
        queries,
        shared,
        size,
        scale,
        view(&y),
        Numbers::of(&logs)
    );
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let (dy, logs) = (Numbers::of(&dy), Numbers::of(&logs));
            let along = scratch(rows * heads.queries);
            let along = Numbers::of(&along);
            launch!(
                MODULE,
                to_queries,
                Blocks::of_rows(rows * heads.queries),
                view(&q),
                view(&k),
                view(&v),
                view(&out),
                dy,
                logs,
                &start,
                rows,
                queries,
                shared,
                size,
                scale,
                along,
                gradient(gradients, &q)?
            );
            // One gradient can be borrowed at a time.
            let dv = scratch(rows * heads.shared_width());
            launch!(
                MODULE,
                to_shared,
                Blocks::of_rows(rows * heads.shared),
                view(&q),
                view(&k),
                view(&v),
                dy,
                logs,
                along,
                &end,
                rows,
                queries,
                shared,
                size,
                scale,
                gradient(gradients, &k)?,
                Numbers::of(&dv)
            );
            super::feed::add(Numbers::of(&dv), gradient(gradients, &v)?);
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// The first row of the sequence of each row, and the row behind its last.
fn bounds(lengths: &[usize]) -> (Vec<u32>, Vec<u32>) {
    let (mut start, mut end) = (Vec::new(), Vec::new());
    for length in lengths {
        let first = start.len();
        start.resize(first + length, first as u32);
        end.resize(first + length, (first + length) as u32);
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_knows_its_sequence() {
        assert_eq!(super::bounds(&[2, 0, 3]), (vec![0, 0, 2, 2, 2], vec![2, 2, 5, 5, 5]));
    }
}
