//! Starting values: uniform with the bounds PyTorch gives a fresh layer, from a random stream named after the tensor.

use crate::seed::stream;
use dfdx::prelude::*;
use rand_chacha::rand_core::Rng;

/// A tensor of independent values uniform in ±`gain` / √`fan_in`.
///
/// With gain 1 this is what PyTorch gives the weights and biases of a fresh layer (Kaiming uniform with a = √5).
pub fn uniform<S: Shape, D: Device<f32>>(
    dev: &D,
    shape: S,
    fan_in: usize,
    gain: f32,
    seed: u64,
    name: &str,
) -> Tensor<S, f32, D> {
    let bound = gain / (fan_in as f32).sqrt();
    let mut stream = stream(seed, name, 0);
    // The upper 24 bits as a fraction: every value is exact, whatever the version of a sampling library.
    let unit = |bits: u32| (bits >> 8) as f32 / (1u32 << 23) as f32 - 1.0;
    let values = (0..shape.num_elements()).map(|_| bound * unit(stream.next_u32())).collect();
    dev.tensor_from_vec(values, shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fill_the_interval_evenly() {
        let values = uniform(&Cpu::default(), (100, 100), 25, 1.0, 7, "w").as_vec();
        assert!(values.iter().all(|v| v.abs() <= 0.2) && values.iter().any(|v| v.abs() > 0.199));
        let mean = values.iter().sum::<f32>() / 1e4;
        let square = values.iter().map(|v| v * v).sum::<f32>() / 1e4;
        // Four standard errors of the mean and of the mean square of 10,000 uniform values.
        assert!(mean.abs() < 4.7e-3 && (square - 0.04 / 3.0).abs() < 4.8e-4, "{mean} {square}");
    }
}
