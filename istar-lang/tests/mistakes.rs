//! What is refused, and in which words; `tests/ui/mistakes` has the same as the compiler prints it.

use istar_lang::{Line, Mistake};

fn messages(text: &str) -> Vec<String> {
    let report = Line::read(text).expect_err(text);
    report.mistakes.into_iter().map(|mistake| mistake.message).collect()
}

#[test]
fn mistakes_are_told_together() {
    let text = "pub X<beta = 0.05, beta = 1, c> = dpo_pmr(beta) + rl(adv = setp + lamda * traj, clp = 0.1)";
    assert_eq!(
        messages(text),
        [
            "hyper-parameter `beta` is declared twice",
            "unknown loss term `dpo_pmr`",
            "unknown signal `setp`",
            "unknown name `lamda`",
            "`rl` has no option `clp`",
            "hyper-parameter `c` is never used",
        ]
    );
}

#[test]
fn mistakes_with_critics() {
    for (text, message) in [
        ("rl(adv = outcome - value)", "`value` reads a critic, but no term of this objective trains one"),
        (
            "rl(adv = gae(reward, 1, 1))",
            "`gae` estimates with `value`, but no term of this objective trains a critic",
        ),
        ("rl(adv = outcome - value(lw)) + critic(1, heads = (low, high))", "this critic has no head `lw`"),
        ("rl(adv = outcome - value(low)) + critic(1)", "this critic has one head, without a name"),
        (
            "rl(adv = gae(reward, 1, 1)) + critic(1, heads = (low, high))",
            "this critic has several heads: which `value`?",
        ),
        (
            "rl(adv = gae(reward, 1, 1)) + critic(1) + critic(2)",
            "an objective has one critic, and this is its second critic term",
        ),
        (
            "rl(adv = gae(reward, 1, 1) + gae(reward, 1, 0.9)) + critic(1)",
            "`value` is trained towards one `gae`, and this is another one",
        ),
        ("rl(adv = gae(outcome, 1, 1)) + critic(1)", "`gae` takes a Reward, and this is a Return"),
        (
            "rl(adv = gae(reward, 1, 1)) + critic(1, per = token)",
            "there is one value a token, and these rewards are a Step signal",
        ),
        (
            "rl(adv = gae(log_ratio(old, init), 1, 1, per = segment)) + critic(1)",
            "`per = segment` adds up rewards of steps, and this is a Token signal",
        ),
        (
            "rl(adv = gae(reward, 1, 1, next = reward)) + critic(1)",
            "`next` takes a Value or a Return, and this is a Reward",
        ),
        ("rl(adv = gae(reward, 1.5, 1)) + critic(1)", "`gamma` must be in [0, 1], found 1.5"),
        ("rl(adv = value) + critic(1)", "a bare Value is no advantage"),
        ("rl(adv = gae(reward, 1, 1)) + critic(0)", "with weight 0 `critic` reaches no parameter"),
        ("rl(adv = gae(reward, 1, 1)) + critic(1, clip = 0)", "`clip` must be above 0, found 0"),
        ("rl(adv = gae(reward, 1, 1)) + critic(1, heads = low)", "`heads` takes names"),
        (
            "rl(adv = gae(reward, 1, 1, value = value(a))) + critic(1, heads = (a, a))",
            "head `a` is named twice",
        ),
        (
            "rl(adv = gae(sum(reward, per = segment), 1, 1, value = to_go(outcome - reward))) + critic(1)",
            "`to_go` takes a Reward, and this is a Return | there is one value a step, and these rewards are a Segment signal",
        ),
    ] {
        assert_eq!(messages(&format!("X = {text}")).join(" | "), message, "{text}");
    }
}

/// What a mistake stands at.
fn token(text: &str, mistake: &Mistake) -> String {
    let (start, end) = (mistake.start.column - 1, mistake.end.column - 1);
    text.chars().skip(start).take(end - start).collect()
}

/// Each in one message: what is written, the token, what is wrong, the way out.
#[test]
fn what_is_written_elsewhere() {
    const YOUR_OWN: &str = "a function of a signal is a signal of your own, `istar::objective::Signal`";
    const NUMBER: &str =
        "`0.5 * x` multiplies by a number; any other function of a signal is a signal of your own";
    const WEIGHT: &str = "what is 0 or 1 is a Weight, as `success` is, and multiplies: `success * x`";
    for (text, at, message, help) in [
        ("X = rl(adv = sqrt(outcome))", "sqrt", "there is no `sqrt` in this language", YOUR_OWN),
        (
            "X = rl(adv = log(outcome))",
            "log",
            "there is no `log` in this language",
            "`log_ratio(p, q)` is the difference of two log-probabilities; any other function of a signal is a signal of your own, `istar::objective::Signal`",
        ),
        (
            "X = rl(adv = exp(outcome))",
            "outcome",
            "`exp` takes a log-ratio or a Factor, and this is a Return",
            "an importance weight is `exp(log_ratio(old, sampler))`",
        ),
        (
            "X = rl(adv = exp(log_ratio(old, sampler)))",
            "exp(log_ratio(old, sampler",
            "a Factor alone is no advantage",
            "multiply what is one by it, as in `exp(..) * traj`",
        ),
        (
            "X = rl(adv = traj, weight = outcome)",
            "outcome",
            "`weight` takes a Weight or a Factor, and this is a Return",
            "an importance weight is `exp(log_ratio(old, sampler))`",
        ),
        (
            "X = rl(adv = max(outcome, 0.5))",
            "0.5",
            "the options of `max` are written with their names",
            "`per = ..`, as in `max(x, per = step)`; of two signals, element by element, `maximum(x, y)`",
        ),
        (
            "X = rl(adv = zscore(outcome))",
            "zscore",
            "there is no `zscore` in this language",
            "write `norm(outcome)`",
        ),
        (
            "X = rl(adv = if success { 1 } else { 0 })",
            "if",
            "there is no `if`",
            "a Weight chooses, `success * x + (1 - success) * y`; or the choice is two rows of `ablations!`",
        ),
        (
            "X = rl(adv = outcome.sum(per = traj))",
            "sum",
            "there are no methods",
            "write `sum(outcome, per = traj)`",
        ),
        (
            "X = rl(adv = config.beta * traj)",
            "beta",
            "there are no fields",
            "give it a name first: `let beta = config.beta;`",
        ),
        ("X = rl(adv = outcome^2)", "^", "there is no power", NUMBER),
        ("X = rl(adv = outcome ** 2)", "*", "there is no power", NUMBER),
        ("X = rl(adv = outcome > 0)", ">", "there are no comparisons", WEIGHT),
        ("X = rl(adv = success && judged)", "&", "there is no logic", WEIGHT),
        ("X = rl(adv: traj)", ":", "an option is given with `=`", "`adv = traj`"),
        ("X = rl(adv = traj, clip = 0.2..0.3)", ".", "there are no ranges", "a pair is written `(0.2, 0.3)`"),
        ("X = rl(adv = traj, clip = [0.2, 0.3])", "[", "a list stands in round brackets", "`(0.2, 0.28)`"),
        (
            "X = rl(adv = traj, reduce = \"token\")",
            "\"token\"",
            "a text is no part of an objective",
            "write `token`",
        ),
        (
            "X = rl(adv = traj) + kl(config::BETA)",
            "config::BETA",
            "`BETA` is a constant of Rust, and no part of an objective",
            "declare a hyper-parameter, `Name<beta> = ..`, and set its field: `Name { beta: config::BETA }`",
        ),
        (
            "rl(adv = BETA * traj)",
            "BETA",
            "`BETA` is a constant of Rust, and no part of an objective",
            "write a hyper-parameter, `beta`, and give it the value of `BETA`",
        ),
        (
            "X = Mine::new(3) + rl(adv = traj)",
            "Mine::new",
            "`Mine::new` is a function or a value of Rust, and names no type",
            "numbers arrive as hyper-parameters: `Name<x> = ..`, `Name { x: .. }`",
        ),
        (
            "X = recipes::Grpo + kl(0.01)",
            "recipes::Grpo",
            "`Grpo` is a whole objective, and this is a sum of loss terms",
            "write its line: `rl(adv = traj)`",
        ),
        (
            "X = kl(0.01) + grpo",
            "grpo",
            "`grpo` is a whole objective, not a loss term",
            "write the line of `Grpo`: `rl(adv = traj)`",
        ),
        (
            "X = rl(adv = traj, kl = 0.01)",
            "kl",
            "`rl` has no option `kl`",
            "it is a term of its own: `rl(..) + kl(0.01)`",
        ),
        (
            "X<beta: f64 = 0.05> = kl(beta) + rl(adv = traj)",
            ": f64",
            "a hyper-parameter has no type: it is an `f64`",
            "write `beta = 0.05`",
        ),
        (
            "X = rl(adv = traj, ratio = mean(segment))",
            "segment",
            "`mean(segment)` is no value here",
            "write one of `mean(step)`, `mean(traj)`",
        ),
        ("X = rl(adv = traj clip = 0.3)", "clip", "a comma is missing before `clip`", "write `, clip = 0.3`"),
        (
            "X = rl(adv = (traj reward))",
            "reward",
            "a comma is missing before `reward`",
            "arguments are separated by `,`, signals joined with `+`",
        ),
        (
            "X<a = 1 b = 2> = kl(a) + rl(adv = b * traj)",
            "b",
            "a comma is missing before `b`",
            "write `, b = 2`",
        ),
        (
            "X<beta = 0.05, beta = 0.1> = rl(adv = traj)",
            "beta",
            "hyper-parameter `beta` is declared twice",
            "rename or remove one of them",
        ),
        (
            "X = rl(adv = r) where r = outcome, r = reward",
            "r",
            "name `r` is declared twice",
            "rename or remove one of them",
        ),
        (
            "X = rl(adv = normalised(outcome))",
            "normalised",
            "unknown signal `normalised`",
            "the reference lists the signals; one of your own is a type, `istar::objective::Signal`, named with a capital",
        ),
        (
            "X<beta = 1> = kl(beta) + rl(adv = weight * traj)",
            "weight",
            "unknown name `weight`",
            "declare it as a hyper-parameter: `Name<weight> = ..`",
        ),
        (
            "X = rl(adv = traj, clip = (0.8, 1.28))",
            "0.8, 1.28",
            "`clip` takes distances from 1, and `(0.8, 1.28)` are the bounds of a ratio",
            "write `(0.2, 0.28)`",
        ),
    ] {
        let report = Line::read(text).expect_err(text);
        let [mistake] = report.mistakes.as_slice() else { panic!("one message\n{report}") };
        let said =
            (token(text, mistake), mistake.message.as_str(), mistake.help.as_deref().unwrap_or_default());
        assert_eq!(said, (at.to_owned(), message, help), "{text}");
    }
}

/// A negative weight is told where its sign stands, once for each term, and not where it is written out.
#[test]
fn negative_weights() {
    for (text, at) in [
        ("rl(adv = traj) + entropy(-0.01)", &["-"][..]),
        ("rl(adv = traj) - 0.01 * entropy(1)", &["0.01"]),
        ("rl(adv = traj) - entropy(0.01)", &["entropy"]),
        ("rl(adv = traj) + -0.01 * kl(1)", &["-"]),
        ("-kl(1) + rl(adv = traj)", &["-"]),
        ("-0.5 * (kl(1) + entropy(1)) + rl(adv = traj)", &["-", "-"]),
        ("X<c = -0.01> = entropy(c) + rl(adv = traj)", &["-"]),
        ("X<w = -0.01> = w * bc(1) + rl(adv = traj)", &["-"]),
        ("rl(adv = traj + step) - dpo_prm(0.05)", &["dpo_prm"]),
        ("rl(adv = gae(reward, 1, 1)) - critic(1)", &["critic"]),
        ("rl(adv = traj) + -1 * kl(0.01)", &[]),
        ("rl(adv = traj) - (-1 * kl(0.01))", &[]),
        ("rl(adv = traj) + 0.5 * -1 * entropy(0.01)", &[]),
        ("X<w = -0.01> = -1 * w * bc(1) + rl(adv = traj)", &[]),
        ("rl(adv = traj) - entropy(-0.01)", &[]),
        ("rl(adv = traj) - 0.1 * Mine", &[]),
        ("rl(adv = -traj - 0.1 * invalid)", &[]),
    ] {
        let line = Line::read(text).unwrap_or_else(|report| panic!("{report}"));
        let tokens: Vec<String> = line.warnings.mistakes.iter().map(|warning| token(text, warning)).collect();
        assert_eq!(tokens, at, "{text}\n{}", line.warnings);
    }
    let line = Line::read("rl(adv = traj) - kl(0.01)").expect("a line");
    assert_eq!(
        line.warnings.to_string(),
        "\
warning: with a negative weight `kl` drives the policy away from the reference
         help: make it positive; if it is meant, write the sign out: `-1 * kl(coef)`
 --> 1:18
  |
1 | rl(adv = traj) - kl(0.01)
  |                  ^^
"
    );
}

/// What is close to bounds and can be meant as distances.
#[test]
fn distances_of_a_clip() {
    for line in ["(0.2, 1.2)", "(0.5, 2)", "(1, 1.2)", "0.8", "(0.9, 0.9)"] {
        let line = format!("rl(adv = traj, clip = {line})");
        assert!(Line::read(&line).is_ok(), "{line}");
    }
    let said = messages("X<lo = 0.75, hi = 1.25> = rl(adv = traj, clip = (lo, hi))");
    assert_eq!(said, ["`clip` takes distances from 1, and `(0.75, 1.25)` are the bounds of a ratio"]);
}
