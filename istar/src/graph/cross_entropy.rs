//! Cross-entropy of an implicit PRM against outcomes.

use super::margin::{mean_surprise, ranked, right};
use super::runs::Runs;
use super::{Pass, Rank0Loss, column, log, numbers};
use dfdx::prelude::{Device, Dtype, OwnedTape};

/// What has a label of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labelled {
    /// A trajectory.
    Traj,
    /// A step: it bears the label of its trajectory.
    Step,
}

/// The mean over units of the binary cross-entropy of `sigmoid(beta · sum_i (logp_i - ref_i))`, `i` over the tokens of
/// the unit, against the label of its trajectory; a unit is a trajectory or a step, and one without tokens does not
/// count.
///
/// `label` has one number per trajectory of the batch, above 1/2 for success; `reference` one log-probability in nats
/// per token of the batch. `pairs`, trajectories of the batch with the preferred one first, are only logged, so that a
/// cross-entropy can be compared with a preference loss. Logs `losses/prm`, `charts/label_accuracy` (the share of units
/// on the right side of 1/2; a tie counts one half), and over the pairs that the part has `charts/pair_accuracy` (by the
/// sum over the trajectory), `charts/length_accuracy` and `charts/pairs`, as [`preference`](super::preference) does.
///
/// `None` if no unit has a token. Sources: PRIME, arXiv 2502.01456; implicit PRMs, arXiv 2412.01981.
pub fn cross_entropy<E: Dtype, D: Device<E>>(
    pass: &mut Pass<'_, E, D>,
    (beta, per): (f64, Labelled),
    label: &[f64],
    pairs: &[(u32, u32)],
    reference: &[f64],
) -> Option<Rank0Loss<E, D>> {
    let part = pass.part;
    let traj_of_token = part.traj_of_token();
    let (owner, units) = match per {
        Labelled::Traj => (&traj_of_token, part.trajs.len()),
        Labelled::Step => (&part.step_of_token, part.steps.len()),
    };
    let runs: Runs = Runs::of(owner, units).iter().filter(|run| !run.is_empty()).cloned().collect();
    let n = runs.iter().len() as f64;
    if n == 0.0 {
        return None;
    }
    // the margin is the score of a success and minus the score of a failure
    let sign = |traj: &u32| if label[part.trajs[*traj as usize] as usize] > 0.5 { beta } else { -beta };
    let factor: Vec<f64> = traj_of_token.iter().map(sign).collect();
    let reference = column::<E, D>(pass.device, part.pick(reference));
    let ratio = pass.logp.retaped::<OwnedTape<E, D>>() - reference.clone();
    let margin = runs.sum(pass.device, ratio, Some(&factor));
    let margins = numbers(&margin);
    let loss = mean_surprise(pass.device, margin);
    log(pass.metrics, "losses/prm", &loss);
    pass.metrics.push(("charts/label_accuracy", right(margins.into_iter()) / n));

    let ratios = numbers(&(pass.logp.clone() - reference));
    let scores: Vec<f64> = Runs::of(&traj_of_token, part.trajs.len())
        .iter()
        .map(|run| ratios[run.clone()].iter().sum())
        .collect();
    let steps: Vec<usize> =
        Runs::of(&part.traj_of_step, part.trajs.len()).iter().map(ExactSizeIterator::len).collect();
    let place = |traj: u32| part.trajs.binary_search(&traj).ok();
    let pairs: Vec<(usize, usize)> =
        pairs.iter().filter_map(|(better, worse)| Some((place(*better)?, place(*worse)?))).collect();
    let higher: Vec<f64> = pairs.iter().map(|(better, worse)| scores[*better] - scores[*worse]).collect();
    let shorter = pairs.iter().map(|(better, worse)| steps[*worse] as f64 - steps[*better] as f64);
    ranked(
        pass.metrics,
        ["charts/pair_accuracy", "charts/length_accuracy", "charts/pairs"],
        &higher,
        shorter,
    );
    Some(loss)
}
