//! Rewards scaled so that no return inside a unit exceeds 1: the `batch_norm` of PRIME (arXiv 2502.01456) and of the
//! released iStar.

use super::to_go;

/// x divided by the largest absolute return to go of the batch (undiscounted, inside units) plus 1e-6.
pub fn bound(mut x: Vec<f64>, owner: &[u32]) -> Vec<f64> {
    let peak = to_go(x.clone(), owner, 1.0).into_iter().map(f64::abs).fold(0.0, f64::max);
    x.iter_mut().for_each(|x| *x /= peak + 1e-6);
    x
}
