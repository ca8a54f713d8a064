//! One node, one type.

use super::{Emit, own};
use istar_lang::Place;
use istar_lang::ir::{Node, Role};
use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

impl Emit {
    pub fn graph(&self, node: &Node) -> TokenStream {
        let args = |args: &[Node]| args.iter().map(|arg| self.graph(arg)).collect::<Vec<_>>();
        match node {
            Node::Type { path, args: inner, at } => {
                let span = self.input.span(*at);
                let (path, inner) = (self.core(path, span), args(inner));
                if inner.is_empty() { path } else { quote_spanned!(span=> #path<#(#inner),*>) }
            }
            Node::Hyper { index, at } => {
                let span = self.input.span(*at);
                let (path, index) = (self.core("scalar::Hp", span), Literal::usize_unsuffixed(*index));
                quote_spanned!(span=> #path<#index>)
            }
            Node::Number { value, at } => self.number(*value, self.input.span(*at)),
            Node::Index(index) => Literal::usize_unsuffixed(*index).into_token_stream(),
            Node::Text(text) => self.text(text),
            Node::User { path, args: inner, .. } => {
                let (path, inner) = (self.input.path(path), args(inner));
                if inner.is_empty() { path } else { quote!(#path<#(#inner),*>) }
            }
            // `lower` leaves none of these, and what was reported is not emitted.
            Node::Chain { .. } | Node::Prm(_) | Node::Head { .. } | Node::Heads | Node::Error => {
                self.core("Invalid", Span::call_site())
            }
        }
    }

    /// `$crate::__private::signal::Norm`, the last name at `span`.
    fn core(&self, path: &str, span: Span) -> TokenStream {
        let private = self.private();
        let names = path.split("::").map(|name| Ident::new(name, span));
        quote!(#private #(::#names)*)
    }

    /// `0.05` is `Dec<5, 2>` where that gives the same `f64`, else its bits.
    fn number(&self, value: f64, span: Span) -> TokenStream {
        let exact = 9_007_199_254_740_992.0; // 2^53
        for exponent in 0..=18 {
            let mantissa = (value * 10f64.powi(exponent)).round();
            let same =
                mantissa / 10f64.powi(exponent) == value && !(value == 0.0 && value.is_sign_negative());
            if mantissa.abs() <= exact && same {
                let path = self.core("scalar::Dec", span);
                let (digits, exponent) =
                    (Literal::i64_unsuffixed(mantissa.abs() as i64), Literal::i32_unsuffixed(exponent));
                let mantissa = if mantissa < 0.0 { quote!(-#digits) } else { quote!(#digits) };
                return quote_spanned!(span=> #path<#mantissa, #exponent>);
            }
        }
        let (path, bits) = (self.core("scalar::Bits", span), Literal::u64_unsuffixed(value.to_bits()));
        quote_spanned!(span=> #path<#bits>)
    }

    /// The graph of an item: where a type of the user's lacks a trait, the message stands at that type.
    pub fn located_graph(&self, node: &Node) -> TokenStream {
        let graph = self.graph(node);
        match first_user(node) {
            Some(place) => located(graph, self.input.span(place)),
            None => graph,
        }
    }

    /// One assertion per further type of the user's, at its name.
    pub fn assertions(&self, node: &Node) -> Vec<TokenStream> {
        let mut found = Vec::new();
        self.assert(node, &mut found);
        // The first is what the graph itself is located at.
        found.into_iter().skip(1).collect()
    }

    fn assert(&self, node: &Node, found: &mut Vec<TokenStream>) {
        match node {
            Node::Type { args, .. } => args.iter().for_each(|arg| self.assert(arg, found)),
            Node::User { path, args, role } => {
                let span = self.input.span(path.last());
                let (ty, private, check) = (located(self.graph(node), span), self.private(), own("__check"));
                let role = role.map(|role| match role {
                    Role::Signal => quote!(Signal),
                    Role::Term => quote!(Term),
                });
                if let Some(role) = role {
                    let call = quote_spanned!(span=> #check::<#ty>());
                    found.push(quote!(const fn #check<T: #private::#role>() {} #call;));
                }
                args.iter().for_each(|arg| self.assert(arg, found));
            }
            _ => {}
        }
    }
}

/// Tokens that mean what they meant and stand at `span`, as far as messages are concerned.
fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let mut inner = Group::new(group.delimiter(), located(group.stream(), span));
            inner.set_span(group.span().located_at(span));
            return TokenTree::Group(inner);
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(at).collect()
}

/// The first type of the user's, whose traits the compiler of the objective could not check.
fn first_user(node: &Node) -> Option<Place> {
    match node {
        Node::Type { args, .. } => args.iter().find_map(first_user),
        Node::User { path, role: Some(_), .. } => Some(path.last()),
        Node::User { args, .. } => args.iter().find_map(first_user),
        _ => None,
    }
}
