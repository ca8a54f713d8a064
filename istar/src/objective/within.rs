//! What makes a pool of `norm`: `within = prompt, state, turn, agent, tag, batch`.

use super::demand::{Needs, Nothing, only};
use super::level::{self, Proper};
use crate::credit::PoolId;

/// A way to make pools, as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make pools",
    note = "`within` is `prompt`, `state`, `turn`, `agent`, `tag` or `batch`"
)]
pub trait Within: Send + Sync + 'static {
    /// The way as a value.
    const ID: PoolId;
    /// As it is written.
    const NAME: &'static str;
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
            const ID: PoolId = PoolId::$name;
            const NAME: &'static str = $text;
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
    /// The steps of the batch that have the same tag.
    Tag "tag" Step only::Tags;
    /// The whole batch.
    Batch "batch" Traj Nothing;
}
