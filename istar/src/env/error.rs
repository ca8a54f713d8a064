//! What an environment that fails says.

use serde::{Deserialize, Serialize};

/// Why an environment gave no answer: a partner that took too long, a page that did not load, a program that went away. The
/// episode is lost with it, and nothing else is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(transparent)]
#[error("{reason}")]
pub struct EnvError {
    reason: String,
}

impl EnvError {
    /// An error of one line that says what happened.
    pub fn new(reason: impl Into<String>) -> Self {
        EnvError { reason: reason.into() }
    }

    /// What happened.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl From<std::io::Error> for EnvError {
    fn from(error: std::io::Error) -> Self {
        EnvError::new(error.to_string())
    }
}
