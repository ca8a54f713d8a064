//! Norms of rows, and affine maps behind them.

use super::{Rows, project};
use crate::kernels::Column;
use crate::kernels::core::buffer::{Matrix, product, view};
use crate::kernels::core::parallel::{run, split, threads};
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

/// [`Text::norm_linear`](super::Text::norm_linear) on the CPU. What lies between is not kept, but computed again on the way
/// back.
pub fn fused_linear<T: Tape<f32, Cpu>>(
    x: Rows<Cpu, T>,
    gain: &Column<Cpu>,
    bias: Option<&Column<Cpu>>,
    eps: f32,
    w: &Rows<Cpu, NoneTape>,
) -> Rows<Cpu, T> {
    let (rows, inputs) = *x.shape();
    let outputs = w.shape().0;
    assert_eq!((inputs, inputs), (gain.shape().0, w.shape().1), "gains and weights for {inputs} inputs");
    let (x, mut tape) = x.split_tape();
    let mut y = Vec::new();
    project(&normed(view(&x), view(gain), bias.map(view), eps), view(w), inputs, &mut y, false);
    let y = x.device().tensor_from_vec(y, (rows, outputs));
    if T::OWNS_TAPE {
        let (out, gain, bias, w) = (y.clone(), gain.clone(), bias.cloned(), w.clone());
        tape.add_backward_op(move |gradients| {
            let dy = std::mem::take(&mut **gradients.get_or_alloc_mut(&out)?);
            let dy = Matrix::rows(&dy, outputs);
            let between = normed(view(&x), view(&gain), bias.as_ref().map(view), eps);
            let dw = gradients.get_or_alloc_mut(&w)?;
            let size = (outputs, rows, inputs);
            product(size, dw, true, 1.0, dy.transposed(), Matrix::rows(&between, inputs), threads());
            let mut dbetween = vec![0.0; rows * inputs];
            let w = Matrix::rows(view(&w), inputs);
            product((rows, outputs, inputs), &mut dbetween, false, 1.0, dy, w, threads());
            backward(gradients, dbetween, &x, &gain, bias.as_ref(), eps)
        });
    }
    y.put_tape(tape)
}

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
    let numbers = view(x);
    let rows = || numbers.chunks_exact(width).zip(dy.chunks_exact(width));
    let dgain = gradients.get_or_alloc_mut(gain)?;
    for (row, dy) in rows() {
        let (mean, scale) = moments(row, bias.is_some(), eps);
        for ((dgain, x), dy) in dgain.iter_mut().zip(row).zip(dy) {
            *dgain += (x - mean) * scale * dy;
        }
    }
    if let Some(bias) = bias {
        let dbias = gradients.get_or_alloc_mut(bias)?;
        rows().for_each(|(_, dy)| dbias.iter_mut().zip(dy).for_each(|(dbias, dy)| *dbias += dy));
    }
    let gain = view(gain);
    let dx = gradients.get_or_alloc_mut(x)?;
    by_rows(dx, width, |first, dx| {
        let mut slope = vec![0.0; width];
        for (at, dx) in dx.chunks_exact_mut(width).enumerate() {
            let row = &numbers[(first + at) * width..][..width];
            let (mean, scale) = moments(row, bias.is_some(), eps);
            slope.copy_from_slice(&dy[(first + at) * width..][..width]);
            slope.iter_mut().zip(gain).for_each(|(slope, gain)| *slope *= gain);
            let whole = sum(&slope, |slope| slope);
            // The product with the row as it is, moved and scaled afterwards.
            let along = (dot(&slope, row) - mean * whole) * scale / width as f32;
            let whole = if bias.is_some() { whole / width as f32 } else { 0.0 };
            for ((dx, x), slope) in dx.iter_mut().zip(row).zip(&slope) {
                *dx += scale * (slope - whole - (x - mean) * scale * along);
            }
        }
    });
    Ok(())
}

/// Below this many numbers a pass over rows is not worth waking other threads for.
const PARALLEL_ABOVE: usize = 1 << 14;

/// Divides every row by its root mean square and multiplies by `gain`: `x / √(mean(x²) + eps) ⊙ gain`; with a bias the
/// mean is taken off first and the bias added at the end. Rows are `gain.len()` numbers.
pub(crate) fn normed(x: &[f32], gain: &[f32], bias: Option<&[f32]>, eps: f32) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    by_rows(&mut out, gain.len(), |first, out| {
        let x = &x[first * gain.len()..][..out.len()];
        for (row, out) in x.chunks_exact(gain.len()).zip(out.chunks_exact_mut(gain.len())) {
            let (mean, scale) = moments(row, bias.is_some(), eps);
            for ((out, x), gain) in out.iter_mut().zip(row).zip(gain) {
                *out = (x - mean) * scale * gain;
            }
            if let Some(bias) = bias {
                out.iter_mut().zip(bias).for_each(|(out, bias)| *out += bias);
            }
        }
    });
    out
}

/// What is taken off a row, and what it is multiplied by.
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
    use crate::kernels::text::stock_linear;

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
    fn a_map_behind_a_norm_equals_the_stock_chain() {
        for (rows, width) in SIZES {
            let (x, gain, bias) =
                (random((rows, width), "x"), random((width,), "gain"), random((width,), "bias"));
            let w = random((7, width), "w");
            let fused =
                run(fused_linear(x.leaky_trace(), &gain, Some(&bias), 1e-3, &w), &[&x, &gain, &bias, &w]);
            let chain = stock_linear(stock(x.leaky_trace(), &gain, Some(&bias), 1e-3), &w);
            let stock = run(chain, &[&x, &gain, &bias, &w]);
            for (what, (fused, stock)) in
                ["y", "dx", "dgain", "dbias", "dw"].iter().zip(fused.iter().zip(&stock))
            {
                assert_close(&format!("{what} of {rows} x {width}"), fused, stock, 1e-5);
            }
        }
    }

    #[test]
    fn threads_do_not_show() {
        let (x, gain, w) = (random((600, 64), "x"), random((64,), "gain"), random((48, 64), "w"));
        assert_same_with_any_threads(|| {
            run(fused_linear(x.leaky_trace(), &gain, None, 1e-5, &w), &[&x, &gain, &w])
        });
    }
}
