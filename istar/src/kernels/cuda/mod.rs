//! CUDA: whether it can be used, and the device of a thread.
//!
//! Built with the feature `cuda`, a program carries its kernels, dfdx's and those of this folder, and starts on every machine; CUDA's own libraries
//! are loaded when it is first asked for. Kernels are in files of their own, `.cu`, each beside what starts them.

#[cfg(feature = "cuda")]
mod core;
#[cfg(feature = "cuda")]
pub(crate) mod flat;
#[cfg(feature = "cuda")]
mod loader;
#[cfg(feature = "cuda")]
mod memory;
#[cfg(feature = "cuda")]
mod pixels;
mod products;
#[cfg(feature = "cuda")]
mod text;

#[cfg(feature = "cuda")]
use dfdx::prelude::Cuda;
#[cfg(feature = "cuda")]
use std::cell::OnceCell;

pub use products::{Products, products, set_products};

/// Why nothing can be computed on CUDA.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoCuda {
    /// The program was built without it.
    #[error("this program was built without CUDA: build it with `--features cuda`")]
    NotBuilt,
    /// There is no driver.
    #[error("there is no CUDA driver: libcuda.so.1 cannot be loaded")]
    NoDriver,
    /// There is a driver, and nothing that it drives.
    #[error("the CUDA driver finds no device (its error {0})")]
    NoDevice(i32),
    /// There is a device, and no library for products of matrices.
    #[error(
        "there is no cuBLAS: none of {0} can be loaded; it comes with CUDA, and with the package nvidia-cublas of PyPI, whose folder goes into LD_LIBRARY_PATH"
    )]
    NoBlas(String),
}

/// Whether something can be computed on CUDA here. The first call loads the libraries.
///
/// # Errors
/// With the reason why not.
#[cfg(feature = "cuda")]
pub fn probe() -> Result<(), NoCuda> {
    loader::probe().map_err(|missing| match missing {
        loader::Missing::Driver => NoCuda::NoDriver,
        loader::Missing::Device(error) => NoCuda::NoDevice(error),
        loader::Missing::Blas => NoCuda::NoBlas(loader::blas_names()),
    })
}

/// Whether something can be computed on CUDA here: never, in this build.
///
/// # Errors
/// Always.
#[cfg(not(feature = "cuda"))]
pub fn probe() -> Result<(), NoCuda> {
    Err(NoCuda::NotBuilt)
}

/// The device of this thread, the first of the machine: made once, since making it loads kernels.
///
/// # Panics
/// Where [`probe`] fails.
#[cfg(feature = "cuda")]
#[must_use]
pub fn here() -> Cuda {
    thread_local! {
        static HERE: OnceCell<Cuda> = const { OnceCell::new() };
    }
    HERE.with(|here| here.get_or_init(Cuda::default).clone())
}

#[cfg(all(test, feature = "cuda"))]
mod tests;
