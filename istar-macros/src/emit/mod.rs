//! `ir` to Rust. Every path begins at `$crate` or `::core`, so nothing in scope can stand in its way.

mod item;
mod lint;
mod place;
mod table;
mod text;
mod types;

pub use item::item;
pub use place::{capture, quoted};
pub use table::table;

use crate::input::Input;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// Emits with this `$crate` what was written in this input.
pub struct Emit {
    krate: TokenTree,
    pub input: Input,
}

impl Emit {
    pub fn new(krate: TokenTree, input: TokenStream) -> Emit {
        Emit { krate, input: Input::new(input) }
    }

    /// `$crate::__private`
    pub fn private(&self) -> TokenStream {
        let krate = &self.krate;
        quote!(#krate::__private)
    }
}

/// A name of ours that no user writes.
fn own(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
