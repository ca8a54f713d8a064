//! What makes a pool of `norm`: `within = prompt, state, state(similar = s), turn, agent, item, tag, batch`.

use super::level::{self, Proper};
use super::range::{InRange, Range};
use super::scalar::Scalar;
use crate::batch::Scope;
use crate::credit::PoolId;
use crate::need::demand::{Needs, Nothing, only};
use std::marker::PhantomData;

/// A way to make pools, as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make pools",
    note = "`within` is `prompt`, `state`, `turn`, `agent`, `item`, `tag` or `batch`"
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
