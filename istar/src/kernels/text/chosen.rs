//! Log-probabilities of chosen tokens, without keeping a number for every token there is.

use super::{Rows, project};
use crate::batch::Legal;
use crate::kernels::Column;
use crate::kernels::core::buffer::{Matrix, product, view};
use crate::kernels::core::logprob;
use crate::kernels::core::parallel::threads;
use crate::kernels::core::tile::wide;
use crate::kernels::text::exp::exp;
use crate::kernels::text::norm::{by_rows, dot, sum};
use dfdx::prelude::*;

/// The logit of a token that is not legal in the stock chain: no probability, but a number that can be multiplied by 0.
const NEVER: f32 = -1e30;
/// Logits that are there at the same time, if 32 rows have no more.
const LOGITS: usize = 1 << 17;

/// [`Text::chosen`](super::Text::chosen) as a chain of dfdx operations, on any device. All logits are kept.
pub fn stock<D: Device<f32>, T: Tape<f32, D>>(
    hidden: Rows<D, T>,
    table: &Rows<D>,
    legal: &[Legal],
    picks: (&[u32], &[u32]),
    entropy: bool,
) -> (Column<D>, Option<Column<D>>, T) {
    let logits = super::linear::stock_linear(hidden, table);
    let shape @ (rows, columns) = *logits.shape();
    assert_eq!(rows, legal.len(), "what is legal in every row");
    if legal.iter().all(|legal| legal.covers(columns)) {
        return logprob::stock(logits, picks, 1.0, entropy);
    }
    let mut shift = vec![NEVER; rows * columns];
    for (legal, row) in legal.iter().zip(shift.chunks_exact_mut(columns)) {
        legal.below(columns).for_each(|token| row[token as usize] = 0.0);
        assert!(row.contains(&0.0), "{legal} of {columns}: there is nothing to choose from");
    }
    let shift = logits.device().tensor_from_vec(shift, shape);
    logprob::stock(logits + shift, picks, 1.0, entropy)
}

/// [`Text::chosen`](super::Text::chosen) on the CPU, some rows at a time: forward keeps two numbers of each row, and the way
/// back computes its logits again.
pub fn fused<T: Tape<f32, Cpu>>(
    hidden: Rows<Cpu, T>,
    table: &Rows<Cpu>,
    legal: &[Legal],
    (row, column): (&[u32], &[u32]),
    entropy: bool,
) -> (Column<Cpu>, Option<Column<Cpu>>, T) {
    let ((rows, width), columns) = (*hidden.shape(), table.shape().0);
    assert_eq!(
        (rows, width),
        (legal.len(), table.shape().1),
        "what is legal in every row, and rows like the table's"
    );
    logprob::check((row, column), (rows, columns));
    let (hidden, mut tape) = hidden.split_tape();
    let step = (LOGITS / columns).max(32);
    let way = Way { width, columns, legal: legal.to_vec(), of_row: by_row(row, column, rows) };
    let mut logp = vec![0.0; row.len()];
    // Per row, the logarithm of the sum of what the logits are the logarithms of, and the entropy if it is asked for.
    let mut wholes = vec![0.0; rows];
    let mut entropies = vec![0.0; if entropy { rows } else { 0 }];
    let mut logits = Vec::new();
    for first in (0..rows).step_by(step) {
        let end = rows.min(first + step);
        way.logits(&view(&hidden)[first * width..end * width], view(table), first, &mut logits);
        by_rows(&mut wholes[first..end], 1, |at, wholes| {
            wholes_of(&logits[at * columns..], columns, wholes);
        });
        for (number, row) in (first..end).zip(logits.chunks_exact(columns)) {
            for (pick, column) in &way.of_row[number] {
                logp[*pick as usize] = row[*column as usize] - wholes[number];
            }
        }
        if entropy {
            by_rows(&mut entropies[first..end], 1, |at, entropies| {
                entropies_of(&logits[at * columns..], columns, &wholes[first + at..], entropies);
            });
        }
    }
    let dev = hidden.device();
    let logp = dev.tensor_from_vec(logp, (row.len(),));
    let of_picks = || row.iter().map(|row| entropies[*row as usize]).collect();
    let entropy = entropy.then(|| dev.tensor_from_vec(of_picks(), (row.len(),)));
    if T::OWNS_TAPE {
        let (logp, entropy, table) = (logp.clone(), entropy.clone(), table.clone());
        tape.add_backward_op(move |gradients| {
            let dlogp = std::mem::take(&mut **gradients.get_or_alloc_mut(&logp)?);
            let dentropy = match &entropy {
                Some(entropy) => std::mem::take(&mut **gradients.get_or_alloc_mut(entropy)?),
                None => vec![0.0; dlogp.len()],
            };
            let mut dhidden = vec![0.0; rows * width];
            let mut dtable = std::mem::take(&mut **gradients.get_or_alloc_mut(&table)?);
            let numbers = view(&hidden);
            let mut logits = Vec::new();
            for first in (0..rows).step_by(step) {
                let end = rows.min(first + step);
                let block = &numbers[first * width..end * width];
                way.logits(block, view(&table), first, &mut logits);
                by_rows(&mut logits, columns, |at, logits| {
                    for (number, row) in (first + at..).zip(logits.chunks_exact_mut(columns)) {
                        let entropy = entropies.get(number).copied().unwrap_or(0.0);
                        way.slopes(row, number, (wholes[number], entropy), &dlogp, &dentropy);
                    }
                });
                let slopes = Matrix::rows(&logits, columns);
                let n = end - first;
                let out = &mut dhidden[first * width..end * width];
                product(
                    (n, columns, width),
                    out,
                    false,
                    1.0,
                    slopes,
                    Matrix::rows(view(&table), width),
                    threads(),
                );
                let block = Matrix::rows(block, width);
                product((columns, n, width), &mut dtable, true, 1.0, slopes.transposed(), block, threads());
            }
            **gradients.get_or_alloc_mut(&table)? = dtable;
            let to = gradients.get_or_alloc_mut(&hidden)?;
            to.iter_mut().zip(&dhidden).for_each(|(to, from)| *to += from);
            Ok(())
        });
    }
    (logp, entropy, tape)
}

/// The number and the column of the picks of each row.
fn by_row(row: &[u32], column: &[u32], rows: usize) -> Vec<Vec<(u32, u32)>> {
    let mut all = vec![Vec::new(); rows];
    for (pick, (row, column)) in (0..).zip(row.iter().zip(column)) {
        all[*row as usize].push((pick, *column));
    }
    all
}

/// What the way back needs besides tensors.
struct Way {
    width: usize,
    columns: usize,
    legal: Vec<Legal>,
    of_row: Vec<Vec<(u32, u32)>>,
}

impl Way {
    /// The logits of some rows, the first of them number `first`; [`NEVER`] where a token is not legal.
    fn logits(&self, hidden: &[f32], table: &[f32], first: usize, out: &mut Vec<f32>) {
        project(hidden, table, self.width, out, false);
        for (row, legal) in out.chunks_exact_mut(self.columns).zip(&self.legal[first..]) {
            if !legal.covers(self.columns) {
                mask(row, legal);
            }
        }
    }

    /// Turns the logits of a row into the slopes of the loss in them. d logp / d logit_j = [j = column] - p_j, and
    /// d H / d logit_j = -p_j (ln p_j + H).
    fn slopes(
        &self,
        row: &mut [f32],
        number: usize,
        (whole, entropy): (f32, f32),
        dlogp: &[f32],
        dentropy: &[f32],
    ) {
        let picks = &self.of_row[number];
        let sum = |of: &[f32]| picks.iter().map(|(pick, _)| of[*pick as usize]).sum::<f32>();
        let (of_logp, of_entropy) = (sum(dlogp), sum(dentropy));
        slopes(row, whole, entropy, of_logp, of_entropy);
        picks.iter().for_each(|(pick, column)| row[*column as usize] += dlogp[*pick as usize]);
    }
}

/// Takes what is not legal out of a row of logits.
pub(crate) fn mask(row: &mut [f32], legal: &Legal) {
    let kept: Vec<(u32, f32)> = legal.below(row.len()).map(|token| (token, row[token as usize])).collect();
    assert!(!kept.is_empty(), "{legal} of {}: there is nothing to choose from", row.len());
    row.fill(NEVER);
    kept.into_iter().for_each(|(token, logit)| row[token as usize] = logit);
}

wide! {
    /// The logarithm of the sum of the exponentials of each row.
    fn wholes_of<'a>(logits: &'a [f32], columns: usize, wholes: &'a mut [f32]) {
        let mut exps = vec![0.0; columns];
        for (row, whole) in logits.chunks_exact(columns).zip(wholes) {
            *whole = whole_of(row, &mut exps);
        }
    }

    fn entropies_of<'a>(logits: &'a [f32], columns: usize, wholes: &'a [f32], entropies: &'a mut [f32]) {
        let mut logps = vec![0.0; columns];
        let mut exps = vec![0.0; columns];
        for ((row, whole), entropy) in logits.chunks_exact(columns).zip(wholes).zip(entropies) {
            for ((logp, exp), l) in logps.iter_mut().zip(exps.iter_mut()).zip(row) {
                *logp = l - whole;
                *exp = probability(*logp);
            }
            *entropy = -dot(&logps, &exps);
        }
    }

    fn slopes<'a>(row: &'a mut [f32], whole: f32, entropy: f32, of_logp: f32, of_entropy: f32) {
        for l in row {
            let logp = *l - whole;
            *l = -probability(logp) * (of_logp + of_entropy * (logp.max(-100.0) + entropy));
        }
    }
}

/// The logarithm of the sum of the exponentials of a row; `exps` is as long, and holds them in the end, over the largest.
#[inline(always)]
pub(super) fn whole_of(row: &[f32], exps: &mut [f32]) -> f32 {
    let most = most_of(row);
    // In a loop of its own, which the compiler can lay over wide registers; in a sum it does not.
    for (exp, l) in exps.iter_mut().zip(row) {
        *exp = probability(l - most);
    }
    most + sum(exps, |x| x).ln()
}

/// A probability by its logarithm; 0 where there is next to none.
#[inline(always)]
pub(super) fn probability(logp: f32) -> f32 {
    if logp < -87.0 { 0.0 } else { exp(logp) }
}

/// The largest number of a row, found in eight parts, so that the compiler can use wide registers.
#[inline(always)]
pub(super) fn most_of(row: &[f32]) -> f32 {
    let (chunks, rest) = row.as_chunks::<8>();
    let mut most = [f32::NEG_INFINITY; 8];
    for chunk in chunks {
        for (most, x) in most.iter_mut().zip(chunk) {
            *most = if *x > *most { *x } else { *most };
        }
    }
    most.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, assert_same_with_any_threads, random};

    type Op = fn(
        Rows<Cpu, OwnedTape<f32, Cpu>>,
        &Rows<Cpu>,
        &[Legal],
        (&[u32], &[u32]),
        bool,
    ) -> (Column<Cpu>, Option<Column<Cpu>>, OwnedTape<f32, Cpu>);

    /// Log-probabilities, entropies, and the gradients of a loss of both.
    fn run(op: Op, rows: usize, columns: usize, legal: &[Legal]) -> Vec<Vec<f32>> {
        let (hidden, table) = (random((rows, 6), "hidden") * 2.0, random((columns, 6), "table") * 2.0);
        // Two picks of some rows, none of others.
        let row: Vec<u32> = (0..rows as u32).filter(|row| row % 5 != 3).chain([0, rows as u32 - 1]).collect();
        let of = |row: &u32| legal[*row as usize].below(columns).nth(*row as usize % 3).unwrap_or(1);
        let column: Vec<u32> = row.iter().map(of).collect();
        let (logp, entropy, tape) = op(hidden.leaky_trace(), &table, legal, (&row, &column), true);
        let entropy = entropy.expect("asked for");
        let loss = logp.retaped::<OwnedTape<_, _>>() * random((row.len(),), "a")
            + entropy.retaped::<OwnedTape<_, _>>() * random((row.len(),), "b");
        let (loss, own) = loss.sum::<Rank0, _>().split_tape();
        let gradients = loss.put_tape(own.merge(tape)).backward();
        vec![logp.as_vec(), entropy.as_vec(), gradients.get(&hidden).as_vec(), gradients.get(&table).as_vec()]
    }

    #[test]
    fn equals_the_stock_chain() {
        for (rows, columns) in [(1, 2), (7, 33), (70, 50)] {
            let sets: [Legal; 3] = [Legal::ALL, Legal::from(0..2), [1, 31].into_iter().collect()];
            let mixed: Vec<Legal> =
                (0..rows).map(|row| sets[row % if columns > 31 { 3 } else { 2 }].clone()).collect();
            for legal in [vec![Legal::ALL; rows], mixed] {
                let (fused, stock) = (run(fused, rows, columns, &legal), run(stock, rows, columns, &legal));
                for (what, (fused, stock)) in
                    ["logp", "entropy", "dhidden", "dtable"].iter().zip(fused.iter().zip(&stock))
                {
                    assert_close(&format!("{what} of {rows} x {columns}"), fused, stock, 1e-5);
                }
            }
        }
    }

    #[test]
    fn threads_do_not_show() {
        assert_same_with_any_threads(|| run(fused, 70, 3000, &vec![Legal::ALL; 70]));
    }

    #[test]
    #[should_panic = "tokens 9 to 11 of 5: there is nothing to choose from"]
    fn nothing_legal_is_named() {
        run(fused, 1, 5, &[Legal::from(9..12)]);
    }
}
