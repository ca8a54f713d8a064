//! Functions that programs may link to, and that do nothing here but say so.

use super::{CUresult, NOT_SUPPORTED};

macro_rules! unsupported {
    ($($name:ident)*) => {
        $(
            /// Not supported.
            #[unsafe(no_mangle)]
            pub extern "C" fn $name() -> CUresult {
                refuse(stringify!($name))
            }
        )*
    };
}

#[expect(clippy::print_stderr, reason = "the number alone does not say which function it was")]
fn refuse(name: &str) -> CUresult {
    eprintln!("emulator: {name} is not supported");
    NOT_SUPPORTED
}

unsupported! {
    cuDestroyExternalMemory
    cuExternalMemoryGetMappedBuffer
    cuFuncGetAttribute
    cuFuncSetAttribute
    cuFuncSetCacheConfig
    cuImportExternalMemory
    cuLaunchCooperativeKernel
    cuLaunchKernelEx
    cuLinkAddData_v2
    cuLinkComplete
    cuLinkCreate_v2
    cuLinkDestroy
    cuMemAllocManaged
    cuMemAllocPitch_v2
    cuMemHostAlloc
    cuModuleGetGlobal_v2
    cuModuleLoadDataEx
    cuModuleLoadFatBinary
    cuOccupancyAvailableDynamicSMemPerBlock
    cuOccupancyMaxActiveBlocksPerMultiprocessor
    cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags
    cuOccupancyMaxActiveClusters
    cuOccupancyMaxPotentialBlockSize
    cuOccupancyMaxPotentialBlockSizeWithFlags
    cuOccupancyMaxPotentialClusterSize
    cuProfilerStart
    cuProfilerStop
    cuStreamBeginCapture_v2
    cuStreamEndCapture
}
