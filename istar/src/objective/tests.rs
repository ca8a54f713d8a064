//! Whole objectives in words, and their numbers checked.

use super::count::Own;
use super::reference::{Old, Snapshot, SnapshotKl};
use super::scalar::{Anneal, Dec, Hp};
use super::signal::{Add, Norm, Outcome, Scale};
use super::term::option::{net, over, pairs, read, weight};
use super::term::{DpoPrm, Entropy, Kl, Rl, Sum, Weighted};
use super::{Objective, Param, explain, sugar, validate};

/// An objective by hand.
macro_rules! by_hand {
    ($name:ident($($param:ident = $default:expr),*) $source:literal: $graph:ty) => {
        #[derive(Clone)]
        struct $name(Vec<f64>);
        impl Objective for $name {
            const NAME: &'static str = stringify!($name);
            const SOURCE: &'static str = $source;
            const PARAMS: &'static [Param] =
                &[$(Param { name: stringify!($param), default: $default }),*];
            type Graph = $graph;
            fn values(&self) -> Vec<f64> {
                self.0.clone()
            }
            fn from_values(values: &[f64]) -> Self {
                $name(values.to_vec())
            }
        }
    };
}

type Prm = DpoPrm<Hp<0>, net::Separate, Old, pairs::Success, over::Sum, weight::Flat, read::Before>;

by_hand!(Paper(beta = Some(0.05), lambda = None)
    "dpo_prm(beta, net = separate, ref = old, pairs = success, read = before) + rl(adv = traj + lambda * step)":
    Sum<Prm, Rl<Add<sugar::Traj, Scale<Hp<1>, sugar::Step<Hp<0>, Old>>>>>);

by_hand!(Grpo() "rl(adv = traj)": Rl<sugar::Traj>);

#[test]
fn explained() {
    assert_eq!(
        explain::<Paper>(),
        "\
Paper = dpo_prm(beta, net = separate, ref = old, pairs = success, read = before) + rl(adv = traj + lambda * step)

numbers
  beta    0.05
  lambda  must be given
terms
  dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
  rl(adv = norm(outcome) + lambda * norm(sum(beta * log_ratio(prm, old), per = step)))
needs
  prm_net        a PRM network with its own parameters and optimiser
  trains_prm     phase A: updates of the PRM
  reads_prm      one PRM forward over the batch
  pairs          groups of at least two trajectories, paired by outcome
  trains_policy  phase B: policy updates by mini-batch
iteration
  rollout, read PRM, train PRM (phase A), train policy (phase B)
"
    );
    assert_eq!(
        explain::<Grpo>(),
        "\
Grpo = rl(adv = traj)

terms
  rl(adv = norm(outcome))
needs
  trains_policy  phase B: policy updates by mini-batch
iteration
  rollout, train policy (phase B)
"
    );
}

#[test]
fn all_problems_are_reported_together() {
    assert!(validate(&Paper(vec![0.05, 1.0])).is_ok());
    let wrong = validate(&Paper(vec![0.0, f64::INFINITY])).expect_err("both numbers are out of range");
    assert_eq!(
        wrong.to_string(),
        "objective `Paper`: `beta` must be above 0, found 0 in `dpo_prm`; `lambda` must be a finite number, found inf in `rl`"
    );
}

by_hand!(Fading(coef = None) "kl(anneal(coef, over = 10), ref = old) + rl(adv = norm(outcome, min = anneal(coef, over = 10)))":
    Sum<Kl<Anneal<Hp<0>, Dec<10, 0>>, Old>, Rl<Fade>>);
type Fade = Norm<
    Outcome,
    super::within::Prompt,
    super::center::Mean,
    super::scale::Std,
    Own,
    super::signal::Everywhere,
    Anneal<Hp<0>, Dec<10, 0>>,
>;

by_hand!(Blind(eta = None) "entropy(eta) + 2 * kl(eta)": Sum<Entropy<Hp<0>>, Weighted<Dec<2, 0>, Kl<Hp<0>>>>);

#[test]
fn a_problem_names_its_field_and_its_term() {
    let wrong = validate(&Blind(vec![-1.0])).expect_err("a divergence is a penalty");
    assert_eq!(wrong.problems, ["`coef` must be 0 or above, found -1 for `eta` in `kl`"]);
}

by_hand!(Twice() "rl(adv = traj) + 0.5 * rl(adv = norm(reward))": Kl<Dec<1, 1>>);
by_hand!(Mine() "entropy(0.1) + my::Term": Entropy<Dec<1, 1>>);

#[test]
fn remarks_come_last() {
    let last = |text: String| text.split("remarks\n").nth(1).map(str::to_owned);
    assert_eq!(
        last(explain::<Blind>()).as_deref(),
        Some("  no term acts on the outcome: what the policy learns has nothing to do with success\n")
    );
    assert_eq!(
        last(explain::<Twice>()).as_deref(),
        Some(
            "  2 `rl` terms: each clips the ratio for itself; advantages that belong together are added in one, `rl(adv = a + b)`\n"
        )
    );
    assert_eq!(last(explain::<Paper>()), None);
    assert_eq!(last(explain::<Mine>()), None, "what a type of the user's acts on is not known");
}

#[test]
fn a_schedule_is_checked_at_both_ends() {
    let wrong = validate(&Fading(vec![2.0])).expect_err("the schedule ends at 0");
    assert_eq!(
        wrong.problems,
        ["`min` must be a whole number, 1 or above, found 0 for `anneal(coef, over = 10)` in `rl`"]
    );
}

by_hand!(TwoRules() "kl(0.1, ref = snapshot(every = 4)) + 2 * kl(0.1, ref = snapshot(kl = 0.1))":
    Sum<Kl<Dec<1, 1>, Snapshot<Dec<4, 0>>>, Weighted<Dec<2, 0>, Kl<Dec<1, 1>, SnapshotKl<Dec<1, 1>>>>>);

#[test]
fn one_copy_has_one_rule() {
    let wrong = validate(&TwoRules(Vec::new())).expect_err("two rules for one snapshot");
    assert_eq!(
        wrong.problems,
        ["two rules for `snapshot`: an objective keeps one, give all its uses the same rule"]
    );
}
