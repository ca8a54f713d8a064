//! Expansions and messages in this process, and arbitrary input.

use crate::emit::Emit;
use istar_lang::{Line, Text};
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::prelude::*;
use quote::quote;
use std::str::FromStr;

fn expand(text: &str) -> String {
    expand_tokens(TokenStream::from_str(text).expect("tokens"))
}

fn emit(input: TokenStream) -> Emit {
    Emit::new(TokenTree::Ident(Ident::new("istar", Span::call_site())), input)
}

fn expand_tokens(input: TokenStream) -> String {
    crate::objective(&emit(input)).to_string()
}

/// The graph without the paths that lead to its types.
fn graph(text: &str) -> String {
    let expanded = expand(&format!("Name = {text}"));
    assert!(!expanded.contains("compile_error"), "{text}: {expanded}");
    let (_, rest) = expanded.split_once("type Graph = ").expect("a graph");
    let (graph, _) = rest.split_once(';').expect("an end");
    graph.replace("istar :: __private :: ", "").replace(' ', "")
}

fn messages(expanded: &str) -> Vec<String> {
    expanded
        .split("compile_error ! {")
        .skip(1)
        .map(|rest| {
            let (literal, _) = rest.trim_start().split_once("\" }").expect("a literal in braces");
            let literal = format!("{literal}\"");
            syn::parse_str::<syn::LitStr>(&literal).map_or(literal, |text| text.value())
        })
        .collect()
}

#[test]
fn vocabulary() {
    let norm = "within::Prompt,center::Mean,scale::Std,count::Own,signal::Everywhere,least::Entries<scalar::Dec<2,0>>,scalar::Dec<1,0>,scalar::Dec<1,6>,within::Same";
    let rl = |adv: &str| {
        format!(
            "term::Rl<{adv},clip::Band<scalar::Dec<2,1>,scalar::Dec<2,1>>,count::Each<level::Token>,count::Each<level::Token>,dual::Off,groups::All,signal::Everywhere,shape::Clip,empty::Skip>"
        )
    };
    let prm = "term::DpoPrm<scalar::Dec<5,2>,net::Shared,reference::Init,pairs::TopBottom<pairs::Half>,over::Sum,weight::Flat,read::After,link::Sigmoid<scalar::Dec<0,0>,scalar::Dec<0,0>>>";
    let adv = [
        ("traj", format!("sugar::Traj<{norm}>")),
        ("norm(reward)", format!("signal::Norm<signal::Reward,{norm}>")),
        (
            "outcome - 0.1 * invalid",
            "signal::Sub<signal::Outcome,signal::Scale<scalar::Dec<1,1>,signal::Invalid>>".into(),
        ),
        ("outcome + 2", "signal::Add<signal::Outcome,signal::Constant<scalar::Dec<2,0>>>".into()),
        ("success * reward", "signal::Mul<signal::Success,signal::Reward>".into()),
        ("-outcome", "signal::Scale<scalar::Dec<-1,0>,signal::Outcome>".into()),
        ("to_go(reward)", "signal::ToGo<signal::Reward,scalar::Dec<1,0>,level::Traj>".into()),
        (
            "to_go(reward, 0.5, within = step)",
            "signal::ToGo<signal::Reward,scalar::Dec<5,1>,level::Step>".into(),
        ),
        ("clip(outcome, -1, 1)", "signal::Clip<signal::Outcome,scalar::Dec<-1,0>,scalar::Dec<1,0>>".into()),
        ("mean(reward, per = traj)", "signal::MeanPer<signal::Reward,level::Traj>".into()),
        ("whiten(outcome)", "signal::Whiten<signal::Outcome>".into()),
        ("bound(reward)", "signal::Bound<signal::Reward,level::Traj>".into()),
        (
            "place(outcome, per = step, at = token)",
            "signal::Place<signal::Outcome,on::Last,level::Step,level::Token>".into(),
        ),
        (
            "log_ratio(old, ema(0.01))",
            "signal::LogRatio<reference::Old,reference::Ema<scalar::Dec<1,2>>>".into(),
        ),
        (
            "anneal(2, over = 9) * outcome",
            "signal::Scale<scalar::Anneal<scalar::Dec<2,0>,scalar::Dec<9,0>>,signal::Outcome>".into(),
        ),
        ("my::Signal(0.5, reward)", "my::Signal<scalar::Dec<5,1>,signal::Reward>".into()),
    ];
    for (line, expected) in &adv {
        assert_eq!(graph(&format!("rl(adv = {line})")), rl(expected), "{line}");
    }
    assert_eq!(graph("dpo_prm(0.05)"), prm);
    let step = format!("sugar::Step<scalar::Dec<5,2>,reference::Init,{norm}>");
    assert_eq!(graph("dpo_prm(0.05) + rl(adv = step)"), format!("term::Sum<{prm},{}>", rl(&step)));
    let sum = graph("dpo_prm(1 + 2 + 3, ref = geo(0.1 + 0.2)) + rl(adv = step)");
    assert_eq!(
        sum.matches("scalar::Add<scalar::Add<scalar::Dec<1,0>,scalar::Dec<2,0>>,scalar::Dec<3,0>>").count(),
        2
    );
    assert_eq!(sum.matches("reference::Geo<scalar::Add<scalar::Dec<1,1>,scalar::Dec<2,1>>>").count(), 2);
    assert_eq!(
        graph("2 * bc(1) - kl(1, snapshot(kl = 0.1), estimator = abs)"),
        "term::Sum<term::Weighted<scalar::Dec<2,0>,term::Bc<scalar::Dec<1,0>>>,term::Weighted<scalar::Dec<-1,0>,term::Kl<scalar::Dec<1,0>,reference::SnapshotKl<scalar::Dec<1,1>>,estimator::Abs,gradient::Same,count::Each<level::Token>,empty::Skip>>>"
    );
    assert_eq!(
        graph("dpo(0.05, ref = old, pairs = success, over = common)"),
        "term::Dpo<scalar::Dec<5,2>,reference::Old,pairs::Success,over::Common,weight::Flat,link::Sigmoid<scalar::Dec<0,0>,scalar::Dec<0,0>>,scalar::Dec<1,0>>"
    );
    assert_eq!(
        graph("ce_prm(0.05, net = separate, per = step, read = before) + rl(adv = token)")
            .matches("term::CePrm<scalar::Dec<5,2>,net::Separate,reference::Init,per::Step,read::Before>")
            .count(),
        1
    );
    assert_eq!(
        graph("dar(0.05, 0.1, adv = outcome)"),
        "term::Dar<scalar::Dec<5,2>,scalar::Dec<1,1>,signal::Outcome,scalar::Dec<20,0>>"
    );
    assert!(graph("rl(adv = outcome, clip = (0.2, 0.28), dual = 3, groups = mixed, reduce = constant(40), ratio = mean(step))").ends_with("clip::Band<scalar::Dec<2,1>,scalar::Dec<28,2>>,count::Mean<level::Step>,count::Constant<scalar::Dec<40,0>>,dual::At<scalar::Dec<3,0>>,groups::Mixed,signal::Everywhere,shape::Clip,empty::Skip>"));
}

#[test]
fn critics() {
    let one = "head::Head<head::One,{T},head::End>";
    let text = |name: &str| {
        let word = u128::from_be_bytes(std::array::from_fn(|i| name.as_bytes().get(i).copied().unwrap_or(0)));
        format!("head::Named<Text<Cell<{word},0,0,0,()>,{}>>", name.len())
    };
    let zero = "signal::Constant<scalar::Dec<0,0>>";
    let gae = |value: &str, per: &str| {
        format!(
            "signal::Gae<signal::Reward,scalar::Dec<1,0>,scalar::Dec<9,1>,{value},{per},level::Traj,{zero},{zero}>"
        )
    };
    // the critic stands after or before what reads it, in any form
    let target = gae("signal::Value<0,head::One,level::Step>", "count::Own");
    let critic = |target: &str| {
        format!(
            "term::Critic<scalar::Dec<5,1>,clip::Near<scalar::Dec<5,1>>,level::Step,{},count::Each<level::Token>>",
            one.replace("{T}", target)
        )
    };
    let line = "rl(adv = whiten(a)) + 2 * critic(0.5) where a = gae(reward, 1, 0.9)";
    assert!(
        graph(line).ends_with(&format!("term::Weighted<scalar::Dec<2,0>,{}>>", critic(&target))),
        "{}",
        graph(line)
    );
    assert!(
        graph("critic(0.5) + rl(adv = gae(reward, 1, 0.9))")
            .starts_with(&format!("term::Sum<{}", critic(&target)))
    );
    assert!(
        graph("rl(adv = outcome - value) + critic(0.5)")
            .contains("head::Head<head::One,head::Untrained,head::End>")
    );
    let two = graph(
        "rl(adv = gae(reward, 1, 0.9, value = value(high), per = segment) + 0 * value(low)) + critic(1, clip = none, per = step, heads = (low, high))",
    );
    let high = gae(&format!("signal::Value<1,{},level::Step>", text("high")), "level::Segment");
    let heads =
        format!("head::Head<{},head::Untrained,head::Head<{},{high},head::End>>", text("low"), text("high"));
    assert!(
        two.ends_with(&format!(
            "term::Critic<scalar::Dec<1,0>,clip::Off,level::Step,{heads},count::Each<level::Token>>>"
        )),
        "{two}"
    );
    // an estimate of one's own needs no critic, and one gae may stand in two places
    assert!(!graph("rl(adv = gae(reward, 1, 0, value = 0.5 * to_go(reward)))").contains("Value"));
    graph("rl(adv = gae(reward, 1, 1) + 0.5 * gae(reward, 1, 1)) + critic(1)");
}

#[test]
fn balanced_sums() {
    let line = vec!["entropy(1)"; 120].join(" + ");
    let graph = graph(&line);
    let depth = graph.chars().scan(0i32, |depth, c| {
        *depth += i32::from(c == '<') - i32::from(c == '>');
        Some(*depth)
    });
    assert!(depth.max() < Some(12));
}

#[test]
fn literals_are_exact() {
    for text in [
        "0.1",
        "1e-6",
        "3.141592653589793",
        "123456789.125",
        "1e300",
        "4.9e-324",
        "0",
        "18446744073709551616",
    ] {
        let graph = graph(&format!("entropy({text})"));
        let value: f64 = text.parse().expect("a number");
        let inner = graph
            .trim_start_matches("term::Entropy<scalar::")
            .trim_end_matches(",count::Each<level::Token>>")
            .trim_end_matches('>');
        let read = match inner.split_once('<') {
            Some(("Dec", rest)) => {
                let (m, e) = rest.split_once(',').expect("two numbers");
                m.parse::<i64>().expect("an integer") as f64
                    / 10u64.pow(e.parse().expect("an integer")) as f64
            }
            Some(("Bits", rest)) => f64::from_bits(rest.parse().expect("bits")),
            _ => panic!("{graph}"),
        };
        assert_eq!(read.to_bits(), value.to_bits(), "{text}");
    }
}

/// What words of the language, and some that are none, may be thrown together.
const WORDS: &[&str] = &[
    "pub",
    "X",
    "where",
    "r",
    "beta",
    "rl",
    "adv",
    "dpo_prm",
    "kl",
    "entropy",
    "bc",
    "outcome",
    "success",
    "reward",
    "invalid",
    "implicit",
    "log_ratio",
    "prm",
    "old",
    "init",
    "norm",
    "sum",
    "mean",
    "min",
    "first",
    "last",
    "to_go",
    "clip",
    "whiten",
    "gae",
    "value",
    "critic",
    "heads",
    "place",
    "bound",
    "traj",
    "loo",
    "step",
    "token",
    "anchor",
    "anneal",
    "per",
    "within",
    "count",
    "ref",
    "net",
    "shared",
    "pairs",
    "snapshot",
    "every",
    "constant",
    "none",
    "state",
    "Type",
    "crate",
    "r#type",
    "é",
];

fn token() -> impl Strategy<Value = TokenTree> {
    let word = prop::sample::select(WORDS).prop_map(|word| match word.strip_prefix("r#") {
        Some(raw) => TokenTree::Ident(Ident::new_raw(raw, Span::call_site())),
        None => TokenTree::Ident(Ident::new(word, Span::call_site())),
    });
    let punct = prop::sample::select("<>=+-*,;:#/&.!".chars().collect::<Vec<_>>());
    let punct = (punct, any::<bool>()).prop_map(|(c, joint)| {
        TokenTree::Punct(Punct::new(c, if joint { Spacing::Joint } else { Spacing::Alone }))
    });
    let number = prop_oneof![
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(|x| Literal::f64_unsuffixed(x.abs())),
        any::<u32>().prop_map(Literal::u32_unsuffixed),
        any::<i8>().prop_map(|x| Literal::i8_suffixed(x.saturating_abs())),
        Just(Literal::string("row")),
    ];
    prop_oneof![6 => word, 4 => punct, 1 => number.prop_map(TokenTree::Literal)]
}

fn tokens() -> impl Strategy<Value = TokenStream> {
    let leaf = prop::collection::vec(token(), 0..8).prop_map(TokenStream::from_iter);
    leaf.prop_recursive(4, 40, 4, |inner| {
        let delimiter = prop::sample::select(vec![
            Delimiter::Parenthesis,
            Delimiter::Brace,
            Delimiter::Bracket,
            Delimiter::None,
        ]);
        prop::collection::vec((prop::collection::vec(token(), 0..5), delimiter, inner), 1..4).prop_map(
            |parts| {
                parts
                    .into_iter()
                    .flat_map(|(mut lead, delimiter, inner)| {
                        lead.push(TokenTree::Group(Group::new(delimiter, inner)));
                        lead
                    })
                    .collect()
            },
        )
    })
}

const LINES: &[&str] = &[
    "pub IStar < beta = 0.05 , lambda = 1.0 > = dpo_prm ( beta ) + rl ( adv = traj + lambda * step )",
    "< dpo_prm ( 0.05 , net = separate , ref = old , pairs = success ) + rl ( adv = token , clip = ( 0.2 , 0.28 ) ) >",
    "rl ( adv = norm ( r , within = state , count = mean ( traj ) ) + to_go ( r , gamma ) ) where r = reward - cost * invalid",
    "rl ( adv = whiten ( gae ( reward , 1 , 0.9 , value = value ( low ) , cut = value ( high ) ) ) ) + critic ( 0.5 , heads = ( low , high ) )",
    "# [ doc = \"x\" ] X = 0 * kl ( 1 , ref = snapshot ( every = 3 ) ) + my :: Term ( anneal ( 1 , over = 3 ) , traj )",
];

/// Deletes, doubles, swaps or replaces a few tokens of a legal line.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4u8, token());
    (prop::sample::select(LINES), prop::collection::vec(change, 0..4)).prop_map(|(line, changes)| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for (at, other, kind, token) in changes {
            let (at, other) = (at.index(words.len()), other.index(words.len()));
            match kind {
                0 if words.len() > 1 => drop(words.remove(at)),
                1 => words.insert(at, words[other].clone()),
                2 => words.swap(at, other),
                _ => words[at] = token.to_string(),
            }
        }
        words.join(" ")
    })
}

/// Either messages, or something that is Rust.
fn sound(expanded: &str) {
    let errors = messages(expanded);
    if errors.is_empty() {
        assert!(!expanded.contains("__private :: Invalid"), "an inert graph without a message: {expanded}");
    } else {
        assert!(errors.iter().all(|message| !message.is_empty()), "{expanded}");
    }
    TokenStream::from_str(expanded).expect("tokens");
}

/// `<beta = 0.05> body` and `"a name" = body`, which a text may be and the input of a macro may not.
fn text_alone(text: &str) -> bool {
    if text.trim_start().starts_with('"') {
        return true;
    }
    let rest = text.trim_start().strip_prefix('<').map(|rest| rest.trim_start());
    let rest =
        rest.map(|rest| rest.trim_start_matches(|c: char| c == '_' || c == '#' || c.is_alphanumeric()));
    rest.is_some_and(|rest| rest.trim_start().starts_with(['=', ',', '>']))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_tokens_do_not_panic(input in tokens()) {
        sound(&expand_tokens(input.clone()));
        let table = crate::ablations(&emit(quote!(pub Table { #input }))).to_string();
        TokenStream::from_str(&table).expect("tokens");
    }

    #[test]
    fn slips_do_not_panic(input in mutated()) {
        if let Ok(input) = TokenStream::from_str(&input) {
            sound(&expand_tokens(input));
        }
    }

    /// A text and the tokens of a macro are read alike: token by token, hence in every place, graph and message.
    #[test]
    fn text_and_tokens_are_one(text in mutated()) {
        let read = Text::new(&text);
        match TokenStream::from_str(&text) {
            Ok(stream) => {
                let emit = emit(stream.clone());
                assert_eq!(read.tokens().as_ref(), Ok(emit.input.tokens()), "{text}");
                if text_alone(&text) {
                    return Ok(());
                }
                let told = Line::read(&text).err().map_or_else(Vec::new, |report| report.mistakes);
                let told: Vec<_> = told.into_iter().map(|mistake| match mistake.help {
                    Some(help) => format!("{}\nhelp: {help}", mistake.message),
                    None => mistake.message,
                }).collect();
                assert_eq!(told, messages(&expand_tokens(stream)), "{text}");
            }
            Err(_) => assert!(read.tokens().is_err(), "{text}"),
        }
    }
}

#[test]
fn depth_and_length_are_bounded() {
    for line in [
        format!("entropy({}1{})", "(".repeat(500), ")".repeat(500)),
        format!("entropy({}1)", "-".repeat(5000)),
        format!("entropy({}1)", "2 * ".repeat(5000)),
        format!("rl(adv = {})", vec!["outcome"; 3000].join(" - ")),
        "rl(adv = g) where a = outcome + outcome, b = a + a + a + a, c = b + b + b + b, d = c + c + c + c, e = d + d + d + d, f = e + e + e + e, g = f + f + f + f + f".to_owned(),
    ] {
        sound(&expand(&line));
    }
}
