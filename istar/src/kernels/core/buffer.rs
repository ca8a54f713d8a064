//! The one file with `unsafe`: flat views of CPU tensors, and matrix products on flat slices.
//!
//! dfdx keeps a tensor's buffer private. What it does offer is an element by its index, so the address of element
//! zero, together with the shape and the strides probed through unit indices, gives the whole buffer without a copy.
//! The other use is to call what was compiled for registers that not every processor has.
#![allow(unsafe_code)]

use dfdx::prelude::{Cpu, HasShape, Shape, Tensor};
use gemm::Parallelism;

use super::parallel::{Shares, run_on, split};
use super::tile::Wide;

/// Below this many multiply-adds a product is not worth waking other threads for.
const PARALLEL_ABOVE: usize = 500_000;

/// The fewest rows of a part of a product: gemm sums a single row in another order, so no part may be one.
const PART_AT_LEAST: usize = 4;

/// The elements of a contiguous tensor, row-major, without a copy.
///
/// # Panics
/// When the tensor is a permuted or broadcast view: a flat slice would then show other elements than the tensor has.
pub(crate) fn view<S: Shape, T>(tensor: &Tensor<S, f32, Cpu, T>) -> &[f32] {
    let len = tensor.shape().num_elements();
    if len == 0 {
        return &[];
    }
    let zero = S::Concrete::default();
    let base: *const f32 = &tensor[zero];
    assert_contiguous::<S>(tensor.shape(), base, |index| &tensor[index]);
    // SAFETY: the index operator checks its index and `base` is element zero of the tensor's own `Vec<f32>`. Every
    // dimension has the stride of the row-major layout, so the elements are the `len` that follow `base`. The borrow
    // of the tensor keeps the buffer alive and unwritten.
    unsafe { std::slice::from_raw_parts(base, len) }
}

/// The elements of a contiguous tensor for writing. A buffer shared with clones is copied first, as dfdx does.
///
/// # Panics
/// As [`view`].
pub(crate) fn view_mut<S: Shape>(tensor: &mut Tensor<S, f32, Cpu>) -> &mut [f32] {
    let len = tensor.shape().num_elements();
    if len == 0 {
        return &mut [];
    }
    let shape = *tensor.shape();
    let zero = S::Concrete::default();
    // The mutable index makes the buffer unique; only then does its address stay.
    let base: *mut f32 = &mut tensor[zero];
    assert_contiguous::<S>(&shape, base, |index| &tensor[index]);
    // SAFETY: as in `view`; the buffer is unique after the mutable index, and the mutable borrow of the tensor keeps
    // it so for the life of the slice.
    unsafe { std::slice::from_raw_parts_mut(base, len) }
}

fn assert_contiguous<S: Shape>(shape: &S, base: *const f32, element: impl Fn(S::Concrete) -> *const f32) {
    let (sizes, strides) = (shape.concrete(), shape.strides());
    for axis in 0..S::NUM_DIMS {
        if sizes[axis] > 1 {
            let mut unit = S::Concrete::default();
            unit[axis] = 1;
            let stride = (element(unit) as usize - base as usize) / size_of::<f32>();
            assert_eq!(stride, strides[axis], "a {shape:?} tensor is not contiguous along axis {axis}");
        }
    }
}

/// A matrix in a flat slice: element `(i, j)` is `data[i * rows + j * columns]`.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    data: &'a [f32],
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// A row-major matrix of the given width.
    pub(crate) fn rows(data: &'a [f32], width: usize) -> Self {
        Self { data, row_stride: width, column_stride: 1 }
    }

    /// The same elements with rows and columns exchanged.
    pub(crate) fn transposed(self) -> Self {
        Self { data: self.data, row_stride: self.column_stride, column_stride: self.row_stride }
    }

    /// The matrix from a row on.
    fn from(self, row: usize) -> Self {
        Self { data: &self.data[row * self.row_stride..], ..self }
    }

    fn assert_holds(&self, rows: usize, columns: usize) {
        let end = (rows - 1) * self.row_stride + (columns - 1) * self.column_stride + 1;
        assert!(
            end <= self.data.len(),
            "a {rows} x {columns} matrix does not fit {} elements",
            self.data.len()
        );
    }
}

/// `out = scale * a · b`, or `out += scale * a · b` when `accumulate`; `out` is row-major `(m, n)`, `a` is `(m, k)`
/// and `b` is `(k, n)`. The bits of the result do not depend on `threads`.
///
/// # Panics
/// When a slice is too short for the sizes.
pub(crate) fn product(
    (m, k, n): (usize, usize, usize),
    out: &mut [f32],
    accumulate: bool,
    scale: f32,
    a: Matrix<'_>,
    b: Matrix<'_>,
    threads: usize,
) {
    assert_eq!(out.len(), m * n, "the output of a {m} x {k} x {n} product");
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if !accumulate {
            out.fill(0.0);
        }
        return;
    }
    // Below 65 by 65 gemm cuts a long sum in other places; it takes the rows of a single column together.
    let at_least = if k > 512 && n <= 64 { 65 } else { PART_AT_LEAST };
    let parts = if n > 1 && m * n * k > PARALLEL_ABOVE { threads.min(m / at_least).max(1) } else { 1 };
    if parts == 1 {
        return multiply((m, k, n), out, accumulate, scale, a, b);
    }
    // Threads of our own: those of gemm share the packing, and wait for each other more than that saves.
    let mut out = Shares(out);
    let tasks = split(m, parts).map(|rows| {
        let out = out.take(rows.len() * n);
        move || multiply((rows.len(), k, n), out, accumulate, scale, a.from(rows.start), b)
    });
    run_on(parts, tasks);
}

/// As [`product`], of sizes that are not zero, on one thread.
fn multiply(
    (m, k, n): (usize, usize, usize),
    out: &mut [f32],
    accumulate: bool,
    scale: f32,
    a: Matrix<'_>,
    b: Matrix<'_>,
) {
    assert_eq!(out.len(), m * n, "the output of a {m} x {k} x {n} product");
    a.assert_holds(m, k);
    b.assert_holds(k, n);
    // SAFETY: `out` holds exactly m * n elements; the last elements of `a` and `b` were checked above, strides are
    // not negative, so every element the product reads or writes lies inside its slice. `out` is borrowed mutably,
    // so it overlaps neither input.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            n as isize,
            accumulate,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            if accumulate { 1.0 } else { 0.0 },
            scale,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

/// The registers that kernels are compiled for, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Registers {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg_attr(target_arch = "aarch64", expect(dead_code, reason = "there is always more"))]
    Plain,
}

impl Registers {
    /// The widest that this processor has.
    fn of_this_processor() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") {
            return Registers::Avx512;
        } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Registers::Avx2;
        }
        #[cfg(target_arch = "aarch64")]
        return Registers::Neon;
        #[cfg(not(target_arch = "aarch64"))]
        Registers::Plain
    }
}

/// The instructions that the kernels of this process run with, chosen by its processor: numbers made with others can differ in their
/// last digits.
pub fn instructions() -> &'static str {
    match Registers::of_this_processor() {
        #[cfg(target_arch = "x86_64")]
        Registers::Avx512 => "AVX-512",
        #[cfg(target_arch = "x86_64")]
        Registers::Avx2 => "AVX2 and FMA",
        #[cfg(target_arch = "aarch64")]
        Registers::Neon => "NEON",
        Registers::Plain => "the least that the target has",
    }
}

/// Does the work with the widest registers this processor has.
pub(crate) fn widest<W: Wide>(work: W) {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f")]
    fn avx512<W: Wide>(work: W) {
        work.run::<12, 32, true>();
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn avx2<W: Wide>(work: W) {
        work.run::<6, 16, true>();
    }
    match Registers::of_this_processor() {
        // SAFETY: the processor has what the function is compiled for.
        #[cfg(target_arch = "x86_64")]
        Registers::Avx512 => unsafe { avx512(work) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Registers::Avx2 => unsafe { avx2(work) },
        #[cfg(target_arch = "aarch64")]
        Registers::Neon => work.run::<6, 16, true>(),
        Registers::Plain => work.run::<4, 8, false>(),
    }
}

#[cfg(test)]
mod tests {
    use dfdx::prelude::*;

    use super::*;
    use crate::kernels::testing::random;

    #[test]
    fn a_view_is_the_buffer() {
        let dev = Cpu::default();
        let mut tensor = dev.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(view(&tensor), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        view_mut(&mut tensor)[4] = 50.0;
        assert_eq!(tensor.array(), [[1.0, 2.0, 3.0], [4.0, 50.0, 6.0]]);
    }

    #[test]
    fn writing_leaves_clones_alone() {
        let dev = Cpu::default();
        let mut tensor: Tensor<Rank1<3>, f32, _> = dev.zeros();
        let clone = tensor.clone();
        view_mut(&mut tensor).fill(1.0);
        assert_eq!((tensor.array(), clone.array()), ([1.0; 3], [0.0; 3]));
    }

    #[test]
    fn empty_and_scalar_tensors() {
        let dev = Cpu::default();
        let mut empty: Tensor<(usize, Const<3>), f32, _> = dev.zeros_like(&(0, Const));
        assert!(view(&empty).is_empty() && view_mut(&mut empty).is_empty());
        assert_eq!(view(&dev.tensor(7.0f32)), [7.0]);
    }

    #[test]
    #[should_panic = "not contiguous"]
    fn a_permuted_tensor_has_no_flat_view() {
        let tensor: Tensor<Rank2<2, 3>, f32, _> = Cpu::default().zeros();
        view(&tensor.permute::<Rank2<3, 2>, Axes2<1, 0>>());
    }

    #[test]
    #[should_panic = "not contiguous"]
    fn a_broadcast_tensor_has_no_flat_view() {
        let tensor: Tensor<Rank1<3>, f32, _> = Cpu::default().zeros();
        view(&tensor.broadcast::<Rank2<2, 3>, _>());
    }

    #[test]
    fn products_with_all_layouts() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 0.0, 2.0, 1.0, 0.0, 3.0]);
        let mut out = [1.0; 4];
        product((2, 3, 2), &mut out, false, 1.0, Matrix::rows(&a, 3), Matrix::rows(&b, 2), 1);
        assert_eq!(out, [5.0, 11.0, 14.0, 23.0]);
        let (at, bt) = ([1.0, 4.0, 2.0, 5.0, 3.0, 6.0], [1.0, 2.0, 0.0, 0.0, 1.0, 3.0]);
        let (at, bt) = (Matrix::rows(&at, 2).transposed(), Matrix::rows(&bt, 3).transposed());
        product((2, 3, 2), &mut out, true, 2.0, at, bt, 1);
        assert_eq!(out, [15.0, 33.0, 42.0, 69.0]);
        product((2, 0, 2), &mut out, false, 1.0, Matrix::rows(&[], 0), Matrix::rows(&[], 2), 1);
        assert_eq!(out, [0.0; 4]);
    }

    #[test]
    #[should_panic = "does not fit"]
    fn a_short_slice_is_refused() {
        product(
            (2, 3, 2),
            &mut [0.0; 4],
            false,
            1.0,
            Matrix::rows(&[0.0; 5], 3),
            Matrix::rows(&[0.0; 6], 2),
            1,
        );
    }

    #[test]
    fn a_product_in_parts_has_the_bits_of_the_whole() {
        let sizes =
            [(8, 300, 100), (9, 2304, 31), (64, 4, 1000), (130, 700, 5), (1000, 129, 77), (900, 800, 1)];
        for (m, k, n) in sizes {
            let (a, b) = (random((m * k,), "a").as_vec(), random((k * n,), "b").as_vec());
            let of = |threads| {
                let plain = [Matrix::rows(&a, k), Matrix::rows(&b, n)];
                let turned = [Matrix::rows(&a, m).transposed(), Matrix::rows(&b, k).transposed()];
                [plain, turned].map(|[a, b]| {
                    let mut out = vec![0.25; m * n];
                    product((m, k, n), &mut out, true, 0.5, a, b, threads);
                    out
                })
            };
            let whole = of(1);
            (2..9).for_each(|threads| assert!(of(threads) == whole, "{m} x {k} x {n} in {threads} parts"));
        }
    }
}
