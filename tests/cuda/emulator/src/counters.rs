//! What was done so far: functions that a test finds by their names, and a line at the end of the program.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{memory, module};

/// Prints the counters to standard error when the program ends, if it is set.
pub const VARIABLE: &str = "ISTAR_EMULATOR_COUNTERS";

static LAUNCHES: AtomicU64 = AtomicU64::new(0);
static PRODUCTS: AtomicU64 = AtomicU64::new(0);

pub(crate) fn launched() {
    LAUNCHES.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn multiplied() {
    PRODUCTS.fetch_add(1, Ordering::Relaxed);
}

/// Kernels launched.
#[unsafe(no_mangle)]
pub extern "C" fn istar_emulator_launches() -> u64 {
    LAUNCHES.load(Ordering::Relaxed)
}

/// Calls of cuBLAS that computed something.
#[unsafe(no_mangle)]
pub extern "C" fn istar_emulator_products() -> u64 {
    PRODUCTS.load(Ordering::Relaxed)
}

/// Modules loaded.
#[unsafe(no_mangle)]
pub extern "C" fn istar_emulator_modules() -> u64 {
    module::loaded()
}

/// Buffers made.
#[unsafe(no_mangle)]
pub extern "C" fn istar_emulator_allocations() -> u64 {
    memory::allocations()
}

/// The bytes of all buffers that are live now.
#[unsafe(no_mangle)]
pub extern "C" fn istar_emulator_live_bytes() -> u64 {
    memory::live_bytes()
}

/// Prints the counters at the end of the program, if it is asked for.
pub(crate) fn print_at_exit() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if std::env::var_os(VARIABLE).is_some() {
            // SAFETY: the function takes nothing and does not unwind.
            unsafe { libc::atexit(print) };
        }
    });
}

#[expect(clippy::print_stderr, reason = "what the variable asks for")]
extern "C" fn print() {
    eprintln!(
        "emulator: {} launches, {} products, {} modules, {} allocations, {} bytes live",
        istar_emulator_launches(),
        istar_emulator_products(),
        istar_emulator_modules(),
        istar_emulator_allocations(),
        istar_emulator_live_bytes(),
    );
}
