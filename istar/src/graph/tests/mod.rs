//! The graphs against their formulas: values, gradients by central differences, both number types, any shape of batch.

use super::*;
use crate::batch::LevelId::{Step, Token, Traj};
use crate::batch::{CountId, Layout, Part};
use crate::kernels::Backend;
use crate::kernels::testing::Tested;
use dfdx::prelude::Backward;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A random batch and a part of it.
struct Sample {
    layout: Layout,
    part: Part,
    old: Vec<f64>,
    reference: Vec<f64>,
    advantage: Vec<f64>,
    kept: Vec<bool>,
    weight: Vec<f64>,
    pairs: Vec<(u32, u32)>,
    /// Per token of the part.
    logp: Vec<f64>,
}

/// Which shapes a sample has.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Whole,
    SomeSteps,
    OneTokenEach,
}
const SHAPES: [Shape; 3] = [Shape::Whole, Shape::SomeSteps, Shape::OneTokenEach];

impl Sample {
    fn new(seed: u64, shape: Shape) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut offsets = |units: u32, low: u32| -> Vec<u32> {
            let mut offsets = vec![0];
            for _ in 0..units {
                let len = if low == 1 { 1 } else { rng.random_range(0..4) };
                offsets.push(offsets[offsets.len() - 1] + len);
            }
            offsets
        };
        let trajs = offsets(4, 0);
        let steps = offsets(trajs[4], 0);
        let tokens = offsets(steps[steps.len() - 1], u32::from(shape == Shape::OneTokenEach));
        let layout = Layout::new(trajs, steps, tokens);
        let part = match shape {
            Shape::SomeSteps => {
                Part::of_steps(&layout, (0..layout.steps() as u32).filter(|_| rng.random_bool(0.6)).collect())
            }
            _ => Part::whole(&layout),
        };
        let mut column = |n: usize, low: f64, high: f64| -> Vec<f64> {
            (0..n).map(|_| rng.random_range(low..high)).collect()
        };
        let n = layout.tokens();
        let (old, shift, shift_ref) = (column(n, -3.0, 0.0), column(n, -0.6, 0.6), column(n, -0.8, 0.8));
        let advantage = column(n, -2.0, 2.0);
        let weight = column(layout.steps(), 0.1, 1.0);
        let all: Vec<f64> = old.iter().zip(&shift).map(|(old, shift)| old + shift).collect();
        let group = |traj: u32| layout.group_of_traj()[traj as usize];
        let pairs = (0..layout.trajs() as u32)
            .flat_map(|a| (0..layout.trajs() as u32).map(move |b| (a, b)))
            .filter(|(a, b)| a != b && group(*a) == group(*b) && rng.random_bool(0.4))
            .collect();
        Sample {
            logp: part.pick(&all),
            reference: all.iter().zip(&shift_ref).map(|(logp, shift)| logp + shift).collect(),
            kept: (0..n).map(|_| rng.random_bool(0.7)).collect(),
            layout,
            part,
            old,
            advantage,
            weight,
            pairs,
        }
    }
}

/// Value, gradient and log of a graph.
type Found = Option<(f64, Vec<f64>, Vec<(&'static str, f64)>)>;

/// Runs a graph on leaves of a number type.
fn run<E: Dtype>(
    part: &Part,
    logp: &[f64],
    graph: impl Fn(&mut Pass<'_, E, Tested>) -> Option<Rank0Loss<E, Tested>>,
) -> Found
where
    Tested: Device<E>,
{
    let device = Tested::here();
    let leaf: Flat<E, Tested> = column(&device, logp.iter().copied());
    let mut metrics = Vec::new();
    let mut pass = Pass {
        device: &device,
        phase: Phase::Policy,
        at: Scope::new(&[], &[]),
        part,
        logp: leaf.clone(),
        entropy: Some(leaf.clone()),
        demonstration: Some(leaf.clone()),
        metrics: &mut metrics,
    };
    let loss = graph(&mut pass)?;
    let value = loss.as_vec()[0].to_f64()?;
    Some((value, numbers(&loss.backward().get(&leaf)), metrics))
}

fn near(a: f64, b: f64, tolerance: f64, floor: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(floor)
}

/// Holds a graph in both number types to its formula; `formula(live, frozen)` is differentiated in its first argument.
macro_rules! hold {
    ($sample:expr, $what:expr, $graph:expr, $formula:expr) => {{
        let (sample, formula) = (&$sample, $formula);
        let logp = &sample.logp;
        let (value, gradient, metrics) =
            run::<f64>(&sample.part, logp, $graph).unwrap_or_else(|| panic!("{:?}: no loss", $what));
        let expected: f64 = formula(logp, logp);
        assert!(near(value, expected, 1e-12, 1.0), "{:?}: {value}, expected {expected}", $what);
        for i in 0..logp.len() {
            let h = 1e-6;
            let at = |shift: f64| {
                let mut live = logp.clone();
                live[i] += shift;
                formula(&live, logp)
            };
            let slope = (at(h) - at(-h)) / (2.0 * h);
            assert!(
                near(gradient[i], slope, 1e-6, 1e-2),
                "{:?}: d{i} {}, expected {slope}",
                $what,
                gradient[i]
            );
        }
        let (single, single_gradient, _) = run::<f32>(&sample.part, logp, $graph).expect("a loss in f32 too");
        assert!(near(single, value, 1e-5, 1.0), "{:?}: f32 {single}, expected {value}", $what);
        for (a, b) in single_gradient.iter().zip(&gradient) {
            assert!(near(*a, *b, 1e-5, 1.0), "{:?}: f32 gradient {a}, expected {b}", $what);
        }
        metrics
    }};
}

mod preferences;
mod shapes;

const RATIOS: [CountId; 5] =
    [CountId::Each(Token), CountId::Sum(Step), CountId::Mean(Step), CountId::Sum(Traj), CountId::Mean(Traj)];
const REDUCES: [Reduction; 10] = [
    over(CountId::Each(Token)),
    over(CountId::Mean(Step)),
    over(CountId::Sum(Step)),
    over(CountId::Mean(Traj)),
    over(CountId::Sum(Traj)),
    over(CountId::Prompt),
    over(CountId::Constant(7.0)),
    Reduction { over: CountId::Mean(Traj), empty: true },
    Reduction { over: CountId::Sum(Step), empty: true },
    Reduction { over: CountId::Prompt, empty: true },
];

const fn over(over: CountId) -> Reduction {
    Reduction { over, empty: false }
}

impl Sample {
    /// Bounds that differ from token to token as the advantage does.
    fn band(&self) -> Bounds<'static> {
        let of = |k: f64| self.advantage.iter().map(|a| 0.05 + 0.3 * (a.abs() * k).fract()).collect();
        Bounds::Each(of(3.7), of(9.1))
    }

    /// The same where one unit of the ratio has one advantage.
    fn shared(mut self, ratio: CountId) -> Self {
        let layout = &self.layout;
        let units: Vec<std::ops::Range<usize>> = match ratio {
            CountId::Sum(Step) => (0..layout.steps()).map(|step| layout.tokens_of(step)).collect(),
            CountId::Sum(Traj) => (0..layout.trajs())
                .map(|traj| {
                    let mut tokens = layout.steps_of(traj).flat_map(|step| layout.tokens_of(step));
                    tokens.next().map_or(0..0, |first| first..tokens.last().unwrap_or(first) + 1)
                })
                .collect(),
            _ => Vec::new(),
        };
        for tokens in units {
            let first = self.advantage.get(tokens.start).copied().unwrap_or(0.0);
            self.advantage[tokens].fill(first);
        }
        self
    }
}

#[test]
fn surrogate_follows_its_formula() {
    let (mut clipped, mut dual_clipped, mut losses) = (0, 0, 0);
    for seed in 0..8 {
        for shape in SHAPES {
            for (ratio, reduce) in RATIOS.iter().flat_map(|ratio| REDUCES.map(|reduce| (*ratio, reduce))) {
                let sample = Sample::new(seed, shape).shared(ratio);
                for (clip, dual) in [
                    (Bounds::Open, None),
                    (Bounds::Same(0.2, 0.2), None),
                    (Bounds::Same(0.1, 0.3), Some(1.4)),
                    (Bounds::Open, Some(1.2)),
                    (sample.band(), None),
                    (sample.band(), Some(1.4)),
                ] {
                    let form = Surrogate { shape: super::Shape::Clip, clip, dual, ratio, reduce };
                    for kept in [None, Some(&sample.kept[..])] {
                        let flags =
                            kept.map_or(vec![true; sample.part.tokens.len()], |kept| sample.part.pick(kept));
                        let (advantage, old) = (&sample.advantage, &sample.old);
                        if !flags.contains(&true) {
                            let graph = |pass: &mut Pass<'_, f64, Tested>| {
                                surrogate(pass, &form, advantage, old, kept)
                            };
                            assert!(run::<f64>(&sample.part, &sample.logp, graph).is_none());
                            continue;
                        }
                        let columns =
                            (&sample.part.pick(advantage)[..], &sample.part.pick(old)[..], &flags[..]);
                        let metrics = hold!(
                            sample,
                            form,
                            |pass| surrogate(pass, &form, advantage, old, kept),
                            |live: &[f64], frozen: &[f64]| reference::surrogate(
                                &sample.part,
                                &form,
                                (live, frozen),
                                columns
                            )
                        );
                        let metric = |name| metrics.iter().find(|(n, _)| *n == name).map_or(0.0, |(_, x)| *x);
                        clipped += usize::from(metric("charts/clip_fraction") > 0.0);
                        dual_clipped += usize::from(metric("charts/dual_clip_fraction") > 0.0);
                        losses += 1;
                    }
                }
            }
        }
    }
    assert!(losses > 1000 && clipped > 100 && dual_clipped > 100, "{losses} {clipped} {dual_clipped}");
}

#[test]
fn gspo_has_no_gradient_above_its_ceiling() {
    let layout = Layout::new(vec![0, 1], vec![0, 2], vec![0, 2, 3]);
    let part = Part::whole(&layout);
    let clip = super::Shape::Clip;
    let form =
        Surrogate { shape: clip, clip: Bounds::Open, dual: None, ratio: RATIOS[2], reduce: REDUCES[0] };
    let graph = |pass: &mut Pass<'_, f64, Tested>| surrogate(pass, &form, &[-1.0; 3], &[-30.0; 3], None);
    let (value, gradient, _) = run::<f64>(&part, &[-15.0, -5.0, -29.0], graph).expect("a loss");
    assert!(near(value, (2.0 * 10f64.exp() + 1f64.exp()) / 3.0, 1e-12, 1.0), "{value}");
    assert!(gradient[..2] == [0.0, 0.0] && near(gradient[2], 1f64.exp() / 3.0, 1e-12, 1.0), "{gradient:?}");
}

#[test]
fn divergence_follows_its_formula() {
    for seed in 0..10 {
        for shape in SHAPES {
            let sample = Sample::new(seed, shape);
            let all = [Estimator::K1, Estimator::K2, Estimator::K3, Estimator::Abs];
            for (number, (estimator, gradient)) in
                all.into_iter().flat_map(|value| all.map(|slope| (value, slope))).enumerate()
            {
                let reduce = REDUCES[number % REDUCES.len()];
                let form = Divergence { coef: 0.3, estimator, gradient, reduce };
                let graph = |pass: &mut Pass<'_, f64, Tested>| divergence(pass, &form, &sample.reference);
                if sample.part.tokens.is_empty() {
                    assert!(run::<f64>(&sample.part, &sample.logp, graph).is_none());
                    continue;
                }
                let column = sample.part.pick(&sample.reference);
                hold!(
                    sample,
                    form,
                    |pass| divergence(pass, &form, &sample.reference),
                    |live: &[f64], frozen: &[f64]| reference::divergence(
                        &sample.part,
                        &form,
                        (live, frozen),
                        &column
                    )
                );
            }
        }
    }
}

#[test]
fn k3_has_no_gradient_where_it_is_cut_off() {
    let part = Part::whole(&Layout::new(vec![0, 1], vec![0, 1], vec![0, 2]));
    let (estimator, gradient) = (Estimator::K3, Estimator::K3);
    let form = Divergence { coef: 1.0, estimator, gradient, reduce: Reduction::ALL };
    let graph = |pass: &mut Pass<'_, f64, Tested>| divergence(pass, &form, &[0.0, 0.0]);
    let (value, gradient, _) = run::<f64>(&part, &[-4.0, -1.0], graph).expect("a loss");
    assert!(near(value, (10.0 + 1f64.exp() - 2.0) / 2.0, 1e-12, 1.0), "{value}");
    assert!(gradient[0] == 0.0 && near(gradient[1], (1.0 - 1f64.exp()) / 2.0, 1e-12, 1.0), "{gradient:?}");
}

#[test]
fn entropy_is_averaged_over_what_it_is_told() {
    // trajectories of 1 and 3 tokens
    let part = Part::whole(&Layout::new(vec![0, 2], vec![0, 1, 2], vec![0, 1, 4]));
    let leaf = [4.0, 1.0, 2.0, 3.0];
    let mean = |reduce| run::<f64>(&part, &leaf, |pass| entropy(pass, -1.0, reduce)).expect("a loss").0;
    assert_eq!(mean(Reduction::ALL), 2.5);
    assert_eq!(mean(over(CountId::Mean(Traj))), 3.0);
    assert_eq!(mean(over(CountId::Sum(Traj))), 5.0);
    assert_eq!(mean(over(CountId::Prompt)), 2.5);
    assert_eq!(mean(over(CountId::Constant(5.0))), 2.0);
}

#[test]
fn means_of_leaves() {
    let part = Part::whole(&Layout::new(vec![0, 1], vec![0, 1], vec![0, 2]));
    let leaf = [-1.0, -3.0];
    let (value, gradient, metrics) =
        run::<f64>(&part, &leaf, |pass| entropy(pass, 0.5, Reduction::ALL)).expect("a loss");
    assert_eq!((value, gradient, metrics), (1.0, vec![-0.25, -0.25], vec![("losses/entropy", -2.0)]));
    let (value, gradient, metrics) = run::<f64>(&part, &leaf, |pass| imitation(pass, 0.5)).expect("a loss");
    assert_eq!((value, gradient, metrics), (1.0, vec![-0.25, -0.25], vec![("losses/bc", 2.0)]));
    assert!(run::<f64>(&part, &leaf, |pass| entropy(pass, 0.0, Reduction::ALL)).is_none());
    assert!(run::<f64>(&part, &leaf, |pass| imitation(pass, 0.0)).is_none());
}

/// Two heads and one that nothing trains, with targets for some elements; the predictions lie on both sides of the clip.
#[test]
fn value_follows_its_formula() {
    let (mut losses, mut clipped) = (0, 0);
    for seed in 0..12 {
        for shape in SHAPES {
            for level in [Step, Token] {
                let mut sample = Sample::new(seed, shape);
                let n = sample.layout.len(level).expect("a level of the layout");
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                let mut column = || -> Vec<f64> { (0..n).map(|_| rng.random_range(-2.0..2.0)).collect() };
                let [mut first, mut second] = [(); 2]
                    .map(|()| Estimates { old: column(), target: column().into_iter().map(Some).collect() });
                first.target.iter_mut().step_by(3).for_each(|target| *target = None);
                second.target.iter_mut().skip(1).step_by(4).for_each(|target| *target = None);
                let heads = [Some(first), None, Some(second)];
                let elements = sample.part.elements(level).to_vec();
                sample.logp = (0..3 * elements.len()).map(|_| rng.random_range(-2.0..2.0)).collect();
                for clip in [None, Some(0.5)] {
                    let graph = |pass: &mut Pass<'_, f64, Tested>| {
                        value(pass, 0.7, clip, level, Reduction::ALL, &heads)
                    };
                    let formula =
                        |live: &[f64], _: &[f64]| 0.7 * reference::value(clip, &elements, &heads, live);
                    let known =
                        |head: &Estimates| elements.iter().any(|i| head.target[*i as usize].is_some());
                    if !heads.iter().flatten().any(known) {
                        assert!(run::<f64>(&sample.part, &sample.logp, graph).is_none());
                        continue;
                    }
                    let metrics = hold!(
                        sample,
                        (level, clip),
                        |pass| value(pass, 0.7, clip, level, Reduction::ALL, &heads),
                        formula
                    );
                    let metric = |name| metrics.iter().find(|(n, _)| *n == name).map(|(_, x)| *x);
                    let logged = metric("losses/critic").expect("a loss is logged");
                    assert!(near(logged, formula(&sample.logp, &[]) / 0.7, 1e-12, 1.0));
                    assert_eq!(metric("charts/critic_clip_fraction").is_some(), clip.is_some());
                    clipped += usize::from(metric("charts/critic_clip_fraction") > Some(0.0));
                    losses += 1;
                }
            }
        }
    }
    assert!(losses > 80 && clipped > 30, "{losses} {clipped}");
}

#[test]
fn explained_variance_is_1_for_the_target_and_0_for_its_mean() {
    let part = Part::whole(&Layout::new(vec![0, 1], vec![0, 2], vec![0, 1, 2]));
    let heads = [[1.0, 3.0], [10.0, 30.0]]
        .map(|target| Some(Estimates { old: vec![0.0; 2], target: target.map(Some).to_vec() }));
    let explained = |predicted: &[f64], heads: &[Option<Estimates>]| {
        let graph = |pass: &mut Pass<'_, f64, Tested>| value(pass, 1.0, None, Step, Reduction::ALL, heads);
        let (_, _, metrics) = run::<f64>(&part, predicted, graph).expect("a loss");
        metrics.iter().find(|(name, _)| *name == "charts/explained_variance").map(|(_, x)| *x)
    };
    assert_eq!(explained(&[1.0, 3.0, 10.0, 30.0], &heads), Some(1.0));
    // a head that is off by a constant explains all of the variance
    assert_eq!(explained(&[0.0, 2.0, 11.0, 31.0], &heads), Some(1.0));
    assert_eq!(explained(&[2.0, 2.0, 20.0, 20.0], &heads), Some(0.0));
    let flat = [Some(Estimates { old: vec![0.0; 2], target: vec![Some(5.0); 2] })];
    assert_eq!(explained(&[1.0, 2.0], &flat), None);
}
