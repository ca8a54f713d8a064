//! A key that is never shown.

use super::ChatError;
use std::fmt::{Debug, Formatter};

/// Below this many characters a key is a word such as `EMPTY`, which local servers are given, and no secret.
const SECRET: usize = 8;

/// A key for a server, sent with each request and nowhere else: not printed, not logged, not serialised. A server that repeats it in
/// an error or an answer is read as having said `(key)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key; blanks around it are left out.
    ///
    /// # Errors
    /// It is empty, or has a character that no header of HTTP can have. The error does not repeat it.
    pub fn new(text: &str) -> Result<Self, ChatError> {
        let text = text.trim();
        let refused = |problem: &str| ChatError::Setting { name: "the key", problem: problem.to_owned() };
        if text.is_empty() {
            return Err(refused("is empty: leave the variable unset where a server needs none"));
        }
        if let Some(at) = text.chars().position(|c| !c.is_ascii_graphic()) {
            return Err(refused(&format!(
                "has at character {} what no header can have: copy it again",
                at + 1
            )));
        }
        Ok(Key(text.to_owned()))
    }

    /// The header that it is sent in.
    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// A text, as bytes, without the key.
    pub(super) fn hidden(&self, text: Vec<u8>) -> Vec<u8> {
        let key = self.0.as_bytes();
        let found = |text: &[u8]| text.windows(key.len()).position(|part| part == key);
        if key.len() < SECRET || found(&text).is_none() {
            return text;
        }
        let (mut rest, mut hidden) = (&text[..], Vec::with_capacity(text.len()));
        while let Some(at) = found(rest) {
            hidden.extend_from_slice(&rest[..at]);
            hidden.extend_from_slice(b"(key)");
            rest = &rest[at + key.len()..];
        }
        hidden.extend_from_slice(rest);
        hidden
    }
}

impl Debug for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown() {
        let key = Key::new(" sk-very-secret\n").expect("a key");
        assert_eq!(format!("{key:?} {:?}", Some(&key)), "Key(..) Some(Key(..))");
        assert_eq!(key.bearer(), "Bearer sk-very-secret");
        assert_eq!(key.hidden(b"no sk-very-secret, sk-very-secret".to_vec()), b"no (key), (key)");
        let word = Key::new("EMPTY").expect("a key");
        assert_eq!(word.hidden(b"EMPTY is a word".to_vec()), b"EMPTY is a word");
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_repeated() {
        let said = |text: &str| Key::new(text).expect_err("no key").to_string();
        assert!(said("  ").starts_with("the key is empty"), "{}", said("  "));
        let broken = said("sk-secret\nsecond");
        assert!(broken.contains("character 10") && !broken.contains("secret"), "{broken}");
    }
}
