//! The fields of a logged batch, see `docs/src/credit.md`: those of the table of columns, and what a log has beside it.

use crate::batch::{LevelId, columns};
use crate::need::demand::Need;
use std::sync::LazyLock;

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A finite number.
    Number,
    /// `true`, `false`, 1 or 0; stored as 1 or 0.
    Flag,
    /// A flag that is stored as its contrary.
    Not,
    /// A number from 0 up.
    Count,
    /// A text or an integer, stored as the number of its first appearance in the batch.
    Label,
    /// The same inside a group.
    GroupLabel,
    /// A text, or what stands for one; null is none.
    Text,
    /// The same, and only shown: null is an empty one.
    Shown,
    /// What a token is for.
    Role,
    /// A list of `true` and `false`.
    Items,
}

macro_rules! fields {
    (
        Beside { $($(#[$bdoc:meta])+ $beside:ident: $blevel:ident ($bkind:ident $bkey:literal $(: $bfor:ident $bwhat:literal)?);)* }
        Always { $($(#[$adoc:meta])+ $always:ident: $alevel:ident $aitem:ident ($akind:ident $akey:literal);)* }
        $($by:ident { $(
            $(#[$doc:meta])+
            $name:ident: $level:ident $item:ident if $need:ident ($($kind:ident $key:literal $(: $for:ident $what:literal)?)?);
        )* })*
    ) => {
        /// A field of a trajectory, a step or a token.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(non_camel_case_types, reason = "a field has the name of its column")]
        pub(super) enum Field {
            $($(#[$bdoc])+ $beside,)*
            $($(#[$adoc])+ $always,)*
            $($($(#[doc = $key] $name,)?)*)*
        }

        impl Field {
            /// All of them, in the order of their numbers.
            pub(super) const ALL: &[Field] =
                &[$(Field::$beside,)* $(Field::$always,)* $($($({ let _ = $key; Field::$name },)?)*)*];

            /// The level, the key, and what stands there.
            const fn row(self) -> (LevelId, &'static str, Kind) {
                match self {
                    $(Field::$beside => (LevelId::$blevel, $bkey, Kind::$bkind),)*
                    $(Field::$always => (LevelId::$alevel, $akey, Kind::$akind),)*
                    $($($(Field::$name => (LevelId::$level, $key, Kind::$kind),)?)*)*
                }
            }
        }

        /// What every batch has.
        pub(super) const ALWAYS: &[Field] = &[$(Field::$always),*];

        /// By which need a field is missed, and what an objective does that misses it.
        pub(super) const DEMANDED: &[(Need, Field, &str)] = &[
            $($((Need::$bfor, Field::$beside, $bwhat),)?)*
            $($($($((Need::$for, Field::$name, $what),)?)?)*)*
        ];
    };
}

columns! {
    fields
    Beside {
        /// Per trajectory, whether the last step ended the episode.
        ended: Traj (Flag "done");
        /// Per step, the mean return of fresh continuations from the state that it was taken in.
        mc: Step (Number "mc");
        /// Per step, whether it begins a segment.
        segment_start: Step (Flag "segment_start");
        /// Per step, whether the judge called each item of its turn satisfied.
        items: Step (Items "items": Checklist "reads a checklist");
        /// Per step, the number of its segment, and the turn of the checklist.
        turn: Step (Count "turn": Checklist "reads a checklist");
        /// Per token, its log-probability under the present policy.
        logp: Token (Number "logp": TrainsPolicy "trains the policy");
        /// Per token, a critic's estimate when the batch was sampled.
        value: Token (Number "value");
        /// Per token, a critic's present estimate.
        vpred: Token (Number "vpred");
        /// Per token, the entropy of the present policy there.
        entropy: Token (Number "entropy");
        /// Per token, its id.
        token: Token (Count "id": Tokens "reads which tokens were taken");
        /// Per token, the word.
        word: Token (Shown "text");
    }
}

/// The levels that have fields, from coarse to fine.
pub(super) const LEVELS: [LevelId; 3] = [LevelId::Traj, LevelId::Step, LevelId::Token];

impl Field {
    pub(super) fn level(self) -> LevelId {
        self.row().0
    }

    pub(super) fn key(self) -> &'static str {
        self.row().1
    }

    pub(super) fn kind(self) -> Kind {
        self.row().2
    }

    /// The fields of a level.
    pub(super) fn of(level: LevelId) -> &'static [Field] {
        static FIELDS: LazyLock<[Vec<Field>; 3]> = LazyLock::new(|| {
            LEVELS.map(|level| Field::ALL.iter().copied().filter(|field| field.level() == level).collect())
        });
        LEVELS.iter().position(|at| *at == level).map_or(&[], |at| &FIELDS[at])
    }
}

/// What is no field of a trajectory, a step or a token, by its key.
pub(super) mod key {
    pub(in crate::logged) const GROUPS: &str = "groups";
    pub(in crate::logged) const BATCH: &str = "batch";
    pub(in crate::logged) const CASE: &str = "case";
    pub(in crate::logged) const PARAMS: &str = "params";
    pub(in crate::logged) const PROMPT: &str = "prompt";
    pub(in crate::logged) const CHECKLIST: &str = "checklist";
    pub(in crate::logged) const TRAJECTORIES: &str = "trajectories";
    pub(in crate::logged) const VALUE_AFTER: &str = "value_after";
    /// The first name of [`VALUE_AFTER`].
    pub(in crate::logged) const FINAL_VALUE: &str = "final_value";
    pub(in crate::logged) const COLUMNS: &str = "columns";
    pub(in crate::logged) const STEPS: &str = "steps";
    pub(in crate::logged) const VALUES: &str = "values";
    pub(in crate::logged) const TOKENS: &str = "tokens";
}
