//! Tokens, wherever they come from: the compiler hands a macro its own, a text is cut into some.
//!
//! A place is the number of a token. So one grammar reads both, nothing here knows a compiler's span, and whoever
//! made the tokens says where a place is: the macros by the span of the token, a [`Text`](crate::Text) by line and column.

use crate::report::Diagnostic;
use std::ops::Range;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name or a keyword; `raw` if it is written `r#name`, which is no part of `text`.
    Word {
        /// Without `r#`.
        text: String,
        /// Never a keyword.
        raw: bool,
    },
    /// A number or a text as it is written, quotes and suffix included.
    Literal(String),
    /// One character of an operator; `joint` if the next one follows without a space, as in `::`.
    Mark {
        /// The character.
        mark: char,
        /// The next token is a mark, too, and touches this one.
        joint: bool,
    },
    /// The beginning of a group.
    Open(Bracket),
    /// The end of a group.
    Close(Bracket),
}

/// What encloses a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// `( )`
    Round,
    /// `[ ]`
    Square,
    /// `{ }`
    Curly,
    /// What a fragment of `macro_rules!`, such as `$e:expr`, leaves around what was written for it.
    Invisible,
}

/// A sequence of tokens whose groups are closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    all: Vec<Token>,
    /// Of an opening token its closing one, and the reverse; of others themselves.
    partners: Vec<usize>,
}

/// The number of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u32);

impl Place {
    /// After the last token; also where there is no better place.
    pub const END: Place = Place(u32::MAX);

    /// The place of this token.
    pub fn of(index: usize) -> Place {
        u32::try_from(index).map_or(Place::END, Place)
    }

    /// The token that stands here.
    pub fn index(self) -> Option<usize> {
        (self != Place::END).then_some(self.0 as usize)
    }
}

/// From one token to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first token.
    pub first: Place,
    /// The last token.
    pub last: Place,
}

impl From<Place> for Span {
    fn from(place: Place) -> Span {
        Span { first: place, last: place }
    }
}

impl Tokens {
    /// Checks that every group is closed.
    ///
    /// # Errors
    /// The token that closes nothing, or that nothing closes.
    pub fn new(all: Vec<Token>) -> Result<Tokens, Diagnostic> {
        let mut partners: Vec<usize> = (0..all.len()).collect();
        let mut open: Vec<(usize, Bracket)> = Vec::new();
        for (index, token) in all.iter().enumerate() {
            match token {
                Token::Open(bracket) => open.push((index, *bracket)),
                Token::Close(bracket) => match open.pop() {
                    Some((start, wanted)) if wanted == *bracket => {
                        (partners[start], partners[index]) = (index, start);
                    }
                    Some((_, wanted)) => {
                        let message = format!("expected `{}`, found `{}`", wanted.close(), bracket.close());
                        return Err(Diagnostic::new(Place::of(index), message));
                    }
                    None => {
                        let message = format!("`{}` closes nothing", bracket.close());
                        return Err(Diagnostic::new(Place::of(index), message).help("remove it"));
                    }
                },
                _ => {}
            }
        }
        match open.pop() {
            Some((index, bracket)) => {
                let message = format!("`{}` is never closed", bracket.open());
                let help = format!("write `{}` where it ends", bracket.close());
                Err(Diagnostic::new(Place::of(index), message).help(help))
            }
            None => Ok(Tokens { all, partners }),
        }
    }

    /// The token of this number.
    pub fn get(&self, index: usize) -> Option<&Token> {
        self.all.get(index)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The other end of the group that this token opens or closes; any other token itself.
    pub fn partner(&self, index: usize) -> usize {
        self.partners[index]
    }

    /// All of them.
    pub fn range(&self) -> Range<usize> {
        0..self.all.len()
    }
}

impl Bracket {
    /// As it is written; nothing where nothing is.
    pub fn open(self) -> &'static str {
        match self {
            Bracket::Round => "(",
            Bracket::Square => "[",
            Bracket::Curly => "{",
            Bracket::Invisible => "",
        }
    }

    /// As it is written; nothing where nothing is.
    pub fn close(self) -> &'static str {
        match self {
            Bracket::Round => ")",
            Bracket::Square => "]",
            Bracket::Curly => "}",
            Bracket::Invisible => "",
        }
    }
}
