//! What an explicit process-reward model is taught: `Q(s, a)` of the action of each step, in [0, 1].

use super::gae;
use crate::batch::{Continued, Layout};

/// How a trajectory that ends in success or failure labels its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// `gamma^(steps still to come)` for success, 0 for failure: the return to go of a reward at the end (AgentPRM, arXiv
    /// 2502.10325).
    ToGo,
    /// `(gamma^t o + 1) / 2` with o = 1 for success and -1 for failure at step t from the start of the episode: what
    /// AgentPRM's released code computes. Late steps are discounted more, toward 1/2.
    Absolute,
}

/// Per step, the Monte Carlo estimate of `Q(s_t, a_t)`: the mean label over the trajectory itself and the continuations
/// from the state that the step led to. The last step of a trajectory led to none and has its own label alone.
///
/// `success` has one number per trajectory, 1 or 0. Visits of one state and action by several trajectories keep labels
/// of their own: a cross-entropy is affine in its label, so the gradient is that of their mean.
pub fn monte_carlo(
    layout: &Layout,
    success: &[f64],
    continued: Option<&Continued>,
    label: Label,
    gamma: f64,
) -> Vec<f64> {
    let mut targets = Vec::with_capacity(layout.steps());
    for (traj, success) in success.iter().enumerate() {
        let steps = layout.steps_of(traj);
        for (t, step) in steps.clone().enumerate() {
            let label = |left: usize, success: f64| match label {
                Label::ToGo => gamma.powi(left as i32) * success,
                Label::Absolute => 0.5 * (gamma.powi(t as i32) * (2.0 * success - 1.0) + 1.0),
            };
            let (mut sum, mut visits) = (label(steps.len() - 1 - t, *success), 1.0);
            if let Some(continued) = continued.filter(|_| step + 1 < steps.end) {
                for one in continued.before(step + 1) {
                    sum += label(continued.rewards(one).len(), continued.success(one));
                    visits += 1.0;
                }
            }
            targets.push(sum / visits);
        }
    }
    targets
}

/// What "promise and progress" teaches, per step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Promise {
    /// `Q = M + A`: what the reading M is to become.
    pub promise: Vec<f64>,
    /// `A`: what `M_t - M_{t-1}` is to become.
    pub progress: Vec<f64>,
}

/// Labels by temporal differences (AgentPRM, arXiv 2511.08325): `delta_t = r_t + gamma M_{t+1} - M_t`, `A_t = sum_l (gamma
/// lam)^l delta_{t+l}`, `Q_t = M_t + A_t` inside each trajectory, with r the outcome, 1 or 0, on its last step, after which
/// M is 0.
///
/// `success` has one number per trajectory, `reading` (M) one per step.
pub fn promise(layout: &Layout, success: &[f64], reading: &[f64], gamma: f64, lam: f64) -> Promise {
    let (mut reward, mut stop) = (vec![0.0; layout.steps()], vec![None; layout.steps()]);
    for (traj, success) in success.iter().enumerate() {
        if let Some(last) = layout.steps_of(traj).last() {
            (reward[last], stop[last]) = (*success, Some(0.0));
        }
    }
    let progress = gae(&reward, &vec![gamma; layout.steps()], reading, &stop, lam);
    Promise { promise: reading.iter().zip(&progress).map(|(m, a)| m + a).collect(), progress }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One group of a solved trajectory of 3 steps, a failed one of 2 and one without steps.
    fn layout() -> Layout {
        Layout::from_lengths([3], [3, 2, 0], [1; 5])
    }
    const SUCCESS: [f64; 3] = [1.0, 0.0, 1.0];

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        let far = found.iter().zip(expected).any(|(a, b)| (a - b).abs() > 1e-12);
        assert!(!far, "{found:?} is not {expected:?}");
    }

    #[test]
    fn own_trajectories_by_hand() {
        let found = |label| monte_carlo(&layout(), &SUCCESS, None, label, 0.9);
        close(&found(Label::ToGo), &[0.81, 0.9, 1.0, 0.0, 0.0]);
        close(&found(Label::Absolute), &[1.0, 0.95, 0.905, 0.0, 0.05]);
        assert!(monte_carlo(&Layout::default(), &[], None, Label::ToGo, 0.9).is_empty());
    }

    #[test]
    fn continuations_count_for_the_step_that_led_to_their_state() {
        // two from the state before each of the five steps: (length, success)
        let from = [
            (4, 1.0),
            (1, 0.0),
            (2, 0.0),
            (3, 1.0),
            (1, 1.0),
            (5, 0.0),
            (1, 1.0),
            (2, 1.0),
            (0, 0.0),
            (2, 1.0),
        ];
        let continued = Continued::new(2, from.map(|(steps, success)| (vec![0.0; steps], success)));
        let g: f64 = 0.9;
        let found = |label| monte_carlo(&layout(), &SUCCESS, Some(&continued), label, g);
        let to_go = [
            (g.powi(2) + 0.0 + g.powi(3)) / 3.0,
            (g + g + 0.0) / 3.0,
            1.0,
            (0.0 + 0.0 + g.powi(2)) / 3.0,
            0.0,
        ];
        close(&found(Label::ToGo), &to_go);
        let q = |t: i32, mean: f64| 0.5 * (g.powi(t) * mean + 1.0);
        let absolute = [q(0, 1.0 / 3.0), q(1, 1.0 / 3.0), q(2, 1.0), q(0, -1.0 / 3.0), q(1, -1.0)];
        close(&found(Label::Absolute), &absolute);
    }

    #[test]
    fn promise_by_hand() {
        let (g, l) = (0.9, 0.8);
        let m = [0.5, 0.6, 0.7, 0.4, 0.3];
        let found = promise(&layout(), &SUCCESS, &m, g, l);
        let d = [g * m[1] - m[0], g * m[2] - m[1], 1.0 - m[2], g * m[4] - m[3], -m[4]];
        let a2 = d[2];
        let a1 = d[1] + g * l * a2;
        let a = [d[0] + g * l * a1, a1, a2, d[3] + g * l * d[4], d[4]];
        close(&found.progress, &a);
        close(&found.promise, &std::array::from_fn::<f64, 5, _>(|t| m[t] + a[t]));
    }

    proptest! {
        /// With lam = 1 the reading cancels: promise is the discounted outcome, the label that Monte Carlo gives.
        #[test]
        fn without_trust_in_the_reading_promise_is_monte_carlo(
            lengths in prop::collection::vec(0..6usize, 0..5),
            gamma in 0.0..=1.0f64,
            readings in prop::collection::vec(0.0..=1.0f64, 30),
        ) {
            let steps: usize = lengths.iter().sum();
            let layout = Layout::from_lengths([lengths.len()], lengths.iter().copied(), vec![1; steps]);
            let success: Vec<f64> = (0..lengths.len()).map(|i| (i % 2) as f64).collect();
            let found = promise(&layout, &success, &readings[..steps], gamma, 1.0).promise;
            let expected = monte_carlo(&layout, &success, None, Label::ToGo, gamma);
            for (a, b) in found.iter().zip(&expected) {
                prop_assert!((a - b).abs() < 1e-9);
            }
        }

        #[test]
        fn monte_carlo_labels_are_probabilities(
            lengths in prop::collection::vec((0..6usize, any::<bool>()), 0..5),
            walks in prop::collection::vec((0..6usize, any::<bool>()), 75),
            gamma in 0.0..=1.0f64,
        ) {
            let steps: usize = lengths.iter().map(|traj| traj.0).sum();
            let layout = Layout::from_lengths([lengths.len()], lengths.iter().map(|traj| traj.0), vec![1; steps]);
            let success: Vec<f64> = lengths.iter().map(|traj| f64::from(u8::from(traj.1))).collect();
            let each = walks[..3 * steps].iter().map(|(n, success)| (vec![0.0; *n], f64::from(u8::from(*success))));
            let continued = Continued::new(3, each);
            for label in [Label::ToGo, Label::Absolute] {
                let found = monte_carlo(&layout, &success, Some(&continued), label, gamma);
                prop_assert_eq!(found.len(), steps);
                prop_assert!(found.iter().all(|q| (0.0..=1.0).contains(q)));
            }
        }
    }
}
