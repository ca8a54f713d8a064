//! What a mistake leaves behind: its message, and an inert item, so that the rest of the file still means something.

use crate::ast::{Item, Table};
use crate::emit::{Emit, item, table};
use proc_macro2::TokenStream;
use quote::quote;

pub fn failed_item(emit: &Emit, from: &Item, error: &syn::Error) -> TokenStream {
    let (error, item) = (error.to_compile_error(), item(emit, from, None, "", &[]));
    quote!(#error #item)
}

pub fn failed_table(emit: &Emit, from: Table, error: &syn::Error) -> TokenStream {
    let inert = Table { rows: Ok(Vec::new()), ..from };
    let (error, table) = (error.to_compile_error(), table(emit, &inert, &[]));
    quote!(#error #table)
}

/// A tuple is the one shape that holds several macro calls both as a type and as a value.
pub fn failed_place(error: &syn::Error) -> TokenStream {
    let each: Vec<_> = error.clone().into_iter().map(|error| error.to_compile_error()).collect();
    match each.as_slice() {
        [one] => quote!(#one),
        many => quote!((#(#many),*)),
    }
}
