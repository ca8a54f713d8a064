//! The decoder that a world in words begins with, where it is read from a file.

use super::named::{is_set, named};
use crate::file::{self, Refused};
use crate::gguf;
use crate::policy::Parameters;
use crate::policy::gpt::{Gpt, read};
use crate::seed::fnv1a;
use crate::tokenizer::Tokenizer;
use dfdx::prelude::Cpu;
use serde::Serialize;
use std::path::Path;

/// The file of the weights.
const WEIGHTS: &str = "ISTAR_WEIGHTS";
/// The file of the tokenizer; that of the weights where it is not set.
const TOKENIZER: &str = "ISTAR_TOKENIZER";

/// What tells the files that a policy begins with from others, as it stands in a manifest: hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Files {
    /// Of the kinds and the numbers of the network, whatever file they are from.
    weights: u64,
    /// Of the file that the tokenizer is read from.
    tokenizer: u64,
}

/// A decoder out of a file, with its tokenizer.
pub(super) struct Begun {
    pub(super) net: Gpt<Cpu>,
    pub(super) tokenizer: Tokenizer,
    /// The token before an episode.
    pub(super) start: u32,
    /// The token behind whatever is said.
    pub(super) end: u32,
    pub(super) files: Files,
}

impl Begun {
    /// What the environment of the process names; nothing if it names none.
    pub(super) fn from_env() -> Result<Option<Self>, String> {
        let what = "a file of weights that `istar lm` reads";
        match (is_set(WEIGHTS), is_set(TOKENIZER)) {
            (false, false) => return Ok(None),
            (false, true) => {
                return Err(format!(
                    "{TOKENIZER} is set and {WEIGHTS} is not; set both, or neither for a decoder that begins with nothing"
                ));
            }
            (true, _) => {}
        }
        let net: Gpt<Cpu> = named(WEIGHTS, what, |file| read::read(file, &Cpu::default()))?;
        let beside = if is_set(TOKENIZER) { TOKENIZER } else { WEIGHTS };
        let (tokenizer, hash) = named(beside, what, |file| tokenizer(file, beside == WEIGHTS))?;
        Self::of(net, tokenizer, hash).map(Some).map_err(|unfit| format!("{beside}: {unfit}"))
    }

    fn of(net: Gpt<Cpu>, tokenizer: Tokenizer, hash: u64) -> Result<Self, String> {
        let (tokens, known) = (tokenizer.vocabulary(), net.config().vocabulary);
        if tokens > known {
            return Err(format!(
                "the tokenizer has {tokens} tokens, the network {known}; they do not go together"
            ));
        }
        let end = tokenizer.end().filter(|end| (*end as usize) < known);
        let end = end.ok_or(
            "the tokenizer names no token that ends a text, such as `</s>`; one with such a token is wanted",
        )?;
        let start = tokenizer.start().filter(|start| (*start as usize) < known).unwrap_or(end);
        let files = Files { weights: weights(&net), tokenizer: hash };
        Ok(Begun { net, tokenizer, start, end, files })
    }
}

/// The tokenizer of a file, with the file's hash.
fn tokenizer(file: &Path, of_weights: bool) -> Result<(Tokenizer, u64), Refused> {
    let bytes = file::read(file)?;
    if of_weights && !bytes.starts_with(gguf::MAGIC) {
        let what = format!(
            "there is no tokenizer in it; set {TOKENIZER} to tokenizer.bin, tokenizer.json or a GGUF file"
        );
        return Err(Refused::new(file, what));
    }
    Ok((Tokenizer::read(file)?, fnv1a(&bytes)))
}

/// The hash of a network.
fn weights(net: &Gpt<Cpu>) -> u64 {
    let mut said = format!("{:?}", net.config());
    for (_, parameter) in net.parameters() {
        let bytes: Vec<u8> = parameter.values().iter().flat_map(|value| value.to_le_bytes()).collect();
        said += &format!(" {:016x}", fnv1a(&bytes));
    }
    fnv1a(said.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::gpt::Config;
    use crate::tokenizer::Pairs;

    fn tokens(special: &[&str]) -> Tokenizer {
        Tokenizer::Pairs(Pairs::train(["get 2 oak log"], 256 + special.len(), special).expect("room"))
    }

    #[test]
    fn files_that_do_not_go_together_are_refused() {
        let net = |vocabulary| {
            Gpt::new(&Cpu::default(), Config::llama(vocabulary, 64), 1).expect("sizes that go together")
        };
        let begun = |vocabulary, special: &[&str]| Begun::of(net(vocabulary), tokens(special), 7);
        let both = begun(300, &["</s>", "<s>"]).expect("they go together");
        assert_eq!((both.start, both.end, both.files.tokenizer), (1, 0, 7));
        let one = begun(300, &["<|im_end|>"]).expect("they go together");
        assert_eq!((one.start, one.end), (0, 0), "the end begins where nothing else does");
        assert_eq!(one.files.weights, both.files.weights);
        let refused = |vocabulary, special: &[&str]| begun(vocabulary, special).err().expect("refused");
        assert!(refused(257, &["<s>", "</s>"]).starts_with("the tokenizer has 258 tokens, the network 257;"));
        assert!(refused(300, &["<s>"]).contains("names no token that ends a text"));
    }
}
