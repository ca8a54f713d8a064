//! One step of Adam on one parameter.

use dfdx::prelude::*;

use super::{Backend, Column, buffer::view_mut, tile::wide};

/// The numbers of a step, the same for every element:
///
/// ```text
/// g      ← clip · gradient
/// first  ← β₁ · first  + (1 − β₁) · g
/// second ← β₂ · second + (1 − β₂) · g²
/// value  ← decay · value − rate · first / (root · √second + eps)
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep {
    /// What the gradient is scaled by.
    pub clip: f32,
    /// What is left of a value before it moves.
    pub decay: f32,
    /// Decay rates of the first and second moment, β₁ and β₂.
    pub betas: [f32; 2],
    /// Learning rate over the bias correction of the first moment.
    pub rate: f32,
    /// One over the root of the bias correction of the second moment.
    pub root: f32,
    /// Added to the root of the second moment.
    pub eps: f32,
}

/// A sum of squares under way: what the host has added up and what the device has.
#[derive(Clone, Debug)]
pub struct Squares<D: Backend> {
    pub(super) host: f64,
    pub(in crate::kernels) device: Option<Tensor<Rank0, f32, D>>,
}

impl<D: Backend> Default for Squares<D> {
    fn default() -> Self {
        Squares { host: 0.0, device: None }
    }
}

impl<D: Backend> Squares<D> {
    /// The root of the sum. Where a device has added up, this reads one number from it.
    pub fn root(&self) -> f64 {
        (self.host + self.device.as_ref().map_or(0.0, |sum| f64::from(sum.as_vec()[0]))).sqrt()
    }
}

/// [`Backend::add_squares`] as a chain of dfdx operations, on any device; in `f32`, so that a norm above 10¹⁹ is infinite.
pub fn stock_squares<S: Shape, D: Backend>(
    parameter: &Tensor<S, f32, D>,
    gradients: &mut Gradients<f32, D>,
    sum: &mut Squares<D>,
) {
    gradients.try_alloc_for(parameter).expect("room for a gradient");
    let squares = gradients.get(parameter).square().sum::<Rank0, S::AllAxes>();
    sum.device = Some(match sum.device.take() {
        Some(before) => before + squares,
        None => squares,
    });
}

/// [`Backend::add_squares`] on the CPU, in `f64`.
pub fn fused_squares<S: Shape>(
    parameter: &Tensor<S, f32, Cpu>,
    gradients: &mut Gradients<f32, Cpu>,
    sum: &mut Squares<Cpu>,
) {
    sum.host += sum_of_squares(gradients.get_or_alloc_mut(parameter).expect("room for a gradient"));
}

/// Summed in f64, in [`PARTS`] interleaved parts and a rest.
fn sum_of_squares(values: &[f32]) -> f64 {
    let (mut sums, mut rest) = ([0.0; PARTS], 0.0);
    add_squares(values, &mut sums, &mut rest);
    sums.iter().sum::<f64>() + rest
}

/// Fixed, so that the order of additions is, and many enough for wide registers.
const PARTS: usize = 16;

wide! {
    /// See [`sum_of_squares`]; the sums are zero before.
    fn add_squares<'a>(values: &'a [f32], sums: &'a mut [f64; PARTS], rest: &'a mut f64) {
        let (chunks, remainder) = values.as_chunks::<PARTS>();
        let mut parts = *sums;
        for chunk in chunks {
            for (part, value) in parts.iter_mut().zip(chunk) {
                *part += f64::from(*value) * f64::from(*value);
            }
        }
        *sums = parts;
        *rest = remainder.iter().map(|value| f64::from(*value) * f64::from(*value)).sum();
    }
}

/// [`Backend::adam`] as a chain of dfdx operations, on any device.
pub fn stock<S: Shape, D: Backend>(
    parameter: &mut Tensor<S, f32, D>,
    gradients: &mut Gradients<f32, D>,
    [first, second]: [&mut Column<D>; 2],
    step: &AdamStep,
) {
    gradients.try_alloc_for(&*parameter).expect("room for a gradient");
    let [beta1, beta2] = step.betas;
    let gradient = gradients.get(&*parameter).reshape_like(first.shape()) * step.clip;
    first.axpy(beta1, &gradient, 1.0 - beta1);
    second.axpy(beta2, &gradient.square(), 1.0 - beta2);
    let direction = first.clone() / (second.clone().sqrt() * step.root + step.eps);
    let direction = direction.reshape_like(parameter.shape());
    parameter.axpy(step.decay, &direction, -step.rate);
}

/// [`Backend::adam`] in one pass on the CPU.
pub fn fused<S: Shape>(
    parameter: &mut Tensor<S, f32, Cpu>,
    gradients: &mut Gradients<f32, Cpu>,
    [first, second]: [&mut Column<Cpu>; 2],
    step: &AdamStep,
) {
    let gradient = gradients.get_or_alloc_mut(&*parameter).expect("room for a gradient");
    walk(view_mut(parameter), gradient, view_mut(first), view_mut(second), step);
}

wide! {
    /// One step of every element.
    fn walk<'a>(
        values: &'a mut [f32],
        gradient: &'a [f32],
        first: &'a mut [f32],
        second: &'a mut [f32],
        step: &'a AdamStep,
    ) {
        let AdamStep { clip, decay, betas: [beta1, beta2], rate, root, eps } = *step;
        let moments = first.iter_mut().zip(second);
        for ((value, g), (first, second)) in values.iter_mut().zip(gradient).zip(moments) {
            let g = g * clip;
            *first = beta1 * *first + (1.0 - beta1) * g;
            *second = beta2 * *second + (1.0 - beta2) * g * g;
            *value = *value * decay - rate * *first / (second.sqrt() * root + eps);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{assert_close, random};

    const STEP: AdamStep =
        AdamStep { clip: 0.3, decay: 0.99, betas: [0.9, 0.95], rate: 0.05, root: 2.0, eps: 1e-8 };

    type Matrix = Tensor<(usize, Const<5>), f32, Cpu>;
    type Step = fn(&mut Matrix, &mut Gradients<f32, Cpu>, [&mut Column<Cpu>; 2], &AdamStep);

    /// Gradients that are exactly these.
    fn gradients(of: &Matrix, values: &Matrix) -> Gradients<f32, Cpu> {
        (of.leaky_trace() * values.clone()).sum::<Rank0, _>().backward()
    }

    /// Parameter and moments after some steps, and how far they went on the way.
    fn walk(op: Step, steps: usize) -> [Vec<f32>; 3] {
        let mut parameter: Matrix = random((7, Const), "parameter");
        let [mut first, mut second] = [(); 2].map(|()| Cpu::default().zeros_like(&(35,)));
        for i in 0..steps {
            let mut gradients = gradients(&parameter, &random((7, Const), &format!("gradient {i}")));
            op(&mut parameter, &mut gradients, [&mut first, &mut second], &STEP);
        }
        [parameter.as_vec(), first.as_vec(), second.as_vec()]
    }

    #[test]
    fn equals_the_stock_chain() {
        for steps in [1, 2, 20] {
            let (fused, stock) = (walk(fused, steps), walk(stock, steps));
            for (what, (fused, stock)) in
                ["value", "first", "second"].into_iter().zip(fused.iter().zip(&stock))
            {
                assert_close(&format!("{what} after {steps}"), fused, stock, 1e-6);
            }
        }
    }

    #[test]
    fn follows_the_formula() {
        let parameter: Matrix = random((7, Const), "parameter");
        let gradient: Matrix = random((7, Const), "gradient 0");
        let [values, first, second] = walk(fused, 1);
        for (i, (v, g)) in parameter.as_vec().into_iter().zip(gradient.as_vec()).enumerate() {
            let (v, g) = (f64::from(v), 0.3 * f64::from(g));
            let (m, s) = (0.1 * g, 0.05 * g * g);
            let expected = [0.99 * v - 0.05 * m / (2.0 * s.sqrt() + 1e-8), m, s];
            let found = [values[i], first[i], second[i]];
            assert_close(&i.to_string(), &found, &expected.map(|x| x as f32), 2e-6);
        }
    }

    #[test]
    fn a_parameter_without_gradient_decays_and_coasts() {
        for op in [fused as Step, stock as Step] {
            let mut parameter: Matrix = random((2, Const), "parameter");
            let before = parameter.as_vec();
            let [mut first, mut second] = [(); 2].map(|()| Cpu::default().zeros_like(&(10,)));
            op(&mut parameter, &mut Gradients::leaky(), [&mut first, &mut second], &STEP);
            let expected: Vec<f32> = before.iter().map(|v| v * 0.99).collect();
            assert_close("value", &parameter.as_vec(), &expected, 1e-6);
        }
    }

    #[test]
    fn the_norm_sums_every_element() {
        let values: Vec<f32> = (0..101).map(|i| (i % 7) as f32 - 3.0).collect();
        let expected: f64 = values.iter().map(|&v| f64::from(v * v)).sum();
        assert_eq!(sum_of_squares(&values), expected);
    }

    #[test]
    fn both_forms_sum_over_parameters() {
        let (a, b): (Matrix, Matrix) = (random((7, Const), "a"), random((3, Const), "b"));
        let (da, db): (Matrix, Matrix) = (random((7, Const), "da"), random((3, Const), "db"));
        let loss = (a.leaky_trace() * da.clone()).sum::<Rank0, _>()
            + (b.leaky_trace() * db.clone()).sum::<Rank0, _>();
        let mut gradients = loss.backward();
        let expected = da.as_vec().iter().chain(&db.as_vec()).map(|g| g * g).sum::<f32>().sqrt();
        let [mut fused, mut stock] = [Squares::default(), Squares::default()];
        for parameter in [&a, &b] {
            fused_squares(parameter, &mut gradients, &mut fused);
            stock_squares(parameter, &mut gradients, &mut stock);
        }
        assert_close("norms", &[fused.root() as f32, stock.root() as f32], &[expected; 2], 1e-6);
        assert_eq!(Squares::<Cpu>::default().root(), 0.0);
    }
}
