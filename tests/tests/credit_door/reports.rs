//! What people reported of other trainers, each as a small batch of our own: the right value, a refusal by name and place, or
//! a remark.

use istar::batch::Scope;
use istar::credit::Credit;
use istar::logged::{Assigned, Logged, LoggedError, advantage, assign};
use istar::objective;
use istar::objective::{AnyObjective, Signal, kind, level};
use istar::recipes::{GiGpo, Grpo, Ppo};
use serde_json::{Value, json};

/// A batch of one group: per trajectory its outcome and the tokens of its steps.
fn batch(trajs: &[(Value, Vec<Value>)]) -> Value {
    let traj = |(outcome, steps): &(Value, Vec<Value>)| {
        json!({"outcome": outcome, "success": outcome.as_f64().is_some_and(|x| x > 0.0),
            "steps": steps.iter().map(|tokens| json!({"tokens": tokens})).collect::<Vec<_>>()})
    };
    json!({"groups": [{"prompt": "p", "trajectories": trajs.iter().map(traj).collect::<Vec<_>>()}]})
}

/// A token that the sampler and the present policy give these log-probabilities.
fn token(old: impl Into<Value>, logp: impl Into<Value>) -> Value {
    json!({"old": old.into(), "logp": logp.into()})
}

/// Two trajectories of one token, the first of which is this one and failed.
fn beside(odd: Value) -> Value {
    batch(&[(json!(0.0), vec![json!([odd])]), (json!(1.0), vec![json!([token(-0.25, -0.25)])])])
}

fn read(text: &str) -> Result<Logged, LoggedError> {
    Logged::read(text.as_bytes())
}

fn credit(objective: &dyn AnyObjective, text: &str) -> Result<Assigned, String> {
    read(text).and_then(|batch| assign(objective, &batch)).map_err(|error| error.to_string())
}

fn refused(objective: &dyn AnyObjective, text: &str, parts: &[&str]) {
    let error = credit(objective, text).expect_err(text);
    assert!(!error.contains('\n'), "{error}");
    for part in parts {
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

fn remarks(found: &Assigned) -> String {
    found.remarks.iter().map(|remark| format!("{remark}\n")).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{found}, expected {expected}");
}

/// What is written is JSON without null.
fn written(text: &str, found: &Assigned) -> Value {
    let mut out = Vec::new();
    istar::logged::write(&mut out, &read(text).expect("a batch"), found).expect("into memory");
    let out = String::from_utf8(out).expect("text");
    assert!(!out.contains("null") && !out.contains("NaN"), "{out}");
    serde_json::from_str(&out).expect("JSON")
}

/// skrl 449, pytorch/rl 4209: what was cut off is not what ended.
#[test]
fn an_episode_that_was_cut_off_has_a_rest_or_a_remark() {
    let step = |value: f64| json!([{"old": -0.3, "logp": -0.3, "value": value}]);
    let mut cut =
        batch(&[(json!(0.0), vec![step(0.4), step(0.6)]), (json!(0.0), vec![step(0.4), step(0.6)])]);
    let line = objective!(< rl(adv = gae(place(outcome, at = token), 0.9, 0.5, cut = value)) + critic(0.5, per = token) >);
    for (traj, done) in [(0, false), (1, true)] {
        cut["groups"][0]["trajectories"][traj]["done"] = json!(done);
    }
    refused(&line, &cut.to_string(), &["trajectory 0: `value_after` is missing"]);
    for name in ["value_after", "final_value"] {
        let mut cut = cut.clone();
        cut["groups"][0]["trajectories"][0][name] = json!(0.5);
        let found = credit(&line, &cut.to_string()).expect("it says what follows");
        let last = [0.9 * 0.5 - 0.6, -0.6];
        let first = last.map(|last| 0.9 * (0.6 + 0.5 * last) - 0.4);
        let expected = [first[0], last[0], first[1], last[1]];
        found.advantage.iter().flatten().zip(expected).for_each(|(a, b)| near(*a, b));
        assert!(!remarks(&found).contains("`done: false`"), "{}", remarks(&found));
    }
    // A recipe that takes 0 for the rest says that it does.
    let found = credit(&Ppo::default(), &cut.to_string()).expect("nothing is missing");
    assert!(
        remarks(&found).contains("trajectory 0: `done: false` and `value_after` have no effect"),
        "{}",
        remarks(&found)
    );
    cut["groups"][0]["trajectories"][0]["done"] = json!(true);
    let found = credit(&Ppo::default(), &cut.to_string()).expect("nothing is missing");
    assert!(!remarks(&found).contains("`done"), "{}", remarks(&found));
}

/// trl 3015, OpenRLHF 525 and 1335: `exp` overflows before the clamp, and 0 · ∞ is no gradient.
#[test]
fn far_log_ratios_are_exact_and_their_metrics_numbers() {
    // A failed trajectory's ratio of e^99.5 is not cut off: mean of two tokens with advantages ∓1/√2.
    let text = beside(token(-99.75, -0.25)).to_string();
    let found = credit(&objective!(< rl(adv = traj(eps = 0), clip = none) >), &text).expect("a large number");
    let ratio = 99.5f64.exp();
    near(found.loss, 0.5f64.sqrt() * ratio / 2.0);
    near(found.dloss_dlogp.as_ref().expect("it trains the policy")[0], 0.5f64.sqrt() * ratio / 2.0);
    written(&text, &found);

    // Out of reach of double precision: an end, a remark, and every metric a number.
    let text = batch(&[
        (json!(1.0), vec![json!([token(-900.0, -0.1)])]),
        (json!(0.0), vec![json!([token(-0.5, -0.6)])]),
    ])
    .to_string();
    let found = credit(&Grpo, &text).expect("the clip decides");
    assert_eq!(found.dloss_dlogp.as_ref().expect("it trains the policy")[0], 0.0);
    assert!(remarks(&found).contains("log-ratio beyond 700"), "{}", remarks(&found));
    assert!(found.metrics.iter().all(|(_, x)| x.is_finite()));
    written(&text, &found);

    // k3 of a token that the policy has all but given up: cut off at 10, without gradient, with a remark.
    let mut far = beside(token(-900.0, -900.0));
    for (traj, reference) in [(0, -0.1), (1, -0.25)] {
        far["groups"][0]["trajectories"][traj]["steps"][0]["tokens"][0]["ref"] = json!(reference);
    }
    let found =
        credit(&objective!(< rl(adv = traj) + kl(0.1, ref = init) >), &far.to_string()).expect("finite");
    near(found.terms[1].1, 0.1 * 10.0 / 2.0);
    assert!(remarks(&found).contains("k3 above 10"), "{}", remarks(&found));
    written(&far.to_string(), &found);
}

/// trl 5902: rewards that are none poisoned the baseline of their group.
#[test]
fn a_reward_is_a_finite_number() {
    let of = |outcome: &str| {
        batch(&[
            (json!(2.0), vec![json!([token(-0.5, -0.5)])]),
            (json!("here"), vec![json!([token(-0.5, -0.5)])]),
            (json!(0.0), vec![json!([token(-0.5, -0.5)])]),
        ])
        .to_string()
        .replace("\"here\"", outcome)
    };
    for none in ["null", "NaN", "Infinity", "1e400", "[1.0]", "true", "\"1.0\""] {
        refused(&Grpo, &of(none), &["group 0, trajectory 1: `outcome` is"]);
    }
    for one in ["1", "1e0", "1.0"] {
        let found = credit(&Grpo, &of(one)).expect(one).advantage.expect("GRPO has one");
        near(found[0], 1.0 / (1.0 + 1e-6));
    }
    refused(&Grpo, &of("1").replacen(",\"success\":false", "", 1), &["trajectory 1: `success` is missing"]);
    // Squares may overflow where the advantage does not.
    for scale in [1e200, 0.8e308] {
        let text = of("0").replace("\"outcome\":2.0", &format!("\"outcome\":{}", 2.0 * scale));
        let found =
            credit(&Grpo, &text.replace("\"outcome\":0,", &format!("\"outcome\":{scale},"))).expect("finite");
        let expected = [1.0, 0.0, -1.0];
        found
            .advantage
            .iter()
            .flatten()
            .zip(expected)
            .for_each(|(a, b)| assert!((a - b).abs() < 1e-9, "{a}"));
    }
}

/// verl-omni 602, rllm 506 and 924: rows that fill up a batch enter its statistics.
#[test]
fn rows_that_fill_up_a_batch_are_remarked() {
    let step = |state: &str, reward: f64, old: f64| json!({"state": state, "reward": reward, "tokens": [token(old, old), token(-0.5, -0.5)]});
    let steps = [step("a", 0.0, -0.25), step("b", 1.0, -0.5), step("c", 0.0, -0.75)];
    let of = |first: &[usize], second: &[usize]| {
        let traj = |outcome: u8, which: &[usize]| {
            let steps: Vec<&Value> = which.iter().map(|i| &steps[*i]).collect();
            json!({"outcome": outcome, "success": outcome > 0, "steps": steps})
        };
        json!({"groups": [{"trajectories": [traj(1, first), traj(0, second)]}]}).to_string()
    };
    let clean = credit(&GiGpo::default(), &of(&[0, 1], &[0, 1, 2])).expect("a batch");
    assert!(!remarks(&clean).contains("repeat"), "{}", remarks(&clean));
    let padded = credit(&GiGpo::default(), &of(&[0, 1, 0], &[0, 1, 2, 2])).expect("a batch");
    let remark = padded.remarks.iter().find(|remark| remark.what.contains("repeat")).expect("a remark");
    assert_eq!((remark.count, remark.place.to_string().as_str()), (2, "group 0, trajectory 0, step 2"));
}

/// rllm 605, prime-rl 600: every rollout in a group of its own.
#[test]
fn groups_of_one_are_remarked() {
    let one = |outcome: u8| {
        json!({"trajectories": [{"outcome": outcome, "success": outcome > 0,
            "steps": [{"tokens": [token(-0.5, -0.5)]}]}]})
    };
    let text = json!({"groups": [one(1), one(0), one(1)]}).to_string();
    let found = credit(&Grpo, &text).expect("a batch");
    assert_eq!(found.advantage, Some(vec![0.0; 3]));
    assert_eq!(found.remarks[0].count, 3);
    assert!(remarks(&found).contains("a group of one trajectory"), "{}", remarks(&found));
    assert!(remarks(&found).contains("every token is 0: no group has two"), "{}", remarks(&found));
    let said = written(&text, &found);
    assert_eq!(said["remarks"][0]["where"], "group 0");
    assert!(said["remarks"][0]["what"].is_string() && said["remarks"][0]["count"] == 3);
}

/// trl 6297 and 5413, Flash-RL 19, model_server 4522, langchain_dart 535: log-probabilities that are none.
#[test]
fn a_log_probability_is_one() {
    for none in ["null", "NaN", "-Infinity"] {
        let text = beside(token("here", -0.5)).to_string().replace("\"here\"", none);
        refused(&Grpo, &text, &["group 0, trajectory 0, step 0, token 0: `old` is"]);
    }
    for (old, logp, field) in [
        (0.9, 0.8, "old"),
        (1.0, -0.4, "old"),
        (-9999.0, -12.0, "old"),
        (-0.5, -1e9, "logp"),
        (-1e9, -1e9, "old"),
    ] {
        let at = format!("group 0, trajectory 0, step 0, token 0: `{field}` is ");
        refused(&Grpo, &beside(token(old, logp)).to_string(), &[&at]);
    }
    let missing = beside(json!({"logp": -0.5})).to_string();
    refused(&Grpo, &missing, &["token 0: `old` is missing: others of the batch have it"]);
    let ragged = beside(json!({"old": -0.5, "logp": -0.5, "value": 0.5})).to_string();
    refused(&Grpo, &ragged, &["trajectory 1, step 0, token 0: `value` is missing"]);
    // A probability of 1 may be one, and a mask; low precision rounds.
    let found = credit(&Grpo, &beside(token(0.0, 0.0)).to_string()).expect("it may be");
    assert!(remarks(&found).contains("token 0: `old` is exactly 0"), "{}", remarks(&found));
    let found = credit(&Grpo, &beside(token(0.01, 0.01)).to_string()).expect("it may be");
    assert!(remarks(&found).contains("`old` is above 0, by no more"), "{}", remarks(&found));
}

/// inspect_ai 3802 and 2316, claude-code-log 139: what a model wrote is only shown.
#[test]
fn no_text_kills_a_batch() {
    let mut plain = beside(json!({"old": -0.5, "logp": -0.5, "text": "WORD"}));
    plain["groups"][0]["trajectories"][1]["steps"][0]["tokens"][0]["text"] = json!("b");
    plain["groups"][0]["messages"] = json!("LOG");
    for (traj, state) in [(0, "ONE"), (1, "TWO")] {
        plain["groups"][0]["trajectories"][traj]["steps"][0]["state"] = json!(state);
        plain["groups"][0]["trajectories"][traj]["steps"][0]["reward"] = json!(traj);
    }
    let plain = plain.to_string();
    let line = objective!(< rl(adv = norm(reward, within = state)) >);
    let expected = credit(&line, &plain).expect("a batch").advantage;
    let with = |from: &str, to: &[u8]| {
        let at = plain.find(from).expect("it is there");
        [&plain.as_bytes()[..at], to, &plain.as_bytes()[at + from.len()..]].concat()
    };
    let mut texts = vec![
        with("\"WORD\"", b"null"),
        with("\"WORD\"", b"17"),
        with("\"WORD\"", b"[\"a\", 1]"),
        with("WORD", b"a\\u0000b"),
        with("{", b"\xEF\xBB\xBF{"),
        plain.replace(',', ",\r\n").into_bytes(),
    ];
    let odd: [&[u8]; 4] = [b"\\ud83d", b"\\udcb2\\udcb2", b"\xfc\xff", b"a\nb"];
    let places = ["WORD", "\"p\"", "LOG"];
    texts.extend(odd.iter().flat_map(|odd| {
        places.map(|from| match from.strip_prefix('"') {
            Some(_) => with(from, &[b"\"", *odd, b"\""].concat()),
            None => with(from, odd),
        })
    }));
    for text in texts {
        let shown = String::from_utf8_lossy(&text);
        let read = Logged::read(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let found = assign(&line, &read).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(found.advantage, expected, "{shown}");
    }
    // Where it is compared, what differs stays different.
    for [one, two] in [[&b"\\ud83d"[..], &b"\\ud83e"[..]], [b"\xfe", b"\xff"]] {
        let text = with("ONE", one);
        let at = text.windows(3).position(|three| three == b"TWO").expect("it is there");
        let text = [&text[..at], two, &text[at + 3..]].concat();
        let found = assign(&line, &Logged::read(&text).expect("read all the same")).expect("a batch");
        assert_eq!(found.advantage, expected);
        assert!(remarks(&found).contains("no Unicode"), "{}", remarks(&found));
        let alike = [&text[..at], one, &text[at + two.len()..]].concat();
        let found = assign(&line, &Logged::read(&alike).expect("read all the same")).expect("a batch");
        assert_ne!(found.advantage, expected);
    }
}

/// The importance weight of the trainer's arithmetic over the sampler's, at most 2.
#[derive(Clone, Copy, Debug)]
struct Weight;

/// The sampler's own log-probability.
struct Rollout;
impl istar::need::Column for Rollout {
    const NAME: &'static str = "rollout";
    type Level = level::Token;
}

impl Signal for Weight {
    type Level = level::Token;
    type Kind = kind::Weight;
    type Needs = istar::need::Own<Rollout>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        let rollout = cx.own::<Rollout>();
        cx.batch.old.iter().zip(rollout).map(|(old, rollout)| (old - rollout).exp().min(2.0)).collect()
    }
    fn show(_: &Scope<'_>) -> String {
        "Weight".into()
    }
}

/// verl 2953, trl 4772 and 6789: sampler and trainer disagree.
#[test]
fn a_sampler_s_own_log_probabilities_have_a_line_or_a_remark() {
    let mut text = batch(&[
        (json!(1.0), vec![json!([token(-0.5, -0.4)])]),
        (json!(0.0), vec![json!([token(-0.7, -0.7)])]),
    ]);
    for (traj, rollout) in [(0, -0.8), (1, -0.6)] {
        let token = &mut text["groups"][0]["trajectories"][traj]["steps"][0]["tokens"][0];
        token["columns"] = json!({"rollout": rollout});
        token["rollout_log_probs"] = json!(rollout);
    }
    let a = 0.5f64.sqrt() / (0.5f64.sqrt() + 1e-6) * 0.5f64.sqrt().recip() / 2.0;
    let expected = (-a * 0.1f64.exp() * 0.3f64.exp() + a * (-0.1f64).exp()) / 2.0;
    let found = credit(&objective!(< rl(adv = Weight * traj) >), &text.to_string()).expect("a batch");
    near(found.loss, expected);
    let found = credit(&Grpo, &text.to_string()).expect("a batch");
    assert!(remarks(&found).contains("`rollout_log_probs` is passed over"), "{}", remarks(&found));
}

/// TRL's and OpenAI's names in the place of ours.
#[test]
fn near_misses_are_named() {
    let text = json!({"groups": [{"prompt": [{"role": "user", "content": "x"}], "trajectories": [
        {"reward": 1.0, "messages": [], "steps": [{"tokens": [{"token": "hi", "logprob": -0.1}]}]},
        {"reward": 0.0, "messages": [], "steps": [{"tokens": [{"token": "ho", "logprob": -0.2}]}]}]}]})
    .to_string();
    refused(&Grpo, &text, &["`old` is missing", "--map old=logprob"]);
    let error = advantage(&Grpo, &read(&text).expect("a batch")).expect_err("no outcome").to_string();
    assert!(
        error.contains(
            "`outcome` is missing: `Grpo` reads it; `reward` stands there, and `--map outcome=reward`"
        ),
        "{error}"
    );
    let text = text.replace("\"reward\"", "\"outcome\"").replace("\"token\":", "\"logp\":-0.5,\"token\":");
    refused(&Grpo, &text, &["`old` is missing", "--map old=logprob"]);
}

/// Only what a line reads is demanded.
#[test]
fn an_advantage_needs_no_log_probabilities() {
    let traj =
        |outcome: u8| json!({"outcome": outcome, "steps": [{"tokens": [{"text": "a"}, {"text": "b"}]}]});
    let text = json!({"groups": [{"trajectories": [traj(1), traj(0), traj(1)]}]}).to_string();
    let of =
        |line: &dyn AnyObjective| advantage(line, &read(&text).expect("a batch")).map_err(|e| e.to_string());
    let found = of(&Grpo).expect("outcomes are enough");
    assert!(found.terms.is_empty() && found.dloss_dlogp.is_none() && found.advantage.is_some());
    assert!(written(&text, &found).get("loss").is_none());
    // A penalty that reads the sampler's word, and labels, are missed.
    let reads = objective!(< rl(adv = traj - 0.1 * log_ratio(old, init)) + kl(0.1, ref = init) >);
    assert!(of(&reads).expect_err("it reads `old`").contains("`old` is missing: `objective` reads it"));
    assert!(
        of(&objective!(< rl(adv = norm(success)) >)).expect_err("it reads `success`").contains("`success`")
    );
    assert!(
        of(&objective!(< rl(adv = traj) + kl(0.1, ref = init) >)).is_ok(),
        "the advantage reads no reference"
    );
    assert!(of(&objective!(< dpo(0.1) >)).expect_err("no policy gradient").contains("no advantage"));
    // Of losses, those alone that are there.
    let text = beside(json!({"logp": -0.5, "ref": -0.5})).to_string().replace("\"old\"", "\"ref\"");
    let found = credit(&objective!(< dpo(0.1) >), &text).expect("a preference knows no sampler");
    assert!(found.dloss_dlogp.is_some());
    refused(&Grpo, &text, &["`old` is missing: `Grpo` reads it"]);
    let text = beside(token(-0.5, -0.5)).to_string().replace("\"success\":", "\"label\":");
    credit(&Grpo, &text).expect("GRPO reads no label");
    let labels = objective!(< rl(adv = traj) + dpo(0.1, pairs = success, ref = old) >);
    refused(&labels, &text, &["`success` is missing: `objective` reads it"]);
}

/// Labels that contradict outcomes.
#[test]
fn labels_against_outcomes_are_remarked() {
    let text = beside(token(-0.5, -0.5)).to_string();
    assert!(!remarks(&credit(&Grpo, &text).expect("a batch")).contains("contradict"));
    let text =
        text.replace("\"success\":true", "\"success\":0").replace("\"success\":false", "\"success\":true");
    assert!(
        remarks(&credit(&Grpo, &text).expect("a batch"))
            .contains("trajectory 0: a success has a lower outcome")
    );
}
