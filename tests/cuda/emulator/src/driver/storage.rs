//! Buffers: made, freed, filled and copied.

use std::ffi::c_void;

use super::device::after;
use super::{CUresult, INVALID_VALUE, OUT_OF_MEMORY, SUCCESS, context, put};
use crate::memory;

/// A new buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemAlloc_v2(address: *mut u64, bytes: usize) -> CUresult {
    after(context::current(), || {
        if address.is_null() || bytes == 0 {
            return INVALID_VALUE;
        }
        match memory::allocate(bytes) {
            // SAFETY: as the driver asks of its callers.
            Some(new) => unsafe { put(address, new) },
            None => OUT_OF_MEMORY,
        }
    })
}

/// As [`cuMemAlloc_v2`]; of no bytes the address is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemAllocAsync(address: *mut u64, bytes: usize, _stream: *mut c_void) -> CUresult {
    if bytes == 0 {
        // SAFETY: as the driver asks of its callers.
        return after(context::current(), || unsafe { put(address, 0) });
    }
    // SAFETY: as the driver asks of its callers.
    unsafe { cuMemAlloc_v2(address, bytes) }
}

/// Any use behind this one meets pages that are not there.
#[unsafe(no_mangle)]
pub extern "C" fn cuMemFree_v2(address: u64) -> CUresult {
    after(context::current(), || if address == 0 || memory::free(address) { SUCCESS } else { INVALID_VALUE })
}

/// As [`cuMemFree_v2`].
#[unsafe(no_mangle)]
pub extern "C" fn cuMemFreeAsync(address: u64, _stream: *mut c_void) -> CUresult {
    cuMemFree_v2(address)
}

/// Does what is asked for where all bytes lie within buffers.
fn within(ranges: &[u64], bytes: usize, work: impl FnOnce()) -> CUresult {
    after(context::current(), || {
        if bytes == 0 {
            return SUCCESS;
        }
        if !ranges.iter().all(|address| memory::holds(*address, bytes)) {
            return INVALID_VALUE;
        }
        work();
        SUCCESS
    })
}

/// From the host.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemcpyHtoD_v2(to: u64, from: *const c_void, bytes: usize) -> CUresult {
    // SAFETY: the bytes of the buffer were checked, those of the host are the caller's promise.
    within(&[to], bytes, || unsafe { std::ptr::copy(from.cast::<u8>(), to as *mut u8, bytes) })
}

/// To the host.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemcpyDtoH_v2(to: *mut c_void, from: u64, bytes: usize) -> CUresult {
    // SAFETY: the bytes of the buffer were checked, those of the host are the caller's promise.
    within(&[from], bytes, || unsafe { std::ptr::copy(from as *const u8, to.cast::<u8>(), bytes) })
}

/// Between buffers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemcpyDtoD_v2(to: u64, from: u64, bytes: usize) -> CUresult {
    // SAFETY: the bytes of both buffers were checked.
    within(&[to, from], bytes, || unsafe { std::ptr::copy(from as *const u8, to as *mut u8, bytes) })
}

/// Every byte alike.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemsetD8_v2(to: u64, value: u8, bytes: usize) -> CUresult {
    // SAFETY: the bytes of the buffer were checked.
    within(&[to], bytes, || unsafe { std::ptr::write_bytes(to as *mut u8, value, bytes) })
}

/// As [`cuMemcpyHtoD_v2`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemcpyHtoDAsync_v2(
    to: u64,
    from: *const c_void,
    bytes: usize,
    _stream: *mut c_void,
) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    unsafe { cuMemcpyHtoD_v2(to, from, bytes) }
}

/// As [`cuMemcpyDtoH_v2`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemcpyDtoHAsync_v2(
    to: *mut c_void,
    from: u64,
    bytes: usize,
    _stream: *mut c_void,
) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    unsafe { cuMemcpyDtoH_v2(to, from, bytes) }
}

/// As [`cuMemcpyDtoD_v2`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemcpyDtoDAsync_v2(
    to: u64,
    from: u64,
    bytes: usize,
    _stream: *mut c_void,
) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    unsafe { cuMemcpyDtoD_v2(to, from, bytes) }
}

/// As [`cuMemsetD8_v2`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemsetD8Async(to: u64, value: u8, bytes: usize, _stream: *mut c_void) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    unsafe { cuMemsetD8_v2(to, value, bytes) }
}
