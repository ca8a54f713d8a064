//! Losses of an explicit process-reward model: it reads `sigmoid(logit)` of the action of each step.

use super::margin::surprise;
use super::{Pass, Rank0Loss, Taped, column, log, number, numbers, pick, total};
use dfdx::prelude::{Device, Dtype, OwnedTape, PutTape, SplitTape, Trace};

/// The labels of the steps of the part.
fn labels(steps: &[u32], of_batch: &[f64]) -> Vec<f64> {
    steps.iter().map(|step| of_batch[*step as usize]).collect()
}

/// The mean over steps of the binary cross-entropy between `sigmoid(l)` and a label y in [0, 1], `log(1 + exp(l)) - y l`
/// (AgentPRM, arXiv 2502.10325, stage 2).
///
/// `target` has one label per step of the batch. Logs `losses/prm` and `charts/prm_error`, the mean distance of reading
/// and label. `None` without steps.
pub fn soft_labels<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    target: &[f64],
) -> Option<Rank0Loss<E, D>> {
    let target = labels(&pass.part.steps, target);
    let n = target.len() as f64;
    if target.is_empty() {
        return None;
    }
    let logits = numbers(&pass.logp);
    error(pass, &logits, &target);
    let taped = || pass.logp.retaped::<OwnedTape<E, D>>();
    let partition = surprise(pass.device, -taped());
    let loss = total(partition - taped() * column::<E, D>(pass.device, target), 1.0 / n);
    log(pass.metrics, "losses/prm", &loss);
    Some(loss)
}

/// The mean over steps of `(M_t - Q_t)^2`, and `weight` times the mean over steps with one before them of `((M_t - M_{t-1})
/// - A_t)^2`, with `M = sigmoid(l)` (AgentPRM, arXiv 2511.08325).
///
/// `promise` (Q) and `progress` (A) have one label per step of the batch and no gradient; the step before is the one of
/// the same trajectory in the part. Logs `losses/prm`, `losses/prm_progress` (its second part, without the weight) and
/// `charts/prm_error`. `None` without steps.
pub fn promise<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    promise: &[f64],
    progress: &[f64],
    weight: f64,
) -> Option<Rank0Loss<E, D>> {
    let part = pass.part;
    let target = labels(&part.steps, promise);
    if target.is_empty() {
        return None;
    }
    let n = target.len() as f64;
    error(pass, &numbers(&pass.logp), &target);
    let (reading, tape) = pass.logp.retaped::<OwnedTape<E, D>>().sigmoid().split_tape();
    let off = reading.clone().put_tape(tape) - column::<E, D>(pass.device, target);
    let mut loss = total(off.square(), 1.0 / n);
    let follows: Vec<usize> =
        (1..part.steps.len()).filter(|i| part.traj_of_step[i - 1] == part.traj_of_step[*i]).collect();
    if weight > 0.0 && !follows.is_empty() {
        let advantage = labels(&part.steps, progress);
        let label = column::<E, D>(pass.device, follows.iter().map(|i| advantage[*i]));
        let at = |places: Vec<usize>| -> Taped<E, D> {
            pick(pass.device, reading.leaky_trace(), places.into_iter())
        };
        let before = at(follows.iter().map(|i| i - 1).collect());
        let step = at(follows.clone()) - before;
        let second = total((step - label).square(), 1.0 / follows.len() as f64);
        log(pass.metrics, "losses/prm_progress", &second);
        loss = loss + second * number::<E>(weight);
    }
    log(pass.metrics, "losses/prm", &loss);
    Some(loss)
}

/// Logs how far readings are from their labels.
fn error<E: Dtype, D: Device<E>>(pass: &mut Pass<'_, E, D>, logits: &[f64], target: &[f64]) {
    let distance = |(logit, target): (&f64, &f64)| (1.0 / (1.0 + (-logit).exp()) - target).abs();
    let sum: f64 = logits.iter().zip(target).map(distance).sum();
    pass.metrics.push(("charts/prm_error", sum / target.len() as f64));
}

#[cfg(test)]
mod tests {
    use super::super::{Flat, Phase};
    use super::*;
    use crate::batch::{Layout, Part, Scope};
    use crate::kernels::Backend;
    use crate::kernels::testing::Tested;
    use dfdx::prelude::Backward;
    use proptest::prelude::*;

    type Graph<'a, E> = &'a dyn Fn(&mut Pass<'_, E, Tested>) -> Option<Rank0Loss<E, Tested>>;

    /// Value, gradient and log of a graph, if it has a loss.
    fn run<E: Dtype>(
        part: &Part,
        logits: &[f64],
        graph: Graph<'_, E>,
    ) -> Option<(f64, Vec<f64>, Vec<(&'static str, f64)>)>
    where
        Tested: Device<E>,
    {
        let device = Tested::here();
        let leaf: Flat<E, Tested> = column(&device, logits.iter().copied());
        let mut metrics = Vec::new();
        let mut pass = Pass {
            device: &device,
            phase: Phase::Reward,
            at: Scope::new(&[], &[]),
            part,
            logp: leaf.clone(),
            entropy: None,
            demonstration: None,
            metrics: &mut metrics,
        };
        let loss = graph(&mut pass)?;
        let value = loss.as_vec()[0].to_f64()?;
        Some((value, numbers(&loss.backward().get(&leaf)), metrics))
    }

    /// Holds a graph to its formula in value and slope, and its single-precision form to the double one.
    fn hold(
        part: &Part,
        logits: &[f64],
        graph: Graph<'_, f64>,
        single: Graph<'_, f32>,
        formula: impl Fn(&[f64]) -> f64,
    ) {
        let near = |a: f64, b: f64, tolerance: f64| assert!((a - b).abs() <= tolerance, "{a}, expected {b}");
        let (value, gradient, _) = run::<f64>(part, logits, graph).expect("a loss");
        near(value, formula(logits), 1e-12);
        for i in 0..logits.len() {
            let at = |h: f64| {
                let mut moved = logits.to_vec();
                moved[i] += h;
                formula(&moved)
            };
            near(gradient[i], (at(1e-5) - at(-1e-5)) / 2e-5, 1e-8);
        }
        let (rough, rough_gradient, _) = run::<f32>(part, logits, single).expect("a loss in f32 too");
        near(rough, value, 1e-5);
        rough_gradient.iter().zip(&gradient).for_each(|(a, b)| near(*a, *b, 1e-5));
    }

    fn sigmoid(l: f64) -> f64 {
        1.0 / (1.0 + (-l).exp())
    }

    fn cross_entropy(logits: &[f64], labels: &[f64]) -> f64 {
        let each = |(l, y): (&f64, &f64)| -y * sigmoid(*l).ln() - (1.0 - y) * sigmoid(-l).ln();
        logits.iter().zip(labels).map(each).sum::<f64>() / logits.len() as f64
    }

    /// Both squares; `traj` is the trajectory of each step.
    fn squares(logits: &[f64], traj: &[u32], promise: &[f64], progress: &[f64], weight: f64) -> f64 {
        let m: Vec<f64> = logits.iter().map(|l| sigmoid(*l)).collect();
        let first = (0..m.len()).map(|t| (m[t] - promise[t]).powi(2)).sum::<f64>() / m.len() as f64;
        let (mut second, mut steps) = (0.0, 0.0);
        for t in 1..m.len() {
            if traj[t] == traj[t - 1] {
                second += (m[t] - m[t - 1] - progress[t]).powi(2);
                steps += 1.0;
            }
        }
        first + if steps > 0.0 { weight * second / steps } else { 0.0 }
    }

    fn batches() -> impl Strategy<Value = (Vec<usize>, Vec<(f64, f64, f64)>, Vec<bool>)> {
        prop::collection::vec(0..5usize, 1..5).prop_flat_map(|lengths| {
            let steps: usize = lengths.iter().sum();
            let step = (-4.0..4.0f64, 0.0..=1.0f64, -1.0..=1.0f64);
            let (columns, kept) =
                (prop::collection::vec(step, steps), prop::collection::vec(any::<bool>(), steps));
            (Just(lengths), columns, kept)
        })
    }

    proptest! {
        #[test]
        fn losses_follow_their_formulas((lengths, columns, kept) in batches(), weight in 0.0..2.0f64) {
            let layout = Layout::from_lengths([lengths.len()], lengths, vec![1; columns.len()]);
            for part in [
                Part::whole(&layout),
                Part::of_steps(&layout, (0..kept.len() as u32).filter(|i| kept[*i as usize]).collect()),
            ] {
                let of = |pick: fn(&(f64, f64, f64)) -> f64| columns.iter().map(pick).collect::<Vec<_>>();
                let (target, progress) = (of(|c| c.1), of(|c| c.2));
                let here = |column: &[f64]| labels(&part.steps, column);
                let logits = here(&of(|c| c.0));
                if logits.is_empty() {
                    prop_assert!(run::<f32>(&part, &logits, &|pass| soft_labels(pass, &target)).is_none());
                    prop_assert!(run::<f32>(&part, &logits, &|pass| promise(pass, &target, &progress, 1.0)).is_none());
                    continue;
                }
                let labels = here(&target);
                hold(&part, &logits, &|pass| soft_labels(pass, &target), &|pass| soft_labels(pass, &target), |l| cross_entropy(l, &labels));
                let (q, a) = (here(&target), here(&progress));
                hold(
                    &part,
                    &logits,
                    &|pass| promise(pass, &target, &progress, weight),
                    &|pass| promise(pass, &target, &progress, weight),
                    |l| squares(l, &part.traj_of_step, &q, &a, weight),
                );
            }
        }

        /// Why visits of the same state and action need not be averaged: labels count only in their mean.
        #[test]
        fn a_mean_of_labels_has_the_gradient_of_the_labels(l in -4.0..4.0f64, y in 0.0..=1.0f64, z in 0.0..=1.0f64) {
            let part = Part::whole(&Layout::from_lengths([1], [2], [1, 1]));
            let gradient = |labels: [f64; 2]| {
                let (_, gradient, _) = run::<f64>(&part, &[l, l], &|pass| soft_labels(pass, &labels)).expect("a loss");
                gradient[0] + gradient[1]
            };
            let mean = (y + z) / 2.0;
            prop_assert!((gradient([y, z]) - gradient([mean, mean])).abs() < 1e-12);
        }
    }

    #[test]
    fn cross_entropy_is_finite_far_out_and_moves_from_zero() {
        let part = Part::whole(&Layout::from_lengths([1], [3], [1; 3]));
        let (value, gradient, metrics) =
            run::<f32>(&part, &[500.0, 0.0, -500.0], &|pass| soft_labels(pass, &[0.0, 1.0, 0.0]))
                .expect("a loss");
        assert!((value - (500.0 + 2f64.ln()) / 3.0).abs() < 1e-4, "{value}");
        for (found, expected) in gradient.iter().zip([1.0 / 3.0, -0.5 / 3.0, 0.0]) {
            assert!((found - expected).abs() < 1e-6, "{gradient:?}");
        }
        assert!(
            metrics.iter().any(|(name, x)| *name == "charts/prm_error" && (x - 0.5).abs() < 1e-9),
            "{metrics:?}"
        );
    }

    #[test]
    fn progress_is_logged_without_its_weight() {
        let part = Part::whole(&Layout::from_lengths([1], [2], [1; 2]));
        let labels = |weight| {
            let found =
                run::<f64>(&part, &[0.0, 0.0], &|pass| promise(pass, &[0.5, 0.5], &[0.0, 0.2], weight));
            found.expect("a loss")
        };
        let (value, _, metrics) = labels(3.0);
        assert!((value - 0.12).abs() < 1e-12, "{value}");
        assert!(
            metrics.iter().any(|(name, x)| *name == "losses/prm_progress" && (x - 0.04).abs() < 1e-12),
            "{metrics:?}"
        );
        let (value, _, metrics) = labels(0.0);
        assert_eq!(value, 0.0);
        assert!(metrics.iter().all(|(name, _)| *name != "losses/prm_progress"), "{metrics:?}");
    }
}
