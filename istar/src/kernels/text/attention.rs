//! Causal attention with heads of keys and values that are shared, over sequences that lie one behind the other.

use super::Rows;
use super::chosen::most_of;
use super::exp::exp;
use super::norm::{dot, sum};
use crate::kernels::core::buffer::{Matrix, product, view};
use crate::kernels::core::parallel;
use crate::kernels::core::tile::wide;
use dfdx::prelude::*;
use std::ops::Range;

/// The heads of an attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heads {
    /// Heads of the queries.
    pub queries: usize,
    /// Heads of keys and values; each serves `queries / shared` heads of the queries that follow one another.
    pub shared: usize,
    /// Numbers per head.
    pub size: usize,
}

impl Heads {
    /// Numbers per row of the queries, and of the output.
    pub fn width(self) -> usize {
        self.queries * self.size
    }

    /// Numbers per row of the keys, and of the values.
    pub fn shared_width(self) -> usize {
        self.shared * self.size
    }

    /// Heads of the queries that one of the shared heads serves.
    fn group(self) -> usize {
        self.queries / self.shared
    }

    pub(in crate::kernels) fn scale(self) -> f32 {
        1.0 / (self.size as f32).sqrt()
    }

    /// The number of rows.
    pub(in crate::kernels) fn check(
        self,
        q: (usize, usize),
        k: (usize, usize),
        v: (usize, usize),
        lengths: &[usize],
    ) -> usize {
        let rows = lengths.iter().sum();
        assert_eq!(q, (rows, self.width()), "a query for every row of the sequences");
        assert_eq!(
            (k, v),
            ((rows, self.shared_width()), (rows, self.shared_width())),
            "a key and a value for every query"
        );
        rows
    }
}

/// [`Text::attention`](super::Text::attention) as a chain of dfdx operations, on any device: sequences are padded to the longest, and
/// what a row may not see is taken off.
pub fn stock<D: Device<f32>, T: Tape<f32, D>>(
    q: Rows<D, T>,
    k: Rows<D, T>,
    v: Rows<D, T>,
    lengths: &[usize],
    heads: Heads,
) -> Rows<D, T> {
    let rows = heads.check(*q.shape(), *k.shape(), *v.shape(), lengths);
    let dev = q.device().clone();
    let Heads { queries, shared, size } = heads;
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let starts =
        lengths.iter().scan(0, |next, length| Some((std::mem::replace(next, *next + length), *length)));
    let starts: Vec<(usize, usize)> = starts.filter(|(_, length)| *length > 0).collect();
    // Head by head of each sequence, its rows and copies of its last one, which no other row sees.
    let laid_out = |x: Rows<D, T>, heads: usize, head_of: &dyn Fn(usize) -> usize| {
        let places = starts.iter().flat_map(|&(start, length)| {
            let row = move |at: usize| start + at.min(length - 1);
            (0..queries).flat_map(move |query| (0..longest).map(move |at| row(at) * heads + head_of(query)))
        });
        let places: Vec<usize> = places.collect();
        let n = places.len();
        let picked: Rows<D, T> =
            x.reshape_like(&(rows * heads, size)).gather(dev.tensor_from_vec(places, (n,)));
        picked.reshape_like(&(starts.len() * queries, longest, size))
    };
    let q = laid_out(q, queries, &|query| query);
    let [k, v] = [k, v].map(|x| laid_out(x, shared, &|query| query / heads.group()));
    let hidden = (0..longest * longest).map(|i| if i % longest > i / longest { -1e30 } else { 0.0 });
    let hidden: Rows<D, NoneTape> = dev.tensor_from_vec(hidden.collect(), (longest, longest));
    let seen = q.matmul(k.permute::<(usize, usize, usize), Axes3<0, 2, 1>>()) * heads.scale();
    let shape = *seen.shape();
    let seen = seen + hidden.broadcast_like::<_, Axis<0>>(&shape);
    let found = seen.softmax::<Axis<2>>().matmul(v);
    let places = starts.iter().enumerate().flat_map(|(sequence, &(_, length))| {
        (0..length)
            .flat_map(move |at| (0..queries).map(move |query| (sequence * queries + query) * longest + at))
    });
    let places: Vec<usize> = places.collect();
    let n = places.len();
    let found: Rows<D, T> = found
        .reshape_like(&(starts.len() * queries * longest, size))
        .gather(dev.tensor_from_vec(places, (n,)));
    found.reshape_like(&(rows, heads.width()))
}

/// [`Text::attention`](super::Text::attention) on the CPU. Weights are not kept, but computed again on the way back.
pub fn fused<T: Tape<f32, Cpu>>(
    q: Rows<Cpu, T>,
    k: Rows<Cpu, T>,
    v: Rows<Cpu, T>,
    lengths: &[usize],
    heads: Heads,
) -> Rows<Cpu, T> {
    heads.check(*q.shape(), *k.shape(), *v.shape(), lengths);
    let (q, tape) = q.split_tape();
    let (k, tape_k) = k.split_tape();
    let (v, tape_v) = v.split_tape();
    let mut tape = tape.merge(tape_k).merge(tape_v);
    let all = tasks(lengths, heads);
    let mut parts: Vec<Vec<f32>> = vec![Vec::new(); all.len()];
    let (numbers, work) = ([view(&q), view(&k), view(&v)], &all);
    parallel::run(work.iter().zip(&mut parts).map(|(task, part)| move || *part = task.forward(numbers)));
    let mut y = vec![0.0; numbers[0].len()];
    for (task, part) in all.iter().zip(&parts) {
        task.add_queries(part, &mut y);
    }
    let y = q.device().tensor_from_vec(y, *q.shape());
    if T::OWNS_TAPE {
        let out = y.clone();
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let numbers = [view(&q), view(&k), view(&v)];
            let mut parts: Vec<[Vec<f32>; 3]> = vec![Default::default(); all.len()];
            let dy = &dy[..];
            parallel::run(
                all.iter().zip(&mut parts).map(|(task, part)| move || *part = task.backward(numbers, dy)),
            );
            let dq = gradients.get_or_alloc_mut(&q)?;
            all.iter().zip(&parts).for_each(|(task, [part, ..])| task.add_queries(part, dq));
            let dk = gradients.get_or_alloc_mut(&k)?;
            all.iter().zip(&parts).for_each(|(task, [_, part, _])| task.add_shared(part, dk));
            let dv = gradients.get_or_alloc_mut(&v)?;
            all.iter().zip(&parts).for_each(|(task, [.., part])| task.add_shared(part, dv));
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// Rows of queries that are looked at together: what they may not see is computed in vain, half a block a row.
const BLOCK: usize = 32;

/// One sequence and one of the shared heads with the heads of the queries that it serves: what threads share.
#[derive(Clone, Debug)]
struct Task {
    rows: Range<usize>,
    shared: usize,
    heads: Heads,
}

fn tasks(lengths: &[usize], heads: Heads) -> Vec<Task> {
    let mut end = 0;
    let sequences = lengths.iter().filter(|length| **length > 0).map(|length| {
        end += length;
        end - length..end
    });
    let of =
        |rows: Range<usize>| (0..heads.shared).map(move |shared| Task { rows: rows.clone(), shared, heads });
    sequences.collect::<Vec<_>>().into_iter().flat_map(of).collect()
}

impl Task {
    fn len(&self) -> usize {
        self.rows.len()
    }

    /// Numbers of the first query of a head, and of those after it.
    fn queries<'a>(&self, q: &'a [f32], head: usize, first: usize) -> (&'a [f32], usize) {
        let width = self.heads.width();
        let column = (self.shared * self.heads.group() + head) * self.heads.size;
        (&q[(self.rows.start + first) * width + column..], width)
    }

    /// As [`queries`](Self::queries), of keys or values.
    fn of_shared<'a>(&self, k: &'a [f32]) -> (&'a [f32], usize) {
        let width = self.heads.shared_width();
        (&k[self.rows.start * width + self.shared * self.heads.size..], width)
    }

    /// Blocks of rows: the first, how many, and how many rows the last of them sees.
    fn blocks(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let len = self.len();
        (0..len).step_by(BLOCK).map(move |first| {
            let end = len.min(first + BLOCK);
            (first, end - first, end)
        })
    }

    /// How much each row of a block sees of each row before, `(rows, end)`; what comes later is seen not at all.
    fn weights(
        &self,
        q: &[f32],
        k: &[f32],
        head: usize,
        (first, rows, end): (usize, usize, usize),
        out: &mut Vec<f32>,
    ) {
        let size = self.heads.size;
        let (q, q_width) = self.queries(q, head, first);
        let (k, k_width) = self.of_shared(k);
        out.resize(rows * end, 0.0);
        let (q, k) = (Matrix::rows(q, q_width), Matrix::rows(k, k_width).transposed());
        product((rows, size, end), out, false, self.heads.scale(), q, k, 1);
        weights_of(&mut out[..], first, end);
    }

    /// `(heads of the queries, rows, size)`.
    fn forward(&self, [q, k, v]: [&[f32]; 3]) -> Vec<f32> {
        let (size, len) = (self.heads.size, self.len());
        let mut out = vec![0.0; self.heads.group() * len * size];
        let mut weights = Vec::new();
        let (v, v_width) = self.of_shared(v);
        for (head, out) in out.chunks_exact_mut(len * size).enumerate() {
            for block @ (first, rows, end) in self.blocks() {
                self.weights(q, k, head, block, &mut weights);
                let out = &mut out[first * size..(first + rows) * size];
                product(
                    (rows, end, size),
                    out,
                    false,
                    1.0,
                    Matrix::rows(&weights, end),
                    Matrix::rows(v, v_width),
                    1,
                );
            }
        }
        out
    }

    /// Gradients of the queries, `(heads of the queries, rows, size)`, and of keys and values, `(rows, size)`.
    fn backward(&self, [q, k, v]: [&[f32]; 3], dy: &[f32]) -> [Vec<f32>; 3] {
        let (size, len, scale) = (self.heads.size, self.len(), self.heads.scale());
        let mut dq = vec![0.0; self.heads.group() * len * size];
        let [mut dk, mut dv] = [(); 2].map(|()| vec![0.0; len * size]);
        let [mut weights, mut slopes] = [Vec::new(), Vec::new()];
        let (k_rows, k_width) = self.of_shared(k);
        let (v_rows, v_width) = self.of_shared(v);
        for (head, dq) in dq.chunks_exact_mut(len * size).enumerate() {
            for block @ (first, rows, end) in self.blocks() {
                self.weights(q, k, head, block, &mut weights);
                let (dy, dy_width) = self.queries(dy, head, first);
                let dy = Matrix::rows(dy, dy_width);
                let (seen, dv) = (Matrix::rows(&weights, end), &mut dv[..end * size]);
                product((end, rows, size), dv, true, 1.0, seen.transposed(), dy, 1);
                slopes.resize(rows * end, 0.0);
                let v = Matrix::rows(v_rows, v_width).transposed();
                product((rows, size, end), &mut slopes, false, 1.0, dy, v, 1);
                slopes_of(&mut slopes[..], &weights[..], end);
                let slopes = Matrix::rows(&slopes, end);
                let dq = &mut dq[first * size..(first + rows) * size];
                product((rows, end, size), dq, false, scale, slopes, Matrix::rows(k_rows, k_width), 1);
                let (q, q_width) = self.queries(q, head, first);
                let dk = &mut dk[..end * size];
                product((end, rows, size), dk, true, scale, slopes.transposed(), Matrix::rows(q, q_width), 1);
            }
        }
        [dq, dk, dv]
    }

    /// Adds `(heads of the queries, rows, size)` where the queries lie.
    fn add_queries(&self, part: &[f32], out: &mut [f32]) {
        let (size, width) = (self.heads.size, self.heads.width());
        for (head, part) in part.chunks_exact(self.len() * size).enumerate() {
            let column = (self.shared * self.heads.group() + head) * size;
            self.add(part, out, width, column);
        }
    }

    /// Adds `(rows, size)` where keys or values lie.
    fn add_shared(&self, part: &[f32], out: &mut [f32]) {
        self.add(part, out, self.heads.shared_width(), self.shared * self.heads.size);
    }

    fn add(&self, part: &[f32], out: &mut [f32], width: usize, column: usize) {
        for (row, part) in self.rows.clone().zip(part.chunks_exact(self.heads.size)) {
            let out = &mut out[row * width + column..][..part.len()];
            out.iter_mut().zip(part).for_each(|(out, part)| *out += part);
        }
    }
}

wide! {
    /// Attention of rows of queries over keys and values that lie in slots, where a row looks at the slots of its path and at nothing
    /// else. `out` is `(rows, queries * size)`, zero before.
    pub(crate) fn along_paths<'a>(
        q: &'a [f32],
        keys: &'a [f32],
        values: &'a [f32],
        paths: &'a [&'a [u32]],
        heads: Heads,
        out: &'a mut [f32],
    ) {
        let (width, shared, size) = (heads.width(), heads.shared_width(), heads.size);
        let mut weights = Vec::new();
        for ((q, path), out) in q.chunks_exact(width).zip(paths).zip(out.chunks_exact_mut(width)) {
            let seen = path.len();
            weights.resize(heads.queries * seen, 0.0);
            // Slots lie far from one another: each is read once, for all heads.
            for (at, slot) in path.iter().enumerate() {
                let keys = &keys[*slot as usize * shared..][..shared];
                for (head, q) in q.chunks_exact(size).enumerate() {
                    let key = &keys[head / heads.group() * size..][..size];
                    weights[head * seen + at] = dot(q, key) * heads.scale();
                }
            }
            for weights in weights.chunks_exact_mut(seen) {
                softmax(weights);
            }
            let heads_of = out.chunks_exact_mut(size).zip(weights.chunks_exact(seen));
            for (head, (out, weights)) in heads_of.enumerate() {
                let first = head / heads.group() * size;
                // So many numbers stay in registers along the path.
                let (blocks, rest) = out.as_chunks_mut::<32>();
                for (block, out) in blocks.iter_mut().enumerate() {
                    let mut sums = [0.0; 32];
                    for (slot, weight) in path.iter().zip(weights) {
                        let value = &values[*slot as usize * shared + first + block * 32..][..32];
                        for lane in 0..32 {
                            sums[lane] += weight * value[lane];
                        }
                    }
                    *out = sums;
                }
                let first = first + blocks.len() * 32;
                for (slot, weight) in path.iter().zip(weights) {
                    let value = &values[*slot as usize * shared + first..][..rest.len()];
                    for (out, value) in rest.iter_mut().zip(value) {
                        *out += weight * value;
                    }
                }
            }
        }
    }

    /// Replaces the scores of rows of `end` numbers, the first of which sees `first + 1` of them, by their softmax; what comes later is
    /// seen not at all.
    fn weights_of<'a>(scores: &'a mut [f32], first: usize, end: usize) {
        for (row, scores) in scores.chunks_exact_mut(end).enumerate() {
            let (seen, later) = scores.split_at_mut(first + row + 1);
            softmax(seen);
            later.fill(0.0);
        }
    }

    /// Turns the slopes of the loss in weights into those in scores.
    fn slopes_of<'a>(slopes: &'a mut [f32], weights: &'a [f32], end: usize) {
        for (slopes, weights) in slopes.chunks_exact_mut(end).zip(weights.chunks_exact(end)) {
            let mean = dot(slopes, weights);
            for (slope, weight) in slopes.iter_mut().zip(weights) {
                *slope = weight * (*slope - mean);
            }
        }
    }
}

/// Replaces numbers by their softmax.
#[inline(always)]
fn softmax(row: &mut [f32]) {
    let most = most_of(row);
    for x in row.iter_mut() {
        *x = exp(*x - most);
    }
    let whole = 1.0 / sum(row, |x| x);
    for x in row {
        *x *= whole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, assert_same_with_any_threads, random, run};

    fn inputs(lengths: &[usize], heads: Heads) -> [Rows<Cpu, NoneTape>; 3] {
        let rows = lengths.iter().sum();
        let (width, shared) = (heads.width(), heads.shared_width());
        [random((rows, width), "q") * 3.0, random((rows, shared), "k") * 3.0, random((rows, shared), "v")]
    }

    const HEADS: Heads = Heads { queries: 6, shared: 2, size: 4 };

    #[test]
    fn equals_the_stock_chain() {
        let single = Heads { queries: 1, shared: 1, size: 1 };
        let even = Heads { queries: 2, shared: 2, size: 9 };
        let cases: [(&[usize], Heads); 4] =
            [(&[1], single), (&[5, 1, 40], HEADS), (&[3, 0, 33], even), (&[97], HEADS)];
        for (lengths, heads) in cases {
            let [q, k, v] = inputs(lengths, heads);
            let all = |op: fn(_, _, _, &[usize], Heads) -> _| {
                run(op(q.leaky_trace(), k.leaky_trace(), v.leaky_trace(), lengths, heads), &[&q, &k, &v])
            };
            let (fused, stock) = (all(fused), all(stock));
            for (what, (fused, stock)) in ["y", "dq", "dk", "dv"].iter().zip(fused.iter().zip(&stock)) {
                assert_close(&format!("{what} of {lengths:?}"), fused, stock, 1e-5);
            }
        }
    }

    #[test]
    fn paths_are_sequences() {
        let lengths = [5, 3];
        let [q, k, v] = inputs(&lengths, HEADS);
        let expected = fused(q.clone(), k.clone(), v.clone(), &lengths, HEADS).as_vec();
        let slots: Vec<u32> = (0..8).collect();
        let paths: Vec<&[u32]> =
            (0..5).map(|row| &slots[..=row]).chain((5..8).map(|row| &slots[5..=row])).collect();
        let mut found = vec![0.0; view(&q).len()];
        along_paths(view(&q), view(&k), view(&v), &paths, HEADS, &mut found);
        assert_close("paths", &found, &expected, 1e-6);
    }

    #[test]
    fn threads_do_not_show() {
        let lengths = [50, 7, 90];
        let [q, k, v] = inputs(&lengths, HEADS);
        assert_same_with_any_threads(|| {
            run(fused(q.leaky_trace(), k.leaky_trace(), v.leaky_trace(), &lengths, HEADS), &[&q, &k, &v])
        });
    }
}
