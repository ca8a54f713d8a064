//! Sizes that every world of the list comes in.

use crate::rollout::{Outcome, Sampling};
use crate::table::Schedule;
use crate::trainer::adam::AdamConfig;
use crate::trainer::{Settings, WarmStart};

/// How much is trained and tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Preset {
    /// Seconds: that it runs.
    Smoke,
    /// Minutes: policies visibly learn.
    Default,
    /// The tables of the documentation.
    Full,
}

impl Preset {
    /// As it is written in arguments.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.pick("smoke", "default", "full")
    }

    /// Seeds per recipe if nothing else is asked for.
    #[must_use]
    pub fn seeds(self) -> usize {
        self.pick(2, 3, 5)
    }

    /// What of three belongs to this preset.
    #[must_use]
    pub fn pick<T>(self, smoke: T, default: T, full: T) -> T {
        match self {
            Self::Smoke => smoke,
            Self::Default => default,
            Self::Full => full,
        }
    }

    /// How a small policy over choices in words is trained, after so many steps of behaviour cloning.
    pub(super) fn choosing(self, cloning: usize) -> Schedule {
        let sampling =
            Sampling { per_group: self.pick(4, 8, 8), outcome: Outcome::Reward, ..Sampling::default() };
        let adam = AdamConfig { lr: 1e-3, ..AdamConfig::default() };
        Schedule {
            iterations: self.pick(2, 60, 150),
            budget: None,
            frozen: None,
            groups: self.pick(2, 16, 16),
            validate_every: self.pick(1, 5, 10),
            checkpoint_every: self.pick(1, 10, 10),
            credit_tasks: self.pick(2, 16, 32),
            warm_start: Some(WarmStart {
                steps: self.pick(4, cloning, cloning),
                tasks: self.pick(8, 16, 16),
                adam,
            }),
            settings: Settings { sampling, minibatch: self.pick(64, 256, 256), ..Settings::default() },
        }
    }
}
