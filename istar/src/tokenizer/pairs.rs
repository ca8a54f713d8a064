//! Byte-level pairs, by the crate `tokenizers`.

use crate::file::Refused;
use crate::gguf::Gguf;
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;
use tokenizers::models::TrainerWrapper;
use tokenizers::models::bpe::BpeTrainerBuilder;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{AddedToken, Tokenizer};

/// Names of the token after a text, where a file does not say.
const ENDS: [&str; 4] = ["</s>", "<|im_end|>", "<|eot_id|>", "<|endoftext|>"];

/// Names of the token before a text, where a file does not say.
const STARTS: [&str; 4] = ["<s>", "<|im_start|>", "<|begin_of_text|>", "<|endoftext|>"];

/// A tokenizer that Hugging Face's library understands.
///
/// ```
/// use istar::tokenizer::Pairs;
///
/// let texts = ["go left and go right", "go left, left, left"];
/// let tokenizer = Pairs::train(texts, 280, &["<end>"])?;
/// let tokens = tokenizer.encode("go right<end>")?;
/// assert_eq!(tokenizer.decode(&tokens)?, "go right");
/// assert!(tokens.len() < 9 && tokens.ends_with(&[0]));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone)]
pub struct Pairs {
    tokenizer: Box<Tokenizer>,
    /// Put in front of a text besides what the tokenizer puts there.
    before: Option<u32>,
    /// The token after a text, where the file says it.
    said: Option<u32>,
    ends: Vec<u32>,
}

impl Pairs {
    /// Learns which pairs to join from some texts, up to so many tokens; `special` tokens are whole wherever they stand, and
    /// have the first numbers. All 256 bytes are tokens, so every text has some. Equal texts make equal tokenizers.
    ///
    /// # Errors
    /// When there is no room for the bytes and the special tokens.
    pub fn train<S: AsRef<str> + Send>(
        texts: impl IntoIterator<Item = S, IntoIter: Send>,
        vocabulary: usize,
        special: &[&str],
    ) -> Result<Self, String> {
        let least = 256 + special.len();
        if vocabulary < least {
            return Err(format!(
                "a vocabulary of {vocabulary} has no room for 256 bytes and {} special tokens; {least} has",
                special.len()
            ));
        }
        let mut tokenizer = described(&[], json!({}), &[], false)?;
        let trainer = BpeTrainerBuilder::new()
            .show_progress(false)
            .vocab_size(vocabulary)
            .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
            .special_tokens(special.iter().map(|token| AddedToken::from((*token).to_owned(), true)).collect())
            .build();
        let mut trainer = TrainerWrapper::from(trainer);
        tokenizer.train(&mut trainer, texts.into_iter()).map_err(|error| error.to_string())?;
        Ok(Self::new(tokenizer))
    }

    /// Reads the bytes of a `tokenizer.json`.
    ///
    /// # Errors
    /// When they are something else.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let tokenizer =
            Tokenizer::from_bytes(bytes).map_err(|error| format!("it is no tokenizer.json: {error}"))?;
        Ok(Self::new(tokenizer))
    }

    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// When it cannot be read, or is something else.
    pub fn load(file: &Path) -> Result<Self, Refused> {
        Self::from_json(&crate::file::read(file)?).map_err(|what| Refused::new(file, what))
    }

    /// Writes a `tokenizer.json`.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn save(&self, file: &Path) -> Result<(), Refused> {
        let refused = |what: String| Refused::new(file, what);
        let text = self.tokenizer.to_string(false).map_err(|error| refused(error.to_string()))?;
        crate::file::write(file, text.as_bytes())
            .map_err(|error| refused(format!("it cannot be written: {error}")))
    }

    fn new(tokenizer: Tokenizer) -> Self {
        let ends = ENDS.iter().filter_map(|end| tokenizer.token_to_id(end)).collect();
        Pairs { tokenizer: Box::new(tokenizer), before: None, said: None, ends }
    }

    /// The tokens of a text, with what the tokenizer puts in front of one.
    ///
    /// # Errors
    /// When the tokenizer, one from elsewhere, has no token for a part of the text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let found = self.tokenizer.encode_fast(text, true).map_err(|error| error.to_string())?;
        Ok(self.before.iter().chain(found.get_ids()).copied().collect())
    }

    /// The tokens of a text that goes on, with nothing before it.
    ///
    /// # Errors
    /// When the tokenizer, one from elsewhere, has no token for a part of the text.
    pub fn encode_on(&self, text: &str) -> Result<Vec<u32>, String> {
        let found = self.tokenizer.encode_fast(text, false).map_err(|error| error.to_string())?;
        Ok(found.get_ids().to_vec())
    }

    /// The text of tokens, without those that are special. What is no token says nothing.
    ///
    /// # Errors
    /// When the tokenizer, one from elsewhere, cannot put them together.
    pub fn decode(&self, tokens: &[u32]) -> Result<String, String> {
        self.tokenizer.decode(tokens, true).map_err(|error| error.to_string())
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a token, by its text.
    pub fn token(&self, text: &str) -> Option<u32> {
        self.tokenizer.token_to_id(text)
    }

    /// The token before a text: what is put there, or else what is called so, as `<s>` is.
    pub fn start(&self) -> Option<u32> {
        self.before.or_else(|| STARTS.iter().find_map(|name| self.token(name)))
    }

    /// The token after a text: what the file says, or else what is called so, as `</s>` is.
    pub fn end(&self) -> Option<u32> {
        self.said.or_else(|| self.ends.first().copied())
    }

    /// Whether a text is over with this token.
    pub fn ends(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }
}

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pairs({} tokens)", self.len())
    }
}

/// A control token in a GGUF file.
const CONTROL: f64 = 3.0;

/// The tokenizer of GPT-2's kind in a GGUF file.
pub(super) fn of_gguf(
    gguf: &Gguf,
    pieces: &[String],
    before: Option<u32>,
    end: Option<u32>,
) -> Result<Pairs, Refused> {
    let digits = match gguf.text("tokenizer.ggml.pre")? {
        Some("gpt-2") => false,
        Some("smollm") => true,
        other => {
            let other = other.map_or("not said".to_owned(), |other| format!("{other:?}"));
            return Err(gguf.refused(format!(
                "how its tokenizer cuts texts is {other}; \"gpt-2\" and \"smollm\" are read. Name its tokenizer.json"
            )));
        }
    };
    let merges = gguf.texts("tokenizer.ggml.merges")?.unwrap_or_default();
    let kinds = gguf.numbers("tokenizer.ggml.token_type")?.unwrap_or_default();
    let special = (0..).zip(pieces).zip(kinds).filter(|(_, kind)| **kind == CONTROL).map(|(piece, _)| piece);
    let special: Vec<(u32, &String)> = special.collect();
    let vocabulary = (0..).zip(pieces).map(|(token, piece): (u32, _)| (piece.clone(), Value::from(token)));
    let vocabulary = Value::Object(vocabulary.collect());
    let mut pairs = described(merges, vocabulary, &special, digits)
        .map(Pairs::new)
        .map_err(|what| gguf.refused(format!("its tokenizer cannot be built: {what}")))?;
    (pairs.before, pairs.said) = (before, end);
    pairs.ends.extend(end);
    Ok(pairs)
}

fn described(
    merges: &[String],
    vocabulary: Value,
    special: &[(u32, &String)],
    digits: bool,
) -> Result<Tokenizer, String> {
    let bytes =
        json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true});
    let mut cuts = vec![bytes.clone()];
    if digits {
        cuts.insert(0, json!({"type": "Digits", "individual_digits": true}));
    }
    let added: Vec<Value> = special
        .iter()
        .map(|(token, text)| {
            json!({
                "id": token, "content": text, "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true,
            })
        })
        .collect();
    let all = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": null,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": cuts},
        "post_processor": null,
        "decoder": bytes,
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
            "vocab": vocabulary, "merges": merges,
        },
    });
    let text = all.to_string();
    Tokenizer::from_bytes(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 3] = ["the cat sat on the mat", "the mat sat", "Zürich, 42 €"];

    #[test]
    fn what_is_learnt_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tokenizer.json");
        let pairs = Pairs::train(TEXTS, 270, &["<end>", "<|im_end|>"]).expect("room");
        pairs.save(&file).expect("saved");
        let loaded = Pairs::load(&file).expect("loaded");
        for text in TEXTS.into_iter().chain(["", "never seen 漢字 \u{1F600}\n"]) {
            let tokens = pairs.encode(text).expect("tokens");
            assert_eq!(loaded.decode(&tokens).as_deref(), Ok(text));
            assert_eq!(loaded.encode(text), Ok(tokens));
        }
        assert_eq!((loaded.len(), loaded.token("<end>"), loaded.ends(1)), (270, Some(0), true));
        assert!(loaded.encode("the cat").expect("tokens").len() < 7);
        assert_eq!((loaded.start(), loaded.end()), (None, Some(1)), "by their names");
        assert_eq!(loaded.encode_on("the cat"), loaded.encode("the cat"), "nothing is put in front");
        let again = Pairs::train(TEXTS, 270, &["<end>", "<|im_end|>"]).expect("room");
        assert_eq!(
            again.tokenizer.to_string(false).expect("text"),
            loaded.tokenizer.to_string(false).expect("text")
        );
    }

    #[test]
    fn mistakes_are_named() {
        let error = Pairs::train(TEXTS, 256, &["<end>"]).expect_err("no room");
        assert_eq!(error, "a vocabulary of 256 has no room for 256 bytes and 1 special tokens; 257 has");
        let error = Pairs::from_json(b"{}").expect_err("no tokenizer");
        assert!(error.starts_with("it is no tokenizer.json: "), "{error}");
    }
}
