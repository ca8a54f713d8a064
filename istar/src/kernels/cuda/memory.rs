//! What the device keeps and does: where the numbers of tensors lie, kernels that are started on them, products of matrices.
//!
//! dfdx keeps a tensor's buffer private, on this device as on the CPU. What it does offer is to print one, and what it prints begins with the
//! address: that is read, and printing is broken off behind it. Gradients it hands out with their buffers.
//!
//! Everything here is done in the order in which it is asked for, after what dfdx was asked for before and before what it is asked for next: all
//! of it goes to one stream. So a buffer can be given back as soon as its last kernel is started.
#![allow(unsafe_code)]

use super::here;
use super::products::{Products, products};
use cudarc::cublas::{
    CudaBlas, result as cublas, sys as blas, sys::cublasComputeType_t as Compute,
    sys::cublasOperation_t as Operation,
};
use cudarc::driver::{CudaDevice, CudaSlice, DevicePtr, DeviceRepr, DeviceSlice, result, sys};
use dfdx::prelude::*;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ffi::{CString, c_void};
use std::fmt::{self, Write};
use std::marker::PhantomData;
use std::sync::Arc;

/// A buffer of the device.
pub(super) type Buffer<E = f32> = <Cuda as Storage<E>>::Vec;

/// Numbers that lie one behind the other on the device. They are written by kernels alone: where they are those of a tensor that has a twin, a kernel
/// must not.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a> {
    address: u64,
    len: usize,
    of: PhantomData<&'a Buffer>,
}

impl Numbers<'_> {
    /// Those of a buffer.
    pub(super) fn of(buffer: &Buffer) -> Numbers<'_> {
        Numbers { address: *buffer.device_ptr(), len: buffer.len(), of: PhantomData }
    }

    /// `len` of them, from number `start` on.
    ///
    /// # Panics
    /// When there are not as many.
    pub(super) fn part(self, start: usize, len: usize) -> Self {
        assert!(start + len <= self.len, "numbers {start} to {} of {}", start + len, self.len);
        Numbers { address: self.address + (start * size_of::<f32>()) as u64, len, of: PhantomData }
    }

    pub(super) fn len(self) -> usize {
        self.len
    }
}

/// The numbers of a contiguous tensor, row-major.
///
/// # Panics
/// When the tensor is a broadcast view, and where assertions are on also when it is a permuted one.
pub(super) fn view<S: Shape>(tensor: &Tensor<S, f32, Cuda>) -> Numbers<'_> {
    let (address, len) = place_of(tensor);
    assert_eq!(len, tensor.shape().num_elements(), "a {:?} tensor is not contiguous", tensor.shape());
    if cfg!(debug_assertions) {
        let (sizes, expected, strides) =
            (tensor.shape().concrete(), tensor.shape().strides(), strides_of(tensor));
        for axis in (0..S::NUM_DIMS).filter(|axis| sizes[*axis] > 1) {
            let found = strides[axis];
            assert_eq!(
                found,
                expected[axis],
                "a {:?} tensor is not contiguous along axis {axis}",
                tensor.shape()
            );
        }
    }
    Numbers { address, len, of: PhantomData }
}

/// What a tensor prints up to where its memory is described, and nothing of what follows.
struct Beginning(String);

impl Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        // Who prints is told that there is no more room.
        if self.0.ends_with(", device: ") { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The address of a tensor's buffer, and how many numbers it has.
fn place_of<S: Shape, E: Unit>(tensor: &Tensor<S, E, Cuda>) -> (u64, usize) {
    let mut beginning = Beginning(String::with_capacity(128));
    write!(beginning, "{tensor:?}").expect_err("a buffer has a device");
    let number = |name: &str| {
        let (_, rest) = beginning.0.split_once(name)?;
        rest.split(|digit: char| !digit.is_ascii_digit()).next()?.parse::<u64>().ok()
    };
    let found = number("cu_device_ptr: ").zip(number(", len: "));
    let (address, len) = found.expect("cudarc 0.9 prints where a buffer lies and how long it is");
    (address, len as usize)
}

/// The strides of a tensor, which it prints behind a description of the whole device: too much for more than a check.
fn strides_of<S: Shape>(tensor: &Tensor<S, f32, Cuda>) -> Vec<usize> {
    let all = format!("{tensor:?}");
    let (_, rest) = all.rsplit_once(", strides: [").expect("dfdx 0.13 prints strides");
    let (strides, _) = rest.split_once(']').expect("strides are a list");
    strides.split(", ").filter_map(|stride| stride.parse().ok()).collect()
}

/// A tensor of zeros, for a kernel to write. Nothing else knows its buffer.
pub(super) fn fresh<S: Shape>(shape: S) -> Tensor<S, f32, Cuda> {
    here().zeros_like(&shape)
}

/// A buffer of zeros for what is needed in between.
pub(super) fn scratch<E: Unit>(len: usize) -> Buffer<E> {
    Storage::<E>::try_alloc_len(&here(), len).expect("room on the device")
}

/// The gradient of a tensor, for a kernel to add to.
pub(super) fn gradient<'a, S: Shape>(
    gradients: &'a mut Gradients<f32, Cuda>,
    tensor: &Tensor<S, f32, Cuda>,
) -> Result<Numbers<'a>, CudaError> {
    Ok(Numbers::of(gradients.get_or_alloc_mut(tensor)?))
}

/// The gradient of an output, which nobody asks for again.
pub(super) fn take_gradient<S: Shape>(
    gradients: &mut Gradients<f32, Cuda>,
    output: &Tensor<S, f32, Cuda>,
) -> Result<Buffer, CudaError> {
    // One number is left behind: a driver need not have room for none.
    let rest = Storage::<f32>::try_alloc_len(output.device(), 1)?;
    Ok(std::mem::replace(gradients.get_or_alloc_mut(output)?, rest))
}

/// What this thread uses of the device: dfdx's own handle to it, one of cuBLAS's, and what was loaded.
struct Gear {
    device: Arc<CudaDevice>,
    blas: CudaBlas,
    modules: RefCell<FxHashMap<&'static str, sys::CUmodule>>,
    kernels: RefCell<FxHashMap<(&'static str, &'static str), sys::CUfunction>>,
}

thread_local! {
    static GEAR: Gear = {
        let device = scratch::<f32>(1).device();
        let blas = CudaBlas::new(device.clone()).expect("cuBLAS starts");
        Gear { device, blas, modules: RefCell::default(), kernels: RefCell::default() }
    };
}

impl Gear {
    /// A kernel, which the first call loads with its module.
    fn kernel(&self, module: &Module, kernel: &'static str) -> sys::CUfunction {
        *self.kernels.borrow_mut().entry((module.name, kernel)).or_insert_with(|| {
            let module = *self.modules.borrow_mut().entry(module.name).or_insert_with(|| {
                let ptx = CString::new(module.ptx).expect("PTX is text");
                // SAFETY: what is read is text with a zero at its end.
                unsafe { result::module::load_data(ptx.as_ptr().cast()) }
                    .unwrap_or_else(|error| panic!("the kernels {}: {error:?}", module.name))
            });
            let name = CString::new(kernel).expect("the name of a kernel");
            // SAFETY: the module is loaded, and is never unloaded.
            unsafe { result::module::get_function(module, name) }
                .unwrap_or_else(|error| panic!("the kernel {kernel}: {error:?}"))
        })
    }
}

/// Copies numbers to the device.
pub(super) fn upload<T: DeviceRepr + Unpin>(mut numbers: Vec<T>, of_none: T) -> CudaSlice<T> {
    if numbers.is_empty() {
        numbers.push(of_none);
    }
    GEAR.with(|gear| gear.device.htod_copy(numbers)).expect("room on the device")
}

/// Indices on the device.
pub(super) fn upload_ids(ids: &[u32]) -> CudaSlice<u32> {
    upload(ids.to_vec(), 0)
}

/// What a kernel is called with.
pub(super) enum Argument<'a> {
    /// A pointer; null where there is nothing.
    Pointer(u64, PhantomData<&'a Buffer>),
    /// A `size_t`.
    Size(usize),
    /// An `unsigned`.
    Count(u32),
    /// A `float`.
    Real(f32),
}

impl<'a> From<Numbers<'a>> for Argument<'a> {
    fn from(numbers: Numbers<'a>) -> Self {
        Argument::Pointer(numbers.address, PhantomData)
    }
}

impl<'a> From<Option<Numbers<'a>>> for Argument<'a> {
    fn from(numbers: Option<Numbers<'a>>) -> Self {
        Argument::Pointer(numbers.map_or(0, |numbers| numbers.address), PhantomData)
    }
}

impl<'a, T> From<&'a CudaSlice<T>> for Argument<'a> {
    fn from(slice: &'a CudaSlice<T>) -> Self {
        Argument::Pointer(*slice.device_ptr(), PhantomData)
    }
}

impl<'a, T> From<Option<&'a CudaSlice<T>>> for Argument<'a> {
    fn from(slice: Option<&'a CudaSlice<T>>) -> Self {
        Argument::Pointer(slice.map_or(0, |slice| *slice.device_ptr()), PhantomData)
    }
}

impl From<usize> for Argument<'_> {
    fn from(size: usize) -> Self {
        Argument::Size(size)
    }
}

impl From<u32> for Argument<'_> {
    fn from(count: u32) -> Self {
        Argument::Count(count)
    }
}

impl From<f32> for Argument<'_> {
    fn from(number: f32) -> Self {
        Argument::Real(number)
    }
}

impl Argument<'_> {
    /// Where it lies.
    fn place(&self) -> *mut c_void {
        match self {
            Argument::Pointer(pointer, _) => std::ptr::from_ref(pointer).cast_mut().cast(),
            Argument::Size(size) => std::ptr::from_ref(size).cast_mut().cast(),
            Argument::Count(count) => std::ptr::from_ref(count).cast_mut().cast(),
            Argument::Real(number) => std::ptr::from_ref(number).cast_mut().cast(),
        }
    }
}

/// The kernels of one `.cu` file, for [`launch!`].
pub(super) struct Module {
    pub(super) name: &'static str,
    pub(super) ptx: &'static str,
}

/// The kernels of the file of this name.
macro_rules! module {
    ($name:literal) => {
        $crate::kernels::cuda::memory::Module {
            name: $name,
            ptx: include_str!(concat!(env!("OUT_DIR"), "/", $name, ".ptx")),
        }
    };
}
pub(super) use module;

/// Starts a kernel of a [`Module`]: `launch!(MODULE, "kernel", grid, arguments, in, its, order)`.
macro_rules! launch {
    ($module:expr, $kernel:expr, $grid:expr, $($argument:expr),+ $(,)?) => {
        $module.launch($kernel, $grid, &[$($argument.into()),+])
    };
}
pub(super) use launch;

/// Blocks, and threads of each.
#[derive(Clone, Copy)]
pub(super) struct Blocks {
    blocks: (u32, u32, u32),
    threads: (u32, u32, u32),
}

impl Blocks {
    /// Threads of a block, where nothing speaks for another number.
    pub(super) const THREADS: usize = 256;

    /// A thread for each element.
    pub(super) fn of_elements(elements: usize) -> Self {
        Blocks::new([elements.div_ceil(Self::THREADS), 1], [Self::THREADS, 1])
    }

    /// A warp for each row.
    pub(super) fn of_rows(rows: usize) -> Self {
        Blocks::of_elements(rows * 32)
    }

    /// So many blocks of so many threads.
    ///
    /// # Panics
    /// Where a card could not have as many blocks.
    pub(super) fn new(blocks: [usize; 2], threads: [usize; 2]) -> Self {
        let whole = |size: usize| u32::try_from(size).expect("a number of blocks that a card takes");
        Blocks {
            blocks: (whole(blocks[0]), whole(blocks[1]), 1),
            threads: (whole(threads[0]), whole(threads[1]), 1),
        }
    }
}

impl Module {
    /// Starts one of its kernels. Nothing is started for no block.
    ///
    /// The kernel must take these arguments and stay within their buffers: the tests run every one on a device that stops at the first byte behind
    /// a buffer.
    ///
    /// # Panics
    /// When the device does not take it.
    pub(super) fn launch(&self, kernel: &'static str, blocks: Blocks, arguments: &[Argument<'_>]) {
        let Blocks { blocks, threads } = blocks;
        if blocks.0 == 0 || blocks.1 == 0 {
            return;
        }
        let mut places: Vec<*mut c_void> = arguments.iter().map(Argument::place).collect();
        let started = GEAR.with(|gear| {
            gear.device.bind_to_thread()?;
            let function = gear.kernel(self, kernel);
            // SAFETY: the arguments are those of the kernel and lie still until the call has copied them; buffers are alive now, and are given back
            // on the same stream, behind the kernel.
            unsafe {
                result::launch_kernel(function, blocks, threads, 0, *gear.device.cu_stream(), &mut places)
            }
        });
        started.unwrap_or_else(|error| panic!("the kernel {kernel}: {error:?}"));
    }
}

/// A row-major matrix on the device, or one with rows and columns exchanged.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    numbers: Numbers<'a>,
    width: usize,
    turned: bool,
}

impl<'a> Matrix<'a> {
    /// A row-major matrix of the given width.
    pub(super) fn rows(numbers: Numbers<'a>, width: usize) -> Self {
        Matrix { numbers, width, turned: false }
    }

    /// The same elements with rows and columns exchanged.
    pub(super) fn transposed(self) -> Self {
        Matrix { turned: !self.turned, ..self }
    }

    /// Numbers of a row, as it is kept.
    pub(super) fn width(self) -> usize {
        self.width
    }

    fn assert_is(self, rows: usize, columns: usize) {
        let (height, width) = if self.turned { (columns, rows) } else { (rows, columns) };
        assert!(
            width == self.width && height * width <= self.numbers.len,
            "a {rows} x {columns} matrix of {} numbers in rows of {}",
            self.numbers.len,
            self.width
        );
    }

    fn operation(self) -> Operation {
        if self.turned { Operation::CUBLAS_OP_T } else { Operation::CUBLAS_OP_N }
    }
}

/// `out = scale * a · b`, or `out += scale * a · b` when `onto`; `out` is row-major `(m, n)`, `a` is `(m, k)` and `b` is `(k, n)`.
///
/// # Panics
/// When there are not as many numbers, or the device fails.
pub(super) fn product(
    (m, k, n): (usize, usize, usize),
    out: Numbers<'_>,
    onto: bool,
    scale: f32,
    a: Matrix<'_>,
    b: Matrix<'_>,
) {
    assert!(m * n <= out.len, "the output of a {m} x {k} x {n} product has {} numbers", out.len);
    if m == 0 || n == 0 || k == 0 && onto {
        return;
    }
    a.assert_is(m, k);
    b.assert_is(k, n);
    let size = |size: usize| i32::try_from(size).expect("a size that cuBLAS takes");
    let beta = if onto { 1.0f32 } else { 0.0 };
    // cuBLAS has columns where this has rows: it is asked for the product of the transposed, in the other order.
    let done = GEAR.with(|gear| {
        gear.device.bind_to_thread().expect("the device of this thread");
        let compute = match products() {
            Products::F32 => Compute::CUBLAS_COMPUTE_32F,
            Products::Tf32 => Compute::CUBLAS_COMPUTE_32F_FAST_TF32,
        };
        let real = blas::cudaDataType::CUDA_R_32F;
        let pointer = |number: &f32| std::ptr::from_ref(number).cast();
        // SAFETY: the matrices lie within their numbers, as was checked, whose buffers are alive.
        unsafe {
            cublas::gemm_ex(
                *gear.blas.handle(),
                b.operation(),
                a.operation(),
                size(n),
                size(m),
                size(k),
                pointer(&scale),
                b.numbers.address as *const c_void,
                real,
                size(b.width.max(1)),
                a.numbers.address as *const c_void,
                real,
                size(a.width.max(1)),
                pointer(&beta),
                out.address as *mut c_void,
                real,
                size(n),
                compute,
                blas::cublasGemmAlgo_t::CUBLAS_GEMM_DEFAULT,
            )
        }
    });
    done.unwrap_or_else(|error| panic!("a {m} x {k} x {n} product: {error:?}"));
}
