//! How much of a batch is there: a type for each stage, so that a column nobody has filled is no value.

use crate::need::bit::{Bit, No};
use std::fmt::Debug;

mod sealed {
    pub trait Sealed {}
}

/// How far a batch has come: [`Sampled`], then [`Read`], then [`Scored`]. Each associated type stands for a section of the
/// table of columns: what is demanded of it, or [`No`] where its columns are not there yet.
pub trait Stage: sealed::Sealed + Clone + Copy + Debug + Default + Send + Sync + 'static {
    /// Columns of the sampler.
    type Sampler<B: Bit>: Bit;
    /// Columns of the environment.
    type Environment<B: Bit>: Bit;
    /// Columns of references and of the critic.
    type Reference<B: Bit>: Bit;
    /// Columns of the process-reward model.
    type Prm<B: Bit>: Bit;
    /// Columns that only a log brings.
    type Log<B: Bit>: Bit;
}

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident: $sampler:ident $environment:ident $reference:ident $prm:ident $log:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl Stage for $name {
            type Sampler<B: Bit> = $sampler;
            type Environment<B: Bit> = $environment;
            type Reference<B: Bit> = $reference;
            type Prm<B: Bit> = $prm;
            type Log<B: Bit> = $log;
        }
    )*};
}

stages! {
    /// Fresh from the sampler: no network has read it but the policy that it was drawn from.
    Sampled: B B No No No;
    /// References and the critic have read it, as they were when it was sampled.
    Read: B B B No No;
    /// The process-reward model has read it too: all that an objective demands is there.
    Scored: B B B B No;
}
