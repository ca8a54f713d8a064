//! The tokens of a macro call as the language reads them, and the way back from its places to the compiler's spans.

use istar_lang::ast::{Name, Path};
use istar_lang::{Bracket, Place, Token, Tokens};
use proc_macro2::{Delimiter, Ident, Literal, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::ops::Range;

/// What was written, by the numbers of its tokens.
pub struct Input {
    /// A group stands at its opening and at its closing bracket.
    trees: Vec<TokenTree>,
    tokens: Tokens,
}

impl Input {
    pub fn new(stream: TokenStream) -> Input {
        let (mut trees, mut tokens) = (Vec::new(), Vec::new());
        let mut push = |token: Token, tree: TokenTree| {
            tokens.push(token);
            trees.push(tree);
        };
        // Not by recursion, so that the depth of groups costs no stack.
        let mut open = vec![(None, stream.into_iter())];
        while let Some((_, rest)) = open.last_mut() {
            match rest.next() {
                Some(TokenTree::Group(group)) => {
                    push(Token::Open(bracket(group.delimiter())), TokenTree::Group(group.clone()));
                    let inner = group.stream().into_iter();
                    open.push((Some(group), inner));
                }
                Some(TokenTree::Ident(ident)) => {
                    let text = ident.to_string();
                    let (text, raw) =
                        text.strip_prefix("r#").map_or((text.as_str(), false), |name| (name, true));
                    push(Token::Word { text: text.to_owned(), raw }, ident.into());
                }
                Some(TokenTree::Punct(punct)) => {
                    let joint = punct.spacing() == Spacing::Joint;
                    push(Token::Mark { mark: punct.as_char(), joint }, punct.into());
                }
                Some(TokenTree::Literal(literal)) => {
                    push(Token::Literal(literal.to_string()), literal.into());
                }
                None => {
                    if let Some((Some(group), _)) = open.pop() {
                        push(Token::Close(bracket(group.delimiter())), group.into());
                    }
                }
            }
        }
        let tokens = Tokens::new(tokens).expect("the compiler closes what it opens");
        Input { trees, tokens }
    }

    /// As it was written.
    pub fn trees(&self) -> &[TokenTree] {
        &self.trees
    }

    /// As the language reads it.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    fn tree(&self, place: Place) -> Option<&TokenTree> {
        self.trees.get(place.index()?)
    }

    /// Where a place is for the compiler; without a token, the whole call.
    pub fn span(&self, place: Place) -> Span {
        let token = place.index().and_then(|index| self.tokens.get(index));
        match (token, self.tree(place)) {
            (Some(Token::Open(_)), Some(TokenTree::Group(group))) => group.span_open(),
            (Some(Token::Close(_)), Some(TokenTree::Group(group))) => group.span_close(),
            (_, Some(tree)) => tree.span(),
            (_, None) => Span::call_site(),
        }
    }

    /// A name as it was written, hygiene included.
    pub fn ident(&self, name: &Name) -> Ident {
        match self.tree(name.at) {
            Some(TokenTree::Ident(ident)) => ident.clone(),
            _ => Ident::new(&name.text, self.span(name.at)),
        }
    }

    /// A literal as it was written.
    pub fn literal(&self, place: Place) -> Option<&Literal> {
        if let TokenTree::Literal(literal) = self.tree(place)? { Some(literal) } else { None }
    }

    /// What was written there; brackets of a fragment that is not there as a whole are left out.
    pub fn written(&self, range: &Range<usize>) -> TokenStream {
        let mut stream = TokenStream::new();
        let mut at = range.start;
        while at < range.end {
            let (tree, end) = (&self.trees[at], self.tokens.partner(at));
            match self.tokens.get(at) {
                Some(Token::Open(_)) if end < range.end => {
                    tree.to_tokens(&mut stream);
                    at = end;
                }
                Some(Token::Open(_) | Token::Close(_)) => {}
                _ => tree.to_tokens(&mut stream),
            }
            at += 1;
        }
        stream
    }

    /// A path as it was written.
    pub fn path(&self, path: &Path) -> TokenStream {
        self.written(&path.tokens)
    }
}

fn bracket(delimiter: Delimiter) -> Bracket {
    match delimiter {
        Delimiter::Parenthesis => Bracket::Round,
        Delimiter::Bracket => Bracket::Square,
        Delimiter::Brace => Bracket::Curly,
        Delimiter::None => Bracket::Invisible,
    }
}
