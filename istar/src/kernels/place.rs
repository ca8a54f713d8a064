//! Where networks compute, as a value.

use super::{Backend, NoCuda};
use dfdx::prelude::Cpu;
#[cfg(feature = "cuda")]
use dfdx::prelude::Cuda;

/// Where networks compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the processor, with the fused operations.
    Cpu,
    /// On the first CUDA device. A value says that there is one: [`Place::cuda`].
    #[cfg(feature = "cuda")]
    Cuda,
}

impl Place {
    /// Its device's name, as arguments and manifests have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Place::Cpu => Cpu::NAME,
            #[cfg(feature = "cuda")]
            Place::Cuda => Cuda::NAME,
        }
    }

    /// CUDA, where it can be used.
    ///
    /// # Errors
    /// With the reason why not.
    #[cfg(feature = "cuda")]
    pub fn cuda() -> Result<Self, NoCuda> {
        super::cuda::probe().map(|()| Place::Cuda)
    }

    /// CUDA, where it can be used: nowhere, in this build.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "cuda"))]
    pub fn cuda() -> Result<Self, NoCuda> {
        Err(NoCuda::NotBuilt)
    }
}
