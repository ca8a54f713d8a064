//! Modules: PTX that is translated, compiled and loaded, and the kernels in it.

use std::ffi::CStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use crate::launch::abi::{Block, Row, Thread};
use crate::{cache, ptx, translate};

static LOADED: AtomicU64 = AtomicU64::new(0);

/// A loaded module.
#[derive(Debug)]
pub struct Module {
    library: Library,
}

/// A kernel, and the module that it keeps loaded.
#[derive(Debug)]
pub struct Kernel {
    _module: Arc<Module>,
    row: *const Row,
}

// SAFETY: the row is never written, and stays where it is while the module is loaded.
unsafe impl Send for Kernel {}
// SAFETY: as above.
unsafe impl Sync for Kernel {}

impl Module {
    /// Translates and compiles the text unless that has been done before, and loads it.
    ///
    /// # Errors
    /// In one line: what has no translation, or why there is no compiler.
    pub fn load(text: &str) -> Result<Arc<Module>, String> {
        let path = compile(text)?;
        // SAFETY: the library was made from the translation, which does nothing when it is loaded.
        let library = unsafe { Library::open(Some(&path), RTLD_NOW | RTLD_LOCAL) };
        let library = library.map_err(|error| format!("{}: {error}", path.display()))?;
        LOADED.fetch_add(1, Ordering::Relaxed);
        Ok(Arc::new(Module { library }))
    }

    /// A kernel by its name.
    pub fn kernel(self: &Arc<Self>, name: &CStr) -> Option<Kernel> {
        // SAFETY: every translation ends with this table.
        let table = unsafe { self.library.get::<*const Row>(b"emulator_kernels\0") }.ok()?;
        // The symbol is the table itself.
        let mut row = table.as_raw_ptr().cast::<Row>().cast_const();
        loop {
            // SAFETY: the table ends with a row whose name is null, and names end with a zero.
            unsafe {
                if (*row).name.is_null() {
                    return None;
                }
                if CStr::from_ptr((*row).name) == name {
                    return Some(Kernel { _module: Arc::clone(self), row });
                }
                row = row.add(1);
            }
        }
    }
}

impl Kernel {
    fn row(&self) -> &Row {
        // SAFETY: a row of a module that is loaded.
        unsafe { &*self.row }
    }

    /// As written in the module.
    pub fn name(&self) -> &CStr {
        // SAFETY: names of the table end with a zero.
        unsafe { CStr::from_ptr(self.row().name) }
    }

    /// How many arguments it has.
    pub fn params(&self) -> u32 {
        self.row().params
    }

    /// The shared memory that it declares, in bytes.
    pub fn static_shared(&self) -> u32 {
        self.row().static_shared
    }

    /// The most threads of a block.
    pub fn max_threads(&self) -> u32 {
        self.row().max_threads
    }

    pub(crate) fn thread(&self) -> Option<unsafe extern "C" fn(*mut Thread)> {
        self.row().thread
    }

    pub(crate) fn block(&self) -> Option<unsafe extern "C" fn(*mut Block)> {
        self.row().block
    }
}

/// The library that a text becomes, made now if it is not there.
///
/// # Errors
/// As [`Module::load`].
pub fn compile(text: &str) -> Result<PathBuf, String> {
    cache::library(text, || {
        let module = ptx::parse(text).map_err(|error| error.to_string())?;
        translate::translate(&module).map_err(|error| error.to_string())
    })
}

/// Modules loaded so far.
pub(crate) fn loaded() -> u64 {
    LOADED.load(Ordering::Relaxed)
}
