//! A CUDA device for tests, on the processor.
//!
//! The library has the names of the driver and of cuBLAS, so a program that loads those by name runs its kernels here.
//! A kernel arrives as PTX, becomes C ([`translate`]), is compiled once ([`module`]) and runs thread by thread
//! ([`launch`]). What a device lets pass silently (a read past the end, a missing barrier, memory that nobody has
//! written) ends the program or shows in the numbers.
//!
//! It says nothing about speed, about order between streams, or about weak memory: every call has ended when it returns.

pub mod blas;
mod cache;
pub mod counters;
pub mod driver;
pub mod launch;
mod memory;
pub mod module;
pub mod ptx;
pub mod translate;

pub use cache::FOLDER;
