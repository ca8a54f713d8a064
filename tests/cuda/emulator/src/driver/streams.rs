//! Streams and events. Work has ended when the call that asks for it returns, so none of them has anything to wait for.

use std::ffi::c_void;
use std::time::Instant;

use super::device::after;
use super::{CUresult, INVALID_HANDLE, SUCCESS, context, put};

/// When it was last recorded.
struct Event(Option<Instant>);

/// A stream is a name that nothing else has.
struct Stream(#[expect(dead_code, reason = "a type without size has no address of its own")] u8);

/// A new stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuStreamCreate(stream: *mut *mut c_void, _flags: u32) -> CUresult {
    let new = || Box::into_raw(Box::new(Stream(0))).cast();
    // SAFETY: as the driver asks of its callers.
    after(context::current(), || unsafe { put(stream, new()) })
}

/// The stream is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuStreamDestroy_v2(stream: *mut c_void) -> CUresult {
    after(context::current(), || {
        if stream.is_null() {
            return INVALID_HANDLE;
        }
        // SAFETY: as the driver asks of its callers: a stream that was made here, and only once.
        drop(unsafe { Box::from_raw(stream.cast::<Stream>()) });
        SUCCESS
    })
}

/// Nothing to wait for.
#[unsafe(no_mangle)]
pub extern "C" fn cuStreamSynchronize(_stream: *mut c_void) -> CUresult {
    context::current()
}

/// All work has ended.
#[unsafe(no_mangle)]
pub extern "C" fn cuStreamQuery(_stream: *mut c_void) -> CUresult {
    context::current()
}

/// Nothing to wait for.
#[unsafe(no_mangle)]
pub extern "C" fn cuStreamWaitEvent(_stream: *mut c_void, event: *mut c_void, _flags: u32) -> CUresult {
    after(context::current(), || if event.is_null() { INVALID_HANDLE } else { SUCCESS })
}

/// A new event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuEventCreate(event: *mut *mut c_void, _flags: u32) -> CUresult {
    let new = || Box::into_raw(Box::new(Event(None))).cast();
    // SAFETY: as the driver asks of its callers.
    after(context::current(), || unsafe { put(event, new()) })
}

/// The event is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuEventDestroy_v2(event: *mut c_void) -> CUresult {
    after(context::current(), || {
        if event.is_null() {
            return INVALID_HANDLE;
        }
        // SAFETY: as the driver asks of its callers: an event that was made here, and only once.
        drop(unsafe { Box::from_raw(event.cast::<Event>()) });
        SUCCESS
    })
}

/// Notes the time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuEventRecord(event: *mut c_void, _stream: *mut c_void) -> CUresult {
    after(context::current(), || {
        // SAFETY: as the driver asks of its callers: an event that was made here.
        let Some(event) = (unsafe { event.cast::<Event>().as_mut() }) else { return INVALID_HANDLE };
        event.0 = Some(Instant::now());
        SUCCESS
    })
}

/// Nothing to wait for.
#[unsafe(no_mangle)]
pub extern "C" fn cuEventSynchronize(event: *mut c_void) -> CUresult {
    after(context::current(), || if event.is_null() { INVALID_HANDLE } else { SUCCESS })
}

/// All work before it has ended.
#[unsafe(no_mangle)]
pub extern "C" fn cuEventQuery(event: *mut c_void) -> CUresult {
    cuEventSynchronize(event)
}

/// In milliseconds of the host.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuEventElapsedTime(
    milliseconds: *mut f32,
    start: *mut c_void,
    end: *mut c_void,
) -> CUresult {
    after(context::current(), || {
        // SAFETY: as the driver asks of its callers: events that were made here.
        let (start, end) = unsafe { (start.cast::<Event>().as_ref(), end.cast::<Event>().as_ref()) };
        let (Some(Event(Some(start))), Some(Event(Some(end)))) = (start, end) else { return INVALID_HANDLE };
        let elapsed = end.saturating_duration_since(*start);
        // SAFETY: as the driver asks of its callers.
        unsafe { put(milliseconds, elapsed.as_secs_f32() * 1e3) }
    })
}
