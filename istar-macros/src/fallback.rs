//! What a mistake leaves behind: its message, and an inert item, so that the rest of the file still means something.

use crate::emit::{Emit, item, table};
use crate::report::error;
use istar_lang::Diagnostic;
use istar_lang::ast::{Item, Table};
use proc_macro2::TokenStream;
use quote::quote;

fn errors<'a>(emit: &'a Emit, mistakes: &'a [Diagnostic]) -> impl Iterator<Item = TokenStream> + 'a {
    mistakes.iter().map(|mistake| error(&emit.input, mistake))
}

pub fn failed_item(emit: &Emit, from: &Item, mistakes: &[Diagnostic]) -> TokenStream {
    let (errors, item) = (errors(emit, mistakes), item(emit, from, None, "", &[]));
    quote!(#(#errors)* #item)
}

pub fn failed_table(emit: &Emit, from: Table, mistakes: &[Diagnostic]) -> TokenStream {
    let inert = Table { rows: Ok(Vec::new()), ..from };
    let (errors, table) = (errors(emit, mistakes), table(emit, &inert, &[]));
    quote!(#(#errors)* #table)
}

/// A tuple is the one shape that holds several macro calls both as a type and as a value.
pub fn failed_place(emit: &Emit, mistakes: &[Diagnostic]) -> TokenStream {
    match mistakes {
        [one] => error(&emit.input, one),
        many => {
            let errors = errors(emit, many);
            quote!((#(#errors),*))
        }
    }
}
