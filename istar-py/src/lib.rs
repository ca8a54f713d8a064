//! The Python door: lines of the language on batches of numpy arrays, lists and JSON.

mod array;
mod batch;
mod beyond;
mod credit;
mod error;
mod label;
mod line;
mod loss;
mod nested;
mod padded;
mod remark;

use pyo3::prelude::*;

/// The compiled part of `istar`; what it holds is documented there.
#[pymodule]
mod _istar {
    #[pymodule_export]
    use crate::batch::Batch;
    #[pymodule_export]
    use crate::credit::Credit;
    #[pymodule_export]
    use crate::error::{BatchError, Error, LineError, NumberError};
    #[pymodule_export]
    use crate::line::{Line, recipes, reference_line};
    #[pymodule_export]
    use crate::loss::Loss;
    #[pymodule_export]
    use crate::remark::{Mistake, Remark};

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
