//! Terms as types: what they need, plan, refuse and show, and how sums and weights of them train.

use super::option::{clip, dual, estimator, groups, net, over, pairs, per, read, weight};
use super::*;
use crate::batch::{Columns, Layout, LevelId, Scope};
use crate::credit::Credit;
use crate::graph::Phase;
use crate::need::demand::{Demand, Needs};
use crate::objective::count::{Constant, Each, Mean as MeanOf, Sum as SumOf};
use crate::objective::head::{Head, One};
use crate::objective::level::{Step, Token, Traj};
use crate::objective::reference::{Ema, Init, Old, Snapshot, SnapshotKl};
use crate::objective::scalar::{Anneal, Dec, Hp};
use crate::objective::signal::{Gae, Outcome, Place, Value};
use crate::objective::{CriticPlan, Leaf, Plan, Renew, Term, Together, evaluate};

type Zero = Dec<0, 0>;
type Half = Dec<5, 1>;
type Two = Dec<2, 0>;
type Paper = DpoPrm<Hp<0>, net::Separate, Old, pairs::Success, over::Sum, weight::Flat, read::Before>;
type Everything = Sum<
    Weighted<
        Hp<1>,
        DpoPrm<Hp<0>, net::Shared, Ema<Half>, pairs::TopBottom<Two>, over::Mean, weight::Dmpo<Half>>,
    >,
    Sum<
        Rl<Outcome, clip::Band<Half, Two>, SumOf<Step>, Constant<Two>, dual::At<Two>, groups::Mixed>,
        Sum<Kl<Half, Snapshot<Two>, estimator::Abs>, Sum<Entropy<Half>, Bc<Half>>>,
    >,
>;

const AT: Scope<'_> = Scope::new(&[0.05, 1.0], &["beta", "w"]);

fn shown<T: Term>() -> Vec<String> {
    let mut lines = Vec::new();
    T::show(&AT, &mut lines);
    lines
}

#[test]
fn lines_leave_defaults_out() {
    assert_eq!(shown::<DpoPrm<Half>>(), ["dpo_prm(0.5)"]);
    assert_eq!(shown::<Rl<Outcome>>(), ["rl(adv = outcome)"]);
    assert_eq!(shown::<Kl<Half>>(), ["kl(0.5, ref = init)"]);
    assert_eq!(
        shown::<Paper>(),
        ["dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)"]
    );
    assert_eq!(
        shown::<Everything>(),
        [
            "w * dpo_prm(beta, ref = ema(0.5), pairs = top_bottom(2), over = mean, weight = dmpo(0.5))",
            "rl(adv = outcome, clip = (0.5, 2), ratio = sum(step), reduce = constant(2), dual = 2, groups = mixed)",
            "kl(0.5, ref = snapshot(every = 2), estimator = abs)",
            "entropy(0.5)",
            "bc(0.5)",
        ]
    );
    assert_eq!(shown::<Dpo<Half>>(), ["dpo(0.5)"]);
    assert_eq!(
        shown::<Dpo<Half, Old, pairs::Success, over::Common, weight::Dmpo<Half>>>(),
        ["dpo(0.5, ref = old, pairs = success, over = common, weight = dmpo(0.5))"]
    );
    assert_eq!(shown::<CePrm<Half>>(), ["ce_prm(0.5)"]);
    assert_eq!(
        shown::<CePrm<Half, net::Separate, Old, per::Step, read::Before>>(),
        ["ce_prm(0.5, net = separate, ref = old, per = step, read = before)"]
    );
    assert_eq!(shown::<Dar<Half, Two, Outcome>>(), ["dar(0.5, 2, adv = outcome)"]);
    assert_eq!(shown::<Dar<Half, Two, Outcome, Two>>(), ["dar(0.5, 2, adv = outcome, clip = 2)"]);
    assert_eq!(
        shown::<Rl<Outcome, clip::Off, MeanOf<Step>, MeanOf<Traj>>>(),
        ["rl(adv = outcome, clip = none, ratio = mean(step), reduce = mean(traj))"]
    );
}

#[test]
fn needs_are_the_union() {
    let demand = |prm_net, ema_ref, snapshot_ref, others| Demand {
        trains_prm: true,
        pairs: true,
        prm_net,
        ema_ref,
        snapshot_ref,
        trains_policy: others,
        entropy: others,
        demonstrations: others,
        ..Demand::default()
    };
    assert_eq!(<Paper as Term>::Needs::DEMAND, demand(true, false, false, false));
    assert_eq!(<Everything as Term>::Needs::DEMAND, demand(false, true, true, true));
    let rl = Demand { trains_policy: true, ..Demand::default() };
    assert_eq!(<Rl<Outcome> as Term>::Needs::DEMAND, rl);
    assert_eq!(<Kl<Half, Init> as Term>::Needs::DEMAND, Demand { init_ref: true, ..rl });
    assert_eq!(<Dpo<Half, Old> as Term>::Needs::DEMAND, Demand { pairs: true, ..rl });
    assert_eq!(<Dar<Half, Half, Outcome> as Term>::Needs::DEMAND, Demand { init_ref: true, ..rl });
    let labels = Demand { trains_prm: true, init_ref: true, ..Demand::default() };
    assert_eq!(<CePrm<Half> as Term>::Needs::DEMAND, labels);
}

#[test]
fn plans_reach_the_trainer() {
    let plan = |of: fn(&Scope<'_>, &mut Plan)| {
        let mut plan = Plan::default();
        of(&AT, &mut plan);
        plan
    };
    assert_eq!(
        plan(Weighted::<Zero, Paper>::plan),
        Plan { read_before: true, idle_prm: true, ..Plan::default() }
    );
    let everything = Plan { snapshot: Some(Renew::Every(2)), ema: Some(0.5), ..Plan::default() };
    assert_eq!(plan(Everything::plan), everything);
    assert_eq!(plan(Kl::<Half, SnapshotKl<Half>>::plan).snapshot, Some(Renew::Drift(0.5)));
    assert!(plan(CePrm::<Half, net::Separate, Old, per::Traj, read::Before>::plan).read_before);
    assert_eq!(plan(Dar::<Half, Half, Outcome>::plan).together, Together::Traj);
    // the largest unit counts, wherever it stands in the sum
    type Both = Sum<Dpo<Half>, Weighted<Half, Sum<Dar<Half, Half, Outcome>, Rl<Outcome>>>>;
    assert_eq!(plan(Both::plan).together, Together::Group);
}

#[test]
fn numbers_out_of_range_are_all_named() {
    let problems = |of: fn(&Scope<'_>, &mut Vec<String>), params: &[f64]| {
        let mut problems = Vec::new();
        of(&Scope { params, ..AT }, &mut problems);
        problems
    };
    type Bad = Sum<
        DpoPrm<Hp<0>, net::Shared, Init, pairs::TopBottom<Hp<1>>, over::Sum, weight::Dmpo<Hp<2>>>,
        Rl<Outcome, clip::Band<Hp<3>, Hp<3>>, Each<Token>, Constant<Hp<4>>, dual::At<Hp<5>>>,
    >;
    assert_eq!(problems(Bad::check, &[0.1, 2.0, 0.9, 0.2, 40.0, 3.0]), [""; 0]);
    assert_eq!(
        problems(Bad::check, &[0.0, 1.5, 1.5, -0.2, 0.0, 1.0]),
        [
            "`beta` must be above 0, found 0 in `dpo_prm`",
            "`top_bottom` must be a whole number, 1 or above, found 1.5 for `w` in `dpo_prm`",
            "`gamma` must be in [0, 1], found 1.5 for `#2` in `dpo_prm`",
            "`clip` must be 0 or above, found -0.2 for `#3` in `rl`",
            "`constant` must be above 0, found 0 for `#4` in `rl`",
            "`dual` must be above 1, found 1 for `#5` in `rl`",
        ]
    );
    type Worse = Sum<
        CePrm<Hp<0>>,
        Sum<
            Dpo<Hp<0>, Init, pairs::Success, over::Common, weight::Dmpo<Half>>,
            Dar<Hp<0>, Two, Outcome, Zero>,
        >,
    >;
    assert_eq!(
        problems(Worse::check, &[-1.0]),
        [
            "`beta` must be above 0, found -1 in `ce_prm`",
            "`beta` must be above 0, found -1 in `dpo`",
            "`over = common` counts the same steps of both trajectories, and `dmpo` weighs them by lengths that differ: write `weight = flat`, or `over = sum` in `dpo`",
            "`beta` must be above 0, found -1 in `dar`",
            "`alpha` must be in [0, 1], found 2 in `dar`",
            "`clip` must be above 0, found 0 in `dar`",
        ]
    );
    assert_eq!(
        problems(Kl::<Hp<0>>::check, &[f64::NAN]),
        ["`coef` must be 0 or above, found NaN for `beta`"]
    );
    assert_eq!(problems(Weighted::<Hp<0>, Entropy<Half>>::check, &[f64::INFINITY]).len(), 1);
}

/// Two groups: outcomes differ in the first, not in the second; one trajectory is empty.
struct Fixture {
    layout: Layout,
    outcome: Vec<f64>,
    old: Vec<f64>,
    init: Vec<f64>,
}

impl Fixture {
    fn new() -> Self {
        Fixture {
            layout: Layout::new(vec![0, 2, 5], vec![0, 2, 3, 4, 5, 5], vec![0, 2, 3, 4, 5, 7]),
            outcome: vec![1.0, 0.0, 1.0, 1.0, 1.0],
            old: vec![-1.0; 7],
            init: vec![-1.5; 7],
        }
    }

    /// Value and gradient of a term whose parameters have `logp = -1` everywhere.
    fn train<T: Term>(&self, phase: Phase, iteration: u64) -> Option<(f64, Vec<f64>)> {
        let at = Scope { iteration, ..AT };
        let outcomes = Columns::of_outcomes(&self.layout, &self.old, &self.outcome, &self.outcome);
        let batch = Columns { init: Some(&self.init), ..outcomes };
        let beside = Some(self.old.as_slice());
        let leaf = Leaf { entropy: beside, demonstration: beside, ..Leaf::new(phase, &self.old) };
        let found = evaluate::<T>(&Credit { batch, at }, &leaf);
        Some((found.loss?, found.slope))
    }
}

#[test]
fn every_term_has_its_phase() {
    let fixture = Fixture::new();
    let phases = |train: fn(&Fixture, Phase, u64) -> Option<(f64, Vec<f64>)>| {
        [Phase::Reward, Phase::Policy].map(|phase| train(&fixture, phase, 0).is_some())
    };
    assert_eq!(phases(Fixture::train::<DpoPrm<Half>>), [true, false]);
    assert_eq!(phases(Fixture::train::<CePrm<Half>>), [true, false]);
    assert_eq!(phases(Fixture::train::<Dpo<Half>>), [false, true]);
    assert_eq!(phases(Fixture::train::<Dar<Half, Half, Outcome>>), [false, true]);
    assert_eq!(phases(Fixture::train::<Rl<Outcome>>), [false, true]);
    assert_eq!(phases(Fixture::train::<Kl<Half>>), [false, true]);
    assert_eq!(phases(Fixture::train::<Entropy<Half>>), [false, true]);
    assert_eq!(phases(Fixture::train::<Bc<Half>>), [false, true]);
    assert_eq!(phases(Fixture::train::<Sum<DpoPrm<Half>, Rl<Outcome>>>), [true, true]);
    assert_eq!(phases(Fixture::train::<Critic<Half>>), [false, false]);
}

/// Only a critic has a loss in its phase, whatever stands beside it.
#[test]
fn a_critic_has_a_phase_of_its_own() {
    type Estimate = Gae<Place<Outcome>, Dec<1, 0>, Half, Value>;
    type Ours = Critic<Two, clip::Off, Step, Head<One, Estimate>>;
    type Line = Sum<Rl<Estimate>, Sum<Ours, Sum<Kl<Half>, Sum<Entropy<Half>, Sum<Bc<Half>, DpoPrm<Half>>>>>>;
    let fixture = Fixture::new();
    let value = [vec![0.5; 5]];
    let layout = &fixture.layout;
    let batch = Columns {
        init: Some(&fixture.init),
        value: Some(&value),
        ..Columns::of_outcomes(layout, &fixture.old, &fixture.outcome, &fixture.outcome)
    };
    let found = evaluate::<Line>(&Credit { batch, at: AT }, &Leaf::new(Phase::Value, &[0.25; 5]));
    // steps of the fixture: two of a success, one each of a failure and of two successes; lam ½ mixes in the value
    let targets = [0.75, 1.0, 0.0, 1.0, 1.0];
    let errors = targets.map(|target| 0.25 - target);
    let expected = 2.0 * errors.map(|error| error * error).iter().sum::<f64>() / 5.0;
    assert!((found.loss.expect("a loss") - expected).abs() < 1e-15);
    let gradient = found.slope;
    assert!(
        gradient.iter().zip(errors).all(|(found, error)| (found - 0.8 * error).abs() < 1e-15),
        "{gradient:?}"
    );
    let logged: Vec<&str> = found.metrics.iter().map(|(name, _)| *name).collect();
    assert_eq!(logged, ["losses/critic", "charts/explained_variance"]);
}

#[test]
fn a_critic_says_what_to_set_up() {
    type Tokens = Critic<Hp<0>, clip::Near<Half>, Token>;
    assert_eq!(shown::<Critic<Half>>(), ["critic(0.5)"]);
    assert_eq!(shown::<Tokens>(), ["critic(beta, per = token)"]);
    assert_eq!(shown::<Weighted<Hp<1>, Critic<Half, clip::Off>>>(), ["w * critic(0.5, clip = none)"]);
    let mut plan = Plan::default();
    Weighted::<Hp<1>, Tokens>::plan(&AT, &mut plan);
    assert_eq!(plan.critic, Some(CriticPlan { heads: vec![String::new()], level: LevelId::Token }));
    assert_eq!(plan.clash, None);
    Critic::<Half>::plan(&AT, &mut plan);
    assert_eq!(plan.clash, Some("critic"));
    let mut problems = Vec::new();
    Critic::<Hp<0>, clip::Near<Hp<0>>>::check(&Scope { params: &[-1.0], ..AT }, &mut problems);
    assert_eq!(
        problems,
        ["`coef` must be 0 or above, found -1 for `beta`", "`clip` must be above 0, found -1 for `beta`"]
    );
}

#[test]
fn weight_zero_trains_nothing() {
    let fixture = Fixture::new();
    assert!(fixture.train::<Weighted<Zero, DpoPrm<Half>>>(Phase::Reward, 0).is_none());
    type Fading = Weighted<Anneal<Two, Two>, Rl<Outcome>>;
    assert!(fixture.train::<Fading>(Phase::Policy, 1).is_some());
    assert!(fixture.train::<Fading>(Phase::Policy, 2).is_none());
    let alone = fixture.train::<Rl<Outcome>>(Phase::Policy, 0);
    assert_eq!(fixture.train::<Sum<Weighted<Zero, Entropy<Half>>, Rl<Outcome>>>(Phase::Policy, 0), alone);
}

#[test]
fn a_sum_adds_values_and_gradients() {
    let fixture = Fixture::new();
    let (kl, kl_gradient) = fixture.train::<Kl<Half>>(Phase::Policy, 0).expect("a loss");
    let (rl, rl_gradient) = fixture.train::<Rl<Outcome>>(Phase::Policy, 0).expect("a loss");
    type Both = Sum<Weighted<Two, Kl<Half>>, Rl<Outcome>>;
    let (both, gradient) = fixture.train::<Both>(Phase::Policy, 0).expect("a loss");
    assert!((both - (2.0 * kl + rl)).abs() < 1e-15);
    for i in 0..7 {
        assert!((gradient[i] - (2.0 * kl_gradient[i] + rl_gradient[i])).abs() < 1e-15);
    }
}

#[test]
fn groups_of_equal_outcomes_leave_the_loss() {
    let fixture = Fixture::new();
    type Dapo = Rl<Outcome, clip::Off, Each<Token>, Each<Token>, dual::Off, groups::Mixed>;
    let (value, gradient) = fixture.train::<Dapo>(Phase::Policy, 0).expect("a loss");
    // tokens 0..3 have outcome 1, token 3 has outcome 0, the rest is the second group
    assert!((value + 0.75).abs() < 1e-15);
    assert_eq!(gradient, [-0.25, -0.25, -0.25, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn no_pair_is_no_loss() {
    let mut fixture = Fixture::new();
    fixture.outcome.fill(1.0);
    assert!(fixture.train::<DpoPrm<Half>>(Phase::Reward, 0).is_none());
    assert!(fixture.train::<Dpo<Half>>(Phase::Policy, 0).is_none());
    // labels are there all the same
    assert!(fixture.train::<CePrm<Half>>(Phase::Reward, 0).is_some());
}

#[test]
fn trajectories_far_from_the_initial_policy_weigh_less() {
    let fixture = Fixture::new();
    type Line = Dar<Two, Half, Outcome>;
    // init is 1/2 below old at every token: a trajectory of n tokens weighs exp(-n/4 + outcome/2)
    let weight = |tokens: f64, outcome: f64| (-tokens / 4.0 + outcome / 2.0).exp();
    let weights = [weight(3.0, 1.0), weight(1.0, 0.0), weight(1.0, 1.0), weight(2.0, 1.0)];
    let (value, gradient) = fixture.train::<Line>(Phase::Policy, 0).expect("a loss");
    let tokens = [0, 0, 0, 1, 2, 3, 3];
    // the trajectory without tokens does not count: four are left
    let expected = tokens.map(|traj: usize| -weights[traj] / 4.0);
    assert!(gradient.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{gradient:?}");
    assert!((value + expected.iter().sum::<f64>()).abs() < 1e-12);
    type Clipped = Dar<Two, Half, Outcome, Half>;
    let (_, gradient) = fixture.train::<Clipped>(Phase::Policy, 0).expect("a loss");
    assert_eq!(gradient[..4], [-0.125; 4]);
}

#[test]
fn odds_are_those_of_likelihoods() {
    use super::option::link;
    use crate::objective::reference::Free;
    type Mean<Ref> = Dpo<Half, Ref, pairs::Success, over::Token, weight::Flat, link::Odds>;
    let problems = |check: fn(&Scope<'_>, &mut Vec<String>)| {
        let mut problems = Vec::new();
        check(&AT, &mut problems);
        problems
    };
    assert_eq!(problems(Mean::<Free>::check), [""; 0]);
    assert!(problems(Mean::<Old>::check)[0].contains("ref = none"));
}
