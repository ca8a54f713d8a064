//! The small fixture: what the released code gives on it, to the six decimals of single precision.

#![allow(clippy::approx_constant, reason = "the numbers are measurements")]

use super::sample::fixture;
use crate::objective::count::{Each, First};
use crate::objective::level::{self, LevelId};
use crate::objective::reference::Old;
use crate::objective::scalar::Dec;
use crate::objective::signal::*;
use crate::objective::sugar::{self, Implicit};
use crate::objective::{center, on, scale, within};

type One = Dec<1, 0>;
type Gamma = Dec<95, 2>;
type StepReward = SumPer<Implicit<One, Old>, level::Step>;
type Rows<X, C, S, N> = Norm<X, within::Prompt, C, S, N, Everywhere, One>;
type FirstRow = First<level::Traj>;
type EachRow = Each<level::Step>;
type Loo<X> = Rows<X, center::Loo, scale::None, FirstRow>;
type Centred<X> = Rows<X, center::Mean, scale::None, FirstRow>;
type Scaled<X> = Rows<X, center::Mean, scale::Std, FirstRow>;
type StdAnchor = sugar::Anchor<Gamma, within::State, center::Mean, scale::Std>;

/// One row a line: what it is, the signal, its value on the ten steps.
macro_rules! rows {
    ($($name:ident: $signal:ty = $($value:literal)*;)*) => {$(
        #[test]
        fn $name() {
            let found = fixture().eval::<$signal>(LevelId::Step);
            let expected = [$($value as f64),*];
            for (step, (a, b)) in found.iter().zip(expected).enumerate() {
                assert!((a - b).abs() < 2e-6, "step {step}: {a}, expected {b}");
            }
            assert_eq!(found.len(), expected.len());
        }
    )*};
}

rows! {
    istar_rloo: Add<Loo<Outcome>, Loo<StepReward>> = 9.95 9.5 -4.75 -4.9 -6.1 -5.2 10.4 7.8 -10.4 -12;
    istar_rloo_outcome: Loo<Outcome> = 10 10 -5 -5 -5 -5 10 10 -10 -10;
    istar_rloo_steps: Loo<StepReward> = -0.05 -0.5 0.25 0.1 -1.1 -0.2 0.4 -2.2 -0.4 -2;
    istar_grpo_mean_norm: Add<Centred<Outcome>, Centred<StepReward>> =
        6.633334 6.333333 -3.166667 -3.266667 -4.066667 -3.466667 5.2 3.9 -5.2 -6;
    istar_grpo_mean_std: Add<Scaled<Outcome>, Scaled<StepReward>> =
        0.936484 -1.027464 0.513732 -0.140917 -5.378113 -1.450216 1.414211 -3.181967 -1.414211 -4.242628;
    istar_rfpp_baseline: Add<Whiten<Centred<Outcome>>, Whiten<Centred<StepReward>>> =
        1.784543 1.107664 0.262701 0.037075 -1.767937 -0.414178 1.982156 -0.950988 -0.893445 -2.698456;
    istar_merged: Loo<Add<Outcome, StepReward>> = 9.95 9.5 -4.75 -4.9 -6.1 -5.2 10.4 7.8 -10.4 -12;
    istar_paper_grpo: Add<sugar::Traj, sugar::Step<One, Old>> =
        1.562947 0.644392 0.443267 0.137082 -2.3124 -0.475288 1.859448 -0.206819 -0.19054 -1.462089;
    istar_paper_rloo: Add<sugar::Loo, sugar::Step<One, Old, within::Prompt, center::Loo, scale::None>> =
        10.16 9.8 -4.6 -4.72 -5.68 -4.96 10.966667 9.233333 -9.566667 -10.633333;
    grpo: sugar::Traj =
        1.1547 1.1547 -0.57735 -0.57735 -0.57735 -0.57735 0.707107 0.707107 -0.707107 -0.707107;
    grpo_over_steps: Rows<Outcome, center::Mean, scale::Std, EachRow> =
        1.290994 1.290994 -0.645497 -0.645497 -0.645497 -0.645497 0.866025 0.866025 -0.866025 -0.866025;
    dr_grpo: Rows<Outcome, center::Mean, scale::None, FirstRow> =
        6.666667 6.666667 -3.333333 -3.333333 -3.333333 -3.333333 5 5 -5 -5;
    rloo: sugar::Loo = 10 10 -5 -5 -5 -5 10 10 -10 -10;
    rloo_over_steps: Rows<Outcome, center::Loo, scale::None, EachRow> =
        8 8 -4 -4 -4 -4 6.666667 6.666667 -6.666667 -6.666667;
    rfpp_baseline: Whiten<Centred<Outcome>> =
        1.260588 1.260588 -0.712506 -0.712506 -0.712506 -0.712506 0.931739 0.931739 -1.041355 -1.041355;
    gigpo_returns: ToGo<Reward, Gamma> = 9.5 10 0 0 0 0 9.5 10 0 0;
    gigpo_mean_norm: Add<Centred<Outcome>, sugar::Anchor<Gamma>> =
        13 11.666667 -6.5 -8.333333 -3.333333 -6.5 11.333333 5 -8.166667 -8.166667;
    gigpo_mean_std_norm: Add<Scaled<Outcome>, StdAnchor> =
        2.309401 1.861807 -1.1547 -1.284457 -0.57735 -1.1547 1.861807 0.707107 -1.284457 -1.284457;
    gigpo_mean_std_norm_over_steps: Add<Rows<Outcome, center::Mean, scale::Std, EachRow>, StdAnchor> =
        2.445694 1.998101 -1.222847 -1.352604 -0.645497 -1.222847 2.020725 0.866025 -1.443375 -1.443375;
    rfpp: FirstPer<
        Whiten<ToGo<Place<Outcome, on::Last, level::Step, level::Token>, One, level::Step>>,
        level::Step,
    > = 1.124323 1.124323 -0.859777 -0.859777 -0.859777 -0.859777 1.124323 1.124323 -0.859777 -0.859777;
}
