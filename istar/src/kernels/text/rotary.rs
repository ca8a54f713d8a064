//! Rotary positions.

use super::Rows;
use super::norm::by_rows;
use crate::kernels::core::buffer::view;
use crate::kernels::core::tile::wide;
use dfdx::prelude::*;

/// [`Text::rotate`](super::Text::rotate) as a chain of dfdx operations, on any device: each element times a cosine, and
/// the other of its pair times a sine.
pub fn stock<D: Device<f32>, T: Tape<f32, D>>(
    x: Rows<D, T>,
    positions: &[u32],
    head: usize,
    base: f64,
) -> Rows<D, T> {
    let (rows, width) = *x.shape();
    check((rows, width), positions, head);
    let turns = Turns::new(head, base, positions.iter().copied());
    let (half, dev) = (head / 2, x.device().clone());
    let other = (0..width).map(|i| if i % head < half { i + half } else { i - half }).collect();
    let [mut cos, mut sin] = [(); 2].map(|()| Vec::with_capacity(rows * width));
    for turns in turns.table.chunks_exact(head) {
        for i in 0..width {
            cos.push(turns[i % half]);
            sin.push(turns[half + i % half] * if i % head < half { -1.0 } else { 1.0 });
        }
    }
    let columns = x.retaped::<T>().permute::<(usize, usize), Axes2<1, 0>>();
    let columns: Rows<D, T> = columns.gather(dev.tensor_from_vec(other, (width,)));
    let others = columns.permute::<(usize, usize), Axes2<1, 0>>();
    x * dev.tensor_from_vec(cos, (rows, width)) + others * dev.tensor_from_vec(sin, (rows, width))
}

/// [`Text::rotate`](super::Text::rotate) on the CPU.
pub fn fused<T: Tape<f32, Cpu>>(x: Rows<Cpu, T>, positions: &[u32], head: usize, base: f64) -> Rows<Cpu, T> {
    let (rows, width) = *x.shape();
    check((rows, width), positions, head);
    let turns = Turns::new(head, base, positions.iter().copied());
    let (x, mut tape) = x.split_tape();
    let mut y = view(&x).to_vec();
    turns.turn(&mut y, width, false);
    let y = x.device().tensor_from_vec(y, (rows, width));
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let mut dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            turns.turn(&mut dy, width, true);
            let dx = gradients.get_or_alloc_mut(&x)?;
            dx.iter_mut().zip(&dy).for_each(|(dx, dy)| *dx += dy);
            Ok(())
        });
    }
    y.put_tape(tape)
}

pub(in crate::kernels) fn check((rows, width): (usize, usize), positions: &[u32], head: usize) {
    assert_eq!(rows, positions.len(), "a position for every row");
    assert!(
        head > 0 && head.is_multiple_of(2) && width.is_multiple_of(head),
        "rows of {width} numbers are no heads of {head}"
    );
}

/// The cosines and sines of the angles by which the pairs of a head are turned at some positions.
#[derive(Clone, Debug)]
pub(crate) struct Turns {
    /// Per position, `head / 2` cosines and then as many sines.
    table: Vec<f32>,
    head: usize,
}

impl Turns {
    /// At these positions: pair `i` is turned by `position · base^(-2i / head)`, an angle that is computed in `f64`.
    pub(crate) fn new(head: usize, base: f64, positions: impl Iterator<Item = u32>) -> Self {
        let pairs = head / 2;
        let speed: Vec<f64> = (0..pairs).map(|i| base.powf(-2.0 * i as f64 / head as f64)).collect();
        let mut table = Vec::new();
        for position in positions {
            table.extend(speed.iter().map(|speed| (f64::from(position) * speed).cos() as f32));
            table.extend(speed.iter().map(|speed| (f64::from(position) * speed).sin() as f32));
        }
        Turns { table, head }
    }

    /// The numbers: per position, half a head of cosines and as many sines.
    #[cfg(feature = "cuda")]
    pub(in crate::kernels) fn into_table(self) -> Vec<f32> {
        self.table
    }

    /// Turns every head of every row, in place; `back` turns the other way, which is the gradient's way.
    pub(crate) fn turn(&self, x: &mut [f32], width: usize, back: bool) {
        let (head, sign) = (self.head, if back { -1.0 } else { 1.0 });
        by_rows(x, width, |first, x| {
            turn_rows(x, width, &self.table[first * head..], head, sign);
        });
    }

    /// As [`turn`](Self::turn), forth, by the positions from number `first` on.
    pub(crate) fn turn_rows(&self, first: usize, x: &mut [f32], width: usize) {
        turn_rows(x, width, &self.table[first * self.head..], self.head, 1.0);
    }
}

wide! {
    fn turn_rows<'a>(x: &'a mut [f32], width: usize, table: &'a [f32], head: usize, sign: f32) {
        for (row, turns) in x.chunks_exact_mut(width).zip(table.chunks_exact(head)) {
            let (cos, sin) = turns.split_at(head / 2);
            for head in row.chunks_exact_mut(head) {
                let (a, b) = head.split_at_mut(cos.len());
                for ((a, b), (cos, sin)) in a.iter_mut().zip(b).zip(cos.iter().zip(sin)) {
                    let sin = sign * sin;
                    (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, random, run};

    #[test]
    fn equals_the_stock_chain() {
        let (x, positions) = (random((5, 12), "x"), [0, 1, 2, 900, 3]);
        let fused = run(fused(x.leaky_trace(), &positions, 4, 50.0), &[&x]);
        let stock = run(stock(x.leaky_trace(), &positions, 4, 50.0), &[&x]);
        assert_close("y", &fused[0], &stock[0], 1e-6);
        assert_close("dx", &fused[1], &stock[1], 1e-6);
    }

    #[test]
    fn what_is_turned_back_is_what_it_was() {
        let turns = Turns::new(4, 100.0, [0, 7, 3].into_iter());
        let x: Vec<f32> = (0..24).map(|i| (i as f32).sin()).collect();
        let mut turned = x.clone();
        turns.turn(&mut turned, 8, false);
        assert_eq!(turned[..8], x[..8], "position 0 turns nothing");
        // Pair 1 of the second head of the second row, by 7 / 10.
        let (cos, sin) = (0.7f64.cos() as f32, 0.7f64.sin() as f32);
        let expected = [x[13] * cos - x[15] * sin, x[13] * sin + x[15] * cos];
        assert!((turned[13] - expected[0]).abs() < 1e-6 && (turned[15] - expected[1]).abs() < 1e-6);
        turns.turn(&mut turned, 8, true);
        assert!(turned.iter().zip(&x).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
