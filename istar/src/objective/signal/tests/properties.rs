//! What must hold on every batch.

use super::sample::{Nested, Sample, Traj, batches};
use crate::batch::LevelId;
use crate::credit::*;
use crate::objective::Signal;
use crate::objective::choice::Choice;
use crate::objective::count::{Each, First, Mean};
use crate::objective::level;
use crate::objective::reference::Old;
use crate::objective::scalar::Dec;
use crate::objective::signal::*;
use crate::objective::sugar;
use crate::objective::{center, form, on, scale, within};
use proptest::prelude::*;

type One = Dec<1, 0>;
type Discount = Dec<9, 1>;
type PaperStep = sugar::Step<One, Old>;
type Token = sugar::Token<One, Old>;
type AnchorStep = sugar::Anchor<Discount>;
type Turn = Norm<SumPer<Reward, level::Segment>, within::Turn, center::Mean, scale::Std>;
type Agent = Norm<ToGo<Reward>, within::Agent, center::Loo, scale::None, Mean<level::Traj>>;
type Tag = Norm<Outcome, within::Tag, center::Mean, scale::None, Each<level::Token>, Invalid>;
type Everything = Norm<Reward, within::Batch, center::Mean, scale::Std, First<level::Traj>, Success>;
type White = Whiten<Add<Outcome, ToGo<Bound<Reward>, Discount>>>;

type ByItem = MeanPer<
    Norm<Checklist<form::Backfill>, within::Item, center::Mean, scale::None, First<level::Traj>, Judged>,
    level::Step,
>;
type Share = Norm<Mul<Judged, SumPer<Checklist, level::Traj>>>;

/// Values per trajectory, in batch order.
fn per_traj(sample: &Sample, values: &[f64]) -> Vec<Vec<f64>> {
    let tokens = |traj| {
        let steps = sample.layout.steps_of(traj);
        steps.flat_map(|step| sample.layout.tokens_of(step)).map(|token| values[token]).collect()
    };
    (0..sample.layout.trajs()).map(tokens).collect()
}

fn near(a: f64, b: f64) -> bool {
    // An element that is no entry of a pool of equal entries is divided by `eps`.
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(*a, *b))
}

/// Trajectories and groups in another order give the same numbers in that order.
fn ignores_order<S: Signal>(nested: &Nested, turn: usize) -> bool {
    let sample = Sample::new(nested);
    let plain = per_traj(&sample, &sample.eval::<S>(LevelId::Token));
    let mut numbers = 0..plain.len();
    let mut order: Vec<Vec<(Traj, usize)>> =
        nested.iter().map(|group| group.iter().cloned().zip(numbers.by_ref()).collect()).collect();
    for group in &mut order {
        let turn = turn % group.len().max(1);
        group.rotate_left(turn);
    }
    order.reverse();
    let moved: Nested =
        order.iter().map(|group| group.iter().map(|(traj, _)| traj.clone()).collect()).collect();
    let sample = Sample::new(&moved);
    let found = per_traj(&sample, &sample.eval::<S>(LevelId::Token));
    order.iter().flatten().zip(found).all(|((_, number), found)| same(&plain[*number], &found))
}

/// Each trajectory with its steps moved on by `turn` places.
fn steps_turned(nested: &Nested, turn: usize) -> Nested {
    let mut turned = nested.clone();
    for traj in turned.iter_mut().flatten() {
        let turn = turn % traj.steps.len().max(1);
        traj.steps.rotate_left(turn);
    }
    turned
}

/// Steps in another order inside their trajectory give the same numbers in that order.
fn follows_steps<S: Signal>(nested: &Nested, turn: usize) -> bool {
    let (plain, turned) = (Sample::new(nested), Sample::new(&steps_turned(nested, turn)));
    let (values, found) = (plain.eval::<S>(LevelId::Step), turned.eval::<S>(LevelId::Step));
    (0..plain.layout.trajs()).all(|traj| {
        let steps = plain.layout.steps_of(traj);
        let mut expected = values[steps.clone()].to_vec();
        let turn = turn % expected.len().max(1);
        expected.rotate_left(turn);
        same(&expected, &found[steps])
    })
}

/// Sums of a signal over each group, at its own level.
fn group_sums<S: Signal>(sample: &Sample, level: LevelId) -> Vec<f64> {
    let values = sample.eval::<S>(level);
    let pools = pools(&sample.columns(), &PoolId::Prompt, level);
    let mut sums = vec![0.0; pools.len];
    values.iter().zip(pools.of.iter()).for_each(|(x, pool)| sums[*pool as usize] += x);
    sums
}

proptest! {
    #[test]
    fn order_of_trajectories_and_groups_does_not_matter(nested in batches(), turn in 0..4usize) {
        prop_assert!(ignores_order::<sugar::Traj>(&nested, turn), "traj");
        prop_assert!(ignores_order::<sugar::Loo>(&nested, turn), "loo");
        prop_assert!(ignores_order::<PaperStep>(&nested, turn), "step");
        prop_assert!(ignores_order::<Token>(&nested, turn), "token");
        prop_assert!(ignores_order::<AnchorStep>(&nested, turn), "anchor");
        prop_assert!(ignores_order::<Turn>(&nested, turn), "turn");
        prop_assert!(ignores_order::<Agent>(&nested, turn), "agent");
        prop_assert!(ignores_order::<Tag>(&nested, turn), "tag");
        prop_assert!(ignores_order::<ByItem>(&nested, turn), "checklist by item");
        prop_assert!(ignores_order::<Share>(&nested, turn), "checklist by trajectory");
        prop_assert!(ignores_order::<White>(&nested, turn), "whiten");
    }

    #[test]
    fn steps_in_another_order_where_only_state_or_group_pools_them(nested in batches(), turn in 0..5usize) {
        type ByState = Norm<Reward, within::State>;
        type Summed = SumPer<sugar::Implicit<One, Old>, level::Step>;
        prop_assert!(follows_steps::<Norm<Reward>>(&nested, turn), "norm(reward)");
        prop_assert!(follows_steps::<ByState>(&nested, turn), "norm(reward, within = state)");
        prop_assert!(follows_steps::<Summed>(&nested, turn), "sum(implicit, per = step)");
        prop_assert!(follows_steps::<PaperStep>(&nested, turn), "step");
        prop_assert!(follows_steps::<sugar::Traj>(&nested, turn), "traj");
        prop_assert!(follows_steps::<Norm<SumPer<Reward, level::Traj>>>(&nested, turn), "norm(sum(reward, per = traj))");
    }

    #[test]
    fn advantages_of_a_pool_sum_to_zero(nested in batches()) {
        let sample = Sample::new(&nested);
        let sums = [
            group_sums::<sugar::Traj>(&sample, LevelId::Traj),
            group_sums::<sugar::Loo>(&sample, LevelId::Traj),
            group_sums::<PaperStep>(&sample, LevelId::Step),
            group_sums::<Token>(&sample, LevelId::Token),
            group_sums::<AnchorStep>(&sample, LevelId::Step),
            group_sums::<Turn>(&sample, LevelId::Segment),
        ];
        for sum in sums.iter().flatten() {
            prop_assert!(sum.abs() < 1e-7, "{sum}");
        }
    }

    #[test]
    fn a_group_of_one_gives_zero_or_keeps_its_score(nested in batches()) {
        let alone: Nested = nested.into_iter().flatten().map(|traj| vec![traj]).collect();
        let sample = Sample::new(&alone);
        prop_assert!(sample.eval::<sugar::Traj>(LevelId::Traj).iter().all(|x| *x == 0.0));
        prop_assert!(sample.eval::<sugar::Loo>(LevelId::Traj).iter().all(|x| *x == 0.0));
        type Kept = Norm<Outcome, within::Prompt, center::Loo, scale::None, First<level::Traj>, Everywhere, One>;
        prop_assert_eq!(sample.eval::<Kept>(LevelId::Traj), sample.eval::<Outcome>(LevelId::Traj));
    }

    #[test]
    fn equal_outcomes_give_exactly_zero(mut nested in batches(), outcome in -1e3..1e3f64) {
        nested.iter_mut().flatten().for_each(|traj| traj.outcome = outcome);
        let sample = Sample::new(&nested);
        type OverTokens = sugar::Traj<within::Prompt, center::Mean, scale::Std, Each<level::Token>>;
        type OfFirst = sugar::Traj<within::Prompt, center::Mean, scale::Std, First<level::Traj>>;
        type LooOfFirst = Norm<Outcome, within::Prompt, center::Loo, scale::None, First<level::Traj>>;
        for (name, values) in [
            ("traj", sample.eval::<sugar::Traj>(LevelId::Traj)),
            ("traj(count = token)", sample.eval::<OverTokens>(LevelId::Traj)),
            ("traj(count = first(traj))", sample.eval::<OfFirst>(LevelId::Traj)),
            ("loo", sample.eval::<sugar::Loo>(LevelId::Traj)),
            ("loo of first(traj)", sample.eval::<LooOfFirst>(LevelId::Traj)),
        ] {
            prop_assert!(values.iter().all(|x| *x == 0.0), "{name}: {values:?}");
        }
    }

    #[test]
    fn where_keeps_elements_out(nested in batches()) {
        let sample = Sample::new(&nested);
        let success = sample.eval::<Success>(LevelId::Step);
        let values = sample.eval::<Everything>(LevelId::Step);
        for (success, value) in success.iter().zip(values) {
            prop_assert!(*success != 0.0 || value == 0.0);
        }
    }

    #[test]
    fn scores_times_a_number_plus_a_number(mut nested in batches(), a in 0.5..4.0f64, b in -5.0..5.0f64) {
        let plain = Sample::new(&nested);
        nested.iter_mut().flatten().for_each(|traj| traj.outcome = a * traj.outcome + b);
        let moved = Sample::new(&nested);
        let loo = plain.eval::<sugar::Loo>(LevelId::Traj);
        for (x, y) in loo.iter().zip(moved.eval::<sugar::Loo>(LevelId::Traj)) {
            prop_assert!((a * x - y).abs() < 1e-9, "{x} becomes {y}");
        }
        // Without `eps` the spread takes the factor out.
        type Free = sugar::Traj<
            within::Prompt, center::Mean, scale::Std, crate::objective::count::Own, Everywhere, Dec<2, 0>, One, Dec<0, 0>,
        >;
        let free = plain.eval::<Free>(LevelId::Traj);
        for (x, y) in free.iter().zip(moved.eval::<Free>(LevelId::Traj)) {
            prop_assert!((x - y).abs() < 1e-6, "{x} becomes {y}");
        }
    }

    #[test]
    fn whitened_tokens_have_mean_0_and_variance_1(nested in batches()) {
        let values = Sample::new(&nested).eval::<Whiten<Reward>>(LevelId::Token);
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        prop_assert!(values.is_empty() || mean.abs() < 1e-6);
        let one_number = values.iter().all(|x| *x == values[0]);
        prop_assert!(one_number || (variance - 1.0).abs() < 0.1, "{variance}");
    }

    #[test]
    fn no_bounded_return_exceeds_1(nested in batches()) {
        let returns = Sample::new(&nested).eval::<ToGo<Bound<Reward>>>(LevelId::Step);
        prop_assert!(returns.iter().all(|x| x.abs() <= 1.0));
    }

    #[test]
    fn what_is_placed_sums_back(nested in batches()) {
        fn sums_back<O: Choice<Spot>>(sample: &Sample) -> bool {
            let sums = sample.eval::<SumPer<Place<Outcome, O>, level::Traj>>(LevelId::Traj);
            let outcomes = sample.eval::<Outcome>(LevelId::Traj);
            (0..sums.len()).all(|traj| {
                let lost = sample.layout.steps_of(traj).is_empty();
                near(sums[traj], if lost { 0.0 } else { outcomes[traj] })
            })
        }
        let sample = Sample::new(&nested);
        prop_assert!(sums_back::<on::Last>(&sample));
        prop_assert!(sums_back::<on::First>(&sample));
        prop_assert!(sums_back::<on::All>(&sample));
    }

    #[test]
    fn levels_nest(nested in batches()) {
        let sample = Sample::new(&nested);
        let by_segment = sample.eval::<SumPer<SumPer<Reward, level::Segment>, level::Traj>>(LevelId::Traj);
        let at_once = sample.eval::<SumPer<Reward, level::Traj>>(LevelId::Traj);
        prop_assert!(same(&by_segment, &at_once));
        let first = sample.eval::<FirstPer<ToGo<Reward>, level::Traj>>(LevelId::Traj);
        prop_assert!(same(&first, &at_once));
    }
}

/// What looks along a trajectory, or at its first step alone, is another number when steps trade places: here are batches
/// that show it.
#[test]
fn steps_in_another_order_where_order_counts() {
    let step = |reward: f64, label: u32| super::sample::Step {
        reward,
        invalid: false,
        label,
        answer: vec![false; 3],
        tokens: vec![(-1.0, -0.5)],
    };
    let traj =
        |rewards: [f64; 2]| Traj { outcome: 0.0, steps: vec![step(rewards[0], 0), step(rewards[1], 1)] };
    let nested = vec![vec![traj([1.0, 2.0]), traj([5.0, 3.0])]];
    type OfFirst = Norm<Reward, within::Prompt, center::Mean, scale::None, First<level::Traj>>;
    assert!(follows_steps::<Norm<Reward>>(&nested, 1), "all steps of the group are one pool");
    assert!(!follows_steps::<ToGo<Reward>>(&nested, 1), "to_go(reward)");
    assert!(
        !follows_steps::<AnchorStep>(&nested, 1),
        "anchor: the states are the same, what follows them is not"
    );
    assert!(!follows_steps::<OfFirst>(&nested, 1), "norm(reward, count = first(traj))");

    // By hand: returns 3, 2 and 8, 3; in the other order 3, 1 and 8, 5, each beginning with the other state.
    let turned = steps_turned(&nested, 1);
    let to_go = |nested: &Nested| Sample::new(nested).eval::<ToGo<Reward>>(LevelId::Step);
    assert_eq!((to_go(&nested), to_go(&turned)), (vec![3.0, 2.0, 8.0, 3.0], vec![3.0, 1.0, 8.0, 5.0]));
    // The baseline is the mean of the first rewards: 3, and 2.5 after they have traded places.
    let of_first = |nested: &Nested| Sample::new(nested).eval::<OfFirst>(LevelId::Step);
    assert_eq!(
        (of_first(&nested), of_first(&turned)),
        (vec![-2.0, -1.0, 2.0, 0.0], vec![-0.5, -1.5, 0.5, 2.5])
    );
}

/// Few trajectories of very many steps of one token.
fn long_batches() -> impl Strategy<Value = Nested> {
    let step = (-1.0..1.0f64, any::<bool>(), 0..3u32, prop::collection::vec((-3.0..0.0f64, -3.0..0.0f64), 1))
        .prop_map(|(reward, invalid, label, tokens)| super::sample::Step {
            reward,
            invalid,
            label,
            tokens,
            answer: vec![false; 3],
        });
    let steps =
        prop_oneof![prop::collection::vec(step.clone(), 0..4), prop::collection::vec(step, 1000..4000),];
    let traj =
        (prop_oneof![Just(0.0), Just(10.0)], steps).prop_map(|(outcome, steps)| Traj { outcome, steps });
    prop::collection::vec(prop::collection::vec(traj, 1..4), 1..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn thousands_of_steps_are_no_other_than_few(nested in long_batches()) {
        let sample = Sample::new(&nested);
        let (rewards, returns) = (sample.eval::<Reward>(LevelId::Step), sample.eval::<ToGo<Reward, Discount>>(LevelId::Step));
        for traj in 0..sample.layout.trajs() {
            for t in sample.layout.steps_of(traj) {
                let next = if t + 1 < sample.layout.steps_of(traj).end { returns[t + 1] } else { 0.0 };
                prop_assert!(near(returns[t], rewards[t] + 0.9 * next));
            }
        }
        // one pool of thousands of steps is centred and of size 1
        let sums = group_sums::<PaperStep>(&sample, LevelId::Step);
        prop_assert!(sums.iter().all(|sum| sum.abs() < 1e-6), "{sums:?}");
        let steps = sample.eval::<PaperStep>(LevelId::Step);
        prop_assert!(steps.iter().all(|a| a.is_finite() && a.abs() < 100.0));
        let anchored = sample.eval::<AnchorStep>(LevelId::Step);
        prop_assert!(anchored.iter().all(|a| a.abs() <= 20.0), "a return is at most 10");
        for gamma in [0.0, 0.5, 0.9, 1.0] {
            let weights = dmpo(&sample.layout, gamma);
            for traj in 0..sample.layout.trajs() {
                let weights = &weights[sample.layout.steps_of(traj)];
                prop_assert!(weights.first().is_none_or(|w| *w == 1.0), "{gamma} {weights:?}");
                prop_assert!(weights.windows(2).all(|pair| pair[1] <= pair[0] && pair[1] > 0.0));
            }
        }
    }
}
