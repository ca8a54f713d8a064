//! The functions of cuBLAS that products of matrices need, under its names. Matrices are column-major.

#![expect(clippy::missing_safety_doc, reason = "the conditions are those of the documentation of cuBLAS")]
#![expect(clippy::too_many_arguments, reason = "the arguments are those of cuBLAS")]

use std::ffi::{c_int, c_longlong, c_void};
use std::ops::{Add, Mul};

use crate::{counters, memory};

/// What a call returns: a number of the list of cuBLAS.
pub type Status = u32;

const SUCCESS: Status = 0;
const NOT_INITIALIZED: Status = 1;
const INVALID_VALUE: Status = 7;
const EXECUTION_FAILED: Status = 13;
const NOT_SUPPORTED: Status = 15;

/// Its address is the name of a handle.
struct Handle(#[expect(dead_code, reason = "a type without size has no address of its own")] u8);

/// A new handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cublasCreate_v2(handle: *mut *mut c_void) -> Status {
    if handle.is_null() {
        return INVALID_VALUE;
    }
    // SAFETY: as cuBLAS asks of its callers.
    unsafe { handle.write(Box::into_raw(Box::new(Handle(0))).cast()) };
    SUCCESS
}

/// The handle is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cublasDestroy_v2(handle: *mut c_void) -> Status {
    if handle.is_null() {
        return NOT_INITIALIZED;
    }
    // SAFETY: as cuBLAS asks of its callers: a handle that was made here, and only once.
    drop(unsafe { Box::from_raw(handle.cast::<Handle>()) });
    SUCCESS
}

/// Work has ended when a call returns, in every stream.
#[unsafe(no_mangle)]
pub extern "C" fn cublasSetStream_v2(handle: *mut c_void, _stream: *mut c_void) -> Status {
    if handle.is_null() { NOT_INITIALIZED } else { SUCCESS }
}

/// A type that matrices are made of.
trait Real: Copy + PartialEq + Default + Add<Output = Self> + Mul<Output = Self> {
    /// The product of `matrixmultiply`, with its conditions: `c = alpha · a · b + beta · c`, with strides of rows and
    /// columns.
    const PRODUCT: Product<Self>;
}

type Product<T> = unsafe fn(
    usize,
    usize,
    usize,
    T,
    *const T,
    isize,
    isize,
    *const T,
    isize,
    isize,
    T,
    *mut T,
    isize,
    isize,
);

impl Real for f32 {
    const PRODUCT: Product<f32> = matrixmultiply::sgemm;
}

impl Real for f64 {
    const PRODUCT: Product<f64> = matrixmultiply::dgemm;
}

/// A matrix of a call: where it is, how long its columns are apart, how far the next of a batch is, and its size before it
/// is transposed.
#[derive(Clone, Copy)]
struct Matrix<T> {
    data: *mut T,
    leading: c_int,
    stride: c_longlong,
    rows: c_int,
    columns: c_int,
    transposed: bool,
}

impl<T> Matrix<T> {
    fn new(
        data: *const T,
        leading: c_int,
        stride: c_longlong,
        operation: u32,
        rows: c_int,
        columns: c_int,
    ) -> Self {
        let transposed = operation != 0;
        let (rows, columns) = if transposed { (columns, rows) } else { (rows, columns) };
        Matrix { data: data.cast_mut(), leading, stride, rows, columns, transposed }
    }

    fn is_valid(&self) -> bool {
        self.leading >= self.rows.max(1)
    }

    /// Whether all elements of all matrices of the batch lie in one buffer each.
    fn is_there(&self, batch: c_int) -> bool {
        if self.rows == 0 || self.columns == 0 {
            return true;
        }
        let last = (i64::from(self.columns) - 1) * i64::from(self.leading) + i64::from(self.rows);
        (0..i64::from(batch)).all(|number| {
            let start = self.data.wrapping_offset((number * self.stride) as isize);
            memory::holds(start as u64, last as usize * size_of::<T>())
        })
    }

    /// The strides of rows and columns, after it is transposed.
    fn strides(&self) -> (isize, isize) {
        let leading = self.leading as isize;
        if self.transposed { (leading, 1) } else { (1, leading) }
    }

    fn at(&self, number: c_int) -> *mut T {
        self.data.wrapping_offset((i64::from(number) * self.stride) as isize)
    }
}

#[expect(clippy::print_stderr, reason = "the number alone does not say which call it was")]
fn outside(name: &str) -> Status {
    eprintln!("emulator: {name} would touch memory outside of its buffers");
    EXECUTION_FAILED
}

/// # Safety
/// `alpha` and `beta` are numbers of the host; no other thread writes to the matrices.
unsafe fn gemm<T: Real>(
    name: &str,
    handle: *mut c_void,
    (m, n, k): (c_int, c_int, c_int),
    (alpha, beta): (*const T, *const T),
    a: Matrix<T>,
    b: Matrix<T>,
    c: Matrix<T>,
    batch: c_int,
) -> Status {
    if handle.is_null() {
        return NOT_INITIALIZED;
    }
    let sizes = m >= 0 && n >= 0 && k >= 0 && batch >= 0;
    if !sizes || alpha.is_null() || beta.is_null() || ![a, b, c].iter().all(Matrix::is_valid) {
        return INVALID_VALUE;
    }
    if m == 0 || n == 0 || batch == 0 {
        return SUCCESS;
    }
    if ![a, b, c].iter().all(|matrix| matrix.is_there(batch)) {
        return outside(name);
    }
    // SAFETY: as the caller promises.
    let (alpha, beta) = unsafe { (*alpha, *beta) };
    let ((a_row, a_column), (b_row, b_column), (c_row, c_column)) = (a.strides(), b.strides(), c.strides());
    for number in 0..batch {
        // SAFETY: all elements lie within buffers, as was checked; a result of `beta` zero is not read.
        unsafe {
            T::PRODUCT(
                m as usize,
                k as usize,
                n as usize,
                alpha,
                a.at(number),
                a_row,
                a_column,
                b.at(number),
                b_row,
                b_column,
                beta,
                c.at(number),
                c_row,
                c_column,
            );
        }
    }
    counters::multiplied();
    SUCCESS
}

/// # Safety
/// As of [`gemm`].
unsafe fn gemv<T: Real>(
    name: &str,
    handle: *mut c_void,
    (alpha, beta): (*const T, *const T),
    a: Matrix<T>,
    (x, x_step): (*const T, c_int),
    (y, y_step): (*mut T, c_int),
) -> Status {
    if handle.is_null() {
        return NOT_INITIALIZED;
    }
    let sizes = a.rows >= 0 && a.columns >= 0 && x_step > 0 && y_step > 0;
    if !sizes || alpha.is_null() || beta.is_null() || !a.is_valid() {
        return INVALID_VALUE;
    }
    let (outputs, inputs) = if a.transposed { (a.columns, a.rows) } else { (a.rows, a.columns) };
    if outputs == 0 {
        return SUCCESS;
    }
    let reach =
        |count: c_int, step: c_int| ((count - 1).max(0) as usize * step as usize + 1) * size_of::<T>();
    let there = a.is_there(1)
        && (inputs == 0 || memory::holds(x as u64, reach(inputs, x_step)))
        && memory::holds(y as u64, reach(outputs, y_step));
    if !there {
        return outside(name);
    }
    // SAFETY: as the caller promises.
    let (alpha, beta) = unsafe { (*alpha, *beta) };
    let (row, column) = a.strides();
    for i in 0..outputs as isize {
        let mut sum = T::default();
        for l in 0..inputs as isize {
            // SAFETY: all elements lie within buffers, as was checked.
            sum = sum + unsafe { *a.data.offset(i * row + l * column) * *x.offset(l * x_step as isize) };
        }
        // SAFETY: as above.
        unsafe {
            let out = y.offset(i * y_step as isize);
            *out = if beta == T::default() { alpha * sum } else { alpha * sum + beta * *out };
        }
    }
    counters::multiplied();
    SUCCESS
}

macro_rules! products {
    ($($real:ty: $gemm:ident $batched:ident $gemv:ident;)*) => {
        $(
            /// `c = alpha · a · b + beta · c`.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $gemm(
                handle: *mut c_void,
                a_operation: u32,
                b_operation: u32,
                m: c_int,
                n: c_int,
                k: c_int,
                alpha: *const $real,
                a: *const $real,
                a_leading: c_int,
                b: *const $real,
                b_leading: c_int,
                beta: *const $real,
                c: *mut $real,
                c_leading: c_int,
            ) -> Status {
                let a = Matrix::new(a, a_leading, 0, a_operation, m, k);
                let b = Matrix::new(b, b_leading, 0, b_operation, k, n);
                let c = Matrix::new(c, c_leading, 0, 0, m, n);
                // SAFETY: as cuBLAS asks of its callers.
                unsafe { gemm(stringify!($gemm), handle, (m, n, k), (alpha, beta), a, b, c, 1) }
            }

            /// As many products, of matrices that lie equally far apart.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $batched(
                handle: *mut c_void,
                a_operation: u32,
                b_operation: u32,
                m: c_int,
                n: c_int,
                k: c_int,
                alpha: *const $real,
                a: *const $real,
                a_leading: c_int,
                a_stride: c_longlong,
                b: *const $real,
                b_leading: c_int,
                b_stride: c_longlong,
                beta: *const $real,
                c: *mut $real,
                c_leading: c_int,
                c_stride: c_longlong,
                batch: c_int,
            ) -> Status {
                let a = Matrix::new(a, a_leading, a_stride, a_operation, m, k);
                let b = Matrix::new(b, b_leading, b_stride, b_operation, k, n);
                let c = Matrix::new(c, c_leading, c_stride, 0, m, n);
                // SAFETY: as cuBLAS asks of its callers.
                unsafe { gemm(stringify!($batched), handle, (m, n, k), (alpha, beta), a, b, c, batch) }
            }

            /// `y = alpha · a · x + beta · y`.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $gemv(
                handle: *mut c_void,
                operation: u32,
                m: c_int,
                n: c_int,
                alpha: *const $real,
                a: *const $real,
                leading: c_int,
                x: *const $real,
                x_step: c_int,
                beta: *const $real,
                y: *mut $real,
                y_step: c_int,
            ) -> Status {
                // Here the size is that of the matrix as it is kept.
                let mut a = Matrix::new(a, leading, 0, 0, m, n);
                a.transposed = operation != 0;
                // SAFETY: as cuBLAS asks of its callers.
                unsafe { gemv(stringify!($gemv), handle, (alpha, beta), a, (x, x_step), (y, y_step)) }
            }
        )*
    };
}

products! {
    f32: cublasSgemm_v2 cublasSgemmStridedBatched cublasSgemv_v2;
    f64: cublasDgemm_v2 cublasDgemmStridedBatched cublasDgemv_v2;
}

/// `CUDA_R_32F`.
const REAL_32: u32 = 0;
/// `CUBLAS_COMPUTE_32F` and `CUBLAS_COMPUTE_32F_FAST_TF32`.
const IN_32: u32 = 68;
const FAST_TF32: u32 = 77;

/// `c = alpha · a · b + beta · c` of f32; to be multiplied fast they are rounded to tf32, as tensor cores do.
#[unsafe(no_mangle)]
#[expect(clippy::print_stderr, reason = "the number alone does not say which call it was")]
pub unsafe extern "C" fn cublasGemmEx(
    handle: *mut c_void,
    a_operation: u32,
    b_operation: u32,
    m: c_int,
    n: c_int,
    k: c_int,
    alpha: *const f32,
    a: *const f32,
    a_type: u32,
    a_leading: c_int,
    b: *const f32,
    b_type: u32,
    b_leading: c_int,
    beta: *const f32,
    c: *mut f32,
    c_type: u32,
    c_leading: c_int,
    compute: u32,
    _algorithm: c_int,
) -> Status {
    if [a_type, b_type, c_type] != [REAL_32; 3] || ![IN_32, FAST_TF32].contains(&compute) {
        eprintln!(
            "emulator: cublasGemmEx of types {a_type}, {b_type}, {c_type} in {compute} is not supported"
        );
        return NOT_SUPPORTED;
    }
    let (a, b) =
        (Matrix::new(a, a_leading, 0, a_operation, m, k), Matrix::new(b, b_leading, 0, b_operation, k, n));
    let c = Matrix::new(c, c_leading, 0, 0, m, n);
    let name = "cublasGemmEx";
    if compute == IN_32 {
        // SAFETY: as cuBLAS asks of its callers.
        return unsafe { gemm(name, handle, (m, n, k), (alpha, beta), a, b, c, 1) };
    }
    if ![a, b].iter().all(|matrix| matrix.is_valid() && matrix.is_there(1)) {
        return outside(name);
    }
    // SAFETY: both lie within buffers.
    let (Some(a), Some(b)) = (unsafe { Rounded::of(a) }, unsafe { Rounded::of(b) }) else {
        return EXECUTION_FAILED;
    };
    // SAFETY: as cuBLAS asks of its callers; the copies are buffers too.
    unsafe { gemm(name, handle, (m, n, k), (alpha, beta), a.matrix, b.matrix, c, 1) }
}

/// A copy of a matrix on the device, in tf32.
struct Rounded {
    matrix: Matrix<f32>,
    buffer: u64,
}

impl Rounded {
    /// # Safety
    /// The matrix lies within a buffer.
    unsafe fn of(matrix: Matrix<f32>) -> Option<Self> {
        let len = match (matrix.rows, matrix.columns) {
            (0, _) | (_, 0) => 0,
            (rows, columns) => (columns as usize - 1) * matrix.leading as usize + rows as usize,
        };
        let buffer = memory::allocate(len.max(1) * size_of::<f32>())?;
        let data = buffer as *mut f32;
        for i in 0..len {
            // SAFETY: as the caller promises, and the copy has as many numbers.
            unsafe { data.add(i).write(tf32(*matrix.data.add(i))) };
        }
        Some(Rounded { matrix: Matrix { data, ..matrix }, buffer })
    }
}

impl Drop for Rounded {
    fn drop(&mut self) {
        memory::free(self.buffer);
    }
}

/// The nearest number with ten bits behind the first, away from zero between two.
fn tf32(x: f32) -> f32 {
    if x.is_finite() { f32::from_bits((x.to_bits() + 0x1000) & !0x1fff) } else { x }
}

/// Products of f16 are not supported.
#[unsafe(no_mangle)]
#[expect(clippy::print_stderr, reason = "the number alone does not say which call it was")]
pub extern "C" fn cublasGemmStridedBatchedEx() -> Status {
    eprintln!("emulator: cublasGemmStridedBatchedEx is not supported");
    NOT_SUPPORTED
}
