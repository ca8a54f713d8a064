//! What is wrong is said by name and place, on one line.

use super::*;
use crate::logged::{Document, Given, cases};
use crate::recipes::{GiGpo, Grpo, IStar, Rloo};

/// Two groups of two trajectories of two steps of two tokens.
fn good() -> Value {
    let step = |state: &str| {
        json!({"state": state, "reward": 0.5, "valid": true, "tokens": [
            {"old": -0.5, "logp": -0.4, "ref": -0.6, "prm": -0.3},
            {"old": -1.5, "logp": -1.4, "ref": -1.6, "prm": -1.3}]})
    };
    let traj =
        |outcome: f64| json!({"outcome": outcome, "success": outcome > 0.0, "steps": [step("a"), step("b")]});
    let group = json!({"prompt": "p", "trajectories": [traj(1.0), traj(0.0)]});
    json!({"groups": [group, group]})
}

/// Sets what is at a pointer, or takes it away.
fn with(pointer: &str, value: Option<Value>) -> Vec<u8> {
    let mut batch = good();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = batch.pointer_mut(parent).expect("it is there");
    match (parent, value) {
        (Value::Object(map), Some(value)) => _ = map.insert(key.to_owned(), value),
        (Value::Object(map), None) => _ = map.remove(key).expect("it was there"),
        (Value::Array(list), Some(value)) => list[key.parse::<usize>().expect("a number")] = value,
        (other, _) => panic!("{other}"),
    }
    batch.to_string().into_bytes()
}

const TOKEN: &str = "/groups/1/trajectories/0/steps/1/tokens/1";
const STEP: &str = "/groups/1/trajectories/0/steps/1";
const TRAJ: &str = "/groups/1/trajectories/0";

fn refused<O: Objective>(objective: &O, text: &[u8], message: &str) {
    match credit(objective, text) {
        Ok(_) => panic!("must be refused: {message}"),
        Err(error) => {
            assert_eq!(error.to_string(), message);
            assert!(!message.contains('\n'));
        }
    }
}

#[test]
fn what_is_missing() {
    let everywhere = |field: &str| {
        let text = good().to_string().replace(&format!("\"{field}\":"), "\"other\":");
        text.into_bytes()
    };
    let at = "group 1, trajectory 0, step 1, token 1";
    refused(
        &IStar::default(),
        &with(&format!("{TOKEN}/prm"), None),
        &format!("{at}: `prm` is missing: `IStar` reads the PRM"),
    );
    refused(
        &Grpo,
        &with(&format!("{TOKEN}/prm"), None),
        &format!("{at}: `prm` is missing: others of the batch have it"),
    );
    refused(
        &Grpo,
        &with(&format!("{TOKEN}/old"), None),
        &format!("{at}: `old` is missing: others of the batch have it"),
    );
    let first = "group 0, trajectory 0, step 0";
    refused(
        &IStar::default(),
        &everywhere("prm"),
        &format!("{first}, token 0: `prm` is missing: `IStar` reads the PRM"),
    );
    refused(
        &Grpo,
        &everywhere("logp"),
        &format!(
            "{first}, token 0: `logp` is missing: `Grpo` trains the policy; `--advantage` asks for the advantage alone"
        ),
    );
    refused(
        &GiGpo::default(),
        &everywhere("state"),
        &format!("{first}: `state` is missing: `GiGpo` compares states"),
    );
    refused(
        &GiGpo::default(),
        &everywhere("reward"),
        &format!("{first}: `reward` is missing: `GiGpo` reads step rewards"),
    );
    refused(&Grpo, &everywhere("outcome"), "group 0, trajectory 0: `outcome` is missing: `Grpo` reads it");
    refused(
        &Grpo,
        &everywhere("old"),
        &format!(
            "{first}, token 0: `old` is missing: `Grpo` reads it; `--advantage` asks for the advantage alone"
        ),
    );
    let labels = crate::objective!(< rl(adv = norm(success)) >);
    refused(
        &labels,
        &everywhere("success"),
        "group 0, trajectory 0: `success` is missing: `objective` reads it",
    );
    refused(
        &Grpo,
        &with(&format!("{TRAJ}/success"), None),
        "group 1, trajectory 0: `success` is missing: others of the batch have it",
    );
    refused(
        &Grpo,
        &with(&format!("{STEP}/tokens"), None),
        "group 1, trajectory 0, step 1: `tokens` is missing",
    );
    refused(&Grpo, &with(&format!("{TRAJ}/steps"), None), "group 1, trajectory 0: `steps` is missing");
    refused(&Grpo, &with("/groups/1/trajectories", None), "group 1: `trajectories` is missing");
    refused(&Grpo, b"{}", "the batch: `groups` is missing");
    let given = crate::objective!(< rl(adv = Given) >);
    refused(
        &given,
        good().to_string().as_bytes(),
        &format!("{first}, token 0: `adv` is missing: `objective` takes advantages as they come"),
    );
    let turns = crate::objective!(< rl(adv = norm(reward, within = turn)) >);
    refused(
        &turns,
        good().to_string().as_bytes(),
        &format!("{first}: `segment_start` is missing: `objective` reads segments; `turn` would do as well"),
    );
    let cloned = crate::objective!(< bc(1) >);
    refused(
        &cloned,
        good().to_string().as_bytes(),
        "`objective` demands demonstrations, which a logged batch does not hold: give `logged::assign` the line without `bc(..)`",
    );
    // what the objective does not read may be absent
    for field in ["prm", "ref", "state", "reward", "valid", "success"] {
        credit(&Grpo, &everywhere(field)).unwrap_or_else(|error| panic!("{field}: {error}"));
    }
}

#[test]
fn what_is_no_number() {
    let at = "group 1, trajectory 0, step 1, token 1";
    let text = |value: &str| {
        String::from_utf8(with(&format!("{TOKEN}/prm"), Some(json!("here"))))
            .expect("text")
            .replace("\"here\"", value)
    };
    for (value, is) in [
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"),
        ("null", "null"),
        ("\"NaN\"", "string \"NaN\""),
        ("true", "boolean `true`"),
        ("[1]", "sequence"),
        ("{}", "map"),
    ] {
        refused(&Grpo, text(value).as_bytes(), &format!("{at}: `prm` is {is}, expected a finite number"));
        // pretty-printed, the word stands on a line of its own
        let lines = text(value).replace(',', ",\n");
        refused(&Grpo, lines.as_bytes(), &format!("{at}: `prm` is {is}, expected a finite number"));
    }
    refused(&Grpo, text("1e999").as_bytes(), &format!("{at}: `prm` is too large, expected a finite number"));
    let at = "group 1, trajectory 0";
    refused(
        &Grpo,
        &with(&format!("{TRAJ}/outcome"), Some(Value::Null)),
        &format!("{at}: `outcome` is null, expected a finite number"),
    );
    refused(
        &Grpo,
        &with(&format!("{TRAJ}/success"), Some(json!("yes"))),
        &format!("{at}: `success` is string \"yes\", expected true or false"),
    );
    refused(
        &Grpo,
        &with(&format!("{TRAJ}/success"), Some(json!(0.5))),
        &format!("{at}: `success` is floating point `0.5`, expected true or false"),
    );
    refused(
        &Grpo,
        &with(&format!("{STEP}/reward"), Some(json!({}))),
        &format!("{at}, step 1: `reward` is map, expected a finite number"),
    );
}

#[test]
fn what_has_the_wrong_shape() {
    refused(
        &Grpo,
        &with(TOKEN, Some(json!(3))),
        "group 1, trajectory 0, step 1, token 1: invalid type: integer `3`, expected a token",
    );
    refused(
        &Grpo,
        &with(&format!("{STEP}/tokens"), Some(json!({}))),
        "group 1, trajectory 0, step 1: `tokens` is map, expected a list of tokens",
    );
    refused(&Grpo, b"[]", "the batch: invalid type: sequence, expected a batch");
    refused(&Grpo, b"{\"groups\": [{\"trajectories\": [", "line 1, column 30: EOF while parsing a list");
    refused(&Grpo, b"{\"groups\": []} {}", "line 1, column 16: trailing characters");
    let twice = String::from_utf8(with(&format!("{TOKEN}/prm"), Some(json!("here")))).expect("text");
    let twice = twice.replace("\"here\"", "-1,\"prm\":-1");
    refused(&Grpo, twice.as_bytes(), "group 1, trajectory 0, step 1, token 1: `prm` stands twice");
    let mut turns = good();
    turns["groups"][0]["trajectories"][1]["steps"][0]["turn"] = json!(1);
    turns["groups"][0]["trajectories"][1]["steps"][1]["turn"] = json!(0);
    for (group, traj, step) in [(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)] {
        turns["groups"][group]["trajectories"][traj]["steps"][step]["turn"] = json!(0);
    }
    refused(&Grpo, turns.to_string().as_bytes(), "group 0, trajectory 1, step 1: `turn` falls from 1 to 0");
    turns["groups"][0]["trajectories"][0]["steps"][0]["segment_start"] = json!(true);
    refused(
        &Grpo,
        turns.to_string().as_bytes(),
        "group 0, trajectory 0, step 0: `turn` stands beside `segment_start`: give the one that says where segments begin",
    );
    refused(
        &Grpo,
        &with(&format!("{STEP}/values"), Some(json!({"low": 1}))),
        "group 0, trajectory 0, step 0: `values` is missing: others of the batch have it",
    );
    let empty = with("/groups/0/trajectories/0/steps/0/values", Some(json!({})));
    credit(&Grpo, &empty).expect("no step says anything");
    let mut first: Value = serde_json::from_slice(&empty).expect("JSON");
    for step in ["0/trajectories/0/steps/1", "0/trajectories/1/steps/0", "1/trajectories/1/steps/1"] {
        first.pointer_mut(&format!("/groups/{step}")).expect("it is there")["values"] = json!({"low": 0.1});
    }
    refused(
        &Grpo,
        first.to_string().as_bytes(),
        "group 0, trajectory 0, step 0: `values` is missing: others of the batch have it",
    );
}

#[test]
fn what_is_too_far_out() {
    let far = good().to_string().replace("\"outcome\":1.0", "\"outcome\":1.7e308");
    let far = far.replace("\"outcome\":0.0", "\"outcome\":-1.7e308");
    refused(
        &Rloo,
        far.as_bytes(),
        "group 0, trajectory 0, step 0, token 0: advantage is inf: a number of the batch or of the objective is too far out",
    );
    let wrong = IStar { beta: -1.0, ..IStar::default() };
    let error = credit(&wrong, good().to_string().as_bytes()).expect_err("beta is below 0").to_string();
    assert!(error.contains("IStar") && error.contains("beta") && error.contains("-1"), "{error}");
}

#[test]
fn what_a_case_lacks() {
    let of = |case: Value, params: Value| {
        let mut file = json!({"batch": good(), "params": params});
        if !case.is_null() {
            file["case"] = case;
        }
        let document = Document::read(file.to_string().as_bytes()).expect("a good file");
        cases::of(&document).map(|objective| objective.name().to_owned()).map_err(|error| error.to_string())
    };
    assert_eq!(of(json!("kl_k1"), Value::Null), Ok("KlK1".to_owned()));
    assert_eq!(of(json!("grpo_traj"), json!({"invalid_penalty": 0})), Ok("GrpoTraj".to_owned()));
    let wrong = |case: Value, params: Value| of(case, params).expect_err("it must be refused");
    assert!(wrong(Value::Null, Value::Null).contains("no `case`"));
    assert!(wrong(json!("kl_k9"), Value::Null).contains("`kl_k9` is not known; known are grpo_traj, "));
    assert_eq!(
        wrong(json!("grpo_traj"), json!({})),
        "params: `invalid_penalty` is missing, and the case `grpo_traj` needs a number"
    );
    let made = |eps: f64| json!({"invalid_penalty": 0, "eps": eps, "std_ddof": 1.0});
    assert_eq!(of(json!("grpo_traj"), made(1e-6)), Ok("GrpoTraj".to_owned()));
    assert_eq!(
        wrong(json!("grpo_traj"), made(0.1)),
        "params: `eps` is 0.1, and the lines of the reference cases have 1e-6: give `logged::assign` a line of your own"
    );
    assert_eq!(
        wrong(json!("grpo_traj"), json!({"invalid_penalty": "x"})),
        "params: `invalid_penalty` is \"x\", and the case `grpo_traj` needs a number"
    );
    assert_eq!(
        wrong(json!("istar_code_rloo"), json!({"istar_norm": "other"})),
        "params: the case `istar_code_rloo` has no line for these choices"
    );
}

#[test]
fn what_critics_checklists_and_explicit_prms_lack() {
    let bytes = |value: &Value| value.to_string().into_bytes();
    let per_token =
        crate::objective!(< rl(adv = gae(place(outcome, at = token), 1, 1)) + critic(0.5, per = token) >);
    let first = "group 0, trajectory 0, step 0";
    refused(
        &per_token,
        &bytes(&good()),
        &format!("{first}, token 0: `value` is missing: `objective` reads a critic"),
    );
    let heads = crate::objective!(<
        rl(adv = gae(reward, 1, 1, value = value(low)) + gae(reward, 1, 1, value = value(high)))
            + critic(0.5, heads = (low, high))
    >);
    refused(&heads, &bytes(&good()), &format!("{first}: `values` is missing: `objective` reads a critic"));
    let mut batch = good();
    let each = |batch: &mut Value, key: &str, value: Value| {
        for group in batch["groups"].as_array_mut().expect("groups") {
            for traj in group["trajectories"].as_array_mut().expect("trajectories") {
                for step in traj["steps"].as_array_mut().expect("steps") {
                    step[key] = value.clone();
                }
            }
        }
    };
    each(&mut batch, "values", json!({"low": 0.5}));
    refused(
        &heads,
        &bytes(&batch),
        &format!("{first}: `values` lacks `high`: `objective` reads that head of a critic"),
    );
    each(&mut batch, "values", json!({"low": 0.5, "high": 0.25}));
    let found = credit(&heads, &bytes(&batch)).expect("both heads are there");
    assert_eq!(
        found.dloss_dvpred.iter().map(|slope| slope.head.as_str()).collect::<Vec<_>>(),
        ["low", "high"]
    );

    let ticks = crate::objective!(< rl(adv = norm(sum(checklist, per = traj))) >);
    refused(&ticks, &bytes(&batch), &format!("{first}: `items` is missing: `objective` reads a checklist"));
    each(&mut batch, "items", json!([true]));
    each(&mut batch, "turn", json!(0));
    refused(&ticks, &bytes(&batch), "group 0: `checklist` is missing: `objective` reads it");
    for group in 0..2 {
        batch["groups"][group]["checklist"] =
            json!({"turns": [{"items": [{"weight": 0.5, "deps": [9]}, {"weight": 0.5}]}]});
    }
    refused(&ticks, &bytes(&batch), "group 0: `checklist` lets item 0 of turn 0 wait for item 9, of 2");
    for group in 0..2 {
        batch["groups"][group]["checklist"]["turns"][0]["items"][0]["deps"] = json!([]);
    }
    let mut weigh = |first: f64, message: &str| {
        for group in 0..2 {
            batch["groups"][group]["checklist"]["turns"][0]["items"][0]["weight"] = json!(first);
        }
        refused(&ticks, &bytes(&batch), message);
    };
    weigh(
        -0.5,
        "group 0: `checklist` gives item 0 of turn 0 the weight -0.5, expected a finite number from 0 up",
    );
    weigh(
        0.25,
        "group 0: `checklist` has weights in turn 0 that sum to 0.75, expected 1: divide each by the sum",
    );
    // the sum is out by less than rounding in single precision
    weigh(0.5 + 5e-7, &format!("{first}: `items` has 1 entries, and turn 0 of the checklist 2"));
    each(&mut batch, "items", json!([true, false]));
    credit(&ticks, &bytes(&batch)).expect("now it fits");
    each(&mut batch, "turn", json!(3));
    refused(&ticks, &bytes(&batch), &format!("{first}: `turn` is 3, and the checklist has 1 turns"));

    let explicit = crate::objective!(< mc_prm(0, 0.9) + rl(adv = norm(q)) >);
    refused(
        &explicit,
        &bytes(&good()),
        &format!("{first}: `q` is missing: `objective` reads an explicit PRM"),
    );
    each(&mut batch, "q", json!(1.0));
    refused(
        &explicit,
        &bytes(&batch),
        &format!("{first}: `q` is 1, and `objective` reads it as a sigmoid, between 0 and 1"),
    );
    each(&mut batch, "q", json!(0.25));
    let found = credit(&explicit, &bytes(&batch)).expect("q is there");
    // the cross-entropy of 0.25 against a label y: (q - y) / (q (1 - q)) in q, a mean over eight steps
    let slope = |y: f64| (0.25 - y) / (0.25 * 0.75) / 8.0;
    let dq = found.dloss_dq.expect("it trains an explicit PRM");
    let expected = [slope(0.9), slope(1.0), slope(0.0), slope(0.0)].repeat(2);
    assert!(dq.iter().zip(&expected).all(|(a, b)| near(*a, *b)), "{dq:?}, expected {expected:?}");
}
