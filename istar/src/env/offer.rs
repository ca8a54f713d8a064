//! The pair of objective and environment, checked by the compiler: what one environment must offer for one need. Of
//! what is not needed every environment offers nothing.

use super::capability::*;
use super::{Env, Recorder, Skip, Transition};
use crate::batch::{Role, Turns};
use crate::need::Column;
use crate::need::bit::{Bit, No, Yes};
use crate::need::demand::Needs;
use crate::need::own::{Both, One, OwnColumn, Owns, Written};
use crate::objective::{NeedsOf, Objective};
use std::convert::Infallible;

/// Roles of tokens, if the bit says so.
pub trait OffersRoles<B: Bit>: Env {
    /// What the next token of a step is for, see [`Roles::role`].
    fn role_of(&self, _so_far: &[u32]) -> Option<Role> {
        None
    }
    /// What says SWITCH, see [`Roles::switch`].
    fn switch_tokens(&self) -> &[u32] {
        &[]
    }
}
impl<E: Env> OffersRoles<No> for E {}
impl<E: Roles> OffersRoles<Yes> for E {
    fn role_of(&self, so_far: &[u32]) -> Option<Role> {
        Some(self.role(so_far))
    }
    fn switch_tokens(&self) -> &[u32] {
        self.switch()
    }
}

/// A checklist, if the bit says so; see [`Checklist`].
pub trait OffersChecklist<B: Bit>: Env {
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
impl<E: Env> OffersChecklist<No> for E {}
impl<E: Checklist> OffersChecklist<Yes> for E {
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
pub trait OffersStepRewards<B: Bit>: Env {}
impl<E: Env> OffersStepRewards<No> for E {}
impl<E: StepReward> OffersStepRewards<Yes> for E {}

/// Saved states to go on from, if the bit says so.
pub trait OffersContinuations<B: Bit>: Env {
    /// What is saved, see [`Restore::State`]; of this there is none if it is not needed.
    type Saved: Clone + Send + Sync;
    /// The present state.
    fn saved(&self) -> Option<Self::Saved>;
    /// Goes back to it.
    fn go_back(&mut self, saved: &Self::Saved);
}
impl<E: Env> OffersContinuations<No> for E {
    type Saved = Infallible;
    fn saved(&self) -> Option<Infallible> {
        None
    }
    fn go_back(&mut self, saved: &Infallible) {
        match *saved {}
    }
}
impl<E: Restore> OffersContinuations<Yes> for E {
    type Saved = E::State;
    fn saved(&self) -> Option<E::State> {
        Some(self.save())
    }
    fn go_back(&mut self, saved: &E::State) {
        self.restore(saved);
    }
}

/// Demonstrations, if the bit says so.
pub trait OffersDemonstrations<B: Bit>: Env {
    /// The expert's next step, see [`Demonstrate::demonstrate`].
    fn expert(&self) -> Option<Vec<u32>>;
}
impl<E: Env> OffersDemonstrations<No> for E {
    fn expert(&self) -> Option<Vec<u32>> {
        None
    }
}
impl<E: Demonstrate> OffersDemonstrations<Yes> for E {
    fn expert(&self) -> Option<Vec<u32>> {
        self.demonstrate()
    }
}

/// Nothing that only a logged batch brings.
pub trait OffersGiven<Advantage: Bit, Return: Bit>: Env {}
impl<E: Env> OffersGiven<No, No> for E {}

/// The environment has a column of your own: see [`Column`].
///
/// ```
/// use istar::env::sokoban::Sokoban;
/// use istar::env::{Provides, Transition};
/// use istar::need::Column;
/// use istar::objective::level;
///
/// /// Whether the step gained anything.
/// struct Gain;
/// impl Column for Gain {
///     const NAME: &'static str = "gain";
///     type Level = level::Step;
/// }
/// impl Provides<Gain> for Sokoban {
///     fn provide(&self, _tokens: &[u32], moved: &Transition) -> f64 {
///         f64::from(u8::from(moved.reward > 0.0))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not provide the column `{C}`",
    note = "implement `istar::env::Provides<{C}>` for `{Self}`"
)]
pub trait Provides<C: Column>: Env {
    /// What it says of a step just taken, in the state that the step led to: a number; of a column per token one number for
    /// each of these tokens.
    fn provide(&self, tokens: &[u32], moved: &Transition) -> <C::Level as Written>::Said;
}

/// A column, and how its numbers are asked for.
pub type Provider<E> = (OwnColumn, fn(&E, &[u32], &Transition) -> Vec<f64>);

/// The columns of your own that a list names.
pub trait OffersOwn<L: Owns>: Env {
    /// Adds how to ask for each; none twice.
    fn providers(into: &mut Vec<Provider<Self>>);
}
impl<E: Env> OffersOwn<()> for E {
    fn providers(_: &mut Vec<Provider<E>>) {}
}
impl<C: Column, E: Provides<C>> OffersOwn<One<C>> for E {
    fn providers(into: &mut Vec<Provider<E>>) {
        let column = OwnColumn::of::<C>();
        if into.iter().all(|(known, _)| *known != column) {
            into.push((column, |env, tokens, moved| C::Level::numbers(env.provide(tokens, moved))));
        }
    }
}
impl<A: Owns, B: Owns, E: OffersOwn<A> + OffersOwn<B>> OffersOwn<Both<A, B>> for E {
    fn providers(into: &mut Vec<Provider<E>>) {
        <E as OffersOwn<A>>::providers(into);
        <E as OffersOwn<B>>::providers(into);
    }
}

macro_rules! offers {
    ($($trait:ident for $need:ident: $offers:ident ($($column:ident: $recorder:ty, $item:ty)?) $note:literal;)*) => {
        $($(
            #[doc = concat!("A column of the environment, if the bit says so: see [`", stringify!($trait), "`].")]
            pub trait $offers<B: Bit>: Env {
                /// What writes it down.
                type Recorder: Recorder<Self, Item = $item>;
            }
            impl<E: Env> $offers<No> for E {
                type Recorder = Skip<$item>;
            }
            impl<E: $trait> $offers<Yes> for E {
                type Recorder = $recorder;
            }
        )?)*

        /// Those with a recorder, by the column that it writes.
        pub(crate) mod by_column {
            $($(pub(crate) use super::$offers as $column;)?)*
        }

        /// The environment can give what a set of needs names, whoever has them: objectives of equal needs are sampled by the
        /// same code.
        pub trait OffersAll<N: Needs>:
            $($offers<N::$need> +)* OffersOwn<N::Own> + OffersGiven<N::GivenAdvantage, N::GivenReturn>
        {
        }
        impl<E, N: Needs> OffersAll<N> for E where
            E: $($offers<N::$need> +)* OffersOwn<N::Own> + OffersGiven<N::GivenAdvantage, N::GivenReturn>
        {
        }

        /// The environment can give what the objective needs.
        ///
        /// Never implemented by hand: an environment implements [`StateKey`], [`StepReward`],
        /// [`Checklist`], and the compiler draws the conclusion for each objective.
        // The compiler words the error by this trait, not by the part that is missing; that it names in a help of its own.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` does not offer all that `{O}` demands",
            label = "the trait that is missing is named below",
            $(note = $note,)*
            note = "`Provides<C>` is for `C`, a column of your own: what the environment says of it after each step"
        )]
        pub trait Offers<O: Objective>:
            $($offers<<NeedsOf<O> as Needs>::$need> +)*
            OffersOwn<<NeedsOf<O> as Needs>::Own> +
            OffersGiven<<NeedsOf<O> as Needs>::GivenAdvantage, <NeedsOf<O> as Needs>::GivenReturn> +
            OffersAll<NeedsOf<O>>
        {
        }
        impl<E, O: Objective> Offers<O> for E where
            E: $($offers<<NeedsOf<O> as Needs>::$need> +)*
                OffersOwn<<NeedsOf<O> as Needs>::Own> +
                OffersGiven<<NeedsOf<O> as Needs>::GivenAdvantage, <NeedsOf<O> as Needs>::GivenReturn>
        {
        }
    };
}
capabilities!(offers);
