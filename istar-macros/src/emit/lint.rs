//! What is legal and probably not meant, as warnings of the compiler.

use super::{Emit, own};
use istar_lang::Warning;
use istar_lang::ast::Attribute;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

/// The one way to a warning of one's own: a deprecated name, used where the warning belongs. It obeys the `allow` and
/// `warn` among these attributes.
pub fn lints(emit: &Emit, attrs: &[Attribute], warnings: &[Warning]) -> TokenStream {
    let levels = attrs.iter().filter(|attr| matches!(attr.name.as_deref(), Some("allow" | "warn")));
    let levels: Vec<_> = levels.map(|attr| emit.input.written(&attr.tokens)).collect();
    let each = warnings.iter().map(|Warning { name, diagnostic }| {
        let (span, text) = (emit.input.span(diagnostic.at.first), diagnostic.to_string());
        let (declared, used) = (own(name), Ident::new(name, span.resolved_at(Span::mixed_site())));
        let usage = quote_spanned!(span=> #used);
        quote! {
            #(#levels)*
            const _: () = {
                #[deprecated(note = #text)]
                #[allow(non_upper_case_globals)]
                const #declared: () = ();
                #usage
            };
        }
    });
    quote!(#(#each)*)
}
