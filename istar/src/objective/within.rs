//! What makes a pool of `norm`: `within = prompt, state, state(similar = s), state(history = k), turn, agent, item, tag, batch, action,
//! key(name)`, and products.

use super::level::{self, Join, Level, Proper};
use super::range::{InRange, Range};
use super::scalar::Scalar;
use super::signal::Called;
use crate::batch::{LevelId, Scope};
use crate::credit::PoolId;
use crate::need::demand::{Needs, Nothing, Or, only};
use std::marker::PhantomData;

/// A way to make pools, as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make pools",
    note = "`within` is `prompt`, `state`, `turn`, `agent`, `item`, `tag`, `batch`, `action`, `key(name)`, or a product of them"
)]
pub trait Within: Send + Sync + 'static {
    /// The way as a value.
    fn id(at: &Scope<'_>) -> PoolId;
    /// As it is written.
    fn show(at: &Scope<'_>) -> String;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
    /// The coarsest level whose elements lie in one pool each: a coarser signal is repeated.
    type Level: Proper;
    /// What must be there to tell the pools apart.
    type Needs: Needs;
}

macro_rules! pools {
    ($($(#[$doc:meta])* $name:ident $text:literal $level:ident $needs:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
        impl Within for $name {
            fn id(_: &Scope<'_>) -> PoolId {
                PoolId::$name
            }
            fn show(_: &Scope<'_>) -> String {
                $text.into()
            }
            type Level = level::$level;
            type Needs = $needs;
        }
    )*};
}

pools! {
    /// The group of trajectories of one prompt.
    Prompt "prompt" Traj Nothing;
    /// The steps of a group that met the same state.
    State "state" Step only::StateKeys;
    /// The segments of a group that have the same number: its first turns, its second turns, ...
    Turn "turn" Segment only::Segments;
    /// The steps of a group by the agent that acted.
    Agent "agent" Step only::Agents;
    /// The elements of a group that are of the same item of the same turn.
    Item "item" Item only::Checklist;
    /// The steps of the batch that have the same tag.
    Tag "tag" Step only::Tags;
    /// The whole batch.
    Batch "batch" Traj Nothing;
    /// The steps of a group that took the same action.
    Action "action" Step only::Tokens;
}

/// `state(history = k)`: the steps of a group that met the same state, and the same k states before it; fewer at the beginning.
#[derive(Debug)]
pub struct History<K>(PhantomData<K>);

impl<K: Scalar> Within for History<K> {
    fn id(at: &Scope<'_>) -> PoolId {
        PoolId::History(K::value(at))
    }
    fn show(at: &Scope<'_>) -> String {
        format!("state(history = {})", K::show(at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Whole.check::<K>("history", at, problems);
    }
    type Level = level::Step;
    type Needs = only::StateKeys;
}

/// `key(name)`: the steps of a group with the same number in a column; `key(name, traj)`: the trajectories.
#[derive(Debug)]
pub struct Key<Name, L = level::Step>(PhantomData<(Name, L)>);

impl<N: Called<L>, L: Proper> Within for Key<N, L> {
    fn id(at: &Scope<'_>) -> PoolId {
        PoolId::Key(N::name(at).to_owned(), <L as Level>::id(at))
    }
    fn show(at: &Scope<'_>) -> String {
        match <L as Level>::id(at) {
            LevelId::Traj => format!("key({}, traj)", N::name(at)),
            _ => format!("key({})", N::name(at)),
        }
    }
    type Level = L;
    type Needs = N::Needs;
}

/// `state * action`: what agrees in both.
#[derive(Debug)]
pub struct Both<A, B>(PhantomData<(A, B)>);

impl<A: Within, B: Within> Within for Both<A, B>
where
    Join<A::Level, B::Level>: Proper,
{
    fn id(at: &Scope<'_>) -> PoolId {
        PoolId::Both(Box::new(A::id(at)), Box::new(B::id(at)))
    }
    fn show(at: &Scope<'_>) -> String {
        format!("{} * {}", A::show(at), B::show(at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        A::check(at, problems);
        B::check(at, problems);
    }
    type Level = Join<A::Level, B::Level>;
    type Needs = Or<A::Needs, B::Needs>;
}

/// Pools that an option may leave as they are elsewhere.
pub trait MaybeWithin: Send + Sync + 'static {
    /// The way as a value.
    fn id(at: &Scope<'_>) -> Option<PoolId>;
    /// As it is written, if it is.
    fn show(at: &Scope<'_>) -> Option<String>;
    /// Reports numbers out of range.
    fn check(_at: &Scope<'_>, _problems: &mut Vec<String>) {}
}

/// The pools that `within` makes: `scale_within` left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Same;

impl MaybeWithin for Same {
    fn id(_: &Scope<'_>) -> Option<PoolId> {
        None
    }
    fn show(_: &Scope<'_>) -> Option<String> {
        None
    }
}

impl<W: Within> MaybeWithin for W {
    fn id(at: &Scope<'_>) -> Option<PoolId> {
        Some(W::id(at))
    }
    fn show(at: &Scope<'_>) -> Option<String> {
        Some(W::show(at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        W::check(at, problems);
    }
}

/// `state(similar = s)`: the steps of a group whose states have descriptions alike, see [`credit::clusters`].
///
/// [`credit::clusters`]: crate::credit::clusters
#[derive(Debug)]
pub struct Similar<S>(PhantomData<S>);

impl<S: Scalar> Within for Similar<S> {
    fn id(at: &Scope<'_>) -> PoolId {
        PoolId::Similar(S::value(at))
    }
    fn show(at: &Scope<'_>) -> String {
        format!("state(similar = {})", S::show(at))
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        Range::Rate.check::<S>("similar", at, problems);
    }
    type Level = level::Step;
    type Needs = only::StateTexts;
}
