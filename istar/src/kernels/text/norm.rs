//! Norms of rows, and affine maps behind them.

use super::{Rows, project};
use crate::kernels::Column;
use crate::kernels::core::buffer::{Matrix, product, view};
use crate::kernels::core::parallel::{add_rows, run, split, threads};
use crate::kernels::core::tile::wide;
use dfdx::prelude::*;

/// [`Text::norm`](super::Text::norm) as a chain of dfdx operations, on any device.
pub fn stock<D: Device<f32>, T: Tape<f32, D>>(
    x: Rows<D, T>,
    gain: &Column<D>,
    bias: Option<&Column<D>>,
    eps: f32,
) -> Rows<D, T> {
    let shape = *x.shape();
    let x = match bias {
        None => x,
        Some(_) => {
            let mean = x.retaped::<T>().mean::<(usize,), Axis<1>>();
            x - mean.broadcast_like::<_, Axis<1>>(&shape)
        }
    };
    let square = x.retaped::<T>().square().mean::<(usize,), Axis<1>>();
    let y = x / (square + eps).sqrt().broadcast_like::<_, Axis<1>>(&shape);
    let y = y * gain.retaped::<T>().broadcast_like::<_, Axis<0>>(&shape);
    match bias {
        None => y,
        Some(bias) => y + bias.retaped::<T>().broadcast_like::<_, Axis<0>>(&shape),
    }
}

/// [`Text::norm`](super::Text::norm) in one pass on the CPU.
pub fn fused<T: Tape<f32, Cpu>>(
    x: Rows<Cpu, T>,
    gain: &Column<Cpu>,
    bias: Option<&Column<Cpu>>,
    eps: f32,
) -> Rows<Cpu, T> {
    let shape = *x.shape();
    assert_eq!(shape.1, gain.shape().0, "a gain for each number of a row");
    let (x, mut tape) = x.split_tape();
    let y = normed(view(&x), view(gain), bias.map(view), eps);
    let y = x.device().tensor_from_vec(y, shape);
    if T::OWNS_TAPE {
        let (out, gain, bias) = (y.clone(), gain.clone(), bias.cloned());
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            backward(gradients, dy, &x, &gain, bias.as_ref(), eps)
        });
    }
    y.put_tape(tape)
}

/// [`Text::norm_linear`](super::Text::norm_linear) as a chain of dfdx operations, on any device.
pub fn stock_linear<D: Device<f32>, T: Tape<f32, D>, const N: usize>(
    x: Rows<D, T>,
    gain: &Column<D>,
    bias: Option<&Column<D>>,
    eps: f32,
    maps: [&Rows<D>; N],
) -> [Rows<D, T>; N] {
    let (between, tape) = stock(x, gain, bias, eps).split_tape();
    with_tape(maps.map(|w| super::stock_linear(between.retaped::<T>(), w)), tape)
}

/// [`Text::norm_linear`](super::Text::norm_linear) on the CPU. What lies between is not kept, but computed again on the way
/// back.
pub fn fused_linear<T: Tape<f32, Cpu>, const N: usize>(
    x: Rows<Cpu, T>,
    gain: &Column<Cpu>,
    bias: Option<&Column<Cpu>>,
    eps: f32,
    maps: [&Rows<Cpu>; N],
) -> [Rows<Cpu, T>; N] {
    let (rows, inputs) = *x.shape();
    assert_eq!(inputs, gain.shape().0, "a gain for each of {inputs} inputs");
    let (x, mut tape) = x.split_tape();
    let between = normed(view(&x), view(gain), bias.map(view), eps);
    let outputs = maps.map(|w| {
        assert_eq!(inputs, w.shape().1, "weights for {inputs} inputs");
        let mut y = Vec::new();
        project(&between, view(w), inputs, &mut y, false);
        x.device().tensor_from_vec(y, (rows, w.shape().0))
    });
    if T::OWNS_TAPE {
        let (outs, gain, bias, maps) = (outputs.clone(), gain.clone(), bias.cloned(), maps.map(Rows::clone));
        tape.add_backward_op(move |gradients| {
            let between = normed(view(&x), view(&gain), bias.as_ref().map(view), eps);
            let mut dbetween = vec![0.0; rows * inputs];
            for (number, (out, w)) in outs.iter().zip(&maps).enumerate() {
                let (dy, outputs) = (std::mem::take(&mut **gradients.get_or_alloc_mut(out)?), w.shape().0);
                let dy = Matrix::rows(&dy, outputs);
                let dw = gradients.get_or_alloc_mut(w)?;
                let size = (outputs, rows, inputs);
                product(size, dw, true, 1.0, dy.transposed(), Matrix::rows(&between, inputs), threads());
                let (size, w) = ((rows, outputs, inputs), Matrix::rows(view(w), inputs));
                product(size, &mut dbetween, number > 0, 1.0, dy, w, threads());
            }
            backward(gradients, dbetween, &x, &gain, bias.as_ref(), eps)
        });
    }
    with_tape(outputs.map(|y| y.put_tape(T::default())), tape)
}

/// The first of some outputs carries what was recorded for all.
pub(in crate::kernels) fn with_tape<D: Device<f32>, T: Tape<f32, D>, const N: usize>(
    outputs: [Rows<D, T>; N],
    tape: T,
) -> [Rows<D, T>; N] {
    let mut tape = Some(tape);
    outputs.map(|output| {
        let (output, own) = output.split_tape();
        output.put_tape(match tape.take() {
            Some(tape) => own.merge(tape),
            None => own,
        })
    })
}

/// Rows whose gradients of gain and bias are summed before they are added to the others'. Fixed, so that the order of additions does
/// not depend on the threads.
const BLOCK: usize = 128;

/// Runs the gradient of a norm's output back.
fn backward(
    gradients: &mut Gradients<f32, Cpu>,
    dy: Vec<f32>,
    x: &Rows<Cpu, NoneTape>,
    gain: &Column<Cpu>,
    bias: Option<&Column<Cpu>>,
    eps: f32,
) -> Result<(), CpuError> {
    let width = gain.shape().0;
    let (numbers, gain_numbers) = (view(x), view(gain));
    let blocks = || numbers.chunks(BLOCK * width).zip(dy.chunks(BLOCK * width));
    // Per block, the gradient of the gain and that of the bias.
    let mut sums = vec![0.0; blocks().len() * 2 * width];
    let dx = gradients.get_or_alloc_mut(x)?;
    let tasks = blocks().zip(dx.chunks_mut(BLOCK * width)).zip(sums.chunks_exact_mut(2 * width));
    let centred = bias.is_some();
    let tasks =
        tasks.map(|(((x, dy), dx), sums)| move || back_of_rows(x, dy, gain_numbers, centred, eps, dx, sums));
    run(tasks.collect::<Vec<_>>().into_iter());
    for sums in sums.chunks_exact(2 * width) {
        let (dgain, dbias) = sums.split_at(width);
        add_rows(gradients.get_or_alloc_mut(gain)?, dgain);
        if let Some(bias) = bias {
            add_rows(gradients.get_or_alloc_mut(bias)?, dbias);
        }
    }
    Ok(())
}

wide! {
    /// The way back of some rows: adds to `dx`, and to `sums`, which is zero before, the gradients of gain and bias, one behind the other.
    fn back_of_rows<'a>(
        x: &'a [f32],
        dy: &'a [f32],
        gain: &'a [f32],
        centred: bool,
        eps: f32,
        dx: &'a mut [f32],
        sums: &'a mut [f32],
    ) {
        let width = gain.len();
        let (dgain, dbias) = sums.split_at_mut(width);
        let mut slope = vec![0.0; width];
        let rows = x.chunks_exact(width).zip(dy.chunks_exact(width)).zip(dx.chunks_exact_mut(width));
        for ((x, dy), dx) in rows {
            let (mean, scale) = moments(x, centred, eps);
            for (((dgain, dbias), x), dy) in dgain.iter_mut().zip(dbias.iter_mut()).zip(x).zip(dy) {
                *dgain += (x - mean) * scale * dy;
                *dbias += dy;
            }
            for ((slope, dy), gain) in slope.iter_mut().zip(dy).zip(gain) {
                *slope = dy * gain;
            }
            let whole = sum(&slope, |slope| slope);
            // The product with the row as it is, moved and scaled afterwards.
            let along = (dot(&slope, x) - mean * whole) * scale / width as f32;
            let whole = if centred { whole / width as f32 } else { 0.0 };
            for ((dx, x), slope) in dx.iter_mut().zip(x).zip(&slope) {
                *dx += scale * (slope - whole - (x - mean) * scale * along);
            }
        }
    }
}

/// Below this many numbers a pass over rows is not worth waking other threads for.
const PARALLEL_ABOVE: usize = 1 << 14;

/// Divides every row by its root mean square and multiplies by `gain`: `x / √(mean(x²) + eps) ⊙ gain`; with a bias the
/// mean is taken off first and the bias added at the end. Rows are `gain.len()` numbers.
pub(crate) fn normed(x: &[f32], gain: &[f32], bias: Option<&[f32]>, eps: f32) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    by_rows(&mut out, gain.len(), |first, out| {
        norm_rows(&x[first * gain.len()..][..out.len()], gain, bias, eps, out);
    });
    out
}

wide! {
    /// See [`normed`].
    pub(crate) fn norm_rows<'a>(
        x: &'a [f32],
        gain: &'a [f32],
        bias: Option<&'a [f32]>,
        eps: f32,
        out: &'a mut [f32],
    ) {
        for (row, out) in x.chunks_exact(gain.len()).zip(out.chunks_exact_mut(gain.len())) {
            let (mean, scale) = moments(row, bias.is_some(), eps);
            for ((out, x), gain) in out.iter_mut().zip(row).zip(gain) {
                *out = (x - mean) * scale * gain;
            }
            if let Some(bias) = bias {
                for (out, bias) in out.iter_mut().zip(bias) {
                    *out += bias;
                }
            }
        }
    }
}

/// What is taken off a row, and what it is multiplied by.
#[inline(always)]
fn moments(row: &[f32], centred: bool, eps: f32) -> (f32, f32) {
    let n = row.len() as f32;
    let mean = if centred { sum(row, |x| x) / n } else { 0.0 };
    let square = sum(row, |x| (x - mean) * (x - mean)) / n;
    (mean, 1.0 / (square + eps).sqrt())
}

/// The sum of a function of some numbers, in eight interleaved parts, so that the compiler can use wide registers.
#[inline(always)]
pub(super) fn sum(numbers: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = numbers.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for chunk in chunks {
        for (sum, number) in sums.iter_mut().zip(chunk) {
            *sum += f(*number);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|number| f(*number)).sum::<f32>()
}

/// The inner product of two rows, in eight interleaved parts.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0f32; 8];
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f32>()
}

/// Cuts rows among the threads: each part with the number of its first row.
pub(super) fn by_rows(out: &mut [f32], width: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    if out.len() <= PARALLEL_ABOVE || threads() == 1 {
        return work(0, out);
    }
    let (work, mut rest) = (&work, out);
    let parts = split(rest.len() / width, threads()).map(|rows| {
        let (part, others) = std::mem::take(&mut rest).split_at_mut(rows.len() * width);
        rest = others;
        move || work(rows.start, part)
    });
    run(parts.collect::<Vec<_>>().into_iter());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, assert_same_with_any_threads, random, run};

    const SIZES: [(usize, usize); 4] = [(1, 1), (3, 8), (5, 19), (70, 64)];

    #[test]
    fn both_norms_equal_the_stock_chain() {
        for (rows, width) in SIZES {
            let (x, gain, bias) =
                (random((rows, width), "x"), random((width,), "gain"), random((width,), "bias"));
            for bias in [None, Some(&bias)] {
                let mut of: Vec<&dyn crate::kernels::testing::Gradient> = vec![&x, &gain];
                of.extend(bias.map(|bias| bias as &dyn crate::kernels::testing::Gradient));
                let fused = run(fused(x.leaky_trace(), &gain, bias, 1e-3), &of);
                let stock = run(stock(x.leaky_trace(), &gain, bias, 1e-3), &of);
                for (what, (fused, stock)) in
                    ["y", "dx", "dgain", "dbias"].iter().zip(fused.iter().zip(&stock))
                {
                    assert_close(&format!("{what} of {rows} x {width}"), fused, stock, 1e-5);
                }
            }
        }
    }

    #[test]
    fn maps_behind_a_norm_equal_the_stock_chain() {
        for (rows, width) in SIZES {
            let (x, gain, bias) =
                (random((rows, width), "x"), random((width,), "gain"), random((width,), "bias"));
            let maps = [random((7, width), "w"), random((4, width), "other")];
            let [w, other] = &maps;
            // Both outputs in one, so that the gradients of both meet.
            let all = |[a, b]: [Rows<Cpu, OwnedTape<f32, Cpu>>; 2]| {
                let whole = a.sum::<(usize,), Axis<1>>() + b.square().sum::<(usize,), Axis<1>>();
                run(whole, &[&x, &gain, &bias, w, other])
            };
            let fused = all(fused_linear(x.leaky_trace(), &gain, Some(&bias), 1e-3, [w, other]));
            let stock = all(stock_linear(x.leaky_trace(), &gain, Some(&bias), 1e-3, [w, other]));
            for (what, (fused, stock)) in
                ["y", "dx", "dgain", "dbias", "dw", "dother"].iter().zip(fused.iter().zip(&stock))
            {
                assert_close(&format!("{what} of {rows} x {width}"), fused, stock, 1e-5);
            }
        }
    }

    #[test]
    fn threads_do_not_show() {
        let (x, gain, w) = (random((600, 64), "x"), random((64,), "gain"), random((48, 64), "w"));
        assert_same_with_any_threads(|| {
            let [y] = fused_linear(x.leaky_trace(), &gain, None, 1e-5, [&w]);
            run(y, &[&x, &gain, &w])
        });
    }
}
