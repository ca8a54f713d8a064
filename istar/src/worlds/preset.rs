//! Sizes that every world of the list comes in.

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
}
