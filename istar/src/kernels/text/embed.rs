//! Rows of a table.

use super::Rows;
use crate::kernels::core::buffer::view;
use dfdx::prelude::*;

/// [`Text::embed`](super::Text::embed) as a chain of dfdx operations, on any device.
pub fn stock<D: Device<f32>, T: Tape<f32, D>>(table: Rows<D, T>, rows: &[u32]) -> Rows<D, T> {
    check(table.shape().0, rows);
    let index = table.device().tensor_from_vec(rows.iter().map(|row| *row as usize).collect(), (rows.len(),));
    table.gather(index)
}

/// [`Text::embed`](super::Text::embed) on the CPU.
pub fn fused<T: Tape<f32, Cpu>>(table: Rows<Cpu, T>, rows: &[u32]) -> Rows<Cpu, T> {
    let (known, width) = *table.shape();
    check(known, rows);
    let (table, mut tape) = table.split_tape();
    let mut y = Vec::with_capacity(rows.len() * width);
    rows.iter().for_each(|row| y.extend_from_slice(&view(&table)[*row as usize * width..][..width]));
    let y = table.device().tensor_from_vec(y, (rows.len(), width));
    if T::OWNS_TAPE {
        let (out, rows) = (y.clone(), rows.to_vec());
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let dtable = gradients.get_or_alloc_mut(&table)?;
            for (row, dy) in rows.iter().zip(dy.chunks_exact(width)) {
                let dtable = &mut dtable[*row as usize * width..][..width];
                dtable.iter_mut().zip(dy).for_each(|(dtable, dy)| *dtable += dy);
            }
            Ok(())
        });
    }
    y.put_tape(tape)
}

pub(in crate::kernels) fn check(known: usize, rows: &[u32]) {
    if let Some(row) = rows.iter().find(|row| **row as usize >= known) {
        panic!("row {row} of a table of {known}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, random, run};

    #[test]
    fn equals_the_stock_chain() {
        let (table, rows) = (random((7, 5), "table"), [6, 0, 3, 3, 6, 6]);
        let fused = run(fused(table.leaky_trace(), &rows), &[&table]);
        let stock = run(stock(table.leaky_trace(), &rows), &[&table]);
        assert_close("y", &fused[0], &stock[0], 0.0);
        assert_close("dtable", &fused[1], &stock[1], 1e-6);
    }

    #[test]
    #[should_panic = "row 7 of a table of 7"]
    fn a_row_out_of_range_is_named() {
        fused(random((7, 5), "table"), &[7]);
    }
}
