//! What can go wrong between a question and its answer.

use crate::env::EnvError;
use std::time::Duration;

/// Why there is no answer, in one line. An environment hands it on as an [`EnvError`], and loses the episode.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChatError {
    /// A setting that cannot be used.
    #[error("{name} {problem}")]
    Setting {
        /// Its name: an environment variable, a field.
        name: &'static str,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// Nobody is there, or the connection broke.
    #[error("{server} cannot be reached ({why}; tried {tries}×): start it, or correct its URL")]
    Unreachable {
        /// The server.
        server: String,
        /// What the system says.
        why: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The answer was not there in time.
    #[error("{server} did not answer in {} s (tried {tries}×): give it longer, or ask for less at once", after.as_secs_f64())]
    TimedOut {
        /// The server.
        server: String,
        /// How long each try took.
        after: Duration,
        /// How often it was tried.
        tries: u32,
    },
    /// The server refuses.
    #[error("{server} says {status} (tried {tries}×): {message}")]
    Status {
        /// The server.
        server: String,
        /// The status of HTTP.
        status: u16,
        /// What it says, cut to a line.
        message: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The answer is no JSON.
    #[error(
        "{server} did not answer in JSON ({why}) but with `{begins}`: is it OpenAI's protocol that it speaks?"
    )]
    NotJson {
        /// The server.
        server: String,
        /// Where reading stopped.
        why: String,
        /// How the answer begins.
        begins: String,
    },
    /// The answer has no message in it.
    #[error("{server} answered without a choice: `{begins}`")]
    NoChoice {
        /// The server.
        server: String,
        /// How the answer begins, or what it says of an error.
        begins: String,
    },
    /// The message has no words.
    #[error("{server} answered with an empty message: a model that thinks first may need more tokens")]
    Empty {
        /// The server.
        server: String,
    },
    /// The answer is longer than anyone asked for.
    #[error("{server} answered with more than {limit} bytes: raise `Settings::longest` if that is meant")]
    TooLong {
        /// The server.
        server: String,
        /// The bound.
        limit: u64,
    },
    /// What a judge said are no scores, each time.
    #[error("the judge gave no scores in {answers} answers: {mistakes}")]
    NoScores {
        /// How many answers it gave.
        answers: u32,
        /// What was wrong with the last one.
        mistakes: String,
    },
    /// Nothing is left of an utterance when it is cut to a line.
    #[error("the speaker said nothing, but `{said}`")]
    Silent {
        /// How what it wrote begins.
        said: String,
    },
    /// What the record says, or that an answer could not be recorded.
    #[error(transparent)]
    Lost(#[from] EnvError),
}

impl ChatError {
    /// The same after so many tries.
    pub(super) fn after_tries(mut self, n: u32) -> Self {
        match &mut self {
            ChatError::Unreachable { tries, .. }
            | ChatError::TimedOut { tries, .. }
            | ChatError::Status { tries, .. } => *tries = n,
            _ => {}
        }
        self
    }
}

impl From<ChatError> for EnvError {
    fn from(error: ChatError) -> Self {
        match error {
            ChatError::Lost(error) => error,
            error => EnvError::new(error.to_string()),
        }
    }
}
