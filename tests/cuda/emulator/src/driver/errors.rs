//! The numbers that calls return, with their names and sentences.

use std::ffi::{CStr, c_char};

use super::CUresult;

macro_rules! errors {
    ($($constant:ident = $number:literal, $name:literal, $text:literal;)*) => {
        $(
            #[doc = concat!("Says: ", stringify!($text), ".")]
            pub const $constant: CUresult = $number;
        )*

        fn words(error: CUresult) -> Option<(&'static CStr, &'static CStr)> {
            match error {
                $($number => Some(($name, $text)),)*
                _ => None,
            }
        }
    };
}

errors! {
    SUCCESS = 0, c"CUDA_SUCCESS", c"no error";
    INVALID_VALUE = 1, c"CUDA_ERROR_INVALID_VALUE", c"invalid argument";
    OUT_OF_MEMORY = 2, c"CUDA_ERROR_OUT_OF_MEMORY", c"out of memory";
    NOT_INITIALIZED = 3, c"CUDA_ERROR_NOT_INITIALIZED", c"initialization error";
    NO_DEVICE = 100, c"CUDA_ERROR_NO_DEVICE", c"no CUDA-capable device is detected";
    INVALID_DEVICE = 101, c"CUDA_ERROR_INVALID_DEVICE", c"invalid device ordinal";
    INVALID_CONTEXT = 201, c"CUDA_ERROR_INVALID_CONTEXT", c"invalid device context";
    INVALID_PTX = 218, c"CUDA_ERROR_INVALID_PTX", c"a PTX JIT compilation failed";
    FILE_NOT_FOUND = 301, c"CUDA_ERROR_FILE_NOT_FOUND", c"file not found";
    INVALID_HANDLE = 400, c"CUDA_ERROR_INVALID_HANDLE", c"invalid resource handle";
    NOT_FOUND = 500, c"CUDA_ERROR_NOT_FOUND", c"named symbol not found";
    NOT_SUPPORTED = 801, c"CUDA_ERROR_NOT_SUPPORTED", c"operation not supported";
}

/// The name of an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetErrorName(error: CUresult, name: *mut *const c_char) -> CUresult {
    let found = words(error).map_or(c"CUDA_ERROR_UNKNOWN", |(name, _)| name);
    // SAFETY: as the driver asks of its callers.
    unsafe { super::put(name, found.as_ptr()) }
}

/// An error in a sentence.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetErrorString(error: CUresult, text: *mut *const c_char) -> CUresult {
    let found = words(error).map_or(c"unknown error", |(_, text)| text);
    // SAFETY: as the driver asks of its callers.
    unsafe { super::put(text, found.as_ptr()) }
}
