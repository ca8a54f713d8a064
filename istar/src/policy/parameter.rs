//! One tensor of a network, whatever its shape.

use crate::kernels::{AdamStep, Backend, Column, Squares};
use dfdx::prelude::*;

/// One tensor of a network, its shape erased. Elements are row-major.
pub trait Parameter<D: Backend> {
    /// Lengths of the dimensions.
    fn sizes(&self) -> Vec<usize>;

    /// A copy of the elements.
    fn values(&self) -> Vec<f32>;

    /// Replaces the elements.
    ///
    /// # Panics
    /// When the number of values is not the number of elements.
    fn set(&mut self, values: &[f32]);

    /// The elements end to end, where they are: nothing is copied, and writing to the parameter leaves them alone.
    fn flat(&self) -> Column<D>;

    /// `self ← (1 − tau) · self + tau · from`, on the device.
    ///
    /// # Panics
    /// When the numbers of elements differ.
    fn mix(&mut self, from: &Column<D>, tau: f32);

    /// A copy of the gradient; zeros when none reached this parameter.
    fn gradient(&self, gradients: &mut Gradients<f32, D>) -> Vec<f32>;

    /// Moves the gradient from one set to another that has none of this parameter; nothing is copied.
    fn move_gradient(&self, from: &mut Gradients<f32, D>, to: &mut Gradients<f32, D>);

    /// [`Backend::add_squares`].
    fn add_squares(&self, gradients: &mut Gradients<f32, D>, sum: &mut Squares<D>);

    /// [`Backend::adam`].
    fn adam(&mut self, gradients: &mut Gradients<f32, D>, moments: [&mut Column<D>; 2], step: &AdamStep);
}

impl<S: Shape, D: Backend> Parameter<D> for Tensor<S, f32, D> {
    fn sizes(&self) -> Vec<usize> {
        self.shape().concrete().into_iter().collect()
    }

    fn values(&self) -> Vec<f32> {
        self.as_vec()
    }

    fn set(&mut self, values: &[f32]) {
        self.copy_from(values);
    }

    fn flat(&self) -> Column<D> {
        self.clone().reshape_like(&(self.shape().num_elements(),))
    }

    fn mix(&mut self, from: &Column<D>, tau: f32) {
        let from = from.clone().reshape_like(self.shape());
        self.axpy(1.0 - tau, &from, tau);
    }

    fn gradient(&self, gradients: &mut Gradients<f32, D>) -> Vec<f32> {
        gradients.try_alloc_for(self).expect("room for a gradient");
        gradients.get(self).as_vec()
    }

    fn move_gradient(&self, from: &mut Gradients<f32, D>, to: &mut Gradients<f32, D>) {
        let room = "room for a gradient";
        std::mem::swap(from.get_or_alloc_mut(self).expect(room), to.get_or_alloc_mut(self).expect(room));
    }

    fn add_squares(&self, gradients: &mut Gradients<f32, D>, sum: &mut Squares<D>) {
        D::add_squares(self, gradients, sum);
    }

    fn adam(&mut self, gradients: &mut Gradients<f32, D>, moments: [&mut Column<D>; 2], step: &AdamStep) {
        D::adam(self, gradients, moments, step);
    }
}

/// A parameter of equal values under a new identity, so that its gradient is its own. The copy is made on the device.
pub fn fresh<S: Shape, D: Backend>(tensor: &Tensor<S, f32, D>) -> Tensor<S, f32, D> {
    // Whatever dfdx computes has an identity of its own, and a product with 1 has the same bits.
    tensor.clone() * 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_copy_has_its_own_gradient() {
        let dev = Cpu::default();
        let a = dev.tensor([1.0f32, 2.0]);
        let b = fresh(&a);
        assert_eq!((a.array(), b.array()), ([1.0, 2.0], [1.0, 2.0]));
        let mut gradients = (b.leaky_trace() * 3.0).sum().backward();
        assert_eq!((a.gradient(&mut gradients), b.gradient(&mut gradients)), (vec![0.0; 2], vec![3.0; 2]));
    }

    #[test]
    fn a_fresh_copy_has_the_same_bits() {
        let values = [0.0, -0.0, f32::INFINITY, f32::MIN_POSITIVE / 3.0, -1.5, f32::MAX];
        let copy = fresh(&Cpu::default().tensor(values));
        assert_eq!(copy.array().map(f32::to_bits), values.map(f32::to_bits));
    }

    #[test]
    fn what_is_flat_stays_when_the_parameter_is_written() {
        let mut a = Cpu::default().tensor([[1.0f32, 2.0], [3.0, 4.0]]);
        let flat = a.flat();
        a.set(&[0.0; 4]);
        assert_eq!((flat.as_vec(), a.as_vec()), (vec![1.0, 2.0, 3.0, 4.0], vec![0.0; 4]));
    }

    #[test]
    fn a_mixture_follows_the_formula() {
        let dev = Cpu::default();
        let (into, from, tau) = ([[0.1f32, -0.7], [3.0, 1e-9]], [[0.3f32, 0.2], [-5.0, 7.0]], 0.005f32);
        let mut mixed = dev.tensor(into);
        mixed.mix(&dev.tensor(from).flat(), tau);
        let expected: Vec<f32> =
            into.concat().iter().zip(from.concat()).map(|(a, b)| (1.0 - tau) * a + tau * b).collect();
        assert_eq!(mixed.as_vec(), expected);
    }
}
