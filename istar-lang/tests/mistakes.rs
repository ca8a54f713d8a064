//! What is refused, and in which words; `tests/ui` has the same as the compiler prints it.

use istar_lang::Line;

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
            "`beta` is first declared here",
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
