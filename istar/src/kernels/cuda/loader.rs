//! The functions of CUDA that dfdx calls, found when they are first needed.
//!
//! A program that links CUDA's libraries does not start where they are not. So the names that `cudarc` leaves to the linker are defined
//! here: each jumps to what stands in its place of a table, and the table is filled from the libraries of the machine that the
//! program runs on. `cuInit` fills it, since no other function may be called before. What is not found answers with an error of
//! its library.
//!
//! A release of `cudarc` that calls more functions does not link until their names stand in the lists below.
#![allow(unsafe_code)]

use std::arch::naked_asm;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use libloading::Library;

/// What each library is called, the newest first.
const DRIVER: &[&str] = &["libcuda.so.1"];
const BLAS: &[&str] = &["libcublas.so.13", "libcublas.so.12"];
const COMPILER: &[&str] = &["libnvrtc.so.13", "libnvrtc.so.12"];

/// `CUDA_ERROR_NO_DEVICE`.
const NO_DEVICE: c_int = 100;
/// `CUBLAS_STATUS_NOT_INITIALIZED`.
const NO_BLAS: c_int = 1;
/// `NVRTC_ERROR_BUILTIN_OPERATION_FAILURE`.
const NO_COMPILER: c_int = 7;

extern "C" fn no_driver() -> c_int {
    NO_DEVICE
}

extern "C" fn no_blas() -> c_int {
    NO_BLAS
}

extern "C" fn no_compiler() -> c_int {
    NO_COMPILER
}

/// Where the text of an error is asked for, and nobody is there to say it.
///
/// # Safety
/// `text` can be written.
unsafe extern "C" fn no_text(_: c_int, text: *mut *const c_char) -> c_int {
    const TEXT: &CStr = c"no CUDA driver is loaded";
    // SAFETY: the caller's promise.
    unsafe { *text = TEXT.as_ptr() };
    0
}

/// Functions that jump to where a table says, which begins with a function that says what is missing.
macro_rules! forwarded {
    ($table:ident, $missing:ident: $($name:ident)*) => {
        #[expect(non_camel_case_types, reason = "names of C")]
        #[allow(clippy::upper_case_acronyms)]
        enum $table { $($name),* }

        impl $table {
            const NAMES: &[&str] = &[$(stringify!($name)),*];

            fn places() -> &'static [AtomicPtr<c_void>] {
                static PLACES: [AtomicPtr<c_void>; $table::NAMES.len()] =
                    [const { AtomicPtr::new($missing as *mut c_void) }; $table::NAMES.len()];
                $(
                    /// # Safety
                    /// As the function of this name: nothing is touched on the way.
                    #[unsafe(naked)]
                    #[unsafe(no_mangle)]
                    unsafe extern "C" fn $name() {
                        #[cfg(target_arch = "x86_64")]
                        naked_asm!("jmp qword ptr [rip + {places} + 8 * {at}]", places = sym PLACES, at = const $table::$name as usize);
                        #[cfg(target_arch = "aarch64")]
                        naked_asm!(
                            "adrp x16, {places} + 8 * {at}",
                            "ldr x16, [x16, :lo12:{places} + 8 * {at}]",
                            "br x16",
                            places = sym PLACES, at = const $table::$name as usize,
                        );
                    }
                )*
                &PLACES
            }

            /// Fills the table from the first of these libraries that is there.
            fn load(names: &[&str]) -> Option<Library> {
                // SAFETY: these are libraries of NVIDIA's or stand for them; loading them runs nothing that this program relies on.
                let library = names.iter().find_map(|name| unsafe { Library::new(*name) }.ok())?;
                for (name, place) in Self::NAMES.iter().zip(Self::places()) {
                    // SAFETY: only the address is taken; who calls it knows the type.
                    if let Ok(function) = unsafe { library.get::<*mut c_void>(name.as_bytes()) } {
                        place.store(*function, Ordering::Release);
                    }
                }
                Some(library)
            }
        }
    };
}

forwarded! { Driver, no_driver:
    cuCtxGetCurrent cuCtxSetCurrent cuDestroyExternalMemory cuDeviceGet cuDeviceGetAttribute cuDeviceGetCount
    cuDevicePrimaryCtxRelease_v2 cuDevicePrimaryCtxRetain cuDeviceTotalMem_v2 cuEventCreate cuEventDestroy_v2 cuEventElapsedTime
    cuEventQuery cuEventRecord cuExternalMemoryGetMappedBuffer cuImportExternalMemory cuLaunchKernel
    cuMemAllocAsync cuMemAlloc_v2 cuMemFreeAsync cuMemFree_v2 cuMemGetInfo_v2 cuMemcpyDtoDAsync_v2 cuMemcpyDtoD_v2
    cuMemcpyDtoHAsync_v2 cuMemcpyDtoH_v2 cuMemcpyHtoDAsync_v2 cuMemcpyHtoD_v2 cuMemsetD8Async cuMemsetD8_v2 cuModuleGetFunction
    cuModuleLoad cuModuleLoadData cuModuleUnload cuOccupancyAvailableDynamicSMemPerBlock
    cuOccupancyMaxActiveBlocksPerMultiprocessor cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags
    cuOccupancyMaxActiveClusters cuOccupancyMaxPotentialBlockSize cuOccupancyMaxPotentialBlockSizeWithFlags
    cuOccupancyMaxPotentialClusterSize cuProfilerStart cuProfilerStop cuStreamCreate cuStreamDestroy_v2 cuStreamSynchronize
    cuStreamWaitEvent
}

forwarded! { Texts, no_text: cuGetErrorName cuGetErrorString }

forwarded! { Blas, no_blas:
    cublasCreate_v2 cublasDestroy_v2 cublasDgemmStridedBatched cublasDgemm_v2 cublasDgemv_v2 cublasGemmEx
    cublasGemmStridedBatchedEx cublasSetStream_v2 cublasSgemmStridedBatched cublasSgemm_v2 cublasSgemv_v2
}

forwarded! { Compiler, no_compiler:
    nvrtcCompileProgram nvrtcCreateProgram nvrtcDestroyProgram nvrtcGetPTX nvrtcGetPTXSize nvrtcGetProgramLog
    nvrtcGetProgramLogSize
}

/// What was found. The libraries stay loaded for as long as the program runs.
struct Found {
    driver: Option<Library>,
    blas: bool,
}

static FOUND: OnceLock<Found> = OnceLock::new();

fn found() -> &'static Found {
    FOUND.get_or_init(|| {
        let driver = Driver::load(DRIVER);
        [Texts::load(DRIVER), Compiler::load(COMPILER)].into_iter().flatten().for_each(std::mem::forget);
        let blas = Blas::load(BLAS).map(std::mem::forget).is_some();
        Found { driver, blas }
    })
}

/// Fills the tables, and goes on to the driver.
#[unsafe(no_mangle)]
extern "C" fn cuInit(flags: c_uint) -> c_int {
    let Some(driver) = &found().driver else { return NO_DEVICE };
    // SAFETY: the type of this function in every release of the driver.
    match unsafe { driver.get::<unsafe extern "C" fn(c_uint) -> c_int>(b"cuInit") } {
        // SAFETY: it may be called at any time, any number of times.
        Ok(init) => unsafe { init(flags) },
        Err(_) => NO_DEVICE,
    }
}

/// What keeps CUDA from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Driver,
    /// An error of the driver's as it begins.
    Device(c_int),
    Blas,
}

/// Whether there are libraries, and a device.
pub(super) fn probe() -> Result<(), Missing> {
    let found = found();
    if found.driver.is_none() {
        return Err(Missing::Driver);
    }
    match cuInit(0) {
        0 => {}
        error => return Err(Missing::Device(error)),
    }
    let mut count = 0;
    // SAFETY: the table is filled; this is the type of the function, and it writes one number.
    let error = unsafe {
        let place = &Driver::places()[Driver::cuDeviceGetCount as usize];
        let ask: unsafe extern "C" fn(*mut c_int) -> c_int =
            std::mem::transmute(place.load(Ordering::Acquire));
        ask(&mut count)
    };
    match (error, count) {
        (0, 0) => Err(Missing::Device(NO_DEVICE)),
        (0, _) if !found.blas => Err(Missing::Blas),
        (0, _) => Ok(()),
        (error, _) => Err(Missing::Device(error)),
    }
}

/// The names of the libraries that are looked for when cuBLAS is missing.
pub(super) fn blas_names() -> String {
    BLAS.join(", ")
}
