//! `gae` on arbitrary batches: what it becomes at the ends of its options, and what a critic learns from it.

use super::super::*;
use super::sample::{Sample, batches};
use crate::batch::{Columns, LevelId, Scope};
use crate::credit::Credit;
use crate::need::demand::Needs;
use crate::objective::count::Own;
use crate::objective::head::Target;
use crate::objective::kind::{Kind, KindId};
use crate::objective::level::{self, Level};
use crate::objective::scalar::Dec;
use crate::objective::{Plan, Signal};
use proptest::prelude::*;

type Zero = Dec<0, 0>;
type One = Dec<1, 0>;
type Discount = Dec<9, 1>;
type Nil = Constant<Zero>;
/// A head per step, another per step, and one per token.
type V = Value<0>;
type High = Value<1>;
type OfToken = Value<2, crate::objective::head::One, level::Token>;
type TokenReward = Place<Reward, crate::objective::on::Last, level::Step, level::Token>;

/// A batch with estimates that differ from element to element, its trajectories cut off but for every third.
struct Estimated {
    sample: Sample,
    value: Vec<Vec<f64>>,
    ended: Vec<f64>,
    /// Of each head, after the last steps of trajectories that were cut off.
    final_value: Vec<Vec<f64>>,
}

impl Estimated {
    fn new(sample: Sample) -> Self {
        let numbers = |n: usize, step: usize| (0..n).map(|i| ((i * step) % 13) as f64 / 4.0 - 1.0).collect();
        let layout = &sample.layout;
        let ended: Vec<f64> = (0..layout.trajs()).map(|i| f64::from(u8::from(i % 3 == 0))).collect();
        let after = |head: usize| {
            let estimates = (0..layout.trajs()).map(|i| ((i * (head + 2)) % 7) as f64 / 2.0 - 1.0);
            estimates.zip(&ended).map(|(estimate, ended)| estimate * (1.0 - ended)).collect()
        };
        Estimated {
            final_value: (0..3).map(after).collect(),
            value: vec![numbers(layout.steps(), 5), numbers(layout.steps(), 7), numbers(layout.tokens(), 3)],
            ended,
            sample,
        }
    }

    fn cx(&self) -> Credit<'_> {
        let batch = Columns {
            value: Some(&self.value),
            final_value: Some(&self.final_value),
            ended: Some(&self.ended),
            ..self.sample.columns()
        };
        Credit { batch, at: Scope::new(&[], &[]) }
    }
}

fn near(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}

proptest! {
    #[test]
    fn lam_1_is_the_return_less_the_value(nested in batches()) {
        let estimated = Estimated::new(Sample::new(&nested));
        let cx = estimated.cx();
        let found = Gae::<Reward, Discount, One, V>::eval(&cx);
        prop_assert!(near(&found, &Sub::<ToGo<Reward, Discount>, V>::eval(&cx)));
        // cut off, something stands for what would have followed: the estimate of the state after the last action, the one
        // before it, a number, or what is made of them
        let layout = &estimated.sample.layout;
        type Cut<C> = Gae<Reward, Discount, One, V, Own, level::Traj, Nil, C>;
        type Before = LastPer<High, level::Traj>;
        let cuts = [
            Cut::<High>::eval(&cx),
            Cut::<Before>::eval(&cx),
            Cut::<Constant<Dec<3, 0>>>::eval(&cx),
            Cut::<Add<Scale<Dec<2, 0>, Clip<High, Zero, One>>, Before>>::eval(&cx),
        ];
        for traj in 0..layout.trajs() {
            let steps = layout.steps_of(traj);
            for step in steps.clone() {
                let (before, after) = (estimated.value[1][steps.end - 1], estimated.final_value[1][traj]);
                let ahead = (1.0 - estimated.ended[traj]) * 0.9f64.powi((steps.end - step) as i32);
                let stands = [after, before, 3.0, 2.0 * after.clamp(0.0, 1.0) + before];
                for (cut, stands) in cuts.iter().zip(stands) {
                    prop_assert!((cut[step] - found[step] - ahead * stands).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn a_trajectory_that_goes_on_for_ever_is_worth_what_its_estimates_say(nested in batches(), reward in -2.0..2.0f64) {
        // Where each state is worth r / (1 - gamma) and each step brings r, no step is better than was thought: cut off
        // anywhere, and whatever lam is.
        let mut estimated = Estimated::new(Sample::new(&nested));
        estimated.ended.fill(0.0);
        let worth = reward / (1.0 - 0.9);
        estimated.value.iter_mut().chain(&mut estimated.final_value).for_each(|column| column.fill(worth));
        let rewards = vec![reward; estimated.sample.layout.steps()];
        let cx = estimated.cx();
        let cx = Credit { batch: Columns { reward: Some(&rewards), ..cx.batch }, ..cx };
        type Cut<Lam> = Gae<Reward, Discount, Lam, V, Own, level::Traj, Nil, V>;
        for advantages in [Cut::<Zero>::eval(&cx), Cut::<Discount>::eval(&cx), Cut::<One>::eval(&cx)] {
            prop_assert!(advantages.iter().all(|advantage| advantage.abs() < 1e-9), "{:?}", advantages);
        }
        let targets = Cut::<Discount>::target(&cx, LevelId::Step);
        prop_assert!(targets.into_iter().flatten().all(|target| (target - worth).abs() < 1e-9));
    }

    #[test]
    fn lam_0_is_the_error_of_one_step(nested in batches()) {
        let estimated = Estimated::new(Sample::new(&nested));
        let (cx, layout) = (estimated.cx(), &estimated.sample.layout);
        let (reward, value) = (Reward::eval(&cx), &estimated.value[0]);
        let found = Gae::<Reward, Discount, Zero, V>::eval(&cx);
        for traj in 0..layout.trajs() {
            let steps = layout.steps_of(traj);
            for step in steps.clone() {
                let ahead = if step + 1 < steps.end { value[step + 1] } else { 0.0 };
                prop_assert!((found[step] - (reward[step] + 0.9 * ahead - value[step])).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_unit_starts_anew(nested in batches()) {
        let estimated = Estimated::new(Sample::new(&nested));
        let (cx, layout) = (estimated.cx(), &estimated.sample.layout);
        let (owner, reward) = (crate::credit::owners(&cx.batch, LevelId::Step, LevelId::Segment), Reward::eval(&cx));
        let found = Gae::<Reward, Discount, One, V, Own, level::Segment, High>::eval(&cx);
        for step in 0..layout.steps() {
            let steps = layout.steps_of(layout.traj_of_step()[step] as usize);
            let end = (step..steps.end).find(|s| owner[*s] != owner[step]).unwrap_or(steps.end);
            let rewards = reward[step..end].iter().enumerate().map(|(k, reward)| 0.9f64.powi(k as i32) * reward);
            let mut expected = rewards.sum::<f64>() - estimated.value[0][step];
            if end < steps.end {
                expected += 0.9f64.powi((end - step) as i32) * estimated.value[1][end];
            }
            prop_assert!((found[step] - expected).abs() < 1e-9);
        }
        // inside steps of tokens, and with nothing to bootstrap from, it is the return of the step
        let tokens = Gae::<TokenReward, Discount, One, OfToken, Own, level::Step>::eval(&cx);
        prop_assert!(near(&tokens, &Sub::<ToGo<TokenReward, Discount, level::Step>, OfToken>::eval(&cx)));
    }

    #[test]
    fn segments_are_long_steps(nested in batches()) {
        let estimated = Estimated::new(Sample::new(&nested));
        let (cx, layout) = (estimated.cx(), &estimated.sample.layout);
        type Long<Lam> = Gae<Reward, Discount, Lam, V, level::Segment>;
        // with lam = 1 what lies between is of no account: the return of the segment's first step
        let found = Long::<One>::eval(&cx);
        type First<X> = FirstPer<X, level::Segment>;
        prop_assert!(near(&found, &First::<Sub<ToGo<Reward, Discount>, V>>::eval(&cx)));
        // and with lam = 0 the error of one segment, bootstrapped from the next one's first step
        let owner = crate::credit::owners(&cx.batch, LevelId::Step, LevelId::Segment);
        let within = First::<ToGo<Reward, Discount, level::Segment>>::eval(&cx);
        for (segment, found) in Long::<Zero>::eval(&cx).iter().enumerate() {
            let start = owner.iter().position(|o| *o as usize == segment).expect("no segment is empty");
            let steps = layout.steps_of(layout.traj_of_step()[start] as usize);
            let end = (start..steps.end).find(|s| owner[*s] != owner[start]).unwrap_or(steps.end);
            let ahead = if end < steps.end { estimated.value[0][end] } else { 0.0 };
            let expected = within[segment] + 0.9f64.powi((end - start) as i32) * ahead - estimated.value[0][start];
            prop_assert!((found - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn targets_are_what_the_value_was_compared_with(nested in batches()) {
        let estimated = Estimated::new(Sample::new(&nested));
        let (cx, layout) = (estimated.cx(), &estimated.sample.layout);
        type Plain = Gae<Reward, Discount, Discount, V>;
        let target: Vec<f64> = Plain::target(&cx, LevelId::Step).into_iter().flatten().collect();
        prop_assert!(near(&target, &Add::<Plain, V>::eval(&cx)));
        // per segment: on first steps alone
        type Long = Gae<Reward, Discount, Discount, V, level::Segment>;
        let (long, owner) =
            (Long::eval(&cx), crate::credit::owners(&cx.batch, LevelId::Step, LevelId::Segment));
        for (step, target) in Long::target(&cx, LevelId::Step).into_iter().enumerate() {
            let first = step == 0 || owner[step - 1] != owner[step];
            let expected = first.then(|| long[owner[step] as usize] + estimated.value[0][step]);
            prop_assert_eq!(target.is_some(), expected.is_some());
            prop_assert!((target.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12);
        }
        // per token with one estimate a step: that of the first token
        type Fine = Gae<TokenReward, Discount, Discount, V>;
        let fine = Add::<Fine, V>::eval(&cx);
        for (step, target) in Fine::target(&cx, LevelId::Step).into_iter().enumerate() {
            let tokens = layout.tokens_of(step);
            prop_assert_eq!(target, tokens.clone().next().map(|token| fine[token]));
        }
    }
}

#[test]
fn what_it_shows_and_is() {
    let is = |level: LevelId, kind: KindId| (level, kind);
    fn of<S: Signal>() -> (LevelId, KindId) {
        (<S::Level as Level>::id(&Scope::new(&[], &[])), <S::Kind as Kind>::ID)
    }
    type Low = Gae<Reward, Discount, One, V, Own, level::Segment, FirstPer<High, level::Segment>, V>;
    type Long = Gae<Reward, One, Discount, V, level::Segment>;
    assert_eq!(of::<Low>(), is(LevelId::Step, KindId::Advantage));
    assert_eq!(of::<Long>(), is(LevelId::Segment, KindId::Advantage));
    assert_eq!(of::<OfToken>(), is(LevelId::Token, KindId::Value));
    assert_eq!(of::<Sub<ToGo<Reward>, V>>(), is(LevelId::Step, KindId::Advantage));
    assert_eq!(
        Low::show(&Scope::new(&[], &[])),
        "gae(reward, 0.9, 1, within = segment, next = first(value, per = segment), cut = value)"
    );
    assert_eq!(Long::show(&Scope::new(&[], &[])), "gae(reward, 1, 0.9, per = segment)");
    assert_eq!(
        Gae::<Reward, One, Zero, Outcome>::show(&Scope::new(&[], &[])),
        "gae(reward, 1, 0, value = outcome)"
    );
    let after = |cut: fn(&Scope<'_>, &mut Plan)| {
        let mut plan = Plan::default();
        cut(&Scope::new(&[], &[]), &mut plan);
        plan.after
    };
    type Cut<C> = Gae<Reward, One, Zero, V, Own, level::Traj, Nil, C>;
    assert!(after(Low::plan) && after(Norm::<Cut<Scale<Discount, V>>>::plan));
    assert!(!after(Long::plan) && !after(Cut::<LastPer<V, level::Traj>>::plan));
    let demand = <Low as Signal>::Needs::DEMAND;
    assert!(demand.critic && demand.step_rewards && demand.segments && !demand.trains_policy);
    let demand = <Gae<Reward, One, Zero, Outcome> as Signal>::Needs::DEMAND;
    assert!(!demand.critic);
}

#[test]
fn numbers_out_of_range_are_reported() {
    let mut problems = Vec::new();
    Gae::<Reward, Dec<2, 0>, Dec<-1, 0>, V>::check(&Scope::new(&[], &[]), &mut problems);
    assert_eq!(problems, ["`gamma` must be in [0, 1], found 2", "`lam` must be in [0, 1], found -1"]);
}
