//! The job: arguments, files, lines, exit codes.

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

pub fn credit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_credit")).args(arguments).output().expect("the program starts")
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// A batch of one group: `n` trajectories of one step of one token, the first of which succeed.
pub fn batch(n: usize) -> Value {
    let traj = |i: usize| {
        let token =
            json!({"old": -0.5, "logp": -0.4 - i as f64 / 10.0, "ref": -0.6, "prm": -0.3 - i as f64 / 7.0});
        json!({"outcome": i, "success": 2 * i >= n, "steps": [{"state": "s", "reward": 0, "valid": true, "tokens": [token]}]})
    };
    json!({"groups": [{"prompt": "a < b", "trajectories": (0..n).map(traj).collect::<Vec<_>>()}]})
}

pub fn refused(output: &Output, parts: &[&str]) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert_eq!(error.lines().count(), 1, "one line: {error}");
    for part in parts {
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

#[test]
fn a_batch_gets_a_line_on_stdout_or_in_a_file() {
    let root = tempfile::tempdir().expect("a directory");
    let (input, out) = (root.path().join("batch.json"), root.path().join("out.json"));
    fs::write(&input, batch(4).to_string()).expect("writable");
    let output = credit(&["--recipe", "istar", "--input", text(&input), "--set", "lambda=0.5"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(found["advantage"][0][3][0][0].is_f64() && found["dloss_dprm"][0][3][0][0].is_f64());
    let terms = found["loss"]["terms"].as_object().expect("terms");
    let sum: f64 = terms.values().map(|x| x.as_f64().expect("a number")).sum();
    assert!((sum - found["loss"]["total"].as_f64().expect("a number")).abs() < 1e-12);
    assert!(found["explain"].as_str().expect("text").contains("lambda  0.5"), "{found}");

    // names, titles and names as in file names; another form of the same batch; stdin
    let pretty = root.path().join("pretty.json");
    fs::write(&pretty, serde_json::to_string_pretty(&batch(4)).expect("text")).expect("writable");
    for (recipe, input) in [("IStar", &pretty), ("iStar (note)", &input), ("istar-note", &pretty)] {
        let set = ["--set", "lambda=0.5", "--output", text(&out)];
        let again = credit(&[&["--recipe", recipe, "--input", text(input)][..], &set].concat());
        assert!(
            again.status.success() && again.stdout.is_empty(),
            "{}",
            String::from_utf8_lossy(&again.stderr)
        );
        assert!(fs::read(&out).expect("readable") == output.stdout, "{recipe}");
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_credit"))
        .args(["--recipe", "IStar", "--set", "lambda=0.5", "--input", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(batch(4).to_string().as_bytes()).expect("it reads");
    assert!(child.wait_with_output().expect("a child").stdout == output.stdout);
}

#[test]
fn lines_are_kept_up_to_the_one_that_is_refused() {
    let root = tempfile::tempdir().expect("a directory");
    let (input, out) = (root.path().join("batches.json"), root.path().join("out.jsonl"));
    let bad = batch(3).to_string().replacen("\"logp\":-0.5", "\"logp\":NaN", 1);
    let lines = [batch(2).to_string(), String::new(), batch(5).to_string(), bad, batch(2).to_string()];
    fs::write(&input, lines.join("\n")).expect("writable");
    let output = credit(&["--recipe", "grpo", "--input", text(&input), "--output", text(&out)]);
    refused(&output, &["error: line 4: group 0, trajectory 1, step 0, token 0: `logp` is NaN"]);
    let written = fs::read_to_string(&out).expect("readable");
    let sizes: Vec<usize> = written
        .lines()
        .map(|line| {
            let found: Value = serde_json::from_str(line).expect("JSON");
            found["advantage"][0].as_array().expect("trajectories").len()
        })
        .collect();
    assert_eq!(sizes, [2, 5]);

    // A refused first batch leaves what is there.
    fs::write(&input, "{").expect("writable");
    refused(&credit(&["--recipe", "grpo", "--input", text(&input), "--output", text(&out)]), &["line 1"]);
    assert_eq!(fs::read_to_string(&out).expect("readable"), written);
}

/// The largest resident set of a child so far, in kilobytes.
#[cfg(target_os = "linux")]
fn peak(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("Linux says");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number")
}

#[cfg(target_os = "linux")]
#[test]
fn two_hundred_lines_take_the_memory_of_one() {
    use std::io::{BufRead, BufReader};
    let line = credit(&["--synthetic", "16,8,10,8"]).stdout;
    assert!(line.len() > 500_000, "{}", line.len());
    let mut child = Command::new(env!("CARGO_BIN_EXE_credit"))
        .args(["--recipe", "IStarPaper", "--input", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let feeder = std::thread::spawn(move || (0..200).for_each(|_| stdin.write_all(&line).expect("it reads")));
    let mut results = BufReader::new(child.stdout.take().expect("a pipe"));
    let (mut first, mut last, mut result) = (0, 0, Vec::new());
    for n in 0..200 {
        result.clear();
        results.read_until(b'\n', &mut result).expect("it writes");
        assert!(result.starts_with(b"{\"loss\"") && result.ends_with(b"\n"), "line {n}");
        match n {
            20 => first = peak(child.id()),
            190 => last = peak(child.id()),
            _ => {}
        }
    }
    feeder.join().expect("it has written all");
    assert!(child.wait().expect("a child").success());
    assert!(last < first + first / 4, "from {first} to {last} kB");
}

/// verl 3035, trl 7179: where all is padded to the longest response, one long response is paid for by each.
#[cfg(target_os = "linux")]
#[test]
fn memory_follows_the_tokens_and_not_the_longest_step() {
    use std::io::{BufRead, BufReader};
    let token = r#"{"old":-0.5,"logp":-0.4,"ref":-0.6,"prm":-0.3}"#;
    let step = |tokens: usize| format!(r#"{{"tokens":[{}]}}"#, vec![token; tokens].join(","));
    let traj = |long: bool, outcome: usize| {
        let steps: Vec<String> = (0..64).map(|i| step(if long && i == 9 { 8192 } else { 2 })).collect();
        format!(r#"{{"outcome":{outcome},"success":{},"steps":[{}]}}"#, outcome > 0, steps.join(","))
    };
    let trajs: Vec<String> = (0..32).map(|i| traj(i == 5, i % 2)).collect();
    let line = format!(r#"{{"groups":[{{"trajectories":[{}]}}]}}{}"#, trajs.join(","), '\n');
    let peak_of = |recipe: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_credit"))
            .args(["--recipe", recipe, "--input", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(line.as_bytes()).and_then(|()| stdin.write_all(b" ")).expect("it reads");
        let mut result = Vec::new();
        let mut results = BufReader::new(child.stdout.take().expect("a pipe"));
        results.read_until(b'\n', &mut result).expect("it writes");
        assert!(result.starts_with(b"{\"loss\""));
        let peak = peak(child.id());
        drop(stdin);
        child.wait().expect("a child");
        peak
    };
    // Padded, the sums over 2,048 steps would have 16 million cells of 16 bytes and more.
    let [plain, summed] = ["Grpo", "IStarPaper"].map(peak_of);
    assert!(2 * summed < 5 * plain, "{summed} kB, and {plain} kB without sums over steps");
}

#[test]
fn nonsense_gets_one_line_and_exit_code_2() {
    let root = tempfile::tempdir().expect("a directory");
    let input = root.path().join("batch.json");
    fs::write(&input, batch(2).to_string()).expect("writable");
    let with = |more: &[&str]| credit(&[&["--input", text(&input)][..], more].concat());
    refused(&with(&["--recipe", "itsar"]), &["\"itsar\" is no recipe (did you mean \"IStar\"?)", "Grpo, "]);
    refused(
        &with(&["--recipe", "IStar", "--set", "bta=1"]),
        &["\"bta\" (did you mean \"beta\"?)", "beta, lambda"],
    );
    refused(&with(&["--recipe", "IStar", "--set", "beta=x"]), &["\"x\" is no number"]);
    refused(&with(&["--recipe", "IStar", "--set", "beta=-1"]), &["IStar", "beta", "-1"]);
    refused(&with(&["--recipe", "Grpo", "--output", text(&input)]), &["that is the input"]);
    refused(&with(&["--recipe", "Grpo", "--output", text(&input.join("below"))]), &["--output", "below"]);
    refused(&with(&["--recipe", "Grpo", "--seed", "1"]), &["--seed"]);
    refused(&with(&[]), &["--recipe"]);
    refused(&credit(&[]), &["--recipe", "--golden", "--list"]);
    refused(&credit(&["--recipe", "Grpo", "--input", text(&root.path().join("nowhere"))]), &["nowhere"]);
    refused(&credit(&["--golden", text(&input)]), &["no `case`"]);
    refused(&credit(&["--synthetic", "1,2,3"]), &["1000,8,15,16"]);
    for nothing in ["", "\n", " \n\t\r\n\n"] {
        fs::write(&input, nothing).expect("writable");
        refused(&with(&["--recipe", "Grpo"]), &["the input has no batch"]);
    }
}

#[test]
fn the_list_says_names_parameters_and_defaults() {
    let output = credit(&["--list"]);
    assert!(output.status.success());
    let list = String::from_utf8(output.stdout).expect("text");
    let line =
        |name: &str| list.lines().find(|line| line.split_whitespace().next() == Some(name)).expect(name);
    assert!(line("IStar").contains("beta = 0.05, lambda = 1") && line("IStar").ends_with("iStar (note)"));
    assert!(line("Grpo").contains("none"));
}

#[test]
fn a_reference_file_brings_its_objective() {
    let Some(file) = istar_tests::shared("goldens/credit/istar_paper_policy_0.json") else { return };
    let output = credit(&["--golden", text(&file)]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expected: Value = serde_json::from_str(&fs::read_to_string(&file).expect("readable")).expect("JSON");
    let (loss, expected) = (found["loss"]["total"].as_f64(), expected["expect"]["loss"].as_f64());
    assert!((loss.expect("a number") - expected.expect("a number")).abs() < 1e-9);
}

#[test]
fn rows_of_other_programs_come_back_with_columns() {
    use istar_tests::rollouts::{agent, dump, lines, parquet};
    let root = tempfile::tempdir().expect("a directory");
    let [rows, out, table] = ["5.jsonl", "out.jsonl", "rows.parquet"].map(|name| root.path().join(name));
    fs::write(&rows, dump()).expect("writable");
    let with = |more: &[&str]| credit(&[&["--recipe", "grpo"][..], more].concat());
    let printed = with(&["--from", "verl-rollout", "--input", text(&rows)]);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let output = with(&["--from", "verl-rollout", "--input", text(&rows), "--output", text(&out)]);
    assert!(fs::read(&out).expect("readable") == printed.stdout);
    let said: Value = serde_json::from_slice(&output.stdout).expect("the rest of the result");
    assert!(
        said["remarks"].is_array() && said["explain"].is_string() && said.get("loss").is_none(),
        "{said}"
    );

    // What is odd stands on standard error, a line each, and in the result.
    let mut odd = agent();
    odd.iter_mut().for_each(|row| row["episode_rewards"] = json!(1.0));
    fs::write(&rows, lines(&odd)).expect("writable");
    let output = with(&["--from", "verl-agent", "--input", text(&rows), "--output", text(&out)]);
    let said: Value = serde_json::from_slice(&output.stdout).expect("the rest of the result");
    let remarks = said["remarks"].as_array().expect("a list");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(errors.lines().filter(|line| line.starts_with("remark: ")).count(), remarks.len(), "{errors}");
    assert!(
        errors.contains("the credit of every token is 0: the outcomes of each group are equal"),
        "{errors}"
    );
    assert!(said["loss"]["total"].is_f64());

    fs::write(&table, parquet()).expect("writable");
    refused(&with(&["--from", "verl-agent", "--input", text(&table)]), &["Parquet", "--output"]);
    assert!(
        with(&["--from", "verl-agent", "--input", text(&table), "--output", text(&out)]).status.success()
    );
    assert!(fs::read(&out).expect("readable").starts_with(b"PAR1"));
    refused(&with(&["--input", text(&table)]), &["it looks like Parquet", "--from verl-agent"]);
    fs::write(&rows, dump()).expect("writable");
    refused(&with(&["--input", text(&rows)]), &["it looks like verl's rollout dump", "--from verl-rollout"]);
    refused(&with(&["--from", "verl", "--input", text(&rows)]), &["verl-rollout"]);
    refused(
        &with(&["--from", "verl-agent", "--step", "turn", "--input", text(&rows)]),
        &["row, run or token"],
    );
    refused(&with(&["--map", "old", "--input", text(&rows)]), &["FIELD=NAME"]);
    refused(&with(&["--map", "odl=x", "--input", text(&rows)]), &["did you mean \"old\""]);
}

#[test]
fn a_batch_may_be_compressed_and_have_other_names() {
    let root = tempfile::tempdir().expect("a directory");
    let input = root.path().join("batch");
    let batch = batch(4).to_string();
    let plain = |arguments: &[&str], text: &[u8]| {
        fs::write(&input, text).expect("writable");
        let output = credit(
            &[&["--recipe", "istar", "--input", input.to_str().expect("text")][..], arguments].concat(),
        );
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let expected = plain(&[], batch.as_bytes());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(batch.as_bytes()).expect("into memory");
    assert!(plain(&[], &gzip.finish().expect("into memory")) == expected);
    assert!(plain(&[], &zstd::encode_all(batch.as_bytes(), 1).expect("into memory")) == expected);
    let renamed = batch.replace("\"old\"", "\"rollout_log_probs\"").replace("\"outcome\"", "\"reward_sum\"");
    let names = ["--map", "old=rollout_log_probs", "--map", "outcome=reward_sum"];
    assert!(plain(&names, renamed.as_bytes()) == expected);
    let alone: Value = serde_json::from_slice(&plain(&["--advantage"], batch.as_bytes())).expect("JSON");
    assert!(alone.get("loss").is_none() && alone["advantage"].is_array(), "{alone}");
}
