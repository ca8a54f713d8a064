//! How long a unit is.

use super::option;
use crate::batch::Scope;
use crate::credit::{Credit, multiplicity};
use crate::need::demand::Or;
use crate::objective::level::{Inside, Level, Proper, Step, Traj};
use crate::objective::{Signal, kind};
use std::marker::PhantomData;

/// `length(per = traj, of = step)`: how many elements of level `Of` each unit of level `Per` has.
///
/// A Return, for it is what a reward of 1 on each element adds up to: a penalty of a hundredth for every step is
/// `norm(outcome - 0.01 * length)`.
///
/// Elements are finer than their unit:
/// ```compile_fail,E0277
/// # use istar::objective::{Signal, level::{Step, Traj}, signal::Length};
/// fn signal<S: Signal>() {}
/// signal::<Length<Step, Traj>>();
/// ```
#[derive(Debug)]
pub struct Length<Per = Traj, Of = Step>(PhantomData<(Per, Of)>);

impl<Per: Proper, Of: Proper + Inside<Per>> Signal for Length<Per, Of> {
    type Level = Per;
    type Kind = kind::Return;
    type Needs = Or<<Per as Level>::Needs, <Of as Level>::Needs>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let counts = multiplicity(&cx.batch, <Per as Level>::id(&cx.at), <Of as Level>::id(&cx.at));
        counts.into_iter().map(f64::from).collect()
    }
    fn show(at: &Scope<'_>) -> String {
        let mut options = String::new();
        option(&mut options, "per", Per::id(at).name(), "traj");
        option(&mut options, "of", Of::id(at).name(), "step");
        match options.strip_prefix(", ") {
            Some(options) => format!("length({options})"),
            None => "length".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::LevelId;
    use crate::objective::level::{Segment, Token};
    use crate::objective::signal::tests::sample::{Sample, batches};
    use proptest::prelude::*;

    #[test]
    fn shown_with_what_is_not_usual() {
        assert_eq!(<Length>::show(&Scope::new(&[], &[])), "length");
        assert_eq!(Length::<Step, Token>::show(&Scope::new(&[], &[])), "length(per = step, of = token)");
        assert_eq!(Length::<Traj, Segment>::show(&Scope::new(&[], &[])), "length(of = segment)");
    }

    proptest! {
        /// Against the nested batch: trajectories have steps, steps have tokens, and the tokens of a trajectory are those of
        /// its steps.
        #[test]
        fn counts_what_a_unit_has(nested in batches()) {
            let sample = Sample::new(&nested);
            let trajs = || nested.iter().flatten();
            let steps: Vec<f64> = trajs().map(|traj| traj.steps.len() as f64).collect();
            prop_assert_eq!(sample.eval::<Length>(LevelId::Traj), steps);
            let of_step: Vec<f64> =
                trajs().flat_map(|traj| &traj.steps).map(|step| step.tokens.len() as f64).collect();
            prop_assert_eq!(sample.eval::<Length<Step, Token>>(LevelId::Step), of_step);
            let tokens: Vec<f64> =
                trajs().map(|traj| traj.steps.iter().map(|step| step.tokens.len()).sum::<usize>() as f64).collect();
            prop_assert_eq!(sample.eval::<Length<Traj, Token>>(LevelId::Traj), tokens);
        }
    }
}
