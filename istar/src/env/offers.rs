//! The pair of objective and environment, checked by the compiler.

use super::{
    Agents, Checklist, Demonstrate, Env, Restore, Roles, StateKey, StateText, StepReward, Subgoals, Tags,
};
use crate::batch::{Role, Turns};
use crate::need::bit::{Bit, No, Yes};
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use rustc_hash::FxHashMap;
use std::convert::Infallible;
use std::fmt::Debug;

/// What one environment must offer for one capability: nothing if it is not needed.
macro_rules! offer {
    ($(#[$doc:meta])* $offers:ident: $item:ty) => {
        $(#[$doc])*
        pub trait $offers<B: Bit>: Env {
            /// Per step, in the order of the episode.
            type Recorder: Recorder<Self, Item = $item>;
        }
        impl<E: Env> $offers<No> for E {
            type Recorder = Skip<$item>;
        }
    };
}

/// Writes down one number per step before the step is taken; one recorder sees the episodes of one group.
pub trait Recorder<E: Env>: Default + Clone + Send {
    /// What is written down.
    type Item: Clone + Debug + Send + Sync;
    /// Looks at the environment.
    fn look(&mut self, env: &E) -> Option<Self::Item>;
}

/// Writes nothing down.
#[derive(Clone, Debug)]
pub struct Skip<T>(std::marker::PhantomData<T>);
impl<T> Default for Skip<T> {
    fn default() -> Self {
        Skip(std::marker::PhantomData)
    }
}
impl<E: Env, T: Clone + Debug + Send + Sync> Recorder<E> for Skip<T> {
    type Item = T;
    fn look(&mut self, _: &E) -> Option<T> {
        None
    }
}

/// Numbers the states of a group in the order in which they are met.
#[derive(Clone, Debug)]
pub struct Label<E: StateKey>(FxHashMap<E::Key, u32>);
impl<E: StateKey> Default for Label<E> {
    fn default() -> Self {
        Label(FxHashMap::default())
    }
}
impl<E: StateKey> Recorder<E> for Label<E> {
    type Item = u32;
    fn look(&mut self, env: &E) -> Option<u32> {
        let next = self.0.len() as u32;
        Some(*self.0.entry(env.state_key()).or_insert(next))
    }
}

/// Writes down what the environment says of itself.
macro_rules! note {
    ($(#[$doc:meta])* $name:ident, $env:ident, $method:ident -> $item:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
        impl<E: $env> Recorder<E> for $name {
            type Item = $item;
            fn look(&mut self, env: &E) -> Option<$item> {
                Some(env.$method())
            }
        }
    };
}
note!(
    /// Writes down who acts.
    NoteAgent, Agents, agent -> u32
);
note!(
    /// Writes down the tag.
    NoteTag, Tags, tag -> u32
);
note!(
    /// Writes down the description of the state.
    NoteText, StateText, state_text -> String
);

offer! {
    /// Recurring states, if the bit says so.
    OffersStateKeys: u32
}
impl<E: StateKey> OffersStateKeys<Yes> for E {
    type Recorder = Label<E>;
}

/// Segments, if the bit says so.
pub trait OffersSegments<B: Bit>: Env {
    /// The segment of a step of these tokens, see [`Subgoals::segment_with`].
    fn segment_of(&self, _tokens: &[u32]) -> Option<u32> {
        None
    }
}
impl<E: Env> OffersSegments<No> for E {}
impl<E: Subgoals> OffersSegments<Yes> for E {
    fn segment_of(&self, tokens: &[u32]) -> Option<u32> {
        Some(self.segment_with(tokens))
    }
}

/// Roles of tokens, if the bit says so.
pub trait OffersRoles<B: Bit>: Env {
    /// What the next token of a step is for, see [`Roles::role`].
    fn role_of(&self, _so_far: &[u32]) -> Option<Role> {
        None
    }
    /// The decision token that says SWITCH.
    fn switch_token() -> Option<u32> {
        None
    }
}
impl<E: Env> OffersRoles<No> for E {}
impl<E: Roles> OffersRoles<Yes> for E {
    fn role_of(&self, so_far: &[u32]) -> Option<Role> {
        Some(self.role(so_far))
    }
    fn switch_token() -> Option<u32> {
        Some(E::SWITCH)
    }
}

offer! {
    /// Who acts, if the bit says so.
    OffersAgents: u32
}
impl<E: Agents> OffersAgents<Yes> for E {
    type Recorder = NoteAgent;
}

offer! {
    /// Tags, if the bit says so.
    OffersTags: u32
}
impl<E: Tags> OffersTags<Yes> for E {
    type Recorder = NoteTag;
}

offer! {
    /// Descriptions of states, if the bit says so.
    OffersStateTexts: String
}
impl<E: StateText> OffersStateTexts<Yes> for E {
    type Recorder = NoteText;
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

/// The environment can give what the objective needs.
///
/// Never implemented by hand: an environment implements [`StateKey`], [`StepReward`], [`Checklist`], and the compiler
/// draws the conclusion for each objective.
// The compiler words the error by this trait, not by the part that is missing; that it names in a help of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not offer all that `{O}` demands",
    label = "the trait that is missing is named below",
    note = "`StateKey` is for `anchor` and `within = state`; without it use `step` with `dpo_prm(beta)`, as `IStar` does",
    note = "`StepReward` is for `reward` and `anchor`; `outcome` is there in every environment",
    note = "`Roles` is for `switch`, `has` and `route`: steps that decide, name a subgoal and act, as in `env::sokoban::Planned`",
    note = "`Restore` is for `mc` and for rollouts of `mc_prm`; `mc_prm(0, gamma)` and `td_prm` learn from whole trajectories alone",
    note = "`Subgoals` is for segments and turns; without them aggregate `per = traj` or `per = step`",
    note = "`Agents` is for `within = agent`; without it compare with the whole group, `within = prompt`",
    note = "`Tags` is for `within = tag`; without it compare with the whole group, `within = prompt`",
    note = "`Demonstrate` is for `bc`; where no expert can be asked, remove `bc`",
    note = "`Checklist` is for `checklist` and `judged`; without a judge use `step` with `dpo_prm(beta)`, or `traj` alone",
    note = "`StateText` is for `within = state(similar = ..)`; where states can be compared exactly, write `within = state`"
)]
pub trait Offers<O: Objective>:
    OffersStateKeys<<NeedsOf<O> as Needs>::StateKeys>
    + OffersStepRewards<<NeedsOf<O> as Needs>::StepRewards>
    + OffersSegments<<NeedsOf<O> as Needs>::Segments>
    + OffersRoles<<NeedsOf<O> as Needs>::Roles>
    + OffersAgents<<NeedsOf<O> as Needs>::Agents>
    + OffersTags<<NeedsOf<O> as Needs>::Tags>
    + OffersStateTexts<<NeedsOf<O> as Needs>::StateTexts>
    + OffersChecklist<<NeedsOf<O> as Needs>::Checklist>
    + OffersContinuations<<NeedsOf<O> as Needs>::Continuations>
    + OffersDemonstrations<<NeedsOf<O> as Needs>::Demonstrations>
    + OffersGiven<<NeedsOf<O> as Needs>::GivenAdvantage, <NeedsOf<O> as Needs>::GivenReturn>
{
}
impl<E, O: Objective> Offers<O> for E where
    E: OffersStateKeys<<NeedsOf<O> as Needs>::StateKeys>
        + OffersStepRewards<<NeedsOf<O> as Needs>::StepRewards>
        + OffersSegments<<NeedsOf<O> as Needs>::Segments>
        + OffersRoles<<NeedsOf<O> as Needs>::Roles>
        + OffersAgents<<NeedsOf<O> as Needs>::Agents>
        + OffersTags<<NeedsOf<O> as Needs>::Tags>
        + OffersStateTexts<<NeedsOf<O> as Needs>::StateTexts>
        + OffersChecklist<<NeedsOf<O> as Needs>::Checklist>
        + OffersContinuations<<NeedsOf<O> as Needs>::Continuations>
        + OffersDemonstrations<<NeedsOf<O> as Needs>::Demonstrations>
        + OffersGiven<<NeedsOf<O> as Needs>::GivenAdvantage, <NeedsOf<O> as Needs>::GivenReturn>
{
}
