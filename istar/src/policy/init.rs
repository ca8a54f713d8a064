//! Starting values: uniform with the bounds PyTorch gives a fresh layer, from a random stream named after the tensor.

use dfdx::prelude::*;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// The stream of random numbers that belongs to (seed, name, index): a child of the seed that no other name or index
/// shares. The numbers are those of ChaCha8 under a key of the three, so they mean the same in every release.
pub fn stream(seed: u64, name: &str, index: u64) -> ChaCha8Rng {
    // FNV-1a, 64 bits: only names of one program have to differ.
    let name = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut key = [0; 32];
    for (place, word) in key.chunks_exact_mut(8).zip([seed, name, index]) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

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
    fn streams_differ_in_each_of_their_three_names() {
        let first = |seed, name, index| stream(seed, name, index).next_u64();
        let all = [first(1, "a", 0), first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)];
        assert_eq!(first(1, "a", 0), all[0]);
        assert!((1..4).all(|i| !all[..i].contains(&all[i])), "{all:?}");
    }

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
