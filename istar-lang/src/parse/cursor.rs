//! A position in a group of tokens, and the questions that a grammar asks there.

use crate::ast::Name;
use crate::report::Diagnostic;
use crate::token::{Bracket, Place, Span, Token, Tokens};
use std::ops::Range;

/// A position, up to the end of a group. Invisible brackets are passed over unless they are asked for.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    tokens: &'a Tokens,
    at: usize,
    end: usize,
    /// What a mistake at the end points to: the closing bracket.
    closing: Span,
}

/// What Rust keeps for itself. `true` and `false` are values of options, too.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "Self", "self",
    "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

impl<'a> Cursor<'a> {
    pub fn new(tokens: &'a Tokens) -> Cursor<'a> {
        Cursor { tokens, at: 0, end: tokens.len(), closing: Place::END.into() }
    }

    /// The index of the next visible token.
    pub fn index(&self) -> Option<usize> {
        let invisible = |token: &Token| {
            matches!(token, Token::Open(Bracket::Invisible) | Token::Close(Bracket::Invisible))
        };
        (self.at..self.end).find(|index| !self.tokens.get(*index).is_some_and(invisible))
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.index()?)
    }

    /// Past the next token, which is no bracket.
    fn next(&mut self) -> Option<(Place, &'a Token)> {
        let index = self.index()?;
        self.at = index + 1;
        Some((Place::of(index), self.tokens.get(index)?))
    }

    /// Behind the next token.
    pub fn ahead(&self) -> Cursor<'a> {
        let mut ahead = *self;
        ahead.next();
        ahead
    }

    pub fn is_empty(&self) -> bool {
        self.index().is_none()
    }

    /// The next token, or the end of the group.
    pub fn here(&self) -> Span {
        self.index().map_or(self.closing, |index| Place::of(index).into())
    }

    /// A mistake at the next token.
    pub fn error(&self, message: &str) -> Diagnostic {
        match self.is_empty() {
            true => Diagnostic::new(self.closing, format!("unexpected end of input, {message}")),
            false => Diagnostic::new(self.here(), message),
        }
    }

    /// A name or a keyword, if it is the next token.
    pub fn any_word(&self) -> Option<(&'a str, bool)> {
        match self.peek()? {
            Token::Word { text, raw } => Some((text, *raw)),
            _ => None,
        }
    }

    /// Whether the next token is a name.
    pub fn is_word(&self) -> bool {
        self.any_word().is_some_and(|(text, raw)| raw || !KEYWORDS.contains(&text))
    }

    pub fn take_any_word(&mut self) -> Option<Name> {
        let (text, raw) = self.any_word()?;
        let (at, _) = self.next()?;
        Some(Name { text: text.to_owned(), raw, at })
    }

    pub fn take_word(&mut self) -> Option<Name> {
        if self.is_word() { self.take_any_word() } else { None }
    }

    pub fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word { text, raw: false }) if text == keyword)
    }

    pub fn take_keyword(&mut self, keyword: &str) -> bool {
        let there = self.is_keyword(keyword);
        if there {
            self.next();
        }
        there
    }

    pub fn is_mark(&self, wanted: char) -> bool {
        matches!(self.peek(), Some(Token::Mark { mark, .. }) if *mark == wanted)
    }

    /// `::`
    pub fn is_path_separator(&self) -> bool {
        matches!(self.peek(), Some(Token::Mark { mark: ':', joint: true })) && self.ahead().is_mark(':')
    }

    pub fn take_path_separator(&mut self) -> bool {
        let there = self.is_path_separator();
        if there {
            self.next();
            self.next();
        }
        there
    }

    /// Where the mark stands that is passed over, if it is the next token.
    pub fn take_mark(&mut self, wanted: char) -> Option<Place> {
        if self.is_mark(wanted) { self.next().map(|(place, _)| place) } else { None }
    }

    pub fn expect_mark(&mut self, wanted: char) -> Result<Place, Diagnostic> {
        let here = self.here();
        self.take_mark(wanted).ok_or_else(|| Diagnostic::new(here, format!("expected `{wanted}`")))
    }

    /// A literal as it is written.
    pub fn literal(&self) -> Option<(Place, &'a str)> {
        match (self.index()?, self.peek()?) {
            (index, Token::Literal(text)) => Some((Place::of(index), text)),
            _ => None,
        }
    }

    pub fn take_literal(&mut self) -> Option<(Place, &'a str)> {
        let found = self.literal()?;
        self.next();
        Some(found)
    }

    pub fn is_group(&self, bracket: Bracket) -> bool {
        self.peek() == Some(&Token::Open(bracket))
    }

    /// Where the group begins that is the next token, and what is in it.
    pub fn take_group(&mut self, bracket: Bracket) -> Option<(Place, Cursor<'a>)> {
        if !self.is_group(bracket) {
            return None;
        }
        let open = self.index()?;
        Some((Place::of(open), self.enter(open)))
    }

    pub fn expect_group(&mut self, bracket: Bracket, name: &str) -> Result<(Place, Cursor<'a>), Diagnostic> {
        let error = self.error(&format!("expected {name}"));
        self.take_group(bracket).ok_or(error)
    }

    /// What a fragment of `macro_rules!` left here.
    pub fn take_fragment(&mut self) -> Option<Cursor<'a>> {
        let left = |index: &usize| self.tokens.get(*index) != Some(&Token::Close(Bracket::Invisible));
        let open = (self.at..self.end).find(left)?;
        if self.tokens.get(open) != Some(&Token::Open(Bracket::Invisible)) {
            return None;
        }
        Some(self.enter(open))
    }

    fn enter(&mut self, open: usize) -> Cursor<'a> {
        let close = self.tokens.partner(open);
        self.at = close + 1;
        let closing = Place::of(close).into();
        Cursor { at: open + 1, end: close, closing, ..*self }
    }

    /// Up to the next such mark outside of groups; what stands there is what a mistake at the end points to.
    pub fn until(&mut self, mark: char) -> Cursor<'a> {
        let start = self.at;
        let mut end = None;
        while let Some(index) = self.index().filter(|_| !self.is_mark(mark)) {
            let partner = self.tokens.partner(index);
            self.at = partner.max(index) + 1;
            end = Some(Span { first: Place::of(index), last: Place::of(partner.max(index)) });
        }
        Cursor { at: start, end: self.at, closing: end.unwrap_or_else(|| self.here()), ..*self }
    }

    /// From where `start` stands to here.
    pub fn since(&self, start: &Cursor<'a>) -> Range<usize> {
        start.index().map_or(self.at..self.at, |from| from..self.at.max(from))
    }
}
