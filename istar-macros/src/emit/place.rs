//! The two forms without a name: `< .. >` where a type or a value is wanted, and a value that captures locals.

use super::lint::lints;
use super::{Emit, own};
use istar_lang::ast::Name;
use istar_lang::ir::{Checked, Node};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Longer lines are cut: every cell nests one type deeper.
const LONGEST: usize = 2048;

/// A path that is both a type and a value. The text travels in the type, since nothing can be defined here.
pub fn quoted(emit: &Emit, graph: &Node, names: &[Name], source: &str) -> TokenStream {
    let private = emit.private();
    let quote = quote_type(emit, graph, names, source);
    quote!(<#quote as #private::InPlace>::Objective)
}

/// `Quote<Graph, Text, count of free names>`
pub fn quote_type(emit: &Emit, graph: &Node, names: &[Name], source: &str) -> TokenStream {
    let private = emit.private();
    let (graph, count) = (emit.graph(graph), Literal::usize_unsuffixed(names.len()));
    let text = emit.text(
        &names.iter().map(|name| name.text.clone()).chain([cut(source)]).collect::<Vec<_>>().join("\0"),
    );
    quote!(#private::Quote<#graph, #text, #count>)
}

fn cut(source: &str) -> String {
    if source.len() <= LONGEST {
        return source.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|end| source.is_char_boundary(*end)).unwrap_or(0);
    format!("{} ..", &source[..end])
}

/// A value of a local type; the type is generic in the graph, which may name type parameters of the function around it.
pub fn capture(emit: &Emit, checked: &Checked, source: &str) -> TokenStream {
    let Checked { graph, names, warnings } = checked;
    let (private, warnings) = (emit.private(), lints(emit, &[], warnings));
    let (graph, count) = (emit.graph(graph), Literal::usize_unsuffixed(names.len()));
    let labels = names.iter().map(|name| &name.text);
    let names: Vec<Ident> = names.iter().map(|name| emit.input.ident(name)).collect();
    let (captured, values, index) = (own("__Captured"), own("__values"), own("__index"));
    quote!({
        #warnings
        struct #captured<G>([::core::primitive::f64; #count], ::core::marker::PhantomData<fn() -> G>);
        #[automatically_derived]
        impl<G> ::core::clone::Clone for #captured<G> {
            fn clone(&self) -> Self {
                *self
            }
        }
        #[automatically_derived]
        impl<G> ::core::marker::Copy for #captured<G> {}
        #[automatically_derived]
        impl<G> ::core::fmt::Debug for #captured<G> {
            fn fmt(&self, #values: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, #values)
            }
        }
        #[automatically_derived]
        impl<G: #private::Term> #private::Objective for #captured<G> {
            const NAME: &'static ::core::primitive::str = "objective";
            const SOURCE: &'static ::core::primitive::str = #source;
            const PARAMS: &'static [#private::Param] =
                &[#(#private::Param { name: #labels, default: ::core::option::Option::None }),*];
            type Graph = G;
            fn values(&self) -> #private::Vec<::core::primitive::f64> {
                <[_]>::to_vec(&self.0)
            }
            fn from_values(#values: &[::core::primitive::f64]) -> Self {
                #captured(::core::array::from_fn(|#index| #values[#index]), ::core::marker::PhantomData)
            }
        }
        #captured::<#graph>(
            [#(<::core::primitive::f64 as ::core::convert::From<_>>::from(#names)),*],
            ::core::marker::PhantomData,
        )
    })
}
