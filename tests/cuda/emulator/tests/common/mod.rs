//! Kernels of `tests/kernels`, compiled by nvcc, on the emulated device.
//!
//! nvcc is `bin/nvcc` of the folder that the environment variable `CUDA_ROOT` names. Without it these tests do nothing
//! but say so.
#![allow(dead_code, reason = "each test program uses a part")]

use std::ffi::{CString, c_void};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use istar_emulator::driver::*;

/// Makes the device's context current on this thread.
pub fn bind() {
    let mut context = std::ptr::null_mut();
    // SAFETY: the address is that of a variable.
    let bound = unsafe { [cuInit(0), cuDevicePrimaryCtxRetain(&mut context, 0), cuCtxSetCurrent(context)] };
    assert_eq!(bound, [SUCCESS; 3]);
}

/// The PTX of a file of kernels, or `None` where there is no nvcc.
pub fn ptx(file: &str, define: &str) -> Option<String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let Some(root) = std::env::var_os("CUDA_ROOT") else {
        eprintln!("skipped: CUDA_ROOT is not set, so there is no nvcc");
        return None;
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernels").join(file);
    let own = format!("{file}-{define}-{}.ptx", std::process::id());
    let ptx = Path::new(env!("CARGO_TARGET_TMPDIR")).join(own);
    let _lock = ONE_AT_A_TIME.lock();
    let mut nvcc = Command::new(PathBuf::from(root).join("bin/nvcc"));
    nvcc.args(["--ptx", "--gpu-architecture=sm_80", "-o"]).arg(&ptx).arg(source);
    if !define.is_empty() {
        nvcc.arg(format!("-D{define}"));
    }
    let output = nvcc.output().expect("nvcc runs");
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&ptx).expect("nvcc has written the PTX");
    let _ = std::fs::remove_file(&ptx);
    Some(text)
}

/// A loaded module.
pub struct Kernels(*mut c_void);

// SAFETY: modules may be used from any thread.
unsafe impl Sync for Kernels {}

/// An argument of a kernel.
pub enum Arg<'a> {
    /// A buffer.
    To(&'a dyn Address),
    Unsigned(u32),
    Signed(i32),
    Bytes(&'a [u8]),
}

impl Kernels {
    /// The module of a file, bound to this thread, or `None` where there is no nvcc.
    pub fn of(file: &str, define: &str) -> Option<Kernels> {
        let text = ptx(file, define)?;
        bind();
        Some(Kernels::load(&text).unwrap_or_else(|error| panic!("{file}: error {error}")))
    }

    pub fn load(text: &str) -> Result<Kernels, CUresult> {
        let text = CString::new(text).expect("no zero inside");
        let mut module = std::ptr::null_mut();
        // SAFETY: the text ends with a zero, and the address is that of a variable.
        match unsafe { cuModuleLoadData(&mut module, text.as_ptr().cast()) } {
            SUCCESS => Ok(Kernels(module)),
            error => Err(error),
        }
    }

    pub fn launch(&self, name: &str, grid: [u32; 3], block: [u32; 3], shared: u32, args: &[Arg]) -> CUresult {
        let name = CString::new(name).expect("no zero inside");
        let mut function = std::ptr::null_mut();
        // SAFETY: the module is loaded, and the address is that of a variable.
        let found = unsafe { cuModuleGetFunction(&mut function, self.0, name.as_ptr()) };
        assert_eq!(found, SUCCESS, "{name:?}");
        let mut values: Vec<Vec<u8>> = args
            .iter()
            .map(|arg| match arg {
                Arg::To(buffer) => buffer.address().to_ne_bytes().to_vec(),
                Arg::Unsigned(value) => value.to_ne_bytes().to_vec(),
                Arg::Signed(value) => value.to_ne_bytes().to_vec(),
                Arg::Bytes(bytes) => bytes.to_vec(),
            })
            .collect();
        let mut params: Vec<*mut c_void> = values.iter_mut().map(|value| value.as_mut_ptr().cast()).collect();
        let ([gx, gy, gz], [bx, by, bz]) = (grid, block);
        let (none, no_extra) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: the arguments are those of the kernel, as the test says.
        unsafe {
            cuLaunchKernel(function, gx, gy, gz, bx, by, bz, shared, none, params.as_mut_ptr(), no_extra)
        }
    }

    /// A launch that has to succeed, in one dimension.
    pub fn run(&self, name: &str, grid: u32, block: u32, args: &[Arg]) {
        assert_eq!(self.launch(name, [grid, 1, 1], [block, 1, 1], 0, args), SUCCESS, "{name}");
    }
}

/// Numbers on the device.
pub struct Buffer<T> {
    address: u64,
    len: usize,
    of: std::marker::PhantomData<T>,
}

pub trait Address {
    fn address(&self) -> u64;
}

impl<T> Address for Buffer<T> {
    fn address(&self) -> u64 {
        self.address
    }
}

impl<T: Copy + Default> Buffer<T> {
    /// With whatever a device leaves there.
    pub fn unwritten(len: usize) -> Self {
        let mut address = 0;
        // SAFETY: the address is that of a variable.
        assert_eq!(unsafe { cuMemAlloc_v2(&mut address, len * size_of::<T>()) }, SUCCESS);
        Buffer { address, len, of: std::marker::PhantomData }
    }

    pub fn from(values: &[T]) -> Self {
        let buffer = Self::unwritten(values.len());
        // SAFETY: the bytes are those of the slice.
        let copied = unsafe { cuMemcpyHtoD_v2(buffer.address, values.as_ptr().cast(), size_of_val(values)) };
        assert_eq!(copied, SUCCESS);
        buffer
    }

    pub fn read(&self) -> Vec<T> {
        let mut values = vec![T::default(); self.len];
        // SAFETY: the bytes are those of the vector.
        let copied =
            unsafe { cuMemcpyDtoH_v2(values.as_mut_ptr().cast(), self.address, size_of_val(&values[..])) };
        assert_eq!(copied, SUCCESS);
        values
    }
}

impl<T> Drop for Buffer<T> {
    fn drop(&mut self) {
        cuMemFree_v2(self.address);
    }
}

/// Runs the test named `child_process` of this program once more, in a process of its own, for a case that ends it or
/// that needs a variable of the environment. Says how it ended.
pub fn child(case: &str, variable: &str) -> Output {
    let this = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(this);
    child.args(["child_process", "--exact", "--nocapture", "--test-threads=1"]).env(CASE, case);
    child.env(variable, "1").output().expect("the child runs")
}

/// The case that the child is to run.
pub fn case() -> Option<String> {
    std::env::var(CASE).ok()
}

const CASE: &str = "EMULATOR_CASE";
