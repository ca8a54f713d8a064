//! Mistakes as errors of the compiler.

use crate::input::Input;
use istar_lang::Diagnostic;
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::quote_spanned;

/// One error, from the first to the last token of the mistake: the compiler marks from where a call begins to where it ends.
pub fn error(input: &Input, mistake: &Diagnostic) -> TokenStream {
    let (start, end) = (input.span(mistake.at.first), input.span(mistake.at.last));
    let mut message = Literal::string(&mistake.to_string());
    message.set_span(end);
    let mut call = Group::new(Delimiter::Brace, TokenTree::Literal(message).into());
    call.set_span(end);
    quote_spanned!(start=> ::core::compile_error! #call)
}
