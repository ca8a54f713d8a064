//! Replay: phase A goes through past batches again.

use super::{BatchOf, Log, Settings, Stop, Trainer};
use crate::batch::{Kept, Read, Scope};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, Plan};
use crate::policy::Policy;
use crate::seed::stream;
use rand::seq::SliceRandom;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::fmt::Debug;

/// Why batches that are to be replayed were not written or read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PastError {
    /// They are no plain data, or not what was written.
    #[error("the batches to be replayed: {0}")]
    Data(#[from] postcard::Error),
    /// They have other columns.
    #[error("the batches to be replayed are those of an objective with other needs")]
    Other,
}

/// The latest batches with their references as they were read, the oldest first.
pub(super) type Past<O, Obs> = VecDeque<BatchOf<O, Obs, Read>>;

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Phase A on this batch: with what it read of an implicit and of an explicit PRM before, where that is asked for.
    pub(super) fn reward_phase(
        &mut self,
        batch: &BatchOf<O, P::Observation, Read>,
        at: &Scope<'_>,
        plan: &Plan,
        log: &mut Log,
    ) -> Result<[Option<Vec<f64>>; 2], Stop> {
        Ok([self.implicit_phase(batch, at, plan, log)?, self.explicit_phase(batch, at, plan, log)?])
    }

    /// Phase A on batches that are kept.
    pub(super) fn replay(&mut self, at: &Scope<'_>, plan: &Plan, log: &mut Log) -> Result<(), Stop> {
        let past = std::mem::take(&mut self.past);
        let mut drawn: Vec<usize> = (0..past.len()).collect();
        drawn.shuffle(&mut stream(self.seed, "replay", self.iteration));
        drawn.truncate(self.settings.replay);
        drawn.sort_unstable();
        let mut batches = drawn.into_iter().map(|place| &past[place]);
        let replayed = batches.try_for_each(|batch| self.reward_phase(batch, at, plan, log).map(drop));
        self.past = past;
        replayed
    }

    /// Keeps a batch for the next iterations, if it may be replayed in them.
    pub(super) fn remember(&mut self, batch: &BatchOf<O, P::Observation, Read>) {
        if !<NeedsOf<O> as Needs>::TrainsPrm::VALUE && !<NeedsOf<O> as Needs>::ExplicitPrm::VALUE {
            return;
        }
        let Settings { replay, memory, .. } = self.settings;
        if replay > 0 {
            self.past.push_back(batch.clone());
        }
        let most = if replay > 0 { memory.max(replay) } else { 0 };
        self.past.drain(..self.past.len().saturating_sub(most));
    }

    /// The batches that the next iterations may replay, as bytes; none if there is no such batch. [`export`](Self::export) has
    /// everything else.
    ///
    /// # Errors
    /// An observation cannot be written.
    pub fn export_past(&self) -> Result<Option<Vec<u8>>, PastError>
    where
        P::Observation: Serialize,
    {
        let kept: Vec<Kept<P::Observation>> = self.past.iter().map(Kept::from).collect();
        Ok((!kept.is_empty()).then(|| postcard::to_stdvec(&kept)).transpose()?)
    }

    /// Keeps the batches that [`export_past`](Self::export_past) wrote.
    ///
    /// # Errors
    /// When the bytes are not those of batches of this objective and these observations; the trainer keeps what it had then.
    pub fn import_past(&mut self, bytes: Option<&[u8]>) -> Result<(), PastError>
    where
        P::Observation: DeserializeOwned,
    {
        let kept: Vec<Kept<P::Observation>> =
            bytes.map(postcard::from_bytes).transpose()?.unwrap_or_default();
        let batches: Option<Past<O, P::Observation>> = kept.into_iter().map(Kept::batch).collect();
        self.past = batches.ok_or(PastError::Other)?;
        Ok(())
    }
}
