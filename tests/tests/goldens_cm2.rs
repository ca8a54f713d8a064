//! CM2's advantages against its released code: the lines as the language writes them.

use istar::batch::{LevelId, Scope};
use istar::credit::{Credit, broadcast};
use istar::objective;
use istar::objective::level::Level;
use istar::objective::scalar::{Dec, Hp};
use istar::objective::signal::*;
use istar::objective::{
    NeedsOf, Objective, Signal, center, count, demand_of, deps, form, level, scale, weigh, within,
};
use istar::recipes::{Cm2Step, Cm2Traj, Cm2Turn};
use istar_tests::golden::Golden;

const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-9;

fn holds<S: Signal>(golden: &Golden, key: &str, level: LevelId, params: &[f64]) {
    let at = Scope::new(params, &["min"]);
    let cx = Credit { batch: golden.columns(), at };
    let found = broadcast(&cx.batch, S::eval(&cx), <S::Level as Level>::id(&cx.at), level);
    golden.compare(key, &found, ABSOLUTE, RELATIVE);
}

/// Whether the group's spread divides.
fn by_std(golden: &Golden) -> bool {
    golden.params["norm_by_std"].as_bool().expect("a choice of the case")
}

type Share = Mul<Judged, SumPer<Checklist<form::Flip, deps::False, weigh::Traj>, level::Traj>>;
type ByTraj<S> = Norm<Share, within::Prompt, center::Mean, S, count::Own, Everywhere, Dec<1, 0>>;
type TurnReward = SumPer<Checklist<form::Flip, deps::False>, level::Segment>;
type ByTurn<S> = Norm<TurnReward, within::Turn, center::Mean, S, count::Own, Judged, Dec<5, 0>>;
type ByItem = Norm<
    Checklist<form::Backfill>,
    within::Item,
    center::Mean,
    scale::None,
    count::First<level::Traj>,
    Judged,
    Hp<0>,
>;

#[test]
fn by_trajectory() {
    for golden in Golden::all("cm2_trajectory") {
        holds::<Share>(&golden, "outcome", LevelId::Traj, &[]);
        match by_std(&golden) {
            true => holds::<ByTraj<scale::Std>>(&golden, "advantage", LevelId::Token, &[]),
            false => holds::<ByTraj<scale::None>>(&golden, "advantage", LevelId::Token, &[]),
        }
    }
}

#[test]
fn by_turn() {
    for golden in Golden::all("cm2_turn") {
        match by_std(&golden) {
            true => holds::<ByTurn<scale::Std>>(&golden, "advantage", LevelId::Token, &[]),
            false => holds::<ByTurn<scale::None>>(&golden, "advantage", LevelId::Token, &[]),
        }
    }
}

#[test]
fn by_step() {
    for golden in Golden::all("cm2_step") {
        let least = [golden.number("min_count") + 1.0];
        match golden.params["divide_by_weight_sum"].as_bool().expect("a choice of the case") {
            true => holds::<MeanPer<ByItem, level::Step>>(&golden, "advantage", LevelId::Token, &least),
            false => holds::<SumPer<ByItem, level::Step>>(&golden, "advantage", LevelId::Token, &least),
        }
    }
}

/// The lines as they are written are these types.
#[test]
fn lines() {
    use istar::objective::term::Rl;
    use std::any::TypeId;
    fn same<A: 'static, B: 'static>() {
        assert_eq!(TypeId::of::<A>(), TypeId::of::<B>());
    }
    same::<<Cm2Traj as Objective>::Graph, Rl<ByTraj<scale::None>>>();
    same::<<Cm2Turn as Objective>::Graph, Rl<ByTurn<scale::None>>>();
    objective! {
        /// With the number of trajectories as a parameter.
        pub Line<least> = rl(adv = mean(
            norm(checklist(form = backfill), within = item, scale = none, count = first(traj), min = least, where = judged),
            per = step
        ))
    }
    same::<<Line as Objective>::Graph, Rl<MeanPer<ByItem, level::Step>>>();
    assert!(demand_of::<Cm2Step>().checklist && !demand_of::<Cm2Step>().segments);
    assert!(demand_of::<Cm2Turn>().checklist && demand_of::<Cm2Turn>().segments);
    same::<NeedsOf<Cm2Traj>, NeedsOf<Cm2Step>>();
}
