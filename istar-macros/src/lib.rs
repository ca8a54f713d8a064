//! The macros of the objective language: what `istar-lang` reads becomes types, what it refuses becomes compile errors.
//!
//! They are called by those of `istar`, which hand over their `$crate` as the first token: paths hold wherever and under
//! whatever name `istar` lives.

mod emit;
#[cfg(test)]
mod expansions;
mod fallback;
mod input;
mod report;
#[cfg(test)]
mod tests;

use emit::Emit;
use istar_lang::ast::{Body, Input};
use istar_lang::ir::Checked;
use istar_lang::{check, check_table, parse, parse_table};
use proc_macro2::TokenStream;
use quote::quote;
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

/// Called by `istar::column!`, with `$crate`, a name and a level.
#[doc(hidden)]
#[proc_macro]
pub fn __column(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    guarded(input, |emit| {
        let [name, level] = emit.input.trees() else { return TokenStream::new() };
        let (private, text) = (emit.private(), emit.text(name.to_string().trim_start_matches("r#")));
        quote!(#private::signal::By<#text, #private::level::#level>)
    })
}

/// A panic of ours would hide where the user was; it becomes an error at the macro.
fn guarded(input: proc_macro::TokenStream, expand: fn(&Emit) -> TokenStream) -> proc_macro::TokenStream {
    let expanded = catch_unwind(|| {
        let mut tokens = TokenStream::from(input).into_iter();
        let krate = tokens.next()?;
        Some(proc_macro::TokenStream::from(expand(&Emit::new(krate, tokens.collect()))))
    });
    let message =
        "this objective is beyond its compiler\nhelp: please report it; a smaller line may do meanwhile";
    expanded.ok().flatten().unwrap_or_else(|| quote!(::core::compile_error! { #message }).into())
}

fn objective(emit: &Emit) -> TokenStream {
    match parse(emit.input.tokens()) {
        Err(mistake) => fallback::failed_place(emit, &[mistake]),
        Ok(Input::Item(item)) => {
            let checked = item.body.as_ref().map_err(|mistake| vec![mistake.clone()]);
            match checked.and_then(|body| Ok((body, check(Some(&item.params), body)?))) {
                Ok((body, checked)) => {
                    emit::item(emit, &item, Some(&checked.graph), &body.to_string(), &checked.warnings)
                }
                Err(mistakes) => fallback::failed_item(emit, &item, &mistakes),
            }
        }
        Ok(Input::Quote(body)) => in_place(emit, &body, |emit, checked, source| {
            emit::quoted(emit, &checked.graph, &checked.names, source)
        }),
        Ok(Input::Capture(body)) => in_place(emit, &body, emit::capture),
    }
}

type Place = fn(&Emit, &Checked, &str) -> TokenStream;

fn in_place(emit: &Emit, body: &Body, place: Place) -> TokenStream {
    match check(None, body) {
        Ok(checked) => place(emit, &checked, &body.to_string()),
        Err(mistakes) => fallback::failed_place(emit, &mistakes),
    }
}

fn ablations(emit: &Emit) -> TokenStream {
    match parse_table(emit.input.tokens()) {
        Err(mistake) => report::error(&emit.input, &mistake),
        Ok(table) => match check_table(&table) {
            Ok(inline) => emit::table(emit, &table, &inline),
            Err(mistakes) => fallback::failed_table(emit, table, &mistakes),
        },
    }
}
