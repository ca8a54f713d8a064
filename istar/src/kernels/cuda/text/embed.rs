//! Rows of a table.

use super::super::core::by_row::ByRow;
use super::super::memory::{
    Blocks, Module, Numbers, fresh, gradient, launch, module, take_gradient, upload_ids, view,
};
use crate::kernels::Rows;
use crate::kernels::text::embed;
use cudarc::driver::CudaSlice;
use dfdx::prelude::*;

static MODULE: Module = module!("embed");

/// [`Text::embed`](crate::kernels::Text::embed).
pub(super) fn rows_of<T: Tape<f32, Cuda>>(table: Rows<Cuda, T>, rows: &[u32]) -> Rows<Cuda, T> {
    let (known, width) = *table.shape();
    embed::check(known, rows);
    let (table, mut tape) = table.split_tape();
    let y = fresh((rows.len(), width));
    gather(view(&table), &upload_ids(rows), width, view(&y));
    if T::OWNS_TAPE {
        let (out, by_row) = (y.clone(), ByRow::new(rows, known));
        tape.add_backward_op(move |gradients| {
            let dy = take_gradient(gradients, &out)?;
            let dtable = gradient(gradients, &table)?;
            let n = dtable.len();
            launch!(
                MODULE,
                "gather_back",
                Blocks::of_elements(n),
                Numbers::of(&dy),
                &by_row.start,
                &by_row.order,
                n,
                width as u32,
                dtable
            );
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// Rows of a table of this width, one behind the other.
pub(super) fn gather(table: Numbers<'_>, rows: &CudaSlice<u32>, width: usize, out: Numbers<'_>) {
    let n = out.len();
    launch!(MODULE, "gather", Blocks::of_elements(n), table, rows, n, width as u32, out);
}
