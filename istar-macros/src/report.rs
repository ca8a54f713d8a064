//! Collects every mistake of one expansion, so that one compile shows them all.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::fmt::Display;

#[derive(Default)]
pub struct Errors(Option<syn::Error>);

impl Errors {
    /// A mistake at one token.
    pub fn at(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// A mistake from one token to another.
    pub fn over(&mut self, (first, last): (Span, Span), message: impl Display) {
        // Only the spans of the two tokens are looked at.
        let token = |span| TokenTree::Ident(Ident::new("_span", span));
        self.push(syn::Error::new_spanned(TokenStream::from_iter([token(first), token(last)]), message));
    }

    pub fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    pub fn finish(self) -> syn::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
