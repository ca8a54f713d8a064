//! The fields of a logged batch; see `docs/src/credit.md`.

/// Per token. The first ones are numbers.
pub(super) mod token {
    pub(in crate::logged) const KEYS: [&str; 13] = [
        "old", "logp", "ref", "prm", "value", "vpred", "ret", "adv", "snapshot", "ema", "entropy", "role",
        "text",
    ];
    pub(in crate::logged) const OLD: usize = 0;
    pub(in crate::logged) const LOGP: usize = 1;
    pub(in crate::logged) const REF: usize = 2;
    pub(in crate::logged) const PRM: usize = 3;
    pub(in crate::logged) const VALUE: usize = 4;
    pub(in crate::logged) const VPRED: usize = 5;
    pub(in crate::logged) const RET: usize = 6;
    pub(in crate::logged) const ADV: usize = 7;
    pub(in crate::logged) const SNAPSHOT: usize = 8;
    pub(in crate::logged) const EMA: usize = 9;
    pub(in crate::logged) const ENTROPY: usize = 10;
    /// How many are numbers.
    pub(in crate::logged) const NUMBERS: usize = 11;
    pub(in crate::logged) const ROLE: usize = 11;
    pub(in crate::logged) const TEXT: usize = 12;
}

/// Per step: numbers, flags, labels, and the rest.
pub(super) mod step {
    pub(in crate::logged) const KEYS: [&str; 15] = [
        "reward",
        "q",
        "mc",
        "p_switch",
        "valid",
        "switch",
        "segment_start",
        "state",
        "agent",
        "tag",
        "turn",
        "text",
        "values",
        "items",
        "tokens",
    ];
    pub(in crate::logged) const REWARD: usize = 0;
    pub(in crate::logged) const Q: usize = 1;
    pub(in crate::logged) const MC: usize = 2;
    pub(in crate::logged) const P_SWITCH: usize = 3;
    /// Stored as its contrary, `invalid`.
    pub(in crate::logged) const VALID: usize = 4;
    pub(in crate::logged) const SWITCH: usize = 5;
    pub(in crate::logged) const SEGMENT_START: usize = 6;
    /// How many are numbers or flags.
    pub(in crate::logged) const NUMBERS: usize = 7;
    pub(in crate::logged) const STATE: usize = 7;
    pub(in crate::logged) const AGENT: usize = 8;
    pub(in crate::logged) const TAG: usize = 9;
    pub(in crate::logged) const TURN: usize = 10;
    /// How many are labels, after the numbers.
    pub(in crate::logged) const LABELS: usize = 4;
    /// Which of the labels a field is.
    pub(in crate::logged) const fn label(field: usize) -> usize {
        field - NUMBERS
    }
    pub(in crate::logged) const TEXT: usize = 11;
    pub(in crate::logged) const VALUES: usize = 12;
    pub(in crate::logged) const ITEMS: usize = 13;
    pub(in crate::logged) const TOKENS: usize = 14;
}

/// Per trajectory: a number, flags, and the rest.
pub(super) mod traj {
    pub(in crate::logged) const KEYS: [&str; 6] =
        ["outcome", "success", "done", "judge_ok", "final_value", "steps"];
    pub(in crate::logged) const OUTCOME: usize = 0;
    pub(in crate::logged) const SUCCESS: usize = 1;
    pub(in crate::logged) const DONE: usize = 2;
    pub(in crate::logged) const JUDGE_OK: usize = 3;
    /// How many are numbers or flags.
    pub(in crate::logged) const NUMBERS: usize = 4;
    pub(in crate::logged) const FINAL_VALUE: usize = 4;
    pub(in crate::logged) const STEPS: usize = 5;
}

/// Per group.
pub(super) mod group {
    pub(in crate::logged) const KEYS: [&str; 3] = ["prompt", "checklist", "trajectories"];
    pub(in crate::logged) const PROMPT: usize = 0;
    pub(in crate::logged) const CHECKLIST: usize = 1;
}

/// Of the whole text: a batch alone, or one under `batch`, with or without a case.
pub(super) mod document {
    pub(in crate::logged) const KEYS: [&str; 4] = ["groups", "batch", "case", "params"];
    pub(in crate::logged) const GROUPS: usize = 0;
    pub(in crate::logged) const BATCH: usize = 1;
    pub(in crate::logged) const CASE: usize = 2;
}
