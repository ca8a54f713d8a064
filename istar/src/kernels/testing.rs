//! What the tests of the fused operations share.

use std::sync::{Mutex, PoisonError};

use dfdx::prelude::*;
use rand_chacha::rand_core::Rng;

use super::{Backend, set_threads};
use crate::seed::stream;

/// The device on which graphs and trainers are tested.
#[cfg(not(feature = "cuda"))]
pub(crate) type Tested = Cpu;
/// The device on which graphs and trainers are tested.
#[cfg(feature = "cuda")]
pub(crate) type Tested = Cuda;

pub(crate) type Taped<S, D = Cpu> = Tensor<S, f32, D, OwnedTape<f32, D>>;

/// A tensor of numbers uniform in ±1, the same for every run.
pub(crate) fn random<S: Shape>(shape: S, name: &str) -> Tensor<S, f32, Cpu> {
    random_on(&Cpu::default(), shape, name)
}

/// The same numbers on a device.
pub(crate) fn random_on<S: Shape, D: Backend>(device: &D, shape: S, name: &str) -> Tensor<S, f32, D> {
    let mut stream = stream(11, name, 0);
    let values = (0..shape.num_elements()).map(|_| stream.next_u32() as f32 / (1u32 << 31) as f32 - 1.0);
    device.tensor_from_vec(values.collect(), shape)
}

/// Asserts that two lists agree to `tolerance`, relative to the larger of one and the largest element.
#[track_caller]
pub(crate) fn assert_close(what: &str, found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1.0f32, |most, e| most.max(e.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance * scale, "{what}[{i}]: found {f}, expected {e}");
    }
}

/// The output of an operation, and the gradients of its weighted sum with respect to what `parameters` lists.
/// The weights are random: a sum with equal weights would hide a permuted gradient.
pub(crate) fn run<S: Shape, D: Backend>(
    output: Taped<S, D>,
    parameters: &[&dyn Gradient<D>],
) -> Vec<Vec<f32>> {
    let weights = random_on(output.device(), *output.shape(), "weights");
    let mut all = vec![output.as_vec()];
    let gradients = (output * weights).sum::<Rank0, _>().backward();
    all.extend(parameters.iter().map(|parameter| parameter.of(&gradients)));
    all
}

/// A tensor whose gradient can be read.
pub(crate) trait Gradient<D: Backend = Cpu> {
    fn of(&self, gradients: &Gradients<f32, D>) -> Vec<f32>;
}

impl<S: Shape, D: Backend> Gradient<D> for Tensor<S, f32, D> {
    fn of(&self, gradients: &Gradients<f32, D>) -> Vec<f32> {
        gradients.get(self).as_vec()
    }
}

/// Asserts that `f` gives the same bits with one, two and four threads.
#[track_caller]
pub(crate) fn assert_same_with_any_threads(f: impl Fn() -> Vec<Vec<f32>>) {
    // The number of threads is the process's, and tests run side by side.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let bits = |threads| {
        set_threads(threads);
        let all = f();
        set_threads(1);
        all.into_iter().flatten().map(f32::to_bits).collect::<Vec<_>>()
    };
    let one = bits(1);
    assert!(one == bits(2) && one == bits(4), "the number of threads shows in the result");
}

/// Central differences in f64 of the function whose gradient at `at` is claimed to be `gradient`, in every coordinate.
#[track_caller]
pub(crate) fn assert_differences(what: &str, f: impl Fn(&[f64]) -> f64, at: &[f32], gradient: &[f32]) {
    const H: f64 = 1e-5;
    let mut at: Vec<f64> = at.iter().map(|&v| f64::from(v)).collect();
    let differences: Vec<f32> = (0..at.len())
        .map(|i| {
            let here = at[i];
            let [above, below] = [here + H, here - H].map(|there| {
                at[i] = there;
                f(&at)
            });
            at[i] = here;
            ((above - below) / (2.0 * H)) as f32
        })
        .collect();
    assert_close(what, gradient, &differences, 2e-5);
}
