//! CM2 (arXiv 2602.12268) by its definitions, looking at the whole batch for each number, against the estimators.

use super::sample::{Nested, Sample, Step, Traj, batches, lists};
use crate::batch::{Item, LevelId};
use crate::credit::{PoolId, multiplicity, pools};
use crate::objective::count::{First, Own};
use crate::objective::level;
use crate::objective::scalar::Dec;
use crate::objective::signal::*;
use crate::objective::{center, deps, form, scale, weigh, within};
use proptest::prelude::*;

type Flip = Checklist<form::Flip>;
type Backfill = Checklist<form::Backfill>;
type ByItem<X> = Norm<X, within::Item, center::Mean, scale::None, First<level::Traj>, Judged, Dec<2, 0>>;

/// Turns of a trajectory, as the steps that belong to them: a turn ends where the label changes.
fn turns(traj: &Traj) -> Vec<&[Step]> {
    traj.steps.chunk_by(|a, b| a.label == b.label).collect()
}

fn items(turn: usize) -> Vec<Item> {
    lists().get(turn).cloned().unwrap_or_default()
}

/// The step of the turn at which an item is done.
fn done(items: &[Item], steps: &[Step], item: usize) -> Option<usize> {
    (0..steps.len()).find(|step| steps[*step].answer[item] && ready(items, steps, item, *step))
}

/// All that the item waits for is done at an earlier step, or at this one by an item of lower position.
fn ready(items: &[Item], steps: &[Step], item: usize, step: usize) -> bool {
    items[item].deps.iter().all(|dep| {
        let dep = *dep as usize;
        done(items, steps, dep).is_some_and(|at| at < step || (at == step && dep < item))
    })
}

/// It is open when the step begins.
fn open(items: &[Item], steps: &[Step], item: usize, step: usize) -> bool {
    let before = |dep: &u32| done(items, steps, *dep as usize).is_some_and(|at| at < step);
    items[item].deps.iter().all(before) && done(items, steps, item).is_none_or(|at| at >= step)
}

/// Eq. 8: the share of the trajectories, judged and able to, that get an item done; `None` of fewer than two.
fn share(group: &[Traj], turn: usize, item: usize) -> Option<f64> {
    let items = items(turn);
    let chances: Vec<bool> = group
        .iter()
        .filter(|traj| traj.outcome >= 0.0)
        .filter_map(|traj| turns(traj).get(turn).copied())
        .filter(|steps| (0..steps.len()).any(|step| ready(&items, steps, item, step)))
        .map(|steps| done(&items, steps, item).is_some())
        .collect();
    let n = chances.len();
    (n >= 2).then(|| chances.iter().filter(|done| **done).count() as f64 / n as f64)
}

/// Eq. 9 and 10, without standard deviation.
fn step_advantages(nested: &Nested) -> Vec<f64> {
    let mut found = Vec::new();
    for group in nested {
        for traj in group {
            for (turn, steps) in turns(traj).into_iter().enumerate() {
                let items = items(turn);
                for step in 0..steps.len() {
                    let (mut sum, mut weights) = (0.0, 0.0);
                    for item in (0..items.len()).filter(|item| open(&items, steps, *item, step)) {
                        let gets_done = f64::from(u8::from(done(&items, steps, item).is_some()));
                        let judged = share(group, turn, item).filter(|_| traj.outcome >= 0.0);
                        sum += judged.map_or(0.0, |share| items[item].weight * (gets_done - share));
                        weights += items[item].weight;
                    }
                    found.push(if weights == 0.0 { 0.0 } else { sum / weights });
                }
            }
        }
    }
    found
}

/// Eq. 2 summed over a trajectory and divided by the turns of the checklist.
fn returns(nested: &Nested, waits: bool) -> Vec<f64> {
    let of = |traj: &Traj| -> f64 {
        let turns = turns(traj).into_iter().enumerate();
        let sum = turns.map(|(turn, steps)| {
            let mut items = items(turn);
            if !waits {
                items.iter_mut().for_each(|item| item.deps.clear());
            }
            let done = (0..items.len()).filter(|item| done(&items, steps, *item).is_some());
            done.map(|item| items[item].weight).sum::<f64>()
        });
        sum.sum::<f64>() / lists().len() as f64
    };
    nested.iter().flatten().map(of).collect()
}

fn near(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}

proptest! {
    #[test]
    fn steps_follow_the_definitions(nested in batches()) {
        let found = Sample::new(&nested).eval::<MeanPer<ByItem<Backfill>, level::Step>>(LevelId::Step);
        prop_assert!(near(&found, &step_advantages(&nested)), "{found:?}");
    }

    #[test]
    fn trajectories_follow_the_definitions(nested in batches()) {
        type Waiting = SumPer<Checklist<form::Flip, deps::True, weigh::Traj>, level::Traj>;
        type Loose = SumPer<Checklist<form::Flip, deps::False, weigh::Traj>, level::Traj>;
        let sample = Sample::new(&nested);
        let (waiting, loose) = (sample.eval::<Waiting>(LevelId::Traj), sample.eval::<Loose>(LevelId::Traj));
        prop_assert!(near(&waiting, &returns(&nested, true)), "{waiting:?}");
        prop_assert!(near(&loose, &returns(&nested, false)), "{loose:?}");
        for (waiting, loose) in waiting.iter().zip(loose) {
            prop_assert!(*waiting <= loose + 1e-12 && (-1e-12..=1.0 + 1e-12).contains(&loose));
        }
    }

    #[test]
    fn turns_sum_to_trajectories(nested in batches()) {
        type OfTurn = SumPer<Flip, level::Segment>;
        type OfTraj = SumPer<Checklist<form::Flip, deps::True, weigh::Traj>, level::Traj>;
        let sample = Sample::new(&nested);
        let by_turn = sample.eval::<SumPer<OfTurn, level::Traj>>(LevelId::Traj);
        let at_once = sample.eval::<Scale<Dec<2, 0>, OfTraj>>(LevelId::Traj);
        prop_assert!(near(&by_turn, &at_once), "{by_turn:?} {at_once:?}");
    }

    #[test]
    fn pools_of_items_sum_to_zero(nested in batches()) {
        fn sum_to_zero<S: crate::objective::Signal<Level = level::Item>>(sample: &Sample, id: PoolId) -> bool {
            let x = sample.eval::<S>(LevelId::Item);
            let pools = pools(&sample.columns(), &id, LevelId::Item);
            let mut sums = vec![0.0; pools.len];
            x.iter().zip(pools.of.iter()).for_each(|(x, pool)| sums[*pool as usize] += x);
            sums.iter().all(|sum: &f64| sum.abs() < 1e-9)
        }
        let sample = Sample::new(&nested);
        type In<W, X> = Norm<X, W, center::Mean, scale::None>;
        prop_assert!(sum_to_zero::<In<within::Item, Flip>>(&sample, PoolId::Item));
        prop_assert!(sum_to_zero::<In<within::Item, Backfill>>(&sample, PoolId::Item));
        prop_assert!(sum_to_zero::<In<within::Item, Outcome>>(&sample, PoolId::Item));
        prop_assert!(sum_to_zero::<In<within::State, Flip>>(&sample, PoolId::State));
        prop_assert!(sum_to_zero::<In<within::Turn, Backfill>>(&sample, PoolId::Turn));
        prop_assert!(sum_to_zero::<In<within::Prompt, Backfill>>(&sample, PoolId::Prompt));
    }

    /// A coarser number is repeated on all items of the turn, and their mean is that number again.
    #[test]
    fn what_is_repeated_on_items_comes_back(nested in batches()) {
        type Back = MeanPer<Sub<Outcome, Scale<Dec<0, 0>, Flip>>, level::Step>;
        let sample = Sample::new(&nested);
        let outcome = sample.eval::<Outcome>(LevelId::Step);
        let items = multiplicity(&sample.columns(), LevelId::Step, LevelId::Item);
        for ((found, outcome), items) in sample.eval::<Back>(LevelId::Step).iter().zip(outcome).zip(items) {
            let expected = if items == 0 { 0.0 } else { outcome };
            prop_assert!((found - expected).abs() < 1e-9, "{found}, expected {expected}");
        }
    }

    /// Only equal descriptions are alike at the highest threshold.
    #[test]
    fn equal_texts_make_the_pools_of_equal_states(nested in batches()) {
        type Anchor<W> = Norm<ToGo<Reward>, W, center::Mean, scale::None, Own, Success>;
        let sample = Sample::new(&nested);
        let by_text = sample.eval::<Anchor<within::Similar<Dec<1, 0>>>>(LevelId::Step);
        prop_assert_eq!(by_text, sample.eval::<Anchor<within::State>>(LevelId::Step));
    }
}

/// Where two checklists meet, an item counts with the smaller weight, and only where both have it.
#[test]
fn checklists_that_meet() {
    let step = |answer: [bool; 3]| Step {
        reward: 0.0,
        invalid: false,
        label: 0,
        tokens: vec![(-1.0, -1.0)],
        answer: answer.to_vec(),
    };
    let steps = vec![step([true, false, false]), step([false, true, false])];
    let sample = Sample::new(&[vec![Traj { outcome: 1.0, steps }]]);
    let sum = sample.eval::<SumPer<Add<Backfill, Flip>, level::Step>>(LevelId::Step);
    // Step 1: both items are open and get done, the first now. Step 2: the first is closed.
    assert_eq!(sum, [0.25 * 2.0 + 0.75, 0.75 * 2.0]);
    type Thin = Checklist<form::Flip, deps::True, weigh::Traj>;
    assert_eq!(sample.eval::<SumPer<Add<Flip, Thin>, level::Step>>(LevelId::Step), [0.25, 0.75]);
}
