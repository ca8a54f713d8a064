//! What an environment offers, as a value: for tables of which objective runs where.

use super::capability::capabilities;
use crate::env;
use crate::need::demand::{Demand, Need};
use std::marker::PhantomData;

/// Looks one environment up: a constant of its own stands before that of [`Absent`] where the trait is implemented.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<E>(PhantomData<E>);

macro_rules! probes {
    ($dollar:tt $($trait:ident for $need:ident: $offers:ident $recorder:tt $note:literal;)*) => {
        #[doc(hidden)]
        #[expect(non_upper_case_globals, reason = "a constant has the name of its trait")]
        pub trait Absent {
            $(const $trait: bool = false;)*
        }
        impl<E> Absent for Probe<E> {}
        $(impl<E: env::$trait> Probe<E> {
            #[doc(hidden)]
            #[expect(non_upper_case_globals, reason = "a constant has the name of its trait")]
            pub const $trait: bool = true;
        })*

        /// The capabilities that environments offer, each with its trait.
        const TRAITS: &[(Need, &str)] = &[$((Need::$need, stringify!($trait)),)*];

        /// What this environment offers, as a [`Demand`](crate::need::demand::Demand): drawn from the traits that it
        /// implements, so the type must be a concrete one.
        #[macro_export]
        macro_rules! offered {
            ($dollar env:ty) => {{
                #[allow(unused_imports)]
                use $dollar crate::env::Absent as _;
                $dollar crate::need::demand::Demand::NOTHING
                    $(.with($dollar crate::need::demand::Need::$need, $dollar crate::env::Probe::<$dollar env>::$trait))*
            }};
        }
    };
}
capabilities!(probes $);
// A macro that a macro made has no path inside its own crate.
pub(crate) use offered;

/// The traits that an objective demands of an environment, and this one does not implement. What is offered says nothing of
/// columns by name, so [`Provides`](super::Provides) is missing wherever one is demanded.
#[must_use]
pub fn missing(demand: &Demand, offered: &Demand) -> Vec<&'static str> {
    let lacks = |(need, _): &&(Need, _)| demand.asks(*need) && !offered.asks(*need);
    let named = (!demand.own.is_empty()).then_some("Provides");
    TRAITS.iter().filter(lacks).map(|(_, name)| *name).chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::Sokoban;
    use crate::env::{Env, EnvError, Transition};
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
        assert_eq!(missing(&demand_of::<GiGpo>(), &bare), ["StateKey", "StepReward"]);
        assert!(missing(&demand_of::<GiGpo>(), &sokoban).is_empty());
        assert!(missing(&demand_of::<Grpo>(), &bare).is_empty());
    }
}
