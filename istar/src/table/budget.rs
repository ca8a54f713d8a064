//! What a row may spend on training, so that rows of unequal cost are compared at equal budgets.

use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};

/// The same for every row of a table. Training ends with the iteration in which it is spent, so a row may spend up to an
/// iteration more.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// Environment steps, continuations included.
    EnvSteps(u64),
    /// Updates of the policy.
    Updates(u64),
    /// Wall seconds of training. What a cell comes to then depends on the machine, and on what else it does.
    Seconds(f64),
}

/// What training has spent so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// Environment steps, continuations included.
    pub env_steps: u64,
    /// Updates of the policy.
    pub updates: u64,
    /// Wall seconds of training.
    pub seconds: f64,
}

impl Budget {
    /// The share that is spent; 1 or more when it is all.
    #[must_use]
    pub fn share(self, spent: Spent) -> f64 {
        match self {
            Budget::EnvSteps(steps) => spent.env_steps as f64 / steps.max(1) as f64,
            Budget::Updates(updates) => spent.updates as f64 / updates.max(1) as f64,
            Budget::Seconds(seconds) => spent.seconds / seconds.max(f64::MIN_POSITIVE),
        }
    }
}

impl Display for Budget {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Budget::EnvSteps(steps) => write!(f, "{steps} environment steps"),
            Budget::Updates(updates) => write!(f, "{updates} updates of the policy"),
            Budget::Seconds(seconds) => write!(f, "{seconds} seconds of training"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_by_what_it_counts() {
        let spent = Spent { env_steps: 50, updates: 8, seconds: 3.0 };
        let shares =
            [Budget::EnvSteps(100), Budget::Updates(8), Budget::Seconds(1.5)].map(|b| b.share(spent));
        assert_eq!(shares, [0.5, 1.0, 2.0]);
        assert!(Budget::EnvSteps(0).share(spent) >= 1.0);
        let text = serde_json::to_string(&Budget::EnvSteps(100)).expect("JSON");
        assert_eq!(text, "{\"env_steps\":100}");
    }
}
