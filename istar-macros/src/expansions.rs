//! What the macros expand to, kept under `tests/expansions`; `ISTAR_BLESS=1` writes it anew.

use crate::emit::Emit;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use std::path::Path;
use std::{env, fs};

/// A file that rustfmt never sees, with the input above what it expands to.
fn kept(name: &str, input: &str, expanded: TokenStream) {
    let file = syn::parse2(expanded).unwrap_or_else(|error| panic!("{name} is no Rust: {error}"));
    let input: String = input.lines().map(|line| format!("// {}\n", line.trim())).collect();
    let found = format!("{input}\n{}", prettyplease::unparse(&file));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions").join(format!("{name}.rs"));
    if env::var_os("ISTAR_BLESS").is_some() {
        fs::write(&path, found).expect("the source tree can be written");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(kept.lines()).find(|(found, kept)| found != kept);
    let (found_line, kept_line) = differs.unwrap_or(("its end", "its end"));
    assert!(
        found == kept,
        "{name} expands to something else: `{}`, kept is `{}`\nhelp: `ISTAR_BLESS=1 cargo test -p istar-macros` keeps it",
        found_line.trim(),
        kept_line.trim()
    );
}

type Macro = fn(&Emit) -> TokenStream;

fn expand(expand: Macro, input: &str) -> TokenStream {
    let krate = TokenTree::Ident(Ident::new("istar", Span::call_site()));
    expand(&Emit::new(krate, input.parse().expect("tokens")))
}

fn items(name: &str, expander: Macro, input: &str) {
    kept(name, input, expand(expander, input));
}

/// What stands where a value is wanted.
fn value(name: &str, input: &str) {
    let expanded = expand(crate::objective, input);
    kept(name, input, quote!(const IN_PLACE: () = #expanded;));
}

#[test]
fn an_item_with_numbers() {
    items(
        "item",
        crate::objective,
        "/// Outcome against the group, and an implicit step reward beside it.
        pub IStar<beta = 0.05, lambda = 1.0> = dpo_prm(beta) + rl(adv = traj + lambda * step)",
    );
}

#[test]
fn a_name_after_where() {
    items(
        "named_signal",
        crate::objective,
        "Shaped<cost> = rl(adv = norm(r, count = step) + to_go(r, 0.9)) where r = reward - cost * invalid",
    );
}

#[test]
fn a_critic_of_two_heads() {
    items(
        "two_heads",
        crate::objective,
        "TwoHeads = rl(adv = gae(reward, 1, 0.9, value = value(high), per = segment) + gae(reward, 1, 0.9, value = value(low)))
        + critic(0.5, heads = (low, high))",
    );
}

#[test]
fn a_prm_that_nobody_reads() {
    items("warning", crate::objective, "#[allow(deprecated)] pub Unread = dpo_prm(0.05) + rl(adv = traj)");
}

#[test]
fn an_item_with_mistakes() {
    items("failed_item", crate::objective, "pub Slips<beta = 0.05> = dpo_pmr(beta) + rl(adv = traj + setp)");
}

#[test]
fn a_table() {
    items(
        "table",
        crate::ablations,
        "pub Credit {
            \"GRPO\" = Grpo,
            \"half\" = crate::IStar { lambda: 0.5, ..crate::IStar::default() },
            \"RLOO\" = rl(adv = loo),
        }",
    );
}

#[test]
fn a_type_in_brackets() {
    value("in_brackets", "< kl(beta) + rl(adv = traj + my::Signal(lambda, reward)) >");
}

#[test]
fn a_capture_in_place() {
    value("captured", "rl(adv = traj + lambda * anchor(0.95))");
}
