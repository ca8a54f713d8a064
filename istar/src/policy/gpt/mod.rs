//! A policy that reads tokens: a decoder-only transformer, of Llama's kind or of GPT's.

mod config;
mod decoder;
mod logits;
mod net;
mod packed;
mod policy;
pub mod read;
mod window;

pub use self::config::{Config, Feed, Normed, Positions, Unfit};
pub use self::decoder::{Decoder, Slot};
pub use self::net::Gpt;
pub use self::policy::{GptEstimator, GptPolicy, Tokens};
