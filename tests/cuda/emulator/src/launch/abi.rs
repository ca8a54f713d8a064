//! The structures that translated kernels and this program share: those of `ptx.h`, field by field.

use std::ffi::{c_char, c_void};

/// Three sizes or three places.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dim {
    /// The fastest.
    pub x: u32,
    /// Behind it.
    pub y: u32,
    /// The slowest.
    pub z: u32,
}

impl Dim {
    /// How many there are, which may be more than 32 bits hold.
    pub fn count(self) -> u64 {
        u64::from(self.x) * u64::from(self.y) * u64::from(self.z)
    }

    /// The place that comes at a number.
    pub fn at(self, number: u64) -> Dim {
        let (x, y) = (u64::from(self.x), u64::from(self.y));
        Dim { x: (number % x) as u32, y: (number / x % y) as u32, z: (number / x / y) as u32 }
    }
}

impl std::fmt::Display for Dim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({}, {}, {})", self.x, self.y, self.z)
    }
}

/// What lanes of a warp hand to each other.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// A number of [`super::warp::Kind`].
    pub kind: u32,
    /// Where in the module the instruction stands.
    pub site: u32,
    /// The lanes that take part.
    pub mask: u32,
    /// Of shuffles: the lane, or how far it is.
    pub source: u32,
    /// Of shuffles: the parts that a warp is divided into.
    pub clamp: u32,
    /// Out: whether the lane that was asked for exists.
    pub predicate: u32,
    /// In.
    pub value: u64,
    /// Out.
    pub result: u64,
}

/// The way back from kernels.
#[repr(C)]
pub struct Services {
    /// Ends the program with a message.
    pub fail: unsafe extern "C" fn(*mut Thread, u32, u64, u64),
    /// Ends the program with the message of a device's `assert`.
    pub assertion: unsafe extern "C" fn(*mut Thread, *const c_char, *const c_char, u32, *const c_char),
    /// Waits for the other threads of the block.
    pub barrier: unsafe extern "C" fn(*mut Thread, u32, u32, u32, u32, u32) -> u32,
    /// Waits for other lanes of the warp.
    pub exchange: unsafe extern "C" fn(*mut Thread, *mut Exchange),
}

/// A block that runs.
#[repr(C)]
pub struct Block {
    /// Which of the grid.
    pub index: Dim,
    /// In threads.
    pub size: Dim,
    /// In blocks.
    pub grid: Dim,
    /// The addresses of the kernel's arguments.
    pub params: *mut *mut c_void,
    /// The first byte of shared memory.
    pub shared: *mut u8,
    /// All of it, in bytes.
    pub shared_size: u32,
    /// Where the part begins that the launch asked for.
    pub dynamic_shared: u32,
    /// Whether threads that never wait run from the last to the first.
    pub backwards: u32,
    /// The thread that runs at the moment, for messages.
    pub current: *const Thread,
    /// The way back.
    pub services: *const Services,
}

/// A thread of a kernel.
#[repr(C)]
pub struct Thread {
    /// Which of the block.
    pub index: Dim,
    /// Its block.
    pub block: *mut Block,
    /// What it is suspended by, of threads that wait.
    pub coroutine: *const c_void,
}

/// A row of the table of kernels that a translated module ends with.
#[repr(C)]
pub struct Row {
    /// Null in the last row.
    pub name: *const c_char,
    /// Runs one thread, of kernels whose threads meet.
    pub thread: Option<unsafe extern "C" fn(*mut Thread)>,
    /// Runs all threads of a block, of all other kernels.
    pub block: Option<unsafe extern "C" fn(*mut Block)>,
    /// Whether threads meet.
    pub cooperative: u32,
    /// How many arguments there are.
    pub params: u32,
    /// The shared memory that the kernel declares, in bytes.
    pub static_shared: u32,
    /// The most threads of a block.
    pub max_threads: u32,
}
