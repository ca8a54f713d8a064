//! What is said to a server, and what it answers.

use serde::Serialize;

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// Whoever sets the task.
    System,
    /// Whoever asks.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Message {
    /// Who says it; on the wire `role`.
    #[serde(rename = "role")]
    pub voice: Voice,
    /// What is said.
    pub content: String,
}

impl Message {
    /// What sets the task.
    pub fn system(content: impl Into<String>) -> Self {
        Message { voice: Voice::System, content: content.into() }
    }

    /// What is asked.
    pub fn user(content: impl Into<String>) -> Self {
        Message { voice: Voice::User, content: content.into() }
    }

    /// What the model said.
    pub fn assistant(content: impl Into<String>) -> Self {
        Message { voice: Voice::Assistant, content: content.into() }
    }
}

/// How a model draws its answer. What is `None` is not sent, and left to the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Options {
    /// The temperature, 0 or more; 0 takes the likeliest token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// How many tokens the answer has at most, thoughts included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// The server's own random stream, where it keeps one; it promises nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// What one answer is asked for: a conversation, and how to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// How the answer is drawn.
    pub options: Options,
}

/// What a server answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What the model says, without the blanks around it; never empty.
    pub text: String,
    /// The bound on tokens cut it off.
    pub cut: bool,
    /// The model that answered, as the server calls it.
    pub model: Option<String>,
    /// How many tokens were read, if the server counts.
    pub read: Option<u64>,
    /// How many tokens were written, if the server counts.
    pub written: Option<u64>,
}
