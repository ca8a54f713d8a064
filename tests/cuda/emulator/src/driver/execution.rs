//! Modules, and launches of the kernels in them.

use std::ffi::{CStr, c_char, c_void};
use std::sync::Arc;

use super::device::after;
use super::{
    CUresult, FILE_NOT_FOUND, INVALID_HANDLE, INVALID_PTX, INVALID_VALUE, NOT_FOUND, NOT_SUPPORTED, SUCCESS,
    context, put,
};
use crate::counters;
use crate::launch::abi::Dim;
use crate::launch::{self, Shape};
use crate::module::{Kernel, Module};

/// From PTX that ends with a zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuModuleLoadData(module: *mut *mut c_void, image: *const c_void) -> CUresult {
    after(context::current(), || {
        if image.is_null() {
            return INVALID_VALUE;
        }
        // SAFETY: as the driver asks of its callers; binary images are refused as PTX that does not parse.
        let text = unsafe { CStr::from_ptr(image.cast()) };
        // SAFETY: as the driver asks of its callers.
        unsafe { load(module, &text.to_string_lossy()) }
    })
}

/// From a file of PTX.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuModuleLoad(module: *mut *mut c_void, path: *const c_char) -> CUresult {
    after(context::current(), || {
        if path.is_null() {
            return INVALID_VALUE;
        }
        // SAFETY: as the driver asks of its callers.
        let path = unsafe { CStr::from_ptr(path) };
        match std::fs::read_to_string(path.to_string_lossy().as_ref()) {
            // SAFETY: as the driver asks of its callers.
            Ok(text) => unsafe { load(module, &text) },
            Err(_) => FILE_NOT_FOUND,
        }
    })
}

/// # Safety
/// As of [`put`].
#[expect(clippy::print_stderr, reason = "a number does not say which instruction it was")]
unsafe fn load(module: *mut *mut c_void, text: &str) -> CUresult {
    match Module::load(text) {
        // SAFETY: as the caller promises.
        Ok(loaded) => unsafe { put(module, Box::into_raw(Box::new(Loaded::new(loaded))).cast()) },
        Err(why) => {
            eprintln!("emulator: {why}");
            INVALID_PTX
        }
    }
}

/// What the name of a module points at: the module, and the kernels that were asked for, which live as long.
struct Loaded {
    module: Arc<Module>,
    kernels: std::sync::Mutex<Vec<*mut Kernel>>,
}

impl Loaded {
    fn new(module: Arc<Module>) -> Self {
        Loaded { module, kernels: std::sync::Mutex::new(Vec::new()) }
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        let kernels = self.kernels.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        for kernel in kernels.drain(..) {
            // SAFETY: made by `cuModuleGetFunction`, and valid no longer than the module.
            drop(unsafe { Box::from_raw(kernel) });
        }
    }
}

/// The kernels of the module are gone with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuModuleUnload(module: *mut c_void) -> CUresult {
    after(context::current(), || {
        if module.is_null() {
            return INVALID_HANDLE;
        }
        // SAFETY: as the driver asks of its callers: a module that was loaded here, and only once.
        drop(unsafe { Box::from_raw(module.cast::<Loaded>()) });
        SUCCESS
    })
}

/// A kernel by its name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuModuleGetFunction(
    function: *mut *mut c_void,
    module: *mut c_void,
    name: *const c_char,
) -> CUresult {
    after(context::current(), || {
        if name.is_null() {
            return INVALID_VALUE;
        }
        // SAFETY: as the driver asks of its callers: a module that was loaded here, and a text that ends with a zero.
        let (loaded, name) = unsafe { (module.cast::<Loaded>().as_ref(), CStr::from_ptr(name)) };
        let Some(loaded) = loaded else { return INVALID_HANDLE };
        let Some(kernel) = loaded.module.kernel(name) else { return NOT_FOUND };
        let kernel = Box::into_raw(Box::new(kernel));
        loaded.kernels.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(kernel);
        // SAFETY: as the driver asks of its callers.
        unsafe { put(function, kernel.cast()) }
    })
}

/// Runs a kernel to its end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuLaunchKernel(
    function: *mut c_void,
    grid_x: u32,
    grid_y: u32,
    grid_z: u32,
    block_x: u32,
    block_y: u32,
    block_z: u32,
    shared: u32,
    _stream: *mut c_void,
    params: *mut *mut c_void,
    extra: *mut *mut c_void,
) -> CUresult {
    after(context::current(), || {
        // SAFETY: as the driver asks of its callers: a kernel of a module that is loaded.
        let Some(kernel) = (unsafe { function.cast::<Kernel>().as_ref() }) else { return INVALID_HANDLE };
        if !extra.is_null() {
            return NOT_SUPPORTED;
        }
        if params.is_null() && kernel.params() > 0 {
            return INVALID_VALUE;
        }
        let shape = Shape {
            grid: Dim { x: grid_x, y: grid_y, z: grid_z },
            block: Dim { x: block_x, y: block_y, z: block_z },
            shared,
        };
        // SAFETY: as the driver asks of its callers: the arguments are those of the kernel.
        if !unsafe { launch::launch(kernel, shape, params) } {
            return INVALID_VALUE;
        }
        counters::launched();
        SUCCESS
    })
}
