//! Mistakes as values.

use crate::token::Span;
use std::fmt::{Display, Formatter, Result};

/// A mistake, or what is legal and probably not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub at: Span,
    /// What is wrong, with the offending value.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

/// As the compiler prints it: the way out on a line of its own.
impl Display for Diagnostic {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\nhelp: {help}"))
    }
}

impl Diagnostic {
    /// Without a way out.
    pub fn new(at: impl Into<Span>, message: impl Into<String>) -> Diagnostic {
        Diagnostic { at: at.into(), message: message.into(), help: None }
    }

    /// With this way out.
    pub fn help(self, help: impl Into<String>) -> Diagnostic {
        Diagnostic { help: Some(help.into()), ..self }
    }
}

/// A diagnostic that refuses nothing, under the name by which Rust's lints would know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// In the case of a Rust lint: `prm_is_not_read`.
    pub name: &'static str,
    /// What it says.
    pub diagnostic: Diagnostic,
}

/// Collects every mistake, so that one reading shows them all.
#[derive(Default)]
pub(crate) struct Errors(Vec<Diagnostic>);

impl Errors {
    /// A mistake and the way out.
    pub(crate) fn at(&mut self, at: impl Into<Span>, message: impl Into<String>, help: impl Into<String>) {
        self.push(Diagnostic::new(at, message).help(help));
    }

    /// A mistake whose words say all there is to say.
    pub(crate) fn only(&mut self, at: impl Into<Span>, message: impl Into<String>) {
        self.push(Diagnostic::new(at, message));
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// What was built, if nothing was wrong.
    pub(crate) fn finish<T>(self, built: T) -> std::result::Result<T, Vec<Diagnostic>> {
        if self.0.is_empty() { Ok(built) } else { Err(self.0) }
    }
}
