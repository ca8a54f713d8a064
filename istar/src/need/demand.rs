//! What an objective asks for, computed from its type alone.

use super::bit::{Bit, No, Yes};
use super::own::{One, OwnList, Owns};
use istar_lang::LevelId;
use std::marker::PhantomData;

/// One row a capability: the associated type, the runtime field, what it means. The order is the order of `explain`.
macro_rules! capabilities {
    ($($(#[doc = $doc:literal])+ $name:ident / $field:ident: $what:literal;)*) => {
        /// A set of capabilities as types; [`Set`] is the one implementor.
        pub trait Needs: Clone + Copy + std::fmt::Debug + Default + Send + Sync + 'static {
            $($(#[doc = $doc])+ type $name: Bit;)*
            /// Columns of your own.
            type Own: Owns;
            /// What either needs.
            type Or<N: Needs>: Needs;
            /// The same set as a value.
            const DEMAND: Demand;
        }

        /// A set of capabilities: one [`Bit`] each, in the order of [`Needs`], and a list of columns of your own.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Set<$($name = No,)* Own = ()>(PhantomData<($($name,)* Own,)>);

        impl<$($name: Bit,)* Own: Owns> Needs for Set<$($name,)* Own> {
            $(type $name = $name;)*
            type Own = Own;
            type Or<N: Needs> = Set<$(<$name as Bit>::Or<N::$name>,)* <Own as Owns>::And<N::Own>>;
            const DEMAND: Demand = Demand { $($field: $name::VALUE,)* own: Own::LIST };
        }

        /// Needs the column `C` of your own: see [`Column`](super::Column).
        pub type Own<C> = Set<$(capabilities!(@no $name),)* One<C>>;

        /// One capability, as a value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Need { $($(#[doc = $doc])+ $name),* }

        /// What an objective asks for, as a value.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
        pub struct Demand {
            $($(#[doc = $doc])+ pub $field: bool,)*
            /// Columns of your own.
            #[serde(skip_serializing_if = "OwnList::is_empty")]
            pub own: OwnList,
        }

        impl Demand {
            /// No capability.
            pub const NOTHING: Demand = Demand { $($field: false,)* own: OwnList::Empty };

            /// Whether it asks for this.
            pub const fn asks(&self, need: Need) -> bool {
                match need {
                    $(Need::$name => self.$field),*
                }
            }

            /// This beside what it asks for.
            #[must_use]
            pub const fn with(mut self, need: Need, asked: bool) -> Demand {
                match need {
                    $(Need::$name => self.$field |= asked),*
                }
                self
            }

            /// What either asks for; columns of your own stand in types, and these are of this one.
            #[must_use]
            pub(crate) const fn and(self, other: Demand) -> Demand {
                Demand { $($field: self.$field || other.$field,)* own: self.own }
            }

            /// The capabilities that are demanded, each with what it means.
            pub fn list(&self) -> Vec<(&'static str, &'static str)> {
                let mut list = Vec::new();
                $(if self.$field { list.push((stringify!($field), $what)); })*
                list.extend(self.own.columns().iter().map(|column| (column.name, of_your_own(column.level))));
                list
            }
        }

        /// Sets of one capability, for signals and terms to name what they need.
        pub mod only {
            use super::{No, Set, Yes};
            capabilities!(@only [] $($name)*);
        }
    };
    (@only [$($before:ident)*] $head:ident $($tail:ident)*) => {
        #[doc = concat!("Needs `", stringify!($head), "` alone.")]
        pub type $head = Set<$(capabilities!(@no $before),)* Yes, $(capabilities!(@no $tail)),*>;
        capabilities!(@only [$($before)* $head] $($tail)*);
    };
    (@only [$($before:ident)*]) => {};
    (@no $name:ident) => { No };
}

capabilities! {
    /// A process-reward model with parameters of its own.
    PrmNet / prm_net: "a PRM network with its own parameters and optimiser";
    /// A loss term trains an implicit PRM.
    TrainsPrm / trains_prm: "phase A: updates of the PRM";
    /// A signal reads the PRM's log-probabilities of the batch.
    ReadsPrm / reads_prm: "one PRM forward over the batch";
    /// A loss term trains an explicit PRM, `Q(s, a)` of the action taken.
    ExplicitPrm / explicit_prm: "phase A: an explicit PRM network, its optimiser and one forward of it over the batch";
    /// Preference pairs inside a prompt group.
    Pairs / pairs: "groups of at least two trajectories, paired by outcome";
    /// The policy's surrogate or another policy loss: phase B exists.
    TrainsPolicy / trains_policy: "phase B: policy updates by mini-batch";
    /// A critic with one output per head.
    CriticNet / critic: "a critic network, its optimiser and one forward of it over the batch";
    /// The frozen initial policy.
    InitRef / init_ref: "the frozen initial policy and one forward of it over the batch";
    /// What the engine that sampled reported.
    SamplerRef / sampler_ref: "what the engine that sampled the batch reported; our own sampler reports `old`";
    /// A copy of the policy renewed on a rule.
    SnapshotRef / snapshot_ref: "a snapshot of the policy and one forward of it over the batch";
    /// An exponential moving average of the policy.
    EmaRef / ema_ref: "a moving average of the policy and one forward of it over the batch";
    /// The entropy of the policy's distribution at each token.
    PolicyEntropy / entropy: "the entropy of each token's distribution";
    /// The entropy of the distribution that each token was drawn from.
    SampledEntropy / sampled_entropy: "the entropy of the distribution that each token was drawn from";
    /// Demonstrations to imitate.
    Demonstrations / demonstrations: "demonstrations, with one policy forward for them in every update";
    /// The ids of the tokens taken.
    Tokens / tokens: "the ids of the tokens taken";
    /// Rewards of single steps.
    StepRewards / step_rewards: "an environment with step rewards";
    /// Which actions could not be parsed.
    InvalidFlags / invalid_flags: "a flag for actions that could not be parsed";
    /// Which steps met the same state.
    StateKeys / state_keys: "an environment whose states recur and can be compared";
    /// Segments of steps: subgoals or user turns.
    Segments / segments: "an environment that marks subgoals or turns";
    /// What each token is for: to switch, to name a subgoal, to act.
    Roles / roles: "an environment whose steps are a decision to switch, a subgoal and an action";
    /// Which steps decided to switch; of steps with [`Roles`](Needs::Roles), which are demanded beside it.
    Decisions / decisions: "what each step decided: to keep its subgoal or to switch";
    /// How probable those decisions were; demanded beside [`Roles`](Needs::Roles).
    SwitchChances / switch_chances: "how probable each decision to switch was";
    /// Items that a judge ticks off, step by step.
    Checklist / checklist: "an environment with a checklist";
    /// Fresh continuations from every state of the batch.
    Continuations / continuations: "an environment that can be restored, and extra rollouts from every state";
    /// The exact distance to success after each step.
    ExactCredit / exact_credit: "an environment that knows the exact distance to success";
    /// Descriptions of states, to compare states that are alike.
    StateTexts / state_texts: "an environment whose states have a description";
    /// Which agent acted.
    Agents / agents: "an environment with several agents";
    /// A tag on each step.
    Tags / tags: "an environment that tags steps";
    /// An advantage that comes with the batch.
    GivenAdvantage / given_advantage: "a logged batch that brings its advantages";
    /// A return that comes with the batch.
    GivenReturn / given_return: "a logged batch that brings its returns";
}

fn of_your_own(level: LevelId) -> &'static str {
    match level {
        LevelId::Traj => "a column of your own, a number per trajectory",
        LevelId::Token => "a column of your own, a number per token",
        _ => "a column of your own, a number per step",
    }
}

/// Needs nothing but an outcome.
pub type Nothing = Set;
/// What either needs.
pub type Or<A, B> = <A as Needs>::Or<B>;
