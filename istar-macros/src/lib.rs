//! The compiler of the objective language: text → `ast` → (`check` against the `catalogue`) → `ir` → types.
//!
//! What reports never emits, what emits never reports. The macros here are called by those of `istar`, which hand over
//! their `$crate` as the first token: paths hold wherever and under whatever name `istar` lives.

mod ast;
mod check;
mod emit;
#[cfg(test)]
mod expansions;
mod fallback;
mod ir;
mod lower;
mod parse;
mod report;
mod table;
#[cfg(test)]
mod tests;
mod write;

use ast::{Input, Table};
use emit::Emit;
use istar_lang::catalogue::{CATALOGUE, signature};
use proc_macro2::TokenStream;
use quote::quote;
use report::Errors;
use std::panic::catch_unwind;

/// Called by `istar::objective!`.
#[doc(hidden)]
#[proc_macro]
pub fn __objective(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    guarded(input, objective)
}

/// Called by `istar::ablations!`.
#[doc(hidden)]
#[proc_macro]
pub fn __ablations(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    guarded(input, ablations)
}

/// The vocabulary as data: name, sort, signature, meaning.
#[doc(hidden)]
#[proc_macro]
pub fn __catalogue(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let rows = CATALOGUE.iter().map(|row| {
        let (name, sort, signature, doc) = (row.name, row.sort.describe(), signature(row), row.doc);
        quote!((#name, #sort, #signature, #doc))
    });
    quote!(&[#(#rows),*]).into()
}

/// A panic of ours would hide where the user was; it becomes an error at the macro.
fn guarded(
    input: proc_macro::TokenStream,
    expand: fn(Emit, TokenStream) -> TokenStream,
) -> proc_macro::TokenStream {
    let expanded = catch_unwind(|| {
        let mut tokens = TokenStream::from(input).into_iter();
        let krate = tokens.next()?;
        Some(proc_macro::TokenStream::from(expand(Emit::new(krate), tokens.collect())))
    });
    let message =
        "this objective is beyond its compiler\nhelp: please report it; a smaller line may do meanwhile";
    expanded.ok().flatten().unwrap_or_else(|| quote!(::core::compile_error! { #message }).into())
}

fn objective(emit: Emit, input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match syn::parse2::<Input>(input) {
        Err(error) => fallback::failed_place(&error),
        Ok(Input::Item(item)) => {
            let body = match &item.body {
                Ok(body) => body,
                Err(error) => return fallback::failed_item(&emit, &item, error),
            };
            let graph = check::check(Some(&item.params), body, &mut errors);
            match errors.finish() {
                Ok(()) => {
                    let source = body.to_string();
                    emit::item(&emit, &item, Some(&lower::lower(&graph)), &source, &graph.warnings)
                }
                Err(error) => fallback::failed_item(&emit, &item, &error),
            }
        }
        Ok(Input::Quote(body)) => in_place(&emit, &body, errors, emit::quoted),
        Ok(Input::Capture(body)) => in_place(&emit, &body, errors, emit::capture),
    }
}

type Place = fn(&Emit, &ir::Node, &[syn::Ident], &str) -> TokenStream;

fn in_place(emit: &Emit, body: &ast::Body, mut errors: Errors, place: Place) -> TokenStream {
    let graph = check::check(None, body, &mut errors);
    match errors.finish() {
        Ok(()) => place(emit, &lower::lower(&graph), &graph.names, &body.to_string()),
        Err(error) => fallback::failed_place(&error),
    }
}

fn ablations(emit: Emit, input: TokenStream) -> TokenStream {
    let table = match syn::parse2::<Table>(input) {
        Ok(table) => table,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let inline = table::check_table(&table, &mut errors);
    match errors.finish() {
        Ok(()) => emit::table(&emit, &table, &inline),
        Err(error) => fallback::failed_table(&emit, table, &error),
    }
}
