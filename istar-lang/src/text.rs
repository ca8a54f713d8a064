//! A text cut into tokens as Rust cuts it.

use crate::parse::literal;
use crate::report::Diagnostic;
use crate::token::{Bracket, Place, Token, Tokens};
use std::ops::Range;

/// A text and where its tokens stand in it.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    /// Of each token, in bytes.
    ranges: Vec<Range<usize>>,
}

/// Where something stands in a text; both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl<'a> Text<'a> {
    /// Cuts a text into tokens. Every text can be cut; what is no token of the language is refused by the grammar.
    pub fn new(source: &'a str) -> Text<'a> {
        let (mut tokens, mut ranges) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            let rest = &source[at..];
            let blank = blank(rest);
            if blank > 0 {
                at += blank;
                continue;
            }
            let (token, length) = token(rest, c);
            tokens.push(token);
            ranges.push(at..at + length);
            at += length;
        }
        Text { source, tokens, ranges }
    }

    /// Its tokens.
    ///
    /// # Errors
    /// The bracket that closes nothing, or that nothing closes.
    pub fn tokens(&self) -> Result<Tokens, Diagnostic> {
        Tokens::new(self.tokens.clone())
    }

    /// All of it.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The bytes from the first to the last token of a mistake.
    pub fn range(&self, diagnostic: &Diagnostic) -> Range<usize> {
        let end = self.source.trim_end().len();
        let of = |place: Place| place.index().and_then(|index| self.ranges.get(index).cloned());
        let first = of(diagnostic.at.first).unwrap_or(end..end);
        let last = of(diagnostic.at.last).unwrap_or(end..end);
        first.start..last.end.max(first.end)
    }

    /// The line and column of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let before = &self.source[..byte];
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line..].chars().count() + 1 }
    }
}

/// The characters of Rust's operators.
const MARKS: &str = "~!@#$%^&*-=+|;:,<.>/?'";

/// How long the white space or comment is with which a text begins.
fn blank(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        // One that does not end is no comment.
        return comment(text).unwrap_or(0);
    }
    text.len() - text.trim_start().len()
}

/// How long a comment is; comments nest.
fn comment(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let next = at + text[at..].find(['/', '*'])?;
        let (change, step) = match text.as_bytes().get(next..next + 2)? {
            b"/*" => (1, 2),
            b"*/" => (-1, 2),
            _ => (0, 1),
        };
        depth = depth.checked_add_signed(change)?;
        at = next + step;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The token with which a text begins, and its length.
fn token(text: &str, first: char) -> (Token, usize) {
    let starts = |text: &str| text.starts_with(|c: char| c == '_' || unicode_ident::is_xid_start(c));
    let number = literal::number_length(text);
    if number > 0 {
        return (Token::Literal(text[..number].to_owned()), number);
    }
    if let Some(length) = literal::string_length(text) {
        return (Token::Literal(text[..length].to_owned()), length);
    }
    if text.starts_with("r#") && starts(&text[2..]) {
        let end = 2 + literal::word(&text[2..]);
        return (Token::Word { text: text[2..end].to_owned(), raw: true }, end);
    }
    if starts(text) {
        let end = literal::word(text);
        return (Token::Word { text: text[..end].to_owned(), raw: false }, end);
    }
    let token = match first {
        '(' => Token::Open(Bracket::Round),
        '[' => Token::Open(Bracket::Square),
        '{' => Token::Open(Bracket::Curly),
        ')' => Token::Close(Bracket::Round),
        ']' => Token::Close(Bracket::Square),
        '}' => Token::Close(Bracket::Curly),
        mark => Token::Mark { mark, joint: text[mark.len_utf8()..].starts_with(|next| MARKS.contains(next)) },
    };
    (token, first.len_utf8())
}
