//! `ablations!`: a type that shows its rows to whoever runs them.

use super::lint::lints;
use super::place::{quote_type, quoted};
use super::{Emit, own};
use istar_lang::Inline;
use istar_lang::ast::{RowObjective, Table};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// The table with these rows; an inline row comes with what was made of it.
pub fn table(emit: &Emit, table: &Table, inline: &[Option<Inline>]) -> TokenStream {
    let private = emit.private();
    let attrs = table.attrs.iter().map(|attr| emit.input.written(&attr.tokens));
    let (vis, name) = (emit.input.written(&table.vis), emit.input.ident(&table.name));
    let title = table.name.to_string();
    let rows = table.rows.as_deref().unwrap_or_default();
    let (env, shown, visitor) = (own("__E"), own("__V"), own("__visitor"));
    let mut types: Vec<TokenStream> = Vec::new();
    let mut values = Vec::new();
    for (row, inline) in rows.iter().zip(inline) {
        let (ty, value) = match (&row.objective, inline) {
            (RowObjective::Path(path), _) => {
                let ty = emit.input.path(path);
                let value = quote!(<#ty as ::core::default::Default>::default());
                (ty, value)
            }
            (RowObjective::Struct(path, fields), _) => {
                let (ty, fields) = (emit.input.path(path), emit.input.written(fields));
                (ty.clone(), quote!(#ty #fields))
            }
            (RowObjective::Inline(_), Some(Inline { graph, source, .. })) => {
                (quote_type(emit, graph, &[], source), quoted(emit, graph, &[], source))
            }
            (RowObjective::Inline(_), None) => continue,
        };
        let (name, at) = (emit.input.literal(row.at), emit.input.span(row.at));
        values.push(quote_spanned!(at=> #visitor.row(#name, #value);));
        if !types.iter().any(|seen| seen.to_string() == ty.to_string()) {
            types.push(ty);
        }
    }
    let warnings = inline.iter().flatten().map(|row| lints(emit, &table.attrs, &row.warnings));
    let visitor = if values.is_empty() { own("_visitor") } else { visitor };
    quote! {
        #(#attrs)*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #vis struct #name;
        #(#warnings)*
        #[automatically_derived]
        impl<#env: #private::env::Env> #private::table::Ablation<#env> for #name
        where
            #(#env: #private::env::Offers<#types>,)*
        {
            const NAME: &'static ::core::primitive::str = #title;
            fn rows<#shown: #private::table::Visitor<#env>>(#visitor: &mut #shown) {
                #(#values)*
            }
        }
    }
}
