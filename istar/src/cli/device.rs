//! Where a job computes.

use crate::kernels::cuda::{Products, set_products};
use crate::kernels::{NoCuda, Place};
use clap::ValueEnum;

/// What may be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Device {
    /// The processor
    #[default]
    Cpu,
    /// The first CUDA device, or an error
    Cuda,
    /// The same, where products of matrices may round to three digits, which tensor cores do faster
    CudaTf32,
    /// CUDA where there is a device, else the processor
    Auto,
}

impl Device {
    /// Finds out where that is; what keeps `auto` from CUDA is said on standard error.
    ///
    /// # Errors
    /// When CUDA is asked for and cannot be used.
    pub fn place(self) -> Result<Place, String> {
        match (self, self.cuda()) {
            (_, Some(Ok(place))) => {
                set_products(if self == Device::CudaTf32 { Products::Tf32 } else { Products::F32 });
                Ok(place)
            }
            (Device::Auto, Some(Err(reason))) => {
                eprintln!("remark: --device auto: {reason}; the processor computes");
                Ok(Place::Cpu)
            }
            (_, Some(Err(reason))) => {
                Err(format!("--device {}: {reason}", super::word(&self).unwrap_or_default()))
            }
            (_, None) => Ok(Place::Cpu),
        }
    }

    /// CUDA, if it is asked for.
    fn cuda(self) -> Option<Result<Place, NoCuda>> {
        (self != Device::Cpu).then(Place::cuda)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_looks_for_a_device_that_is_not_asked_for() {
        assert_eq!(Device::default().place(), Ok(Place::Cpu));
    }

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn without_cuda_in_the_program_auto_goes_on_and_cuda_says_how_to_build_it() {
        assert_eq!(Device::Auto.place(), Ok(Place::Cpu));
        for (device, word) in [(Device::Cuda, "cuda"), (Device::CudaTf32, "cuda-tf32")] {
            let said = device.place().expect_err("not built");
            let expected = format!(
                "--device {word}: this program was built without CUDA: build it with `--features cuda`"
            );
            assert_eq!(said, expected);
        }
    }
}
