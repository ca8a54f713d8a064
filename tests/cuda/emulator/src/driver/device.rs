//! The one device, and what it says of itself.

use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering};

use super::{CUresult, INVALID_DEVICE, INVALID_VALUE, NO_DEVICE, NOT_INITIALIZED, SUCCESS, put};
use crate::counters;

/// Makes the driver say that there is no device, if it is set.
pub const NO_DEVICE_VARIABLE: &str = "ISTAR_EMULATOR_NO_DEVICE";

/// What the device says that it has.
const MEMORY: usize = 8 << 30;

static INITIALIZED: AtomicBool = AtomicBool::new(false);

/// What every call but the first has to find.
pub(super) fn initialized() -> CUresult {
    if INITIALIZED.load(Ordering::Relaxed) { SUCCESS } else { NOT_INITIALIZED }
}

/// Runs the rest of a call where an earlier part has succeeded.
pub(super) fn after(earlier: CUresult, rest: impl FnOnce() -> CUresult) -> CUresult {
    if earlier == SUCCESS { rest() } else { earlier }
}

fn valid(device: c_int) -> CUresult {
    after(initialized(), || if device == 0 { SUCCESS } else { INVALID_DEVICE })
}

/// Comes before all others.
#[unsafe(no_mangle)]
pub extern "C" fn cuInit(flags: u32) -> CUresult {
    if flags != 0 {
        return INVALID_VALUE;
    }
    if std::env::var_os(NO_DEVICE_VARIABLE).is_some() {
        return NO_DEVICE;
    }
    INITIALIZED.store(true, Ordering::Relaxed);
    counters::print_at_exit();
    SUCCESS
}

/// That of CUDA 13.0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuDriverGetVersion(version: *mut c_int) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    unsafe { put(version, 13_000) }
}

/// One.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuDeviceGetCount(count: *mut c_int) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    after(initialized(), || unsafe { put(count, 1) })
}

/// The device with number zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuDeviceGet(device: *mut c_int, ordinal: c_int) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    after(valid(ordinal), || unsafe { put(device, 0) })
}

/// Its name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuDeviceGetName(name: *mut c_char, length: c_int, device: c_int) -> CUresult {
    let text = c"istar emulator";
    after(valid(device), || {
        if name.is_null() || length < 1 {
            return INVALID_VALUE;
        }
        let length = (length as usize - 1).min(text.count_bytes());
        // SAFETY: as the driver asks of its callers: `name` has room for `length` and a zero.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), name, length);
            name.add(length).write(0);
        }
        SUCCESS
    })
}

/// The limits of a device of compute capability 9.0, as far as launches are held to them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuDeviceGetAttribute(value: *mut c_int, attribute: u32, device: c_int) -> CUresult {
    let found = match attribute {
        1..=3 => 1024,           // threads of a block, in all and along x and y
        4 => 64,                 // along z
        5 => i32::MAX,           // blocks along x
        6 | 7 => 65_535,         // along y and z
        8 | 81 | 97 => 48 << 10, // shared memory of a block, of a multiprocessor, on request
        9 => 64 << 10,           // constant memory
        10 => 32,                // lanes of a warp
        12 | 82 => 65_536,       // registers
        13 | 36 => 1_000_000,    // kilohertz
        16 => 132,               // multiprocessors
        39 => 2048,              // threads of a multiprocessor
        40 => 1,                 // unified addressing
        75 => 9,                 // compute capability
        76 => 0,                 // its second number
        106 => 32,               // blocks of a multiprocessor
        115 => 1,                // memory pools
        _ => 0,
    };
    // SAFETY: as the driver asks of its callers.
    after(valid(device), || unsafe { put(value, found) })
}

/// In bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuDeviceTotalMem_v2(bytes: *mut usize, device: c_int) -> CUresult {
    // SAFETY: as the driver asks of its callers.
    after(valid(device), || unsafe { put(bytes, MEMORY) })
}

/// What is not in live buffers counts as free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuMemGetInfo_v2(free: *mut usize, total: *mut usize) -> CUresult {
    after(super::context::current(), || {
        let live = usize::try_from(crate::memory::live_bytes()).unwrap_or(MEMORY);
        // SAFETY: as the driver asks of its callers.
        unsafe { after(put(free, MEMORY.saturating_sub(live)), || put(total, MEMORY)) }
    })
}

/// The compiler at run time asks for tables of functions. One whose first word says that it has no entries lets it go on
/// without the driver.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetExportTable(table: *mut *const c_void, _id: *const c_void) -> CUresult {
    static EMPTY: [u64; 8] = [8, 0, 0, 0, 0, 0, 0, 0];
    // SAFETY: as the driver asks of its callers.
    unsafe { put(table, EMPTY.as_ptr().cast()) }
}
