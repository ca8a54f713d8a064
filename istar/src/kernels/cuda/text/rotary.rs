//! Rotary positions.

use super::super::memory::{
    Blocks, Module, Numbers, fresh, gradient, launch, module, take_gradient, upload, upload_ids, view,
};
use crate::kernels::Rows;
use crate::kernels::text::rotary;
use dfdx::prelude::*;

static MODULE: Module = module!("rotary");

/// [`Text::rotate`](crate::kernels::Text::rotate).
pub(super) fn rotated<T: Tape<f32, Cuda>>(
    x: Rows<Cuda, T>,
    positions: &[u32],
    head: usize,
    base: f64,
) -> Rows<Cuda, T> {
    let (rows, width) = *x.shape();
    rotary::check((rows, width), positions, head);
    // Angles of every position that there is, which many rows have.
    let known = positions.iter().max().map_or(0, |most| most + 1);
    let turns = upload(rotary::Turns::new(head, base, 0..known).into_table(), 0.0);
    let positions = upload_ids(positions);
    let (x, mut tape) = x.split_tape();
    let y = fresh((rows, width));
    let turn = move |x: Numbers<'_>, sign: f32, out: Numbers<'_>| {
        let pairs = rows * width / 2;
        let blocks = Blocks::of_elements(pairs);
        launch!(MODULE, "turn", blocks, x, &turns, &positions, pairs, width as u32, head as u32, sign, out);
    };
    turn(view(&x), 1.0, view(&y));
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            turn(Numbers::of(&dy), -1.0, gradient(gradients, &x)?);
            Ok(())
        });
    }
    y.put_tape(tape)
}
