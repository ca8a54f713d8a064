//! Lines of text: what is read, what is refused, and where that stands.

use istar_lang::{Line, Position, Report};
use proptest::prelude::*;

fn refused(text: &str) -> Report {
    Line::read(text).expect_err(text)
}

#[test]
fn an_item_with_numbers() {
    let line = Line::read(
        "pub IStar<beta = 0.05, lambda> =  // the numbers of the paper
            dpo_prm(beta) + rl(adv = traj + lambda * step)",
    )
    .expect("a line");
    assert_eq!(line.name.as_deref(), Some("IStar"));
    assert_eq!(line.params, [("beta".to_owned(), Some(0.05)), ("lambda".to_owned(), None)]);
    assert_eq!(line.source, "dpo_prm(beta) + rl(adv = traj + lambda * step)");
    assert!(line.warnings.mistakes.is_empty());
}

#[test]
fn a_name_in_quotes() {
    for (text, name, params) in [
        ("\"GRPO, no std\" = rl(adv = a * traj)", "GRPO, no std", None),
        ("\"a \\\"b\\\" λ\"<a = 1> = rl(adv = a * traj)", "a \"b\" λ", Some(1.0)),
        ("r#\"a \"b\"\"# <a = 1> = rl(adv = a * traj);", "a \"b\"", Some(1.0)),
    ] {
        let read = Line::read(text);
        let Some(value) = params else {
            let report = read.expect_err("a declaration declares its numbers");
            assert!(report.to_string().contains("`a`") && report.mistakes[0].start.column == 27, "{report}");
            continue;
        };
        let line = read.unwrap_or_else(|report| panic!("{report}"));
        assert_eq!(
            (line.name.as_deref(), &line.params[..]),
            (Some(name), &[("a".to_owned(), Some(value))][..])
        );
        assert_eq!(line.source, "rl(adv = a * traj)");
    }
    assert!(refused("\"GRPO\" rl(adv = traj)").to_string().contains("expected `=`"));
}

#[test]
fn a_body_with_names() {
    let read = |text: &str| Line::read(text).unwrap_or_else(|report| panic!("{report}"));
    let line = read("rl(adv = norm(r, count = step)) + w * kl(1) where r = reward - cost * invalid;");
    assert_eq!(line.params, [("cost".to_owned(), None), ("w".to_owned(), None)]);
    assert_eq!(line.name, None);
    let inline = read("< rl(adv=norm(reward-cost*invalid,count=step))+w*kl(1) >");
    assert!(line.graph.same(&inline.graph), "{:?}", line.graph);
    assert!(!line.graph.same(&read("rl(adv=norm(reward-cost*invalid,count=step))+w*kl(2)").graph));
}

#[test]
fn source_is_the_line() {
    for line in [
        "a * rl(adv = traj + b * (outcome - 0.1 * invalid)) + dpo_prm(1.0, ref = ema(0.5))",
        "rl(adv = r + a * b * r, clip = (0.2, 0.28)) where r = -outcome",
        "a * (rl(adv = ::my::Signal(b, traj)) - kl(0.1, ref = snapshot(every = 3)))",
    ] {
        let text = format!("Name<a = 1, b = 2> = {}", line.replace(' ', "  "));
        let read = Line::read(&text).unwrap_or_else(|report| panic!("{report}"));
        assert_eq!(read.source, line);
    }
}

#[test]
fn a_warning_refuses_nothing() {
    let line = Line::read("dpo_prm(0.05) + rl(adv = traj)").expect("a line");
    let [warning] = line.warnings.mistakes.as_slice() else { panic!("{}", line.warnings) };
    assert!(
        warning.warning && warning.to_string().starts_with("warning: `dpo_prm` trains a PRM"),
        "{warning}"
    );
    assert_eq!(warning.start, Position { line: 1, column: 1 });
}

#[test]
fn mistakes_are_drawn_where_they_stand() {
    let report =
        refused("X<beta = 0.05> =\n\tdpo_pmr(beta)\n\t+ rl(adv = step, clip = (0.3,\n 0.2), rato = 1)\n");
    assert_eq!(
        report.to_string(),
        "\
error: unknown loss term `dpo_pmr`
       help: did you mean `dpo_prm`?
 --> 2:2
  |
2 |  dpo_pmr(beta)
  |  ^^^^^^^

error: `rl` has no option `rato`
       help: did you mean `ratio`?
 --> 4:8
  |
4 |  0.2), rato = 1)
  |        ^^^^

error: `step` reads an implicit PRM, but no term of this objective trains one
       help: add `dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before) +`, or use `traj` alone
 --> 3:13
  |
3 |  + rl(adv = step, clip = (0.3,
  |             ^^^^
"
    );
}

#[test]
fn what_is_missing_is_missed_at_the_end() {
    for (text, shown) in [
        ("", "unexpected end of input, expected an objective"),
        ("rl(adv = traj) +  ", "expected a term such as `rl(adv = traj)`, a signal, a name or a number"),
        ("X<beta = 1>", "expected `=`"),
    ] {
        let report = refused(text);
        let end = Position { line: 1, column: text.trim_end().chars().count() + 1 };
        assert_eq!((report.mistakes[0].message.as_str(), report.mistakes[0].start), (shown, end), "{report}");
    }
}

#[test]
fn brackets_belong_together() {
    for (text, message, column) in [
        ("rl(adv = traj", "`(` is never closed", 3),
        ("rl(adv = traj))", "`)` closes nothing", 15),
        ("rl(adv = clip(traj, 0, 1]", "expected `)`, found `]`", 25),
    ] {
        let report = refused(text);
        let [mistake] = report.mistakes.as_slice() else { panic!("{report}") };
        assert_eq!((mistake.message.as_str(), mistake.start.column), (message, column), "{report}");
    }
}

#[test]
fn columns_count_characters() {
    let report = refused("rl(adv = β * é + setp)");
    assert_eq!(report.mistakes[0].start, Position { line: 1, column: 18 }, "{report}");
    assert!(report.to_string().ends_with("\n  |                  ^^^^\n"), "{report}");
}

const WORDS: &[&str] = &[
    "X", "<", "beta", "=", "0.05", ">", "=", "dpo_prm", "(", ")", "+", "rl", "(", "adv", "=", "traj", ",",
    "clip", "where", "r", "-", "*", "norm", "within", "state", "1e-6", "::", "my", "::", "Type", "critic",
    "heads", "gae", "value", ";", "#", "[", "]", "{", "}", "/", "\"", "r#", "1.", "0x", "é", "\n", "//",
    "/*", "*/", "'", "true", "route", "action", "\\",
];

/// Words of the language, thrown together; text of any kind.
fn texts() -> impl Strategy<Value = String> {
    let words =
        prop::collection::vec((prop::sample::select(WORDS), prop::sample::select(vec!["", " "])), 0..24);
    prop_oneof![
        words.prop_map(|words| words.into_iter().flat_map(|(word, space)| [word, space]).collect()),
        any::<String>(),
        ".*",
    ]
}

const LINES: &[&str] = &[
    "dpo_prm(beta) + rl(adv = traj + lambda * step)",
    "rl(adv = norm(r, within = state, count = mean(traj)) + to_go(r, gamma)) where r = reward - cost * invalid",
    "rl(adv = whiten(gae(reward, 1, 0.9, value = value(low)))) + critic(0.5, heads = (low, high))",
    "0 * kl(1, ref = snapshot(every = 3)) + my::Term(anneal(1, over = 3), traj) - (bc(1) - entropy(--2))",
];

/// A character of a legal line is replaced, doubled or left out.
fn slips() -> impl Strategy<Value = String> {
    let slip = (any::<prop::sample::Index>(), 0..3u8, any::<char>());
    (prop::sample::select(LINES), prop::collection::vec(slip, 0..4)).prop_map(|(line, slips)| {
        let mut text: Vec<char> = line.chars().collect();
        for (at, kind, other) in slips {
            let at = at.index(text.len());
            match kind {
                0 => drop(text.remove(at)),
                1 => text.insert(at, text[at]),
                _ => text[at] = other,
            }
        }
        text.into_iter().collect()
    })
}

/// A line that is read is read again from its own source; one that is refused says where, inside the text.
fn sound(text: &str) {
    match Line::read(text) {
        Ok(line) => {
            let again = Line::read(&line.source);
            assert!(
                line.name.is_some() || again.is_ok_and(|again| again.source == line.source),
                "{}",
                line.source
            );
        }
        Err(report) => {
            assert!(!report.mistakes.is_empty(), "{text}");
            assert!(!report.to_string().is_empty());
            for mistake in &report.mistakes {
                assert!(!mistake.message.is_empty(), "{text}");
                assert!(mistake.start <= mistake.end, "{mistake:?}");
                for Position { line, column } in [mistake.start, mistake.end] {
                    let there = text.split('\n').nth(line - 1).unwrap_or_else(|| panic!("{mistake:?}"));
                    assert!((1..=there.chars().count() + 1).contains(&column), "{mistake:?}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in texts()) {
        sound(&text);
    }

    #[test]
    fn no_slip_panics(text in slips()) {
        sound(&text);
    }
}

#[test]
fn depth_and_length_are_bounded() {
    for text in [
        format!("entropy({}1{})", "(".repeat(5000), ")".repeat(5000)),
        format!("entropy({}1)", "-".repeat(5000)),
        format!("entropy({}1)", "2 * ".repeat(5000)),
        format!("rl(adv = {})", vec!["outcome"; 3000].join(" - ")),
        "rl(adv = ".repeat(20_000),
    ] {
        sound(&text);
    }
}
