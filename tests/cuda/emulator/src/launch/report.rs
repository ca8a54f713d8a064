//! What a kernel did wrong, said before the program ends.
//!
//! A kernel that leaves its buffers meets a page that is not there. The handler of that signal says which thread of which
//! kernel it was, and lets the signal end the program as it would have.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int};
use std::sync::Once;

use super::abi::{Block, Dim, Thread};
use crate::memory;

thread_local! {
    /// The block that runs on this thread of the host, and its kernel.
    static RUNNING: Cell<Option<(*const Block, *const c_char)>> = const { Cell::new(None) };
}

/// Says which block runs from here on.
pub(super) fn running(block: *const Block, kernel: &CStr) {
    RUNNING.set(Some((block, kernel.as_ptr())));
}

/// Says that no kernel runs.
pub(super) fn finished() {
    RUNNING.set(None);
}

/// The kernel that runs, its block and its thread, as far as they are known.
fn place() -> String {
    let Some((block, kernel)) = RUNNING.get() else { return "no kernel".to_owned() };
    // SAFETY: the launch that runs on this thread keeps its block and the name of its kernel.
    let (kernel, block) = unsafe { (CStr::from_ptr(kernel).to_string_lossy(), &*block) };
    // SAFETY: a thread that is named as the current one is kept until the next is.
    match unsafe { block.current.as_ref() } {
        Some(thread) => format!("kernel {kernel}, block {}, thread {}", block.index, thread.index),
        None => format!("kernel {kernel}, block {}", block.index),
    }
}

/// Ends the program with one line about the thread that runs.
#[expect(clippy::print_stderr, reason = "the one way to say why a test dies")]
pub(super) fn die(message: &str) -> ! {
    eprintln!("emulator: {}: {message}", place());
    std::process::abort()
}

/// As [`die`], of a thread that need not be the one that runs.
pub(super) fn die_at(index: Dim, message: &str) -> ! {
    die(&format!("{message}; thread {index} is one of them"))
}

/// The service for what a thread may not do.
pub(super) unsafe extern "C" fn fail(_: *mut Thread, kind: u32, first: u64, second: u64) {
    match kind {
        0 => die(&format!("a misaligned access of {second} bytes at {first:#x}")),
        1 => die(&format!("an access of {second} bytes at {first} of shared memory, which ends before")),
        2 => die("a trap"),
        _ => die("an indexed branch beyond its table"),
    }
}

/// The service for assertions that do not hold.
pub(super) unsafe extern "C" fn assertion(
    _: *mut Thread,
    message: *const c_char,
    file: *const c_char,
    line: u32,
    _function: *const c_char,
) {
    // SAFETY: the compiler of kernels hands over texts that end with a zero.
    let (message, file) = unsafe { (CStr::from_ptr(message), CStr::from_ptr(file)) };
    die(&format!("assertion `{}` failed at {}:{line}", message.to_string_lossy(), file.to_string_lossy()))
}

/// From the first launch on, a fault within a kernel is reported.
pub(super) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the handler has the form that `SA_SIGINFO` asks for; the structures are valid when they are zero.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_fault;
            action.sa_sigaction = handler as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
            for (signal, before) in [(libc::SIGSEGV, &raw mut SEGV), (libc::SIGBUS, &raw mut BUS)] {
                libc::sigaction(signal, &action, before);
            }
        }
    });
}

/// What handled these signals before, written once by [`watch`].
static mut SEGV: libc::sigaction = unset();
static mut BUS: libc::sigaction = unset();

const fn unset() -> libc::sigaction {
    // SAFETY: all fields are numbers, sets of bits or addresses that may be null.
    unsafe { std::mem::zeroed() }
}

extern "C" fn on_fault(signal: c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    if RUNNING.get().is_some() {
        // SAFETY: the system hands over what happened.
        let address = unsafe { (*info).si_addr() } as usize;
        let near = memory::near(address).unwrap_or_default();
        let message = format!("emulator: {}: touched memory outside of its buffers{near}\n", place());
        // SAFETY: the bytes are those of the message.
        unsafe { libc::write(2, message.as_ptr().cast(), message.len()) };
        RUNNING.set(None);
    }
    // The access is repeated when this returns, and meets whatever handled it before.
    let before = if signal == libc::SIGSEGV { &raw const SEGV } else { &raw const BUS };
    // SAFETY: `before` was filled when this handler was set.
    unsafe { libc::sigaction(signal, before, std::ptr::null_mut()) };
}
