//! Launches: what a device would refuse, and the blocks one after the other.

pub mod abi;
mod cooperative;
mod report;
mod warp;

use std::ffi::c_void;

use crate::memory::Guarded;
use crate::module::Kernel;
use abi::{Block, Dim, Services};
use cooperative::Team;

/// The most shared memory of a block, in bytes, unless a program asks for more, which is not supported here.
const SHARED: u64 = 48 << 10;

/// What shared memory holds before a block writes to it.
const SHARED_POISON: u8 = 0xA5;

static SERVICES: Services = Services {
    fail: report::fail,
    assertion: report::assertion,
    barrier: cooperative::barrier,
    exchange: cooperative::exchange,
};

/// How a kernel is launched.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// In blocks.
    pub grid: Dim,
    /// In threads.
    pub block: Dim,
    /// Beyond what the kernel declares, in bytes.
    pub shared: u32,
}

impl Shape {
    /// Whether a device takes such a launch.
    fn is_valid(&self, kernel: &Kernel) -> bool {
        let (grid, block) = (self.grid, self.block);
        grid.count() > 0
            && grid.x <= i32::MAX as u32
            && grid.y <= 65_535
            && grid.z <= 65_535
            && block.count() > 0
            && block.count() <= u64::from(kernel.max_threads().min(1024))
            && block.z <= 64
            && u64::from(kernel.static_shared()) + u64::from(self.shared) <= SHARED
    }
}

/// Runs a kernel to its end. Says whether a device would have taken the launch.
///
/// # Safety
/// `params` are the addresses of as many arguments as the kernel has, each of the size of its parameter.
pub unsafe fn launch(kernel: &Kernel, shape: Shape, params: *mut *mut c_void) -> bool {
    if !shape.is_valid(kernel) {
        return false;
    }
    report::watch();
    let dynamic = kernel.static_shared().next_multiple_of(16);
    let shared_size = if shape.shared > 0 { dynamic + shape.shared } else { kernel.static_shared() };
    let Some(shared) = Guarded::new(shared_size as usize) else { return false };
    let mut block = Block {
        index: Dim::default(),
        size: shape.block,
        grid: shape.grid,
        params,
        shared: shared.start(),
        shared_size,
        dynamic_shared: dynamic,
        backwards: 0,
        current: std::ptr::null(),
        services: &SERVICES,
    };
    let mut team = kernel.thread().map(|thread| (Team::new(shape.block), thread));
    let blocks = shape.grid.count();
    // No block may rely on those with lower numbers: the odd ones come first.
    for number in (1..blocks).step_by(2).chain((0..blocks).step_by(2)) {
        block.index = shape.grid.at(number);
        block.backwards = (number % 2) as u32;
        shared.fill(SHARED_POISON);
        report::running(&block, kernel.name());
        match (&mut team, kernel.block()) {
            (Some((team, thread)), _) => team.run(&mut block, *thread, number),
            // SAFETY: the function is of a translated module, which the kernel keeps loaded, and `params` are
            // its arguments as the caller promises.
            (None, Some(run)) => unsafe { run(&mut block) },
            (None, None) => {}
        }
    }
    report::finished();
    true
}
