//! From logits to log-probabilities of chosen elements.

use dfdx::prelude::*;

use super::{Column, buffer::view, tile::wide};

/// [`Backend::logprob`](super::Backend::logprob) as a chain of dfdx operations, on any device.
pub fn stock<A: Dim, D: Device<f32>, T: Tape<f32, D>>(
    logits: Tensor<(usize, A), f32, D, T>,
    (row, column): (&[u32], &[u32]),
    temperature: f32,
    entropy: bool,
) -> (Column<D>, Option<Column<D>>, T) {
    let (rows, columns) = *logits.shape();
    let picks = check((row, column), (rows, columns.size()));
    let dev = logits.device().clone();
    let index = |of: &[u32]| dev.tensor_from_vec(of.iter().map(|&i| i as usize).collect(), (picks,));
    let all = (logits / temperature).log_softmax::<Axis<1>>();
    let (all, tape) = all.split_tape();
    // Both chains start from the same log-softmax, each on a tape of its own.
    let of_row: Tensor<(usize, A), f32, D, T> = all.retaped::<T>().gather(index(row));
    let (logp, logp_tape) = of_row.select(index(column)).split_tape();
    let tape = tape.merge(logp_tape);
    if !entropy {
        return (logp, None, tape);
    }
    let of_row = -(all.retaped::<T>().exp() * all).sum::<(usize,), Axis<1>>();
    let (entropy, entropy_tape) = of_row.gather(index(row)).split_tape();
    (logp, Some(entropy), tape.merge(entropy_tape))
}

/// The element `(row, column)` of a matrix for each pair, `(pairs,)`. A chain of dfdx operations, on any device: there
/// is little to fuse.
///
/// # Panics
/// When an index is out of range.
pub fn select<A: Dim, D: Device<f32>, T: Tape<f32, D>>(
    matrix: Tensor<(usize, A), f32, D, T>,
    (row, column): (&[u32], &[u32]),
) -> Tensor<(usize,), f32, D, T> {
    let picks = check((row, column), (matrix.shape().0, matrix.shape().1.size()));
    let dev = matrix.device().clone();
    let index = |of: &[u32]| dev.tensor_from_vec(of.iter().map(|&i| i as usize).collect(), (picks,));
    let of_row: Tensor<(usize, A), f32, D, T> = matrix.gather(index(row));
    of_row.select(index(column))
}

/// [`Backend::logprob`](super::Backend::logprob) in one pass on the CPU.
pub fn fused<A: Dim, T: Tape<f32, Cpu>>(
    logits: Tensor<(usize, A), f32, Cpu, T>,
    (row, column): (&[u32], &[u32]),
    temperature: f32,
    entropy: bool,
) -> (Column<Cpu>, Option<Column<Cpu>>, T) {
    let columns = logits.shape().1.size();
    let picks = check((row, column), (logits.shape().0, columns));
    let (logits, mut tape) = logits.split_tape();
    let mut all = view(&logits).to_vec();
    log_softmax(&mut all, columns, temperature);
    let entropies: Vec<f32> = match entropy {
        true => all.chunks_exact(columns).map(|row| -row.iter().map(|l| l.exp() * l).sum::<f32>()).collect(),
        false => Vec::new(),
    };
    let pick = |(&row, &column): (&u32, &u32)| all[row as usize * columns + column as usize];
    let logp = row.iter().zip(column).map(pick).collect();
    let dev = logits.device();
    let logp = dev.tensor_from_vec(logp, (picks,));
    let entropy = entropy
        .then(|| dev.tensor_from_vec(row.iter().map(|&row| entropies[row as usize]).collect(), (picks,)));
    if T::OWNS_TAPE {
        let (row, column) = (row.to_vec(), column.to_vec());
        let (logp, entropy) = (logp.clone(), entropy.clone());
        tape.add_backward_op(move |gradients| {
            // Of logp and of entropy, summed over the picks of each row.
            let mut weight = vec![[0.0f32; 2]; all.len() / columns];
            let dlogp = std::mem::take(&mut **gradients.get_or_alloc_mut(&logp)?);
            row.iter().zip(&dlogp).for_each(|(&row, d)| weight[row as usize][0] += d);
            if let Some(entropy) = entropy {
                let dentropy = std::mem::take(&mut **gradients.get_or_alloc_mut(&entropy)?);
                row.iter().zip(&dentropy).for_each(|(&row, d)| weight[row as usize][1] += d);
            }
            let dlogits = gradients.get_or_alloc_mut(&logits)?;
            // d logp / d logit_j = [j = column] - p_j and d H / d logit_j = -p_j (ln p_j + H), over the temperature.
            for ((&row, &column), d) in row.iter().zip(&column).zip(&dlogp) {
                dlogits[row as usize * columns + column as usize] += d / temperature;
            }
            take_off(dlogits, &all, columns, &weight, &entropies, temperature);
            Ok(())
        });
    }
    (logp, entropy, tape)
}

wide! {
    /// Replaces every row of `columns` logits by the logarithms of `softmax(logits / temperature)`.
    pub fn log_softmax<'a>(logits: &'a mut [f32], columns: usize, temperature: f32) {
        for row in logits.chunks_exact_mut(columns) {
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter_mut().for_each(|l| *l = (*l - most) / temperature);
            let total = row.iter().map(|l| l.exp()).sum::<f32>().ln();
            row.iter_mut().for_each(|l| *l -= total);
        }
    }

    /// What every element of a row has of the slopes by the log-probabilities and entropies of its picks, whose sums are `weight`.
    fn take_off<'a>(
        dlogits: &'a mut [f32],
        all: &'a [f32],
        columns: usize,
        weight: &'a [[f32; 2]],
        entropies: &'a [f32],
        temperature: f32,
    ) {
        let rows = dlogits.chunks_exact_mut(columns).zip(all.chunks_exact(columns));
        for (i, ((dlogits, all), [of_logp, of_entropy])) in rows.zip(weight).enumerate() {
            let entropy = entropies.get(i).copied().unwrap_or(0.0);
            for (d, &l) in dlogits.iter_mut().zip(all) {
                *d -= l.exp() * (of_logp + of_entropy * (l + entropy)) / temperature;
            }
        }
    }
}

/// The number of pairs.
pub(in crate::kernels) fn check((row, column): (&[u32], &[u32]), (rows, columns): (usize, usize)) -> usize {
    assert_eq!(row.len(), column.len(), "a column for every row");
    if let Some(i) = row.iter().position(|&row| row as usize >= rows) {
        panic!("pair {i} is in row {} of {rows}", row[i]);
    }
    if let Some(i) = column.iter().position(|&column| column as usize >= columns) {
        panic!("pair {i} is in column {} of {columns}", column[i]);
    }
    row.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, assert_differences, random};

    const ROW: [u32; 6] = [2, 0, 2, 2, 1, 0];
    const COLUMN: [u32; 6] = [3, 0, 3, 1, 4, 2];

    type Logits = Tensor<(usize, usize), f32, Cpu>;
    type Op = fn(
        Tensor<(usize, usize), f32, Cpu, OwnedTape<f32, Cpu>>,
        (&[u32], &[u32]),
        f32,
        bool,
    ) -> (Column<Cpu>, Option<Column<Cpu>>, OwnedTape<f32, Cpu>);

    /// Log-probabilities, entropies, and the gradient of a loss made of two terms on separate tapes that are merged
    /// with the network's only at the end, as the loss graphs do it.
    fn run(op: Op, logits: &Logits, temperature: f32) -> [Vec<f32>; 3] {
        let (logp, entropy, network) = op(logits.leaky_trace(), (&ROW, &COLUMN), temperature, true);
        let entropy = entropy.expect("asked for");
        let by_logp = logp.retaped::<OwnedTape<_, _>>() * random((ROW.len(),), "a");
        let by_entropy = entropy.retaped::<OwnedTape<_, _>>() * random((ROW.len(),), "b");
        let again = logp.retaped::<OwnedTape<_, _>>().exp();
        let (loss, tape) = (by_logp + by_entropy + again).sum::<Rank0, _>().split_tape();
        let gradients = loss.put_tape(tape.merge(network)).backward();
        [logp.as_vec(), entropy.as_vec(), gradients.get(logits).as_vec()]
    }

    #[test]
    fn equals_the_stock_chain() {
        for (actions, temperature) in [(5, 1.0), (5, 0.3), (40, 2.5)] {
            let logits = random((3, actions), "logits") * 4.0;
            let (fused, stock) = (run(fused, &logits, temperature), run(stock, &logits, temperature));
            for (what, (fused, stock)) in
                ["logp", "entropy", "gradient"].into_iter().zip(fused.iter().zip(&stock))
            {
                assert_close(&format!("{what} of {actions} at {temperature}"), fused, stock, 2e-6);
            }
        }
    }

    #[test]
    fn follows_the_formula() {
        let (actions, temperature) = (5, 0.7);
        let logits = random((3, actions), "logits");
        let [a, b] = ["a", "b"].map(|name| random((ROW.len(),), name).as_vec());
        let loss = |logits: &[f64]| -> f64 {
            let row = |i: usize| {
                let row = &logits[ROW[i] as usize * actions..][..actions];
                let total = row.iter().map(|l| (l / f64::from(temperature)).exp()).sum::<f64>().ln();
                let logs: Vec<f64> = row.iter().map(|l| l / f64::from(temperature) - total).collect();
                let (logp, entropy) =
                    (logs[COLUMN[i] as usize], -logs.iter().map(|l| l.exp() * l).sum::<f64>());
                logp * f64::from(a[i]) + entropy * f64::from(b[i]) + logp.exp()
            };
            (0..ROW.len()).map(row).sum()
        };
        assert_differences("logits", loss, &logits.as_vec(), &run(fused, &logits, temperature)[2]);
    }

    #[test]
    fn large_logits_stay_finite() {
        let logits = Cpu::default().tensor_from_vec(vec![1e30, -1e30, 0.0, -1e30, 1e4, 1e4], (2, 3));
        let (logp, entropy, _) = fused(logits.leaky_trace(), (&[0, 0, 1], &[0, 1, 1]), 1.0, true);
        let entropy = entropy.expect("asked for").as_vec();
        assert_close("entropy", &entropy, &[0.0, 0.0, f32::ln(2.0)], 1e-6);
        assert_close("logp", &logp.as_vec(), &[0.0, -2e30, -f32::ln(2.0)], 1e-6);
    }

    #[test]
    fn a_loss_that_reads_nothing_moves_nothing() {
        let logits = random((3, 5), "logits");
        let (_, _, tape) = fused(logits.leaky_trace(), (&ROW, &COLUMN), 1.0, true);
        let other: Tensor<Rank0, f32, Cpu> = Cpu::default().tensor(1.0);
        let gradients = other.put_tape(tape).backward();
        assert!(gradients.get(&logits).as_vec().iter().all(|&g| g == 0.0));
    }

    #[test]
    #[should_panic = "pair 1 is in column 5 of 5"]
    fn a_column_out_of_range_is_named() {
        fused(random((3, 5), "logits"), (&[0, 1], &[4, 5]), 1.0, false);
    }

    #[test]
    #[should_panic = "pair 0 is in row 3 of 3"]
    fn a_row_out_of_range_is_named() {
        fused(random((3, 5), "logits"), (&[3], &[0]), 1.0, false);
    }
}
