//! Memory of the device: buffers that end at a page that is not there.
//!
//! A buffer is rounded up to 16 bytes, the alignment that vectors need, and lies directly before its guard. Fresh bytes
//! are all ones, which no computation takes for data: an `f32` of them is no number, an index of them lies outside.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What buffers are rounded up to, in bytes.
const ALIGN: usize = 16;

/// What a fresh buffer holds.
const POISON: u8 = 0xFF;

/// Pages of which the last cannot be touched.
#[derive(Debug)]
pub struct Guarded {
    base: *mut u8,
    mapped: usize,
    size: usize,
}

// SAFETY: the pages belong to nobody else, and may be used from any thread.
unsafe impl Send for Guarded {}

impl Guarded {
    /// Zeros, or `None` where the system has no more memory.
    pub fn new(size: usize) -> Option<Guarded> {
        let page = page();
        let mapped =
            size.checked_next_multiple_of(ALIGN)?.checked_next_multiple_of(page)?.checked_add(page)?;
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: new pages, wherever the system has room.
        let base = unsafe { libc::mmap(std::ptr::null_mut(), mapped, access, kind, -1, 0) };
        if base == libc::MAP_FAILED {
            return None;
        }
        let base = base.cast::<u8>();
        let guarded = Guarded { base, mapped, size };
        // SAFETY: the last page of those just mapped.
        let closed = unsafe { libc::mprotect(base.add(mapped - page).cast(), page, libc::PROT_NONE) };
        (closed == 0).then_some(guarded)
    }

    /// The first byte.
    pub fn start(&self) -> *mut u8 {
        let room = self.size.next_multiple_of(ALIGN);
        // SAFETY: the mapped pages are those of the room and one more.
        unsafe { self.base.add(self.mapped - page() - room) }
    }

    /// Writes all bytes.
    pub fn fill(&self, byte: u8) {
        // SAFETY: the room lies within the pages that can be written.
        unsafe { std::ptr::write_bytes(self.start(), byte, self.size.next_multiple_of(ALIGN)) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the pages that `new` has mapped, and that nothing refers to any more.
        unsafe { libc::munmap(self.base.cast(), self.mapped) };
    }
}

fn page() -> usize {
    // SAFETY: asks the system for a number.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

/// Live buffers by their addresses.
static BUFFERS: Mutex<BTreeMap<u64, Guarded>> = Mutex::new(BTreeMap::new());
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

fn buffers() -> MutexGuard<'static, BTreeMap<u64, Guarded>> {
    BUFFERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A new buffer, or `None` where there is no memory left.
pub(crate) fn allocate(size: usize) -> Option<u64> {
    let buffer = Guarded::new(size)?;
    buffer.fill(POISON);
    let address = buffer.start() as u64;
    buffers().insert(address, buffer);
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    Some(address)
}

/// Gives a buffer back. Says whether there was one.
pub(crate) fn free(address: u64) -> bool {
    let buffer = buffers().remove(&address);
    buffer.is_some()
}

/// Whether bytes lie within one live buffer.
pub(crate) fn holds(address: u64, bytes: usize) -> bool {
    let buffers = buffers();
    let below = buffers.range(..=address).next_back();
    below.is_some_and(|(start, buffer)| {
        (address - start).checked_add(bytes as u64).is_some_and(|end| end <= buffer.size as u64)
    })
}

/// Which buffer an address lies next to, in words; nothing while the list of buffers is in use.
pub(crate) fn near(address: usize) -> Option<String> {
    let buffers = BUFFERS.try_lock().ok()?;
    let (start, buffer) = buffers.range(..=address as u64).next_back()?;
    let offset = address as u64 - start;
    (offset < buffer.size as u64 + 65_536)
        .then(|| format!(", at byte {offset} from the beginning of one of {} bytes", buffer.size))
}

/// Buffers made so far.
pub(crate) fn allocations() -> u64 {
    ALLOCATIONS.load(Ordering::Relaxed)
}

/// The bytes of all live buffers.
pub(crate) fn live_bytes() -> u64 {
    buffers().values().map(|buffer| buffer.size as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_are_known_by_their_bytes() {
        let address = allocate(100).expect("memory");
        assert!(holds(address, 100) && holds(address + 60, 40) && !holds(address + 60, 41));
        // SAFETY: the buffer is live and has a hundred bytes.
        assert_eq!(unsafe { *(address as *const u8).add(99) }, POISON);
        assert_eq!(address % 16, 0);
        assert_eq!((address + 112) % page() as u64, 0, "the guard begins behind it");
        assert!(near((address + 112) as usize).is_some_and(|text| text.contains("byte 112")));
        assert!(free(address) && !free(address) && !holds(address, 1));
    }
}
