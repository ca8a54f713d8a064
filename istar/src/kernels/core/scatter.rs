//! One column put together from several.

use dfdx::prelude::*;

use super::{
    Column,
    buffer::{view, view_mut},
};

/// [`Backend::scatter`](super::Backend::scatter) as a chain of dfdx operations, on any device.
pub fn stock<D: Device<f32>>(device: &D, len: usize, parts: &[(Column<D>, &[u32])]) -> Column<D> {
    let mut whole: Column<D> = device.zeros_like(&(len,));
    for (part, places) in parts.iter().filter(|(_, places)| !places.is_empty()) {
        check(part.shape().0, places);
        let (mut from, mut here) = (vec![0; len], vec![0.0; len]);
        for (i, &place) in places.iter().enumerate() {
            (from[place as usize], here[place as usize]) = (i, 1.0);
        }
        let spread: Column<D> = part.clone().gather(device.tensor_from_vec(from, (len,)));
        // A choice: the product with a mask of zeros would spread what is infinite.
        whole = device.tensor_from_vec(here, (len,)).gt(0.5).choose(spread, whole);
    }
    whole
}

/// [`Backend::scatter`](super::Backend::scatter) on the CPU.
pub fn fused(device: &Cpu, len: usize, parts: &[(Column<Cpu>, &[u32])]) -> Column<Cpu> {
    let mut whole: Column<Cpu> = device.zeros_like(&(len,));
    let to = view_mut(&mut whole);
    for (part, places) in parts {
        check(part.shape().0, places);
        for (value, &place) in view(part).iter().zip(*places) {
            to[place as usize] = *value;
        }
    }
    whole
}

/// # Panics
/// When there are not as many places as numbers.
pub(in crate::kernels) fn check(len: usize, places: &[u32]) {
    assert_eq!(len, places.len(), "a place for every number of a part");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_put_numbers_in_their_places() {
        let dev = Cpu::default();
        let parts: [(_, &[u32]); 3] = [
            (dev.tensor_from_vec(vec![1.0, f32::INFINITY, 3.0], (3,)), &[4, 0, 2]),
            (dev.tensor_from_vec(vec![], (0,)), &[]),
            (dev.tensor_from_vec(vec![5.0], (1,)), &[1]),
        ];
        let expected = [f32::INFINITY, 5.0, 3.0, 0.0, 1.0];
        assert_eq!(fused(&dev, 5, &parts).as_vec(), expected);
        assert_eq!(stock(&dev, 5, &parts).as_vec(), expected);
    }
}
