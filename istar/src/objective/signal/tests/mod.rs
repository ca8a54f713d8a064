//! What signals print, need and refuse at run time; the arithmetic is tested beside the estimators.

mod cm2;
mod properties;
pub(crate) mod sample;
mod value;

use super::*;
use crate::batch::{Columns, Layout, LevelId, Role, Scope};
use crate::credit::Credit;
use crate::need::demand::{Demand, Needs};
use crate::objective::count::{Each, First, Own};
use crate::objective::kind::{Kind, KindId};
use crate::objective::level::{self, Level};
use crate::objective::reference::{Ema, Init, Old, Snapshot, SnapshotKl};
use crate::objective::scalar::{Dec, Hp};
use crate::objective::sugar::{self, Implicit};
use crate::objective::{Plan, Renew, Signal};
use crate::objective::{center, deps, form, on, role, scale, weigh, within};

const NAMES: [&str; 2] = ["beta", "gamma"];
type Beta = Hp<0>;
type Gamma = Hp<1>;

fn scope(params: &[f64]) -> Scope<'_> {
    Scope::new(params, &NAMES)
}

fn problems<S: Signal>(params: &[f64]) -> Vec<String> {
    let mut problems = Vec::new();
    S::check(&scope(params), &mut problems);
    problems
}

fn plan<S: Signal>() -> Plan {
    let mut plan = Plan::default();
    S::plan(&scope(&[0.05, 0.9]), &mut plan);
    plan
}

#[test]
fn sugar_is_shown_expanded_and_defaults_are_not() {
    fn shown<S: Signal>() -> String {
        S::show(&Scope::new(&[], &NAMES))
    }
    assert_eq!(shown::<sugar::Traj>(), "norm(outcome)");
    assert_eq!(shown::<sugar::Loo>(), "norm(outcome, center = loo, scale = none)");
    assert_eq!(shown::<sugar::Step<Beta, Old>>(), "norm(sum(beta * log_ratio(prm, old), per = step))");
    assert_eq!(shown::<sugar::Anchor<Gamma>>(), "norm(to_go(reward, gamma), within = state, scale = none)");
    type All = Norm<
        Outcome,
        within::Batch,
        center::None,
        scale::None,
        First<level::Traj>,
        Success,
        Dec<5, 0>,
        Dec<0, 0>,
        Dec<1, 8>,
    >;
    assert_eq!(
        shown::<All>(),
        "norm(outcome, within = batch, center = none, scale = none, count = first(traj), where = success, \
         min = 5, ddof = 0, eps = 0.00000001)"
    );
    type Placed = Place<Outcome, on::First, level::Step, level::Token>;
    assert_eq!(shown::<Placed>(), "place(outcome, on = first, per = step, at = token)");
    assert_eq!(shown::<Place<Outcome>>(), "place(outcome)");
    assert_eq!(shown::<ToGo<Reward, Gamma, level::Segment>>(), "to_go(reward, gamma, within = segment)");
    assert_eq!(shown::<ToGo<Reward>>(), "to_go(reward)");
    assert_eq!(
        shown::<Whiten<Clip<Bound<Reward>, Dec<-1, 0>, Dec<1, 0>>>>(),
        "whiten(clip(bound(reward), -1, 1))"
    );
    assert_eq!(shown::<Norm<Outcome, within::Prompt, center::Mean, scale::Std, Own>>(), "norm(outcome)");
    assert_eq!(
        shown::<Norm<Outcome, within::Prompt, center::Mean, scale::Std, Each<level::Step>>>(),
        "norm(outcome, count = step)"
    );
}

#[test]
fn checklists_are_shown_with_what_is_not_usual() {
    assert_eq!(Checklist::<form::Flip>::show(&Scope::new(&[], &NAMES)), "checklist");
    assert_eq!(
        Checklist::<form::Backfill, deps::False, weigh::Traj>::show(&Scope::new(&[], &NAMES)),
        "checklist(form = backfill, deps = false, weigh = traj)"
    );
    type Alike = Norm<Mul<Judged, Reward>, within::Similar<Gamma>>;
    assert_eq!(
        Alike::show(&Scope::new(&[], &NAMES)),
        "norm(judged * reward, within = state(similar = gamma))"
    );
    assert_eq!(
        problems::<Alike>(&[0.0, 1.5]),
        ["`similar` must be above 0 and at most 1, found 1.5 for `gamma`"]
    );
}

#[test]
fn parentheses_stand_where_they_are_needed() {
    type Sum = Add<Outcome, Reward>;
    type Difference = Sub<Outcome, Sum>;
    assert_eq!(Difference::show(&Scope::new(&[], &NAMES)), "outcome - (outcome + reward)");
    assert_eq!(Scale::<Beta, Sum>::show(&Scope::new(&[], &NAMES)), "beta * (outcome + reward)");
    assert_eq!(Mul::<Success, Sum>::show(&Scope::new(&[], &NAMES)), "success * (outcome + reward)");
    assert_eq!(
        Add::<Sum, Scale<Beta, Reward>>::show(&Scope::new(&[], &NAMES)),
        "outcome + reward + beta * reward"
    );
    assert_eq!(Add::<Constant<Gamma>, Outcome>::show(&Scope::new(&[], &NAMES)), "gamma + outcome");
}

#[test]
fn numbers_out_of_range_are_all_reported() {
    type Line = Add<Scale<Beta, Outcome>, sugar::Anchor<Gamma>>;
    assert_eq!(problems::<Line>(&[0.05, 1.0]), Vec::<String>::new());
    assert_eq!(
        problems::<Line>(&[f64::NAN, 1.5]),
        ["`beta` must be a finite number, found NaN", "`gamma` must be in [0, 1], found 1.5"]
    );
    assert_eq!(
        problems::<Clip<Outcome, Beta, Gamma>>(&[2.0, 1.0]),
        ["`clip` needs `lo` at or below `hi`, found 2 and 1"]
    );
    type Pool =
        Norm<Outcome, within::Prompt, center::Mean, scale::Std, Own, Everywhere, Dec<5, 1>, Gamma, Beta>;
    assert_eq!(
        problems::<Pool>(&[-1.0, 2.0]),
        [
            "`min` must be a whole number, 1 or above, found 0.5",
            "`ddof` must be in [0, 1], found 2 for `gamma`",
            "`eps` must be 0 or above, found -1 for `beta`"
        ]
    );
    assert_eq!(
        problems::<LogRatio<Ema<Gamma>, Init>>(&[0.0, 0.0]),
        ["`tau` must be above 0 and at most 1, found 0 for `gamma`"]
    );
}

#[test]
fn needs_follow_the_type() {
    fn demand<S: Signal>() -> Demand {
        S::Needs::DEMAND
    }
    let nothing = Demand::default();
    assert_eq!(demand::<Add<sugar::Traj, Success>>(), nothing);
    assert_eq!(demand::<sugar::Step<Beta, Old>>(), Demand { reads_prm: true, ..nothing });
    assert_eq!(demand::<sugar::Token<Beta, Init>>(), Demand { reads_prm: true, init_ref: true, ..nothing });
    assert_eq!(demand::<sugar::Anchor<Gamma>>(), Demand { step_rewards: true, state_keys: true, ..nothing });
    assert_eq!(
        demand::<SumPer<Invalid, level::Segment>>(),
        Demand { invalid_flags: true, segments: true, ..nothing }
    );
    assert_eq!(
        demand::<Mul<Judged, SumPer<Checklist<form::Flip>, level::Segment>>>(),
        Demand { checklist: true, segments: true, ..nothing }
    );
    assert_eq!(demand::<Norm<Outcome, within::Item>>(), Demand { checklist: true, ..nothing });
    assert_eq!(demand::<Norm<Outcome, within::Similar<Gamma>>>(), Demand { state_texts: true, ..nothing });
    type Counted = Norm<Reward, within::Agent, center::Mean, scale::Std, First<level::Segment>>;
    assert_eq!(demand::<Counted>(), Demand { step_rewards: true, agents: true, segments: true, ..nothing });
}

#[test]
fn levels_and_kinds_follow_the_type() {
    fn is<S: Signal>() -> (LevelId, KindId) {
        (<S::Level as Level>::id(&Scope::new(&[], &[])), <S::Kind as Kind>::ID)
    }
    type Score = Sub<Outcome, Scale<Beta, Invalid>>;
    assert_eq!(is::<Score>(), (LevelId::Step, KindId::Return));
    assert_eq!(is::<Place<Score, on::Last, level::Step, level::Token>>(), (LevelId::Token, KindId::Reward));
    assert_eq!(is::<ToGo<Norm<Implicit<Beta, Old>>>>(), (LevelId::Token, KindId::Return));
    assert_eq!(is::<sugar::Traj<within::State>>(), (LevelId::Step, KindId::Advantage));
    assert_eq!(is::<Mul<Sub<Constant<Beta>, Invalid>, sugar::Traj>>(), (LevelId::Step, KindId::Advantage));
    assert_eq!(is::<Checklist>(), (LevelId::Item, KindId::Reward));
    assert_eq!(is::<Mul<Judged, Norm<Outcome, within::Item>>>(), (LevelId::Item, KindId::Advantage));
    assert_eq!(is::<Whiten<Success>>(), (LevelId::Traj, KindId::Advantage));
}

#[test]
fn credit_by_role_shows_needs_and_keeps_what_it_is_given() {
    type Moves = Route<sugar::Traj, LeftOut, Sub<Switch, PSwitch>>;
    assert_eq!(
        Moves::show(&Scope::new(&[], &NAMES)),
        "route(action = norm(outcome), switch = switch - p_switch)"
    );
    assert_eq!(Route::<LeftOut, Outcome>::show(&Scope::new(&[], &NAMES)), "route(subgoal = outcome)");
    assert_eq!(Has::<role::Action>::show(&Scope::new(&[], &NAMES)), "has(action)");
    assert_eq!(
        Has::<role::Switch, role::Subgoal, role::Other>::show(&Scope::new(&[], &NAMES)),
        "has(switch, subgoal, other)"
    );
    let roles = Demand { roles: true, ..Demand::default() };
    assert_eq!(<Route<sugar::Traj> as Signal>::Needs::DEMAND, roles);
    assert_eq!(<Switch as Signal>::Needs::DEMAND, Demand { decisions: true, ..roles });
    assert_eq!(<PSwitch as Signal>::Needs::DEMAND, Demand { switch_chances: true, ..roles });
    assert_eq!(<Moves as Signal>::Needs::DEMAND, Demand { decisions: true, switch_chances: true, ..roles });
    assert_eq!(problems::<Route<Scale<Beta, Outcome>>>(&[f64::NAN, 1.0]).len(), 1);

    let layout = Layout::from_lengths([2], [1, 2], [3, 2, 2]);
    let roles = [
        [Role::Switch, Role::Subgoal, Role::Action].as_slice(),
        &[Role::Switch, Role::Action],
        &[Role::Other, Role::Action],
    ];
    let (roles, zero) = (roles.concat(), [0.0; 7]);
    let (switch, p_switch) = ([1.0, 0.0, 0.0], [0.25, 0.5, 0.0]);
    let batch = Columns {
        role: Some(&roles),
        switch: Some(&switch),
        p_switch: Some(&p_switch),
        ..Columns::of_outcomes(&layout, &zero, &[3.0, 5.0], &[1.0, 0.0])
    };
    let cx = Credit { batch, at: scope(&[2.0, 1.0]) };
    type Line = Route<Outcome, LeftOut, Sub<Switch, PSwitch>>;
    assert_eq!(Line::eval(&cx), [0.75, 0.0, 3.0, -0.5, 5.0, 0.0, 5.0]);
    assert_eq!(Line::kept(&cx), Some(vec![true, false, true, true, true, false, true]));
    // A sum has a token where both sides have it.
    type Both = Add<Scale<Beta, Line>, Mul<Success, Clip<Route<Outcome, Outcome>, Dec<0, 0>, Dec<1, 0>>>>;
    assert_eq!(Both::kept(&cx), Some(vec![false, false, true, false, true, false, true]));
    assert_eq!(Both::eval(&cx)[2], 2.0 * 3.0 + 1.0);
    assert_eq!(Sub::<Outcome, Line>::kept(&cx), Line::kept(&cx));
    assert_eq!(Add::<Outcome, Success>::kept(&cx), None);
    assert_eq!(Has::<role::Subgoal, role::Other>::eval(&cx), [1.0, 0.0, 1.0]);
}

#[test]
fn rules_of_references_reach_the_plan() {
    type Kept = LogRatio<Snapshot<Dec<4, 0>>, Ema<Beta>>;
    type Wrapped = Norm<SumPer<Scale<Gamma, Kept>, level::Step>>;
    let found = plan::<Add<Outcome, Wrapped>>();
    assert_eq!((found.snapshot, found.ema, found.clash), (Some(Renew::Every(4)), Some(0.05), None));
    let clash = plan::<LogRatio<Snapshot<Dec<4, 0>>, SnapshotKl<Beta>>>();
    assert_eq!(clash.clash, Some("snapshot"));
}
