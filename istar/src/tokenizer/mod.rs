//! Text as tokens, and back.

#[cfg(feature = "tokenizers")]
mod pairs;
mod scored;

#[cfg(feature = "tokenizers")]
pub use self::pairs::Pairs;
pub use self::scored::Scored;

use crate::file::Refused;
use crate::gguf::{self, Gguf};
use std::path::Path;

/// A tokenizer of one of the kinds that there are.
#[derive(Clone, Debug)]
pub enum Tokenizer {
    /// Pairs are joined by the best score: llama2.c, sentencepiece.
    Scored(Scored),
    /// Pairs of bytes are joined in the order in which they were learnt: GPT-2 and most that came after it.
    #[cfg(feature = "tokenizers")]
    Pairs(Pairs),
}

impl Tokenizer {
    /// Reads a tokenizer: `tokenizer.bin` of llama2.c, `tokenizer.json` of Hugging Face, or what a GGUF file has in it. What the
    /// file is shows by how it begins.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or holds a tokenizer of a kind that this build has not.
    pub fn read(file: &Path) -> Result<Self, Refused> {
        let bytes = crate::file::read(file)?;
        if bytes.starts_with(gguf::MAGIC) {
            return Self::of_gguf(&Gguf::from_bytes(bytes, file)?);
        }
        if bytes.trim_ascii_start().starts_with(b"{") {
            return Self::of_json(&bytes, file);
        }
        Scored::from_bytes(&bytes, file).map(Tokenizer::Scored)
    }

    #[cfg(feature = "tokenizers")]
    fn of_json(bytes: &[u8], file: &Path) -> Result<Self, Refused> {
        Pairs::from_json(bytes).map(Tokenizer::Pairs).map_err(|what| Refused::new(file, what))
    }

    #[cfg(not(feature = "tokenizers"))]
    fn of_json(_: &[u8], file: &Path) -> Result<Self, Refused> {
        Err(Refused::new(file, NOT_BUILT))
    }

    /// The tokenizer in a GGUF file.
    ///
    /// # Errors
    /// When there is none, or none of a kind that this build has.
    pub fn of_gguf(gguf: &Gguf) -> Result<Self, Refused> {
        let none = || gguf.refused("it has no tokenizer; name the file of one".into());
        let kind = gguf.text("tokenizer.ggml.model")?.ok_or_else(none)?;
        let pieces = gguf.texts("tokenizer.ggml.tokens")?.ok_or_else(none)?;
        let token = |key: &str| {
            let key = format!("tokenizer.ggml.{key}_token_id");
            let outside = |token: u64| {
                gguf.refused(format!("`{key}` is {token}, but there are {} tokens", pieces.len()))
            };
            let found = gguf.number(&key)?;
            found
                .map(|found| match (found as usize) < pieces.len() {
                    true => Ok(found as u32),
                    false => Err(outside(found)),
                })
                .transpose()
        };
        match kind {
            "llama" => {
                let scores = gguf.numbers("tokenizer.ggml.scores")?.unwrap_or_default();
                let scores = scores.iter().map(|score| *score as f32).collect();
                let pieces = pieces.iter().map(|piece| piece.replace('▁', " ").into_bytes()).collect();
                let scored = Scored::new(pieces, scores, token("bos")?.unwrap_or(1), token("eos")?);
                scored.map(Tokenizer::Scored).map_err(|what| gguf.refused(what))
            }
            #[cfg(feature = "tokenizers")]
            "gpt2" => {
                let before = match gguf.value("tokenizer.ggml.add_bos_token") {
                    Some(gguf::Value::Flag(true)) => token("bos")?,
                    _ => None,
                };
                let pairs = pairs::of_gguf(gguf, pieces, before, token("eos")?);
                pairs.map(Tokenizer::Pairs)
            }
            #[cfg(not(feature = "tokenizers"))]
            "gpt2" => Err(gguf.refused(NOT_BUILT.into())),
            other => Err(gguf
                .refused(format!("its tokenizer is of the kind {other:?}; \"gpt2\" and \"llama\" are read"))),
        }
    }

    /// The tokens of a text, with what the tokenizer puts in front of one.
    ///
    /// # Errors
    /// When it has no token for a part of the text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        match self {
            Tokenizer::Scored(scored) => Ok(scored.encode(text)),
            #[cfg(feature = "tokenizers")]
            Tokenizer::Pairs(pairs) => pairs.encode(text),
        }
    }

    /// The tokens of a text that goes on, without what the tokenizer puts in front of one.
    ///
    /// # Errors
    /// When it has no token for a part of the text.
    pub fn encode_on(&self, text: &str) -> Result<Vec<u32>, String> {
        match self {
            Tokenizer::Scored(scored) => Ok(scored.encode_on(text)),
            #[cfg(feature = "tokenizers")]
            Tokenizer::Pairs(pairs) => pairs.encode_on(text),
        }
    }

    /// The token that stands before a text, if there is one.
    pub fn start(&self) -> Option<u32> {
        match self {
            Tokenizer::Scored(scored) => Some(scored.start),
            #[cfg(feature = "tokenizers")]
            Tokenizer::Pairs(pairs) => pairs.start(),
        }
    }

    /// The token that stands after a text, if there is one.
    pub fn end(&self) -> Option<u32> {
        match self {
            Tokenizer::Scored(scored) => scored.end,
            #[cfg(feature = "tokenizers")]
            Tokenizer::Pairs(pairs) => pairs.end(),
        }
    }

    /// The text of tokens, without what stands around a text.
    ///
    /// # Errors
    /// When it cannot put them together.
    pub fn decode(&self, tokens: &[u32]) -> Result<String, String> {
        match self {
            Tokenizer::Scored(scored) => Ok(scored.decode(tokens)),
            #[cfg(feature = "tokenizers")]
            Tokenizer::Pairs(pairs) => pairs.decode(tokens),
        }
    }

    /// How many tokens there are.
    pub fn vocabulary(&self) -> usize {
        match self {
            Tokenizer::Scored(scored) => scored.len(),
            #[cfg(feature = "tokenizers")]
            Tokenizer::Pairs(pairs) => pairs.len(),
        }
    }

    /// Whether a text is over with this token.
    pub fn ends(&self, token: u32) -> bool {
        match self {
            Tokenizer::Scored(scored) => token == scored.start || Some(token) == scored.end,
            #[cfg(feature = "tokenizers")]
            Tokenizer::Pairs(pairs) => pairs.ends(token),
        }
    }
}

#[cfg(not(feature = "tokenizers"))]
const NOT_BUILT: &str =
    "it holds a tokenizer of byte-level pairs, which this build has not; build with the feature `tokenizers`";
