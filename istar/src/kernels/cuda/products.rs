//! How products of matrices round.

use std::sync::atomic::{AtomicBool, Ordering};

/// What the numbers of a product are rounded to before they are multiplied. They are added up as `f32` in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Products {
    /// Not rounded.
    #[default]
    F32,
    /// To ten bits behind the first, three digits, for which a card has units of its own.
    Tf32,
}

static TF32: AtomicBool = AtomicBool::new(false);

/// Sets how products of this process round from now on.
pub fn set_products(products: Products) {
    TF32.store(products == Products::Tf32, Ordering::Relaxed);
}

/// How products round.
#[must_use]
pub fn products() -> Products {
    if TF32.load(Ordering::Relaxed) { Products::Tf32 } else { Products::F32 }
}
