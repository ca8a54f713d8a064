//! A client of servers that speak OpenAI's protocol (vLLM, llama.cpp, Ollama, and what is sold), and two that are made of one: a
//! [`Judge`], who scores an episode on named dimensions, and a [`Speaker`], who says the next thing in a talk.
//!
//! ```no_run
//! use istar::chat::{Case, Dimension, Judge, Server};
//!
//! let judge = Judge::new(Server::from_env()?, Dimension::social());
//! let case = Case {
//!     about: "Ann sells a used bicycle and wants 80 for it. Ben wants it for 50 at most.",
//!     whom: "Ann",
//!     transcript: "Ann: It is as good as new. 80.\nBen: I have 50.\nAnn: Then 65, and the lock is yours.\nBen: Agreed.",
//! };
//! let scores = judge.score(&case)?;
//! println!("goal {:?}, overall {:.2}", scores.value("goal"), scores.mean());
//! # Ok::<(), istar::chat::ChatError>(())
//! ```
//!
//! What fails for a moment is tried again, for a bounded time; what does not answer, or does not say what was asked, is a
//! [`ChatError`], which costs an environment the episode and never the run. Answers that come of episodes go through a [`Told`], so
//! that a run that was killed is told the same again. The key is never shown, logged or written down, see [`Key`].
//!
//! The feature `chat` speaks plain `http`, as servers on one's own machines do; `chat-tls` adds `https`.
//!
//! | file | idea |
//! |---|---|
//! | `server`, `settings` | who is asked, how long, how often, by how many at once |
//! | `message`, `wire` | what is said, and its JSON |
//! | `url`, `key` | where, and by whose leave |
//! | `backoff`, `permits` | waiting before the next try, and for one's turn |
//! | `told` | answers by the record |
//! | `judge` | scores on named dimensions, and the refusal of what is none |
//! | `speaker`, `words` | one utterance, and the making of one line of what a model writes |
//! | `dialogue` | both in [social dialogues](crate::env::dialogue) |

mod backoff;
mod dialogue;
mod error;
mod judge;
mod key;
mod message;
mod permits;
mod server;
mod settings;
mod speaker;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod told;
mod url;
mod wire;
mod words;

pub use error::ChatError;
pub use judge::{Case, Dimension, Judge, Mistake, Score, Scores};
pub use key::Key;
pub use message::{Answer, Message, Options, Prompt, Voice};
pub use server::Server;
pub use settings::Settings;
pub use speaker::{Part, Speaker};
pub use told::Told;
