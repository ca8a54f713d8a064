//! Pairs that are joined by the best score, as llama2.c and sentencepiece do it.

use crate::file::Refused;
use crate::gguf::Cursor;
use rustc_hash::FxHashMap;
use std::path::Path;

/// Pieces with scores. A text is cut into characters, and what has no piece into bytes; as long as two neighbours make a
/// piece, the pair whose piece has the best score is joined, the first of them where scores are equal.
#[derive(Clone, Debug)]
pub struct Scored {
    pieces: Vec<Vec<u8>>,
    scores: Vec<f32>,
    by_piece: FxHashMap<Vec<u8>, u32>,
    /// The token of each byte.
    bytes: Box<[u32; 256]>,
    pub(super) start: u32,
    pub(super) end: Option<u32>,
}

impl Scored {
    /// Of pieces and their scores, by token; a piece `<0x0A>` is a byte. Tokens `start` and `end` stand around a text.
    ///
    /// # Errors
    /// When there are not as many scores as pieces, or `start` is none of them.
    pub fn new(pieces: Vec<Vec<u8>>, scores: Vec<f32>, start: u32, end: Option<u32>) -> Result<Self, String> {
        if pieces.len() != scores.len() {
            return Err(format!("there are {} pieces, but {} scores", pieces.len(), scores.len()));
        }
        let outside = [Some(start), end].into_iter().flatten().find(|token| *token as usize >= pieces.len());
        if let Some(token) = outside {
            return Err(format!("token {token} stands around a text, but there are {}", pieces.len()));
        }
        let mut by_piece = FxHashMap::default();
        let mut bytes = Box::new([0; 256]);
        for (token, piece) in (0..).zip(&pieces) {
            by_piece.entry(piece.clone()).or_insert(token);
            if let Some(byte) = byte(piece) {
                bytes[usize::from(byte)] = token;
            }
        }
        Ok(Scored { pieces, scores, by_piece, bytes, start, end })
    }

    /// Reads `tokenizer.bin` of llama2.c: the length of the longest piece, and then score, length and bytes of each. Token 1
    /// stands before a text, token 2 after it.
    ///
    /// # Errors
    /// When the bytes end in the middle of a piece, or are something else.
    pub fn from_bytes(bytes: &[u8], file: &Path) -> Result<Self, Refused> {
        Self::parse(bytes).map_err(|what| Refused::new(file, what))
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut cursor = Cursor::new(bytes);
        let longest = cursor.u32("the length of the longest piece")? as usize;
        let (mut pieces, mut scores) = (Vec::new(), Vec::new());
        while !cursor.is_at_end() {
            let number = pieces.len();
            let score = f32::from_le_bytes(cursor.array(&format!("the score of piece {number}"))?);
            let len = cursor.u32(&format!("the length of piece {number}"))? as usize;
            // The file says how long pieces are; the first three are names of what is no text.
            if score.is_nan() || number > 2 && len > longest.max(6) {
                return Err(format!(
                    "piece {number} has a score of {score} and {len} bytes, where none is longer than {longest}; it is \
                     no tokenizer of llama2.c"
                ));
            }
            pieces.push(cursor.take(len, &format!("piece {number}"))?.to_vec());
            scores.push(score);
        }
        Self::new(pieces, scores, 1, Some(2))
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The tokens of a text: the one that stands before it, and those of the text behind a space.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        match text {
            "" => vec![self.start],
            text => self.behind_start(std::iter::once(' ').chain(text.chars())),
        }
    }

    /// The tokens of a text that goes on, with nothing before it.
    pub fn encode_on(&self, text: &str) -> Vec<u32> {
        let mut tokens = self.behind_start(text.chars());
        tokens.remove(0);
        tokens
    }

    /// The token that stands before a text, and those of these characters.
    fn behind_start(&self, characters: impl Iterator<Item = char>) -> Vec<u32> {
        let mut tokens = vec![self.start];
        let mut letter = [0; 4];
        for character in characters {
            let bytes = character.encode_utf8(&mut letter).as_bytes();
            match self.by_piece.get(bytes) {
                Some(token) => tokens.push(*token),
                None => tokens.extend(bytes.iter().map(|byte| self.bytes[usize::from(*byte)])),
            }
        }
        self.join(&mut tokens);
        tokens
    }

    /// Joins pairs behind the first token.
    fn join(&self, tokens: &mut Vec<u32>) {
        let joined = |a: u32, b: u32| {
            let piece = [&self.pieces[a as usize][..], &self.pieces[b as usize]].concat();
            self.by_piece.get(&piece).map(|token| (self.scores[*token as usize], *token))
        };
        // Per token, what it makes with the one behind it.
        let mut pairs: Vec<Option<(f32, u32)>> =
            tokens.windows(2).map(|pair| joined(pair[0], pair[1])).collect();
        if let Some(first) = pairs.first_mut() {
            *first = None;
        }
        loop {
            let mut best: Option<(usize, f32, u32)> = None;
            for (at, pair) in pairs.iter().enumerate() {
                if let Some((score, token)) = pair
                    && best.is_none_or(|(_, most, _)| *score > most)
                {
                    best = Some((at, *score, *token));
                }
            }
            let Some((at, _, token)) = best else { return };
            tokens[at] = token;
            tokens.remove(at + 1);
            pairs.remove(at);
            if at > 1 {
                pairs[at - 1] = joined(tokens[at - 1], token);
            }
            if let Some(after) = tokens.get(at + 1) {
                pairs[at] = joined(token, *after);
            }
        }
    }

    /// The text of tokens, without what stands around it and without the space in front; bytes that are no UTF-8 are shown
    /// as `�`. What is no token says nothing.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let mut bytes = Vec::new();
        for token in tokens.iter().filter(|token| **token != self.start && Some(**token) != self.end) {
            if let Some(piece) = self.pieces.get(*token as usize) {
                match byte(piece) {
                    Some(byte) => bytes.push(byte),
                    None => bytes.extend_from_slice(piece),
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let begins = tokens.first() == Some(&self.start);
        text.strip_prefix(' ').filter(|_| begins).unwrap_or(&text).to_owned()
    }
}

/// The byte that a piece like `<0x0A>` stands for.
fn byte(piece: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(piece).ok()?.strip_prefix("<0x")?.strip_suffix('>')?;
    u8::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(pieces: &[(&str, f32)]) -> Vec<u8> {
        let mut bytes = 3u32.to_le_bytes().to_vec();
        for (piece, score) in pieces {
            bytes.extend(score.to_le_bytes());
            bytes.extend((piece.len() as u32).to_le_bytes());
            bytes.extend(piece.as_bytes());
        }
        bytes
    }

    fn pieces() -> Vec<(&'static str, f32)> {
        vec![
            ("<unk>", 0.0),
            ("<s>", 0.0),
            ("</s>", 0.0),
            ("<0xC3>", 0.0),
            ("<0xA4>", 0.0),
            (" ", -9.0),
            ("a", -9.0),
            ("b", -9.0),
            ("ab", -2.0),
            ("ba", -1.0),
            (" a", -3.0),
        ]
    }

    #[test]
    fn the_best_score_is_joined_first() {
        let tokens = Scored::from_bytes(&file(&pieces()), Path::new("t.bin")).expect("pieces");
        assert_eq!(tokens.encode(""), [1]);
        // "ba" before "ab" and " a", wherever it stands.
        assert_eq!(tokens.encode("aba"), [1, 10, 9]);
        assert_eq!(tokens.encode("ä"), [1, 5, 3, 4]);
        // What goes on has neither the start nor the space before it.
        assert_eq!((tokens.encode_on("aba"), tokens.encode_on("")), (vec![6, 9], vec![]));
        assert_eq!(tokens.decode(&[1, 5, 3, 4, 10, 9, 2]), "ä aba");
        assert_eq!(tokens.decode(&[10, 99]), " a");
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = file(&pieces());
        let refused =
            |bytes: &[u8]| Scored::from_bytes(bytes, Path::new("t.bin")).expect_err("refused").to_string();
        assert_eq!(
            refused(&whole[..whole.len() - 1]),
            format!(
                "t.bin: it is cut short: piece 10 takes 2 bytes from byte {} on, but 1 are left",
                whole.len() - 2
            )
        );
        assert_eq!(refused(&whole[..4]), "t.bin: token 1 stands around a text, but there are 0");
        let mut other = whole;
        let at = other.len() - 6;
        other[at..at + 4].copy_from_slice(&[0xff; 4]);
        assert!(refused(&other).ends_with("it is no tokenizer of llama2.c"));
    }
}
