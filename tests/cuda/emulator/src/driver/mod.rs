//! The driver's functions, under its names.
//!
//! Every call has ended when it returns, so streams and events are nothing but names. What a device would refuse is
//! refused with the same number.

#![expect(clippy::missing_safety_doc, reason = "the conditions are those of the driver's own documentation")]

mod context;
mod device;
mod errors;
mod execution;
mod storage;
mod streams;
mod unsupported;

pub use context::*;
pub use device::*;
pub use errors::*;
pub use execution::*;
pub use storage::*;
pub use streams::*;
pub use unsupported::*;

/// What a call returns: a number of the driver's list.
pub type CUresult = u32;

/// Puts a value where the caller wants it.
///
/// # Safety
/// The address is null or may be written.
unsafe fn put<T>(to: *mut T, value: T) -> CUresult {
    if to.is_null() {
        return INVALID_VALUE;
    }
    // SAFETY: as the caller promises.
    unsafe { to.write(value) };
    SUCCESS
}
