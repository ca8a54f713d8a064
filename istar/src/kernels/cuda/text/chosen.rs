//! Log-probabilities of chosen tokens, without keeping a number for every token there is.

use super::super::core::by_row::ByRow;
use super::super::memory::{
    Blocks, Buffer, Matrix, Module, Numbers, fresh, gradient, launch, module, product, scratch,
    take_gradient, upload_ids, view,
};
use super::embed::gather;
use crate::batch::Legal;
use crate::kernels::{Column, Rows, logprob};
use cudarc::driver::CudaSlice;
use dfdx::prelude::*;
use rustc_hash::FxHashMap;

static MODULE: Module = module!("chosen");

/// Logits that are there at the same time, if a row has no more: a quarter of a gigabyte; in tests few, so that rows are taken in turns.
const LOGITS: usize = if cfg!(test) { 1 << 6 } else { 1 << 26 };

/// In place of the number of a set: every token.
const EVERY: u32 = u32::MAX;

/// [`Text::chosen`](crate::kernels::Text::chosen), some rows at a time: forward keeps two numbers of each row, and the way back computes its
/// logits again.
pub(super) fn chosen<T: Tape<f32, Cuda>>(
    hidden: Rows<Cuda, T>,
    table: &Rows<Cuda>,
    legal: &[Legal],
    (row, column): (&[u32], &[u32]),
    entropy: bool,
) -> (Column<Cuda>, Option<Column<Cuda>>, T) {
    let ((rows, width), columns) = (*hidden.shape(), table.shape().0);
    assert_eq!(
        (rows, width),
        (legal.len(), table.shape().1),
        "what is legal in every row, and rows like the table's"
    );
    let picks = logprob::check((row, column), (rows, columns));
    let (hidden, mut tape) = hidden.split_tape();
    let way = Way {
        rows,
        width,
        columns,
        sets: Sets::new(legal, columns),
        by_row: ByRow::new(row, rows),
        column: upload_ids(column),
    };
    let wholes = scratch(rows);
    let entropies = entropy.then(|| fresh((rows,)));
    let logp = fresh((picks,));
    let room = scratch(way.step() * columns);
    for first in (0..rows).step_by(way.step()) {
        let (n, logits) = way.logits(&hidden, table, first, &room);
        launch!(
            MODULE,
            "chosen",
            Blocks::of_rows(n),
            logits,
            first,
            n,
            columns as u32,
            &way.sets.of_row,
            &way.sets.bits,
            way.sets.words,
            &way.by_row.start,
            &way.by_row.order,
            &way.column,
            Numbers::of(&wholes),
            entropies.as_ref().map(view),
            view(&logp)
        );
    }
    let entropy = entropies.as_ref().map(|entropies| {
        let of_picks = fresh((picks,));
        gather(view(entropies), &upload_ids(row), 1, view(&of_picks));
        of_picks
    });
    if T::OWNS_TAPE {
        let (logp, entropy, table) = (logp.clone(), entropy.clone(), table.clone());
        tape.add_backward_op(move |gradients| {
            let dlogp = take_gradient(gradients, &logp)?;
            let dentropy = entropy.map(|entropy| take_gradient(gradients, &entropy)).transpose()?;
            let room = scratch(way.step() * columns);
            for first in (0..rows).step_by(way.step()) {
                let (n, logits) = way.logits(&hidden, &table, first, &room);
                launch!(
                    MODULE,
                    "chosen_back",
                    Blocks::of_rows(n),
                    logits,
                    first,
                    n,
                    columns as u32,
                    &way.sets.of_row,
                    &way.sets.bits,
                    way.sets.words,
                    &way.by_row.start,
                    &way.by_row.order,
                    &way.column,
                    Numbers::of(&wholes),
                    entropies.as_ref().map(view),
                    Numbers::of(&dlogp),
                    dentropy.as_ref().map(Numbers::of)
                );
                let slopes = Matrix::rows(logits, columns);
                let dhidden = gradient(gradients, &hidden)?.part(first * width, n * width);
                product((n, columns, width), dhidden, true, 1.0, slopes, Matrix::rows(view(&table), width));
                let hidden = Matrix::rows(view(&hidden).part(first * width, n * width), width);
                let dtable = gradient(gradients, &table)?;
                product((columns, n, width), dtable, true, 1.0, slopes.transposed(), hidden);
            }
            Ok(())
        });
    }
    (logp, entropy, tape)
}

/// What both ways need besides tensors.
struct Way {
    rows: usize,
    width: usize,
    columns: usize,
    sets: Sets,
    by_row: ByRow,
    column: CudaSlice<u32>,
}

impl Way {
    /// Rows whose logits are there at the same time.
    fn step(&self) -> usize {
        (LOGITS / self.columns).clamp(1, self.rows.max(1))
    }

    /// How many rows from number `first` on are taken together, and their logits.
    fn logits<'a>(
        &self,
        hidden: &Rows<Cuda>,
        table: &Rows<Cuda>,
        first: usize,
        room: &'a Buffer,
    ) -> (usize, Numbers<'a>) {
        let n = self.step().min(self.rows - first);
        let logits = Numbers::of(room).part(0, n * self.columns);
        let hidden = Matrix::rows(view(hidden).part(first * self.width, n * self.width), self.width);
        let table = Matrix::rows(view(table), self.width).transposed();
        product((n, self.width, self.columns), logits, false, 1.0, hidden, table);
        (n, logits)
    }
}

/// The sets of legal tokens, each once.
struct Sets {
    /// The number of the set of each row, or [`EVERY`].
    of_row: CudaSlice<u32>,
    /// `words` for each set; bit `i` of word `w` is token `32 w + i`.
    bits: CudaSlice<u32>,
    words: u32,
}

impl Sets {
    fn new(legal: &[Legal], columns: usize) -> Self {
        let (of_row, bits) = sets(legal, columns);
        Sets { of_row: upload_ids(&of_row), bits: upload_ids(&bits), words: columns.div_ceil(32) as u32 }
    }
}

fn sets(legal: &[Legal], columns: usize) -> (Vec<u32>, Vec<u32>) {
    let mut known: FxHashMap<&Legal, u32> = FxHashMap::default();
    let (words, mut bits) = (columns.div_ceil(32), Vec::new());
    let of_row = legal.iter().map(|legal| {
        *known.entry(legal).or_insert_with(|| {
            if legal.covers(columns) {
                return EVERY;
            }
            let start = bits.len();
            bits.resize(start + words, 0);
            let mut tokens = legal.below(columns).peekable();
            assert!(tokens.peek().is_some(), "{legal} of {columns}: there is nothing to choose from");
            tokens.for_each(|token| bits[start + token as usize / 32] |= 1 << (token % 32));
            (start / words) as u32
        })
    });
    (of_row.collect(), bits)
}

#[cfg(test)]
mod tests {
    use super::{EVERY, sets};
    use crate::batch::Legal;

    #[test]
    fn equal_sets_stand_once() {
        let few = || Legal::from_iter([1, 33]);
        let legal = [few(), Legal::ALL, Legal::from(0..40), few(), Legal::from(0..3)];
        assert_eq!(sets(&legal, 40), (vec![0, EVERY, EVERY, 0, 1], vec![2, 2, 7, 0]));
    }

    #[test]
    #[should_panic = "there is nothing to choose from"]
    fn a_row_without_a_token_is_refused() {
        sets(&[Legal::from(50..60)], 40);
    }
}
