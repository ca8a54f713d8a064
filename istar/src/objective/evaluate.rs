//! Terms on a leaf: loss, shares, derivative, advantage and metrics of one phase over a whole batch, without a network.

use super::Term;
use crate::batch::Part;
use crate::credit::Credit;
use crate::graph::{Flat, Pass, Phase, Rank0Loss, amount, numbers};
use dfdx::prelude::{Backward, Cpu, Device, Dtype, HasShape, TensorFromVec};

/// What a phase trains, as numbers: see [`Pass::logp`] for what they are in each phase.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    /// The phase.
    pub phase: Phase,
    /// One number per token, step or element of a critic, in batch order.
    pub values: &'a [f64],
    /// Per token, the policy's entropy, if the terms demand it.
    pub entropy: Option<&'a [f64]>,
    /// Per demonstrated token, the policy's log-probability, if the terms demand it.
    pub demonstration: Option<&'a [f64]>,
}

impl<'a> Leaf<'a> {
    /// These numbers and nothing beside them.
    pub fn new(phase: Phase, values: &'a [f64]) -> Self {
        Leaf { phase, values, entropy: None, demonstration: None }
    }

    /// The numbers and what stands beside them, on the host.
    pub(super) fn tensors(&self) -> (Flat<f64, Cpu>, [Option<Flat<f64, Cpu>>; 2]) {
        let device = Cpu::default();
        let tensor = |column: &[f64]| device.tensor_from_vec(column.to_vec(), (column.len(),));
        (tensor(self.values), [self.entropy, self.demonstration].map(|column| column.map(tensor)))
    }
}

/// What the terms of a phase make of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// The loss; `None` if no term has one in this phase.
    pub loss: Option<f64>,
    /// What each of the [terms](Term::terms) adds to it.
    pub shares: Vec<f64>,
    /// The derivative of the loss in each number of the leaf.
    pub slope: Vec<f64>,
    /// Per token, the advantage that the policy term acts on, if there is one; empty outside of its phase.
    pub advantage: Option<Vec<f64>>,
    /// What the terms log.
    pub metrics: Vec<(&'static str, f64)>,
}

impl Evaluated {
    /// A number that a term logged.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.iter().find(|(metric, _)| *metric == name).map(|(_, value)| *value)
    }
}

/// Evaluates a term, or a sum of them, on a leaf in `f64` on the host.
///
/// ```
/// use istar::batch::{Columns, Layout};
/// use istar::credit::Credit;
/// use istar::graph::Phase;
/// use istar::objective::{Leaf, Numbers, Objective, evaluate};
/// use istar::recipes::Rloo;
///
/// let layout = Layout::from_lengths([2], [1, 1], [1, 1]); // two trajectories of one step of one token
/// let old = [-0.5, -0.7];
/// let batch = Columns::of_outcomes(&layout, &old, &[1.0, 0.0], &[1.0, 0.0]);
/// let numbers = Numbers::of(&Rloo);
/// let cx = Credit { batch, at: numbers.scope(0) };
/// let found = evaluate::<<Rloo as Objective>::Graph>(&cx, &Leaf::new(Phase::Policy, &old));
/// assert_eq!(found.advantage.as_deref(), Some(&[1.0, -1.0][..]));
/// assert_eq!(found.slope, [-0.5, 0.5]); // at the policy that sampled, minus the advantage over the number of tokens
/// ```
pub fn evaluate<T: Term>(cx: &Credit<'_>, leaf: &Leaf<'_>) -> Evaluated {
    let (values, beside) = leaf.tensors();
    evaluate_tensor::<T, f64, Cpu>(cx, leaf.phase, &values, beside)
}

/// [`evaluate`] in the number type and on the device of a network's output; beside it, entropy and demonstration.
pub fn evaluate_tensor<T: Term, E: Dtype, D: Device<E>>(
    cx: &Credit<'_>,
    phase: Phase,
    leaf: &Flat<E, D>,
    [entropy, demonstration]: [Option<Flat<E, D>>; 2],
) -> Evaluated {
    let prepared = T::prepare(cx, phase);
    let shares = |pass: &mut Pass<'_, E, D>, shares: &mut Vec<f64>| T::shares(&prepared, pass, shares);
    finish(cx, phase, leaf, [entropy, demonstration], shares, T::advantage(&prepared))
}

/// Runs terms that are prepared.
pub(super) fn finish<E: Dtype, D: Device<E>>(
    cx: &Credit<'_>,
    phase: Phase,
    leaf: &Flat<E, D>,
    [entropy, demonstration]: [Option<Flat<E, D>>; 2],
    terms: impl FnOnce(&mut Pass<'_, E, D>, &mut Vec<f64>) -> Option<Rank0Loss<E, D>>,
    advantage: Option<&[f64]>,
) -> Evaluated {
    let part = Part::whole(cx.batch.layout);
    let (mut metrics, mut shares) = (Vec::new(), Vec::new());
    let mut pass = Pass {
        device: leaf.device(),
        phase,
        at: cx.at,
        part: &part,
        logp: leaf.clone(),
        entropy,
        demonstration,
        metrics: &mut metrics,
    };
    let loss = terms(&mut pass, &mut shares);
    let mut found = Evaluated {
        loss: loss.as_ref().map(amount),
        shares,
        slope: vec![0.0; leaf.shape().0],
        advantage: advantage.map(<[f64]>::to_vec),
        metrics,
    };
    if let Some(loss) = loss {
        let mut gradients = loss.backward();
        // A loss that does not reach the leaf, such as an entropy bonus alone, has no gradient there: then there are zeros.
        gradients.get_or_alloc_mut(leaf).expect("a vector of this size has been allocated before");
        found.slope = numbers(&gradients.get(leaf));
    }
    found
}
