//! One number out of many: blocks sum their share in `f64`, and one block sums what they found.

use super::super::memory::{Blocks, Buffer, Module, Numbers, launch, module, scratch};
use std::ops::Deref;

static MODULE: Module = module!("total");

/// The shares of some numbers that blocks sum.
pub(in super::super) struct Shares {
    /// How many numbers there are.
    pub(in super::super) n: usize,
    /// How many of them a block sums.
    pub(in super::super) chunk: usize,
    /// What each block finds.
    sums: Buffer<f64>,
}

impl Shares {
    pub(in super::super) fn of(n: usize) -> Self {
        /// Numbers of a block at least, and blocks at most: the order of a sum depends on how many numbers it has alone.
        const CHUNK: usize = 4096;
        const BLOCKS: usize = 1024;
        let chunk = n.div_ceil(BLOCKS).max(CHUNK);
        Shares { n, chunk, sums: scratch(n.div_ceil(chunk).max(1)) }
    }

    /// The blocks.
    pub(in super::super) fn blocks(&self) -> Blocks {
        Blocks::new([self.n.div_ceil(self.chunk), 1], [Blocks::THREADS, 1])
    }

    /// Where a block leaves what it finds.
    pub(in super::super) fn sums(&self) -> &cudarc::driver::CudaSlice<f64> {
        self.sums.deref()
    }

    /// Writes the sum of what all blocks found, and of what is there before.
    pub(in super::super) fn total(&self, before: Option<Numbers<'_>>, out: Numbers<'_>) {
        let (one, n) = (Blocks::new([1, 1], [Blocks::THREADS, 1]), self.n.div_ceil(self.chunk));
        launch!(MODULE, "total", one, self.sums(), n, before, out);
    }
}
