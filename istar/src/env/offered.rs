//! What an environment offers, as a value: for tables of which objective runs where.

use super::{
    Agents, Checklist, Demonstrate, Restore, Roles, StateKey, StateText, StepReward, Subgoals, Tags,
};
use crate::need::demand::Demand;
use std::marker::PhantomData;

/// Looks one environment up: a constant of its own stands before that of [`Absent`] where the trait is implemented.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<E>(PhantomData<E>);

/// One row a capability that an environment may offer: the field of [`Demand`], the trait.
macro_rules! capabilities {
    ($($field:ident / $name:ident: $offered:ident;)*) => {
        #[doc(hidden)]
        pub trait Absent {
            $(const $name: bool = false;)*
        }
        impl<E> Absent for Probe<E> {}
        $(impl<E: $offered> Probe<E> {
            #[doc(hidden)]
            pub const $name: bool = true;
        })*

        /// The capabilities that environments offer by traits, each with its trait.
        pub const TRAITS: &[(&str, &str)] = &[$((stringify!($field), stringify!($offered)),)*];

        /// What this environment offers, as a [`Demand`](crate::need::demand::Demand): drawn from the traits that it
        /// implements, so the type must be a concrete one.
        #[macro_export]
        macro_rules! offered {
            ($env:ty) => {{
                #[allow(unused_imports)]
                use $crate::env::Absent as _;
                $crate::need::demand::Demand {
                    $($field: $crate::env::Probe::<$env>::$name,)*
                    ..$crate::need::demand::Demand::NOTHING
                }
            }};
        }

        /// The traits that an objective demands of an environment, and this one does not implement.
        #[must_use]
        pub fn missing(demand: &Demand, offered: &Demand) -> Vec<&'static str> {
            let mut missing = Vec::new();
            $(if demand.$field && !offered.$field {
                missing.push(stringify!($offered));
            })*
            missing
        }
    };
}

capabilities! {
    step_rewards / STEP_REWARDS: StepReward;
    state_keys / STATE_KEYS: StateKey;
    state_texts / STATE_TEXTS: StateText;
    segments / SEGMENTS: Subgoals;
    roles / ROLES: Roles;
    checklist / CHECKLIST: Checklist;
    continuations / CONTINUATIONS: Restore;
    agents / AGENTS: Agents;
    tags / TAGS: Tags;
    demonstrations / DEMONSTRATIONS: Demonstrate;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{Env, EnvError, Transition};
    use crate::env::sokoban::Sokoban;
    use crate::objective::demand_of;
    use crate::recipes::{GiGpo, Grpo};

    #[derive(Clone)]
    struct Bare;
    impl Env for Bare {
        type Task = ();
        type Observation = ();
        fn reset(&mut self, (): &()) -> Result<(), EnvError> {
            Ok(())
        }
        fn observe(&self) {}
        fn step(&mut self, _: &[u32]) -> Result<Transition, EnvError> {
            Ok(Transition::default())
        }
    }

    #[test]
    fn offers_follow_from_the_traits() {
        let (sokoban, bare) = (offered!(Sokoban), offered!(Bare));
        assert!(sokoban.state_keys && sokoban.step_rewards && sokoban.demonstrations && !sokoban.tags);
        assert_eq!(bare, Demand::default());
        assert_eq!(missing(&demand_of::<GiGpo>(), &bare), ["StepReward", "StateKey"]);
        assert!(missing(&demand_of::<GiGpo>(), &sokoban).is_empty());
        assert!(missing(&demand_of::<Grpo>(), &bare).is_empty());
    }
}
