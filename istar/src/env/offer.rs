//! The pair of objective and environment, checked by the compiler: what one environment must offer for one need. Each trait
//! has the name of the need, and of one that is not needed every environment offers nothing.

use super::capability::{Label, NoteAgent, NoteSegment, NoteTag, NoteText, capabilities};
use super::{Env, Recorder, Skip};
use crate::batch::{Role, Turns};
use crate::env;
use crate::need::bit::{Bit, No, Yes};
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use std::convert::Infallible;

/// Roles of tokens, if the bit says so.
pub trait Roles<B: Bit>: Env {
    /// What the next token of a step is for, see [`env::Roles::role`].
    fn role_of(&self, _so_far: &[u32]) -> Option<Role> {
        None
    }
    /// The decision token that says SWITCH.
    fn switch_token() -> Option<u32> {
        None
    }
}
impl<E: Env> Roles<No> for E {}
impl<E: env::Roles> Roles<Yes> for E {
    fn role_of(&self, so_far: &[u32]) -> Option<Role> {
        Some(self.role(so_far))
    }
    fn switch_token() -> Option<u32> {
        Some(E::SWITCH)
    }
}

/// A checklist, if the bit says so; see [`env::Checklist`].
pub trait Checklist<B: Bit>: Env {
    /// The task's items, turn by turn.
    fn list(&self) -> Turns {
        Turns::new()
    }
    /// The present turn.
    fn present(&self) -> u32 {
        0
    }
    /// Which items of a turn are satisfied now; `None` where the judge failed.
    fn answer(&self, _turn: u32) -> Option<Vec<bool>> {
        Some(Vec::new())
    }
}
impl<E: Env> Checklist<No> for E {}
impl<E: env::Checklist> Checklist<Yes> for E {
    fn list(&self) -> Turns {
        self.checklist()
    }
    fn present(&self) -> u32 {
        self.turn()
    }
    fn answer(&self, turn: u32) -> Option<Vec<bool>> {
        self.satisfied(turn)
    }
}

/// Step rewards, if the bit says so.
pub trait StepRewards<B: Bit>: Env {}
impl<E: Env> StepRewards<No> for E {}
impl<E: env::StepReward> StepRewards<Yes> for E {}

/// Saved states to go on from, if the bit says so.
pub trait Continuations<B: Bit>: Env {
    /// What is saved, see [`env::Restore::State`]; of this there is none if it is not needed.
    type Saved: Clone + Send + Sync;
    /// The present state.
    fn saved(&self) -> Option<Self::Saved>;
    /// Goes back to it.
    fn go_back(&mut self, saved: &Self::Saved);
}
impl<E: Env> Continuations<No> for E {
    type Saved = Infallible;
    fn saved(&self) -> Option<Infallible> {
        None
    }
    fn go_back(&mut self, saved: &Infallible) {
        match *saved {}
    }
}
impl<E: env::Restore> Continuations<Yes> for E {
    type Saved = E::State;
    fn saved(&self) -> Option<E::State> {
        Some(self.save())
    }
    fn go_back(&mut self, saved: &E::State) {
        self.restore(saved);
    }
}

/// Demonstrations, if the bit says so.
pub trait Demonstrations<B: Bit>: Env {
    /// The expert's next step, see [`env::Demonstrate::demonstrate`].
    fn expert(&self) -> Option<Vec<u32>>;
}
impl<E: Env> Demonstrations<No> for E {
    fn expert(&self) -> Option<Vec<u32>> {
        None
    }
}
impl<E: env::Demonstrate> Demonstrations<Yes> for E {
    fn expert(&self) -> Option<Vec<u32>> {
        self.demonstrate()
    }
}

/// Nothing that only a logged batch brings.
pub trait Given<Advantage: Bit, Return: Bit>: Env {}
impl<E: Env> Given<No, No> for E {}

macro_rules! offers {
    ($($trait:ident for $need:ident ($($recorder:ty: $item:ty)?) $note:literal;)*) => {
        $($(
            #[doc = concat!("A column of the environment, if the bit says so: see [`", stringify!($trait), "`](env::", stringify!($trait), ").")]
            pub trait $need<B: Bit>: Env {
                /// What writes it down.
                type Recorder: Recorder<Self, Item = $item>;
            }
            impl<E: Env> $need<No> for E {
                type Recorder = Skip<$item>;
            }
            impl<E: env::$trait> $need<Yes> for E {
                type Recorder = $recorder;
            }
        )?)*

        /// The environment can give what the objective needs.
        ///
        /// Never implemented by hand: an environment implements [`StateKey`](env::StateKey), [`StepReward`](env::StepReward),
        /// [`Checklist`](env::Checklist), and the compiler draws the conclusion for each objective.
        // The compiler words the error by this trait, not by the part that is missing; that it names in a help of its own.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` does not offer all that `{O}` demands",
            label = "the trait that is missing is named below",
            $(note = $note),*
        )]
        pub trait Offers<O: Objective>:
            $($need<<NeedsOf<O> as Needs>::$need> +)*
            Given<<NeedsOf<O> as Needs>::GivenAdvantage, <NeedsOf<O> as Needs>::GivenReturn>
        {
        }
        impl<E, O: Objective> Offers<O> for E where
            E: $($need<<NeedsOf<O> as Needs>::$need> +)*
                Given<<NeedsOf<O> as Needs>::GivenAdvantage, <NeedsOf<O> as Needs>::GivenReturn>
        {
        }
    };
}
capabilities!(offers);
