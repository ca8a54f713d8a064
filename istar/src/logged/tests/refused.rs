//! Objectives that no logged batch can serve: each refusal says what is demanded and the way out.

use super::*;
use crate::batch::Scope;
use crate::objective::head::{End, Head, Name, Untrained};
use crate::objective::level::{Step, Token};
use crate::objective::reference::Old;
use crate::objective::scalar::Dec;
use crate::objective::term::option::{clip, net, rollouts};
use crate::objective::term::{Critic, DpoPrm, McPrm, Sum};
use crate::objective::{Param, Term};
use std::marker::PhantomData;

/// An objective of a term that no line of the language has.
#[derive(Debug)]
struct Of<T>(PhantomData<fn() -> T>);

impl<T> Clone for Of<T> {
    fn clone(&self) -> Self {
        Of(PhantomData)
    }
}

impl<T: Term> Objective for Of<T> {
    const NAME: &'static str = "Of";
    const SOURCE: &'static str = "by hand";
    const PARAMS: &'static [Param] = &[];
    type Graph = T;
    fn values(&self) -> Vec<f64> {
        Vec::new()
    }
    fn from_values(_: &[f64]) -> Self {
        Of(PhantomData)
    }
}

fn refused<O: Objective>(objective: &O, message: &str) {
    let batch = br#"{"groups": [{"trajectories": [{"outcome": 1, "success": true, "steps": [
        {"q": 0.5, "mc": 0.5, "tokens": [{"old": -0.5, "logp": -0.5, "prm": -0.5, "value": 0}]}]}]}]}"#;
    let error = credit(objective, batch).expect_err(message);
    assert_eq!(error.to_string(), message);
}

type Half = Dec<5, 1>;

#[test]
fn labels_from_continuations() {
    let message = "`objective` demands continuations beside an explicit PRM, and `mc` has only their mean return, not the \
                   lengths and successes of labels: set its rollouts to 0: the trajectories of the batch alone";
    refused(&crate::objective!(< mc_prm(4, 0.9) + rl(adv = norm(q)) >), message);
    let without = br#"{"groups": [{"trajectories": [{"outcome": 1, "success": true, "steps": [
        {"mc": 0.5, "tokens": [{"old": -0.5, "logp": -0.5}]}]}]}]}"#;
    let vine = crate::objective!(< rl(adv = mc(4)) >);
    let found = credit(&vine, without).expect("`mc` alone is served");
    assert_eq!(found.advantage.as_deref(), Some(&[0.5][..]));
}

#[test]
fn two_prms() {
    type Both = Sum<DpoPrm<Half, net::Separate, Old>, McPrm<rollouts::Own, Half>>;
    refused(
        &Of::<Both>(PhantomData),
        "`Of` demands an implicit PRM and an explicit one, and phase A trains one network: make two objectives of its terms",
    );
}

#[test]
fn critics_that_no_field_serves() {
    struct Low;
    impl Name for Low {
        fn name<'a>(_: &Scope<'a>) -> &'a str {
            "low"
        }
    }
    type Wide<Per, Heads> = Critic<Half, clip::Near<Half>, Per, Heads>;
    refused(
        &Of::<Wide<Step, End>>(PhantomData),
        "`Of` demands a critic without heads: let its plan name one, \"\" if it is the only one",
    );
    refused(
        &Of::<Wide<Token, Head<Low, Untrained>>>(PhantomData),
        "`Of` demands a critic with several heads per token, and a token's `value` is one number: let the critic estimate per step, whose `values` are by head",
    );
}

#[test]
fn entropy_that_was_not_logged() {
    let batch = |entropy: &str| {
        let traj = |outcome: u8| {
            format!(
                r#"{{"outcome": {outcome}, "success": false, "steps": [{{"tokens": [{{"old": -0.5, "logp": -0.5{entropy}}}]}}]}}"#
            )
        };
        format!(r#"{{"groups": [{{"trajectories": [{}, {}]}}]}}"#, traj(1), traj(0)).into_bytes()
    };
    let line = crate::objective!(< rl(adv = traj) + entropy(0.1) >);
    let (without, with) = (credit(&line, &batch("")), credit(&line, &batch(r#", "entropy": 0.5"#)));
    let (without, with) = (without.expect("it counts nothing"), with.expect("it is there"));
    assert_eq!((without.left_out.len(), with.left_out.len()), (1, 0));
    assert_eq!(without.advantage, with.advantage);
    assert_eq!(without.dloss_dlogp, with.dloss_dlogp);
    assert!((without.loss - 0.05 - with.loss).abs() < 1e-12, "{} {}", without.loss, with.loss);
}

/// With no continuations the labels are the trajectories of the batch, as with the literal 0.
#[test]
fn no_rollouts_need_no_continuations() {
    let batch = br#"{"groups": [{"trajectories": [{"outcome": 1, "success": true, "steps": [
        {"q": 0.25, "tokens": [{"old": -0.5, "logp": -0.5}]}]}]}]}"#;
    let set = crate::objective!(< mc_prm(n, 0.9) + rl(adv = norm(q)) >).bind([0.0]);
    let written = crate::objective!(< mc_prm(0, 0.9) + rl(adv = norm(q)) >);
    let (set, written) = (credit(&set, batch).expect("none"), credit(&written, batch).expect("none"));
    assert_eq!((set.loss, set.dloss_dq), (written.loss, written.dloss_dq));
}

/// Roles alone ask for no decision, a decision for no probability.
#[test]
fn decisions_are_read_where_the_line_says() {
    let batch = |decision: Value| {
        let mut step = json!({"tokens": [{"old": -0.5, "logp": -0.5, "role": "action"}]});
        step.as_object_mut().expect("a map").extend(decision.as_object().expect("a map").clone());
        let traj = |outcome: u8| json!({"outcome": outcome, "success": outcome > 0, "steps": [step]});
        json!({"groups": [{"trajectories": [traj(1), traj(0)]}]}).to_string().into_bytes()
    };
    let (none, decided) = (batch(json!({})), batch(json!({"switch": true})));
    let both = batch(json!({"switch": true, "p_switch": 0.25}));
    let route = crate::objective!(< rl(adv = route(action = traj)) >);
    let switch = crate::objective!(< rl(adv = route(action = switch * traj)) >);
    let chance = crate::objective!(< rl(adv = route(action = (switch - p_switch) * traj)) >);
    credit(&route, &none).expect("roles are there");
    credit(&switch, &decided).expect("decisions are there");
    credit(&chance, &both).expect("their probabilities are there");
    let first = "group 0, trajectory 0, step 0";
    let error = credit(&switch, &none).expect_err("there are no decisions").to_string();
    assert_eq!(error, format!("{first}: `switch` is missing: `objective` reads decisions"));
    let error = credit(&chance, &decided).expect_err("there are no probabilities").to_string();
    assert_eq!(
        error,
        format!("{first}: `p_switch` is missing: `objective` reads how probable decisions are")
    );
}
