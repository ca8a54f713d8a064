//! `pub Name<beta = 0.05> = ..`: a struct whose fields are the hyper-parameters, and what it is good for.

use super::lint::lints;
use super::{Emit, own};
use istar_lang::Warning;
use istar_lang::ast::{Item, Number, Param};
use istar_lang::ir::Node;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The item with this graph; `None` leaves an inert one, so that uses of its name raise no second error.
pub fn item(
    emit: &Emit,
    item: &Item,
    graph: Option<&Node>,
    source: &str,
    warnings: &[Warning],
) -> TokenStream {
    let private = emit.private();
    let attrs = item.attrs.iter().map(|attr| emit.input.written(&attr.tokens));
    let (vis, name, title) = (emit.input.written(&item.vis), emit.input.ident(&item.name), &item.name.text);
    let mut seen = Vec::new();
    let params: Vec<&Param> = item
        .params
        .iter()
        .filter(|p| {
            let first = !seen.contains(&&p.name.text);
            seen.push(&p.name.text);
            first
        })
        .collect();
    let fields: Vec<Ident> = params.iter().map(|p| emit.input.ident(&p.name)).collect();
    let docs = params.iter().map(|param| match &param.default {
        Some(default) => format!("Hyper-parameter `{}`, by default `{}`.", param.name.text, default.text),
        None => format!("Hyper-parameter `{}`.", param.name.text),
    });
    let body = match fields.is_empty() {
        true => quote!(;),
        false => quote!({ #(#[doc = #docs] pub #fields: ::core::primitive::f64,)* }),
    };
    let default = default(&name, &fields, &params);
    let declared = params.iter().map(|param| {
        let (name, default) = (&param.name.text, param.default.as_ref().map(number));
        let default = default.map_or_else(
            || quote!(::core::option::Option::None),
            |value| quote!(::core::option::Option::Some(#value)),
        );
        quote!(#private::Param { name: #name, default: #default })
    });
    let index = (0..fields.len()).map(Literal::usize_unsuffixed);
    let values = own(if fields.is_empty() { "_values" } else { "__values" });
    let assertions = graph.map(|graph| emit.assertions(graph)).unwrap_or_default();
    let graph = graph.map_or_else(|| quote!(#private::Invalid), |graph| emit.located_graph(graph));
    let warnings = lints(emit, &item.attrs, warnings);
    let serde = serde(emit, &name);
    quote! {
        #(#attrs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #vis struct #name #body
        #default
        #(const _: () = { #assertions };)*
        #warnings
        #[automatically_derived]
        impl #private::Objective for #name {
            const NAME: &'static ::core::primitive::str = #title;
            const SOURCE: &'static ::core::primitive::str = #source;
            const PARAMS: &'static [#private::Param] = &[#(#declared),*];
            type Graph = #graph;
            fn values(&self) -> #private::Vec<::core::primitive::f64> {
                <[_]>::to_vec(&[#(self.#fields),*])
            }
            fn from_values(#values: &[::core::primitive::f64]) -> Self {
                #name { #(#fields: #values[#index],)* }
            }
        }
        #serde
    }
}

fn default(name: &Ident, fields: &[Ident], params: &[&Param]) -> Option<TokenStream> {
    let values = params.iter().map(|param| param.default.as_ref().map(number)).collect::<Option<Vec<_>>>()?;
    Some(quote! {
        #[automatically_derived]
        impl ::core::default::Default for #name {
            fn default() -> Self {
                #name { #(#fields: #values,)* }
            }
        }
    })
}

fn number(number: &Number) -> TokenStream {
    let digits = Literal::f64_suffixed(number.value.abs());
    if number.value.is_sign_negative() { quote!(-#digits) } else { quote!(#digits) }
}

fn serde(emit: &Emit, name: &Ident) -> TokenStream {
    let private = emit.private();
    let (to, from) = (own("__to"), own("__from"));
    quote! {
        #[automatically_derived]
        impl #private::serde::Serialize for #name {
            fn serialize<S: #private::serde::Serializer>(&self, #to: S) -> ::core::result::Result<S::Ok, S::Error> {
                #private::serialize(self, #to)
            }
        }
        #[automatically_derived]
        impl<'de> #private::serde::Deserialize<'de> for #name {
            fn deserialize<D: #private::serde::Deserializer<'de>>(#from: D) -> ::core::result::Result<Self, D::Error> {
                #private::deserialize(#from)
            }
        }
    }
}
