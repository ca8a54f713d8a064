//! Rollouts of other programs: what becomes of their rows, and what is refused.

use istar::logged::formats::{Format, Rollouts, Step, find, look, read};
use istar::logged::{Assigned, FieldNames, advantage, assign};
use istar::objective;
use istar::recipes::{Grpo, IStar};
use istar_tests::rollouts::{agent, answer, completions, csv, dump, exports, lines, mutate, parquet};
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::{Value, json};
use std::io::Write;

fn of(name: &str) -> &'static Format {
    find(name).expect("a format")
}

fn rollouts(file: &[u8], format: &str) -> Rollouts {
    read(file, of(format), None, &FieldNames::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(file: &[u8], format: &str, parts: &[&str]) {
    let error = read(file, of(format), None, &FieldNames::default()).expect_err("refused").to_string();
    assert!(!error.contains('\n'), "{error}");
    parts.iter().for_each(|part| assert!(error.contains(part), "{error} lacks {part}"));
}

/// The rows as they are written back.
fn written(rollouts: &Rollouts, credit: &Assigned) -> Vec<u8> {
    let mut out = Vec::new();
    rollouts.write(&mut out, credit).expect("into memory");
    out
}

fn parsed(text: &[u8]) -> Vec<Value> {
    let rows = serde_json::Deserializer::from_slice(text).into_iter();
    rows.collect::<Result<_, _>>().expect("JSON Lines")
}

fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() < 1e-5, "{found}, expected {expected}");
}

#[test]
fn a_dump_of_verl_has_an_advantage_a_row() {
    let found = rollouts(&dump(), "verl-rollout");
    let credit = advantage(&Grpo, found.batch()).expect("outcomes are there");
    let out = written(&found, &credit);
    let rows = parsed(&out);
    for (row, expected) in rows.iter().zip([0.5f64.sqrt(), 0.0, -(0.5f64.sqrt()), 0.0]) {
        near(&row["istar_advantage"], expected);
    }
    // Everything else is as it was, to the byte.
    let stripped = String::from_utf8(out).expect("text");
    let stripped: String = stripped
        .lines()
        .map(|line| format!("{}}}\n", &line[..line.find(",\"istar_").expect("a column was added")]))
        .collect();
    assert_eq!(stripped.as_bytes(), dump());
    assert!(
        advantage(&IStar::default(), found.batch())
            .expect_err("no step rewards")
            .to_string()
            .contains("missing")
    );
}

#[test]
fn rows_of_verl_agent_become_trajectories_of_steps() {
    let found = rollouts(&lines(&agent()), "verl-agent");
    let layout = found.batch().layout();
    assert_eq!((layout.groups(), layout.trajs(), layout.steps(), layout.tokens()), (1, 2, 4, 8));
    let line = objective!(< rl(adv = norm(reward, scale = none, within = state, min = 1) - invalid) + kl(0.1, ref = init) >);
    let credit = assign(&line, found.batch()).expect("all is there");
    let rows = parsed(&written(&found, &credit));
    // In the order of the rows; nothing where the policy wrote nothing.
    for (row, expected) in rows.iter().zip([-1.0, 0.0, 1.0, 0.0, 0.0]) {
        assert_eq!(row["istar_advantage"], json!([expected, 0.0, expected]), "{row}");
    }
    assert_eq!(rows[0]["istar_dloss_dlogp"].as_array().expect("a list").len(), 3);
    assert_ne!(rows[3]["istar_dloss_dlogp"][0], json!(0.0));
    assert_eq!(rows[4]["istar_dloss_dlogp"], json!([0.0, 0.0, 0.0]));

    // A step may be a run or a token as well, and fields may have other names.
    let mut names = FieldNames::default();
    names.name("old", "log_prob").and_then(|()| names.name("trajectory", "traj_uid")).expect("fields");
    let runs = read(&lines(&agent()), of("verl-agent"), Some(Step::Run), &names).expect("rows");
    assert_eq!((runs.batch().layout().steps(), runs.batch().layout().tokens()), (8, 8));
    assert!(names.name("odl", "x").expect_err("no field").contains("did you mean \"old\""));

    let mut ragged = agent();
    ragged[2]["old_log_probs"] = json!([-0.5, 0.0]);
    refused(&lines(&ragged), "verl-agent", &["row 3: `old_log_probs` has length 2, and `response_mask` 3"]);
    ragged[2]["old_log_probs"] = json!([-0.5, 0.0, null]);
    refused(&lines(&ragged), "verl-agent", &["row 3: `old_log_probs`[2] is null, expected a finite number"]);
    ragged[2].as_object_mut().expect("a row").remove("old_log_probs");
    refused(&lines(&ragged), "verl-agent", &["row 3: `old` is missing, and other rows have it"]);
    let with = |key: &str, value: Value| {
        let mut rows = agent();
        rows[1][key] = value;
        lines(&rows)
    };
    refused(
        &with("response_mask", json!("[1 0 1]")),
        "verl-agent",
        &["row 2: `response_mask` is \"[1 0 1]\", and a mask is a list"],
    );
    refused(
        &with("response_mask", json!([1, 2, 1])),
        "verl-agent",
        &["row 2: `response_mask`[1] is 2, expected 0 or 1"],
    );
    refused(
        &with("log_prob", json!("[-1 nan]")),
        "verl-agent",
        &["row 2: `log_prob` is \"[-1 nan]\", and no list"],
    );
    refused(
        &with("episode_rewards", Value::Null),
        "verl-agent",
        &["row 2: `outcome` is null, expected a finite number"],
    );
    refused(
        &with("is_action_valid", json!("yes")),
        "verl-agent",
        &["row 2: `valid` is string \"yes\", expected true or false"],
    );
    ragged[0].as_object_mut().expect("a row").remove("uid");
    refused(&lines(&ragged), "verl-agent", &["row 1: `uid` is missing", "--map group="]);
    refused(
        &dump(),
        "verl-agent",
        &["row 1", "it looks like verl's rollout dump", "try --from verl-rollout"],
    );
    let nan = String::from_utf8(lines(&agent())).expect("text").replace("-0.75", "NaN");
    refused(nan.as_bytes(), "verl-agent", &["row 1: NaN is no number of JSON"]);
}

#[test]
fn exports_of_prime_rl_have_runs() {
    let found = rollouts(&lines(&exports()), "prime-rl");
    let layout = found.batch().layout();
    assert_eq!((layout.groups(), layout.trajs(), layout.steps(), layout.tokens()), (2, 4, 8, 12));
    let credit = assign(&Grpo, found.batch()).expect("both log-probabilities are there");
    let rows = parsed(&written(&found, &credit));
    near(&rows[0]["istar_advantage"][4], 0.5f64.sqrt());
    near(&rows[2]["istar_advantage"][1], -(0.5f64.sqrt()));
    assert_eq!(rows[1]["istar_advantage"][3], json!(0.0));
}

#[test]
fn chats_are_answers_or_conversations() {
    let found = rollouts(&lines(&answer()), "openai");
    assert_eq!((found.batch().layout().groups(), found.batch().layout().trajs()), (1, 3));
    let credit = advantage(&Grpo, found.batch()).expect("rewards are there");
    let rows = parsed(&written(&found, &credit));
    near(&rows[0]["choices"][1]["istar_advantage"][1], -2.0 / 3.0f64.sqrt());
    let talk = |reward: f64| {
        let said = |text: &str| json!({"role": "assistant", "content": text, "logprobs": [{"token": text, "logprob": -0.5}]});
        json!({"reward": reward, "messages": [{"role": "user", "content": "go"}, said("a"), {"role": "tool", "content": "b"}, said("c")]})
    };
    let found = rollouts(&lines(&[talk(1.0), talk(0.0)]), "openai");
    let layout = found.batch().layout();
    assert_eq!(
        (layout.groups(), layout.trajs(), layout.steps()),
        (1, 2, 4),
        "conversations that begin alike are a group"
    );
    let rows = parsed(&written(&found, &advantage(&Grpo, found.batch()).expect("rewards are there")));
    near(&rows[1]["messages"][3]["istar_advantage"][0], -(0.5f64.sqrt()));
    assert!(rows[1]["messages"][2].get("istar_advantage").is_none());
    refused(
        br#"{"choices": [{"message": {}, "logprobs": null}]}"#,
        "openai",
        &["row 1: choice 0: `logprobs` is missing"],
    );
}

#[test]
fn rewards_of_trl_are_columns_that_may_not_apply() {
    let found = rollouts(&lines(&completions()), "trl");
    let credit =
        advantage(&objective!(< rl(adv = traj(eps = 1e-4)) >), found.batch()).expect("rewards are there");
    let rows = parsed(&written(&found, &credit));
    // Sums 1.5, 0.25, 0.25 and 1: mean 0.75, standard deviation 0.6123724.
    for (row, x) in rows.iter().zip([1.5, 0.25, 0.25, 1.0]) {
        near(&row["istar_advantage"], (x - 0.75) / (0.375f64.sqrt() + 1e-4));
        assert_eq!(row["advantage"], json!(9.0));
    }
    let mut none = completions();
    (none[1]["accuracy_reward"], none[1]["format_reward"]) = (Value::Null, Value::Null);
    refused(&lines(&none), "trl", &["row 2: no reward is a number: accuracy_reward, format_reward"]);
}

#[test]
fn a_table_is_written_as_one() {
    let found = rollouts(&csv(), "verl-agent");
    let out = written(&found, &assign(&Grpo, found.batch()).expect("all is there"));
    let mut reader = csv::Reader::from_reader(out.as_slice());
    let head: Vec<String> = reader.headers().expect("a head").iter().map(str::to_owned).collect();
    assert_eq!(head[6..], ["istar_advantage", "istar_dloss_dlogp"]);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("records");
    assert_eq!((rows.len(), &rows[0][3]), (4, "[1,0,1]"));
    let list: Vec<f64> = serde_json::from_str(&rows[1][6]).expect("a list");
    assert!((list[0] + 0.5f64.sqrt()).abs() < 1e-5 && list[1] == 0.0, "{list:?}");
}

#[test]
fn parquet_keeps_its_columns_and_gains_some() {
    let file = parquet();
    let found = rollouts(&file, "verl-agent");
    let layout = found.batch().layout();
    assert_eq!((layout.trajs(), layout.steps(), layout.tokens()), (2, 4, 6));
    assert!(!found.is_text());
    let credit = assign(&Grpo, found.batch()).expect("all is there");
    let out = written(&found, &credit);
    let rows = |file: &[u8]| -> Vec<::parquet::record::Row> {
        let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(file)).expect("a file");
        reader.get_row_iter(None).expect("rows").collect::<Result<_, _>>().expect("rows")
    };
    let (before, after) = (rows(&file), rows(&out));
    for (before, after) in before.iter().zip(&after) {
        let columns: Vec<_> = after.get_column_iter().collect();
        assert!(before.get_column_iter().eq(columns[..before.len()].iter().copied()));
        let names: Vec<&str> = columns[before.len()..].iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["istar_advantage", "istar_dloss_dlogp"]);
    }
    let first = |row: usize| after[row].get_column_iter().nth(6).expect("a column").1.to_string();
    assert!(
        first(0).replace('.', "").contains("7071057811879616") && first(0).matches(',').count() == 1,
        "{}",
        first(0)
    );
    assert!(first(3).starts_with("[-") && !first(3).contains(','), "{}", first(3));
    let names = FieldNames::default();
    let again = read(&out, of("verl-agent"), None, &names).expect("what was written is read");
    assert!(
        again
            .write(&mut Vec::new(), &credit)
            .expect_err("the columns are there")
            .to_string()
            .contains("already")
    );
}

#[test]
fn archives_are_opened() {
    let (file, plain) = (dump(), rollouts(&dump(), "verl-rollout"));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&file).expect("into memory");
    let gzip = gzip.finish().expect("into memory");
    let zstd = zstd::encode_all(file.as_slice(), 1).expect("into memory");
    for packed in [&gzip, &zstd] {
        assert_eq!(rollouts(packed, "verl-rollout").batch(), plain.batch());
        refused(&packed[..packed.len() / 2], "verl-rollout", &["the archive is not whole"]);
    }
}

#[test]
fn a_file_is_told_by_its_looks() {
    let files = [
        (dump(), "verl-rollout"),
        (lines(&agent()), "verl-agent"),
        (csv(), "verl-agent"),
        (lines(&exports()), "prime-rl"),
        (lines(&answer()), "openai"),
        (lines(&completions()), "trl"),
        (parquet(), "verl-agent"),
    ];
    for (file, format) in files {
        let looks = look(&file).expect("it is no batch");
        assert!(looks.contains(&format!("--from {format}")), "{looks}");
    }
    assert!(look(b"\x93NUMPY\x01").expect("no batch").contains("NumPy"));
    assert_eq!(look(br#"{"groups": []}"#), None);
    assert_eq!(look(b""), None);
}

/// Bytes taken away, put in, doubled and turned: a result without null, or one line; never a panic.
#[test]
fn mutated_files_are_read_or_refused() {
    let fates = mutate(200, 9);
    assert!(fates.credited > 200 && fates.refused > 200, "{fates:?}");
}
