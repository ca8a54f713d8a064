//! What a set of tasks is for, told from what a task is: so sets are disjoint whatever their seeds are, and a task never changes sides.

use crate::seed::fnv1a;

/// What a set of tasks is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Split {
    /// 70 % of what there is.
    Train,
    /// 10 %.
    Validation,
    /// 20 %.
    Test,
}

impl Split {
    /// The split of the task with this name, or these bytes that stand for it.
    #[must_use]
    pub fn of(task: &[u8]) -> Self {
        match fnv1a(task) % 100 {
            0..70 => Self::Train,
            70..80 => Self::Validation,
            _ => Self::Test,
        }
    }
}
