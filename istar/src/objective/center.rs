//! What `norm` takes from each element: `center = mean, loo, none`.

use crate::credit::CenterId;

/// A centre as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a centre",
    note = "`center` is `mean`, `loo` or `none`"
)]
pub trait Center: Send + Sync + 'static {
    /// The centre as a value.
    const ID: CenterId;
    /// As it is written.
    const NAME: &'static str;
}

/// The mean of the pool.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean;
/// The mean of the pool's other entries: `(x - mean) * n/(n-1)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loo;
/// Nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct None;

impl Center for Mean {
    const ID: CenterId = CenterId::Mean;
    const NAME: &'static str = "mean";
}
impl Center for Loo {
    const ID: CenterId = CenterId::LeaveOneOut;
    const NAME: &'static str = "loo";
}
impl Center for None {
    const ID: CenterId = CenterId::Zero;
    const NAME: &'static str = "none";
}
