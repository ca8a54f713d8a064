//! The device's one context: each thread has to make it current before it does anything with memory or kernels.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU32, Ordering};

use super::device::{after, initialized};
use super::{CUresult, INVALID_CONTEXT, INVALID_DEVICE, SUCCESS, put};

/// Its address is the name of the context.
static PRIMARY: u8 = 0;
static RETAINED: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static CURRENT: Cell<bool> = const { Cell::new(false) };
}

fn primary() -> *mut c_void {
    std::ptr::from_ref(&PRIMARY).cast_mut().cast()
}

/// What calls need that work in a context.
pub(super) fn current() -> CUresult {
    after(initialized(), || if CURRENT.get() { SUCCESS } else { INVALID_CONTEXT })
}

/// The context of the device.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuDevicePrimaryCtxRetain(context: *mut *mut c_void, device: c_int) -> CUresult {
    after(initialized(), || {
        if device != 0 {
            return INVALID_DEVICE;
        }
        RETAINED.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the driver asks of its callers.
        unsafe { put(context, primary()) }
    })
}

/// Buffers stay, even when nobody retains the context any more.
#[unsafe(no_mangle)]
pub extern "C" fn cuDevicePrimaryCtxRelease_v2(device: c_int) -> CUresult {
    after(initialized(), || {
        if device != 0 {
            return INVALID_DEVICE;
        }
        let less = |count: u32| count.checked_sub(1);
        let released = RETAINED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        if released.is_ok() { SUCCESS } else { INVALID_CONTEXT }
    })
}

/// For the thread that calls.
#[unsafe(no_mangle)]
pub extern "C" fn cuCtxSetCurrent(context: *mut c_void) -> CUresult {
    after(initialized(), || {
        if !context.is_null() && context != primary() {
            return INVALID_CONTEXT;
        }
        CURRENT.set(!context.is_null());
        SUCCESS
    })
}

/// Null where the thread has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuCtxGetCurrent(context: *mut *mut c_void) -> CUresult {
    let found = if CURRENT.get() { primary() } else { std::ptr::null_mut() };
    // SAFETY: as the driver asks of its callers.
    after(initialized(), || unsafe { put(context, found) })
}

/// There is nothing to wait for.
#[unsafe(no_mangle)]
pub extern "C" fn cuCtxSynchronize() -> CUresult {
    current()
}
