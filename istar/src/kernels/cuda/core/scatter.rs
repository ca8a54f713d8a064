//! One column put together from several.

use super::super::memory::{Blocks, Module, fresh, launch, module, upload_ids, view};
use crate::kernels::{Column, scatter};
use dfdx::prelude::*;

static MODULE: Module = module!("scatter");

/// [`Backend::scatter`](crate::kernels::Backend::scatter). No place may be in two lists.
pub(super) fn together(len: usize, parts: &[(Column<Cuda>, &[u32])]) -> Column<Cuda> {
    let whole = fresh((len,));
    for (part, places) in parts {
        scatter::check(part.shape().0, places);
        assert!(places.iter().all(|place| (*place as usize) < len), "a place beyond {len} numbers");
        let n = places.len();
        launch!(MODULE, "scatter", Blocks::of_elements(n), view(part), &upload_ids(places), n, view(&whole));
    }
    whole
}
