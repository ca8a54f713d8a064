//! The program `istar`: each job is the one of its example, under another name.

use clap::Parser;
use istar::cli::{Error, ablation, credit, dialogue, lm, sokoban, textcraft, webshop};
use istar::policy::gpt::{Config, Gpt, read};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn istar(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_istar")).args(arguments).output().expect("the program starts")
}

/// What a job prints when it is called as its example calls it.
fn alone<A: Parser>(job: impl FnOnce(A, &mut dyn Write) -> Result<(), Error>, arguments: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    let arguments = A::try_parse_from([&["alone"], arguments].concat()).expect("good arguments");
    job(arguments, &mut out).expect("the job runs");
    out
}

fn printed(arguments: &[&str]) -> Vec<u8> {
    let output = istar(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// One line on stderr, exit code 2.
fn refused(arguments: &[&str], parts: &[&str]) {
    let output = istar(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    for part in parts {
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

#[test]
fn credit_is_the_example() {
    let folder = tempfile::tempdir().expect("a directory");
    let batch = folder.path().join("batch.json");
    std::fs::write(&batch, printed(&["credit", "--synthetic", "2,3,2,2"])).expect("writable");
    let arguments = ["--recipe", "IStarPaper", "--input", batch.to_str().expect("a path of letters")];
    let found = printed(&[&["credit"], &arguments[..]].concat());
    assert_eq!(found, alone(credit::job, &arguments));
    let found: Value = serde_json::from_slice(&found).expect("JSON");
    assert!(found["advantage"][1][2][1][1].is_f64(), "{found}");
    assert_eq!(printed(&["credit", "--list"]), alone(credit::job, &["--list"]));
    let wrong = [&["credit", "--recipe", "Grop"], &arguments[2..]].concat();
    refused(&wrong, &["--recipe: \"Grop\" is no recipe (did you mean \"Grpo\"?)"]);
}

#[test]
fn lm_is_the_example() {
    let folder = tempfile::tempdir().expect("a directory");
    let [weights, tokenizer] = ["model.safetensors", "tokenizer.json"].map(|name| folder.path().join(name));
    let pairs = istar::tokenizer::Pairs::train(["left and right", "right and left"], 260, &[]).expect("room");
    pairs.save(&tokenizer).expect("saved");
    let net =
        Gpt::new(&dfdx::prelude::Cpu::default(), Config::llama(260, 16), 0).expect("sizes that go together");
    read::write(&net, &weights).expect("written");
    let files = [&weights, &tokenizer].map(|file| file.to_str().expect("a path of letters"));
    let with = |rest: &[&'static str]| [&["--weights", files[0], "--tokenizer", files[1]], rest].concat();
    for rest in
        [&["--text", "left", "--logits"][..], &["--text", "left", "--tokens", "4", "--temperature", "0.5"]]
    {
        let arguments = with(rest);
        assert_eq!(
            printed(&[&["lm"], &arguments[..]].concat()),
            alone(|a, out| lm::job(&a, out), &arguments)
        );
    }
    let found: Value =
        serde_json::from_slice(&alone(|a, out| lm::job(&a, out), &with(&["--text", "left", "--logits"])))
            .expect("JSON");
    let rows = found["logits"].as_array().expect("rows");
    assert!(
        rows.len() == found["tokens"].as_array().expect("tokens").len() && rows[0][259].is_f64(),
        "{found}"
    );
    let lm = |rest| [&["lm"], &with(rest)[..]].concat();
    refused(&lm(&["--text", ""]), &["--text is empty"]);
    refused(&lm(&["--text", "what has more than sixteen bytes"]), &["the network reads 16 at most"]);
    refused(
        &["lm", "--weights", files[1], "--text", "x"],
        &[files[1], "it begins as no file of llama2.c does"],
    );
}

#[test]
fn sokoban_is_the_example() {
    let arguments = ["--generate", "2", "--seed", "7"];
    let found = printed(&[&["sokoban"], &arguments[..]].concat());
    assert_eq!(found, alone(sokoban::job, &arguments));
    assert!(found.starts_with(b"; 0\n######"));
    refused(&["sokoban"], &["nothing to do"]);
}

#[test]
fn throughput_says_what_it_measured() {
    let line = printed(&["throughput", "--iterations", "1", "--threads", "1"]);
    let found: Value = serde_json::from_slice(&line).expect("JSON");
    assert_eq!((&found["objective"], &found["iterations"]), (&Value::from("grpo"), &Value::from(1)));
    assert!(found["env_steps"].as_u64() > Some(0), "{found}");
    refused(&["throughput", "--iterations", "0"], &["--iterations", "0"]);
}

#[test]
fn explain_says_what_the_library_says() {
    let half = istar::recipes::IStar { lambda: 0.5, ..Default::default() };
    let found = String::from_utf8(printed(&["explain", "istar", "--set", "lambda=0.5"])).expect("text");
    assert_eq!(found.trim_end(), istar::objective::explain_with(&half).trim_end());
    refused(&["explain", "Grop"], &["\"Grop\" is no recipe (did you mean \"Grpo\"?)"]);
    refused(&["explain", "IStar", "--set", "beta=-1"], &["`beta` must be above 0, found -1 in `dpo_prm`"]);
    refused(&["explain", "IStar", "--set", "bet=1"], &["did you mean \"beta\"?"]);
}

/// The table itself is run by the job's own tests, as long as it takes.
#[test]
fn ablate_is_the_example_under_another_name() {
    let help = |text: Vec<u8>| String::from_utf8(text).expect("text");
    let found = help(printed(&["ablate", "--help"]));
    assert!(found.contains("Usage: istar ablate "), "{found}");
    let alone = ablation::Arguments::try_parse_from(["ablation", "--help"]).expect_err("help").to_string();
    assert_eq!(found.replace("istar ablate", "ablation"), alone);
    refused(&["ablate", "--preset", "smok"], &["smok", "'smoke'"]);
    refused(&["ablate", "--recipes", "grop"], &["\"grop\" is no row of the table (did you mean \"GRPO\"?)"]);
}

#[test]
fn the_program_says_what_it_can_do() {
    let help = String::from_utf8(printed(&["--help"])).expect("text");
    for job in [
        "ablate",
        "credit",
        "dialogue",
        "explain",
        "lm",
        "paper",
        "prm",
        "report",
        "slurm",
        "sokoban",
        "textcraft",
        "throughput",
        "webshop",
    ] {
        assert!(help.contains(&format!("\n  {job} ")), "{help}");
        let of = |arguments: &[&str]| printed(arguments);
        assert_eq!(of(&["help", job]), of(&[job, "--help"]), "{job}");
    }
    let version = String::from_utf8(printed(&["--version"])).expect("text");
    assert_eq!(version.trim(), concat!("istar ", env!("CARGO_PKG_VERSION")));
    let verbose = String::from_utf8(printed(&["--version", "--verbose"])).expect("text");
    let kernels = format!("\nkernels: {}\n", istar::kernels::instructions());
    assert!(verbose.starts_with(&version) && verbose.contains(&kernels), "{verbose}");
    #[cfg(not(feature = "cuda"))]
    assert!(verbose.contains("\ncuda: this program was built without CUDA"), "{verbose}");
    refused(&["credti"], &["'credti'", "'credit'"]);
    refused(
        &[],
        &[
            "which job? There are ablate, credit, dialogue, explain, lm, paper, prm, report, slurm, sokoban, textcraft, throughput, webshop;",
        ],
    );
    refused(&["credit", "--nonsense"], &["--nonsense"]);
}

#[test]
fn slurm_writes_a_task_a_cell_and_report_names_what_is_no_study() {
    let asked =
        ["slurm", "--limit", "2", "--", "--preset", "smoke", "--recipes", "grpo,rloo", "--seeds", "3"];
    let script = String::from_utf8(printed(&asked)).expect("text");
    assert!(script.starts_with("#!/bin/bash\n") && script.contains("#SBATCH --array=0-5%2\n"), "{script}");
    assert!(script.contains("out=runs/smoke\n"), "{script}");
    refused(&["slurm", "--", "--recipes", "grop"], &["did you mean \"GRPO\"?"]);
    refused(&["slurm", "--", "--seeds", "0"], &["after --: ", "--seeds"]);
    refused(&["report"], &["DIR"]);
    refused(&["report", "nowhere"], &["nowhere is no study: there is no study.json"]);
    refused(&["report", "a", "b"], &["--out", "say where it goes"]);
}

#[test]
fn paper_prints_what_the_paper_prints() {
    let numbers = String::from_utf8(printed(&["paper", "table2", "--numbers"])).expect("text");
    assert!(
        numbers.contains("\"+14 %\" is 7.92 to 8.06") && numbers.contains("\"+48 %\" is 6.68 to 7.16"),
        "{numbers}"
    );
    assert!(!numbers.contains("here, %"), "{numbers}");
    let folder = tempfile::tempdir().expect("a directory");
    let out = folder.path().join("study");
    let out = out.to_str().expect("a path of letters");
    let run =
        ["paper", "table3", "--env", "webshop", "--preset", "smoke", "--seeds", "1", "--quiet", "--out", out];
    let beside = String::from_utf8(printed(&run)).expect("text");
    for part in
        ["76.6", "best valid.", "score", "Left out, for webshop has no such row: iStar env step rewards."]
    {
        assert!(beside.contains(part), "{part} in {beside}");
    }
    refused(&["paper", "table4"], &["table4", "table1"]);
}

#[test]
fn worlds_from_files_want_a_file() {
    for (world, variable) in [
        ("webshop-file", "ISTAR_CATALOGUE"),
        ("textcraft-file", "ISTAR_TASKS"),
        ("dialogue-file", "ISTAR_SCENARIOS"),
    ] {
        let folder = tempfile::tempdir().expect("a directory");
        let ablate = |value: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_istar"));
            command
                .args(["ablate", "--env", world, "--preset", "smoke", "--quiet", "--out"])
                .arg(folder.path());
            command.env(variable, value).output().expect("the program starts")
        };
        for (value, part) in [("", "is not set; set it to "), ("no/such/file", "no/such/file")] {
            let output = ablate(value);
            let error = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), error.lines().count()), (Some(2), 1), "{error}");
            assert!(error.contains(variable) && error.contains(part), "{error}");
        }
    }
}

/// `istar ablate` of one cell in a world in words, with these files.
fn in_words(world: &str, out: &Path, files: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_istar"));
    command.args(["ablate", "--env", world, "--preset", "smoke", "--recipes", "grpo", "--seeds", "1"]);
    command.args(["--iterations", "1", "--warm-start", "1", "--quiet", "--out"]).arg(out);
    command.env_remove("ISTAR_WEIGHTS").env_remove("ISTAR_TOKENIZER");
    command.envs(files.iter().copied()).output().expect("the program starts")
}

/// The one line on stderr of a program that was stopped by a mistake.
fn mistake(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), error.lines().count()), (Some(2), 1), "{error}");
    error
}

#[test]
fn a_world_in_words_begins_with_a_file_of_weights() {
    let folder = tempfile::tempdir().expect("a directory");
    let [weights, short, tokenizer] = ["long/model.safetensors", "short/model.safetensors", "tokenizer.json"]
        .map(|name| folder.path().join(name));
    let texts = ["craft 1 oak plank using 2 oak log", "get 2 oak log", "Crafting commands:", "Got 1"];
    let pairs = istar::tokenizer::Pairs::train(texts, 320, &["<s>", "</s>"]).expect("room");
    pairs.save(&tokenizer).expect("saved");
    for (file, context) in [(&weights, 4096), (&short, 64)] {
        std::fs::create_dir(file.parent().expect("a folder")).expect("made");
        let config = Config { width: 16, hidden: 16, layers: 1, ..Config::llama(pairs.len() + 3, context) };
        let net = Gpt::new(&dfdx::prelude::Cpu::default(), config, 3).expect("sizes that go together");
        read::write(&net, file).expect("written");
    }
    let study = |out: &Path, files: &[(&str, &Path)]| -> Value {
        let output = in_words("textcraft-text", out, files);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&std::fs::read(out.join("study.json")).expect("there")).expect("JSON")
    };
    let out = folder.path().join("begun");
    let begun = study(&out, &[("ISTAR_WEIGHTS", &weights), ("ISTAR_TOKENIZER", &tokenizer)]);
    let setup = &begun["setup"];
    assert!(setup["weights"].is_u64() && setup["tokenizer"].is_u64(), "{begun}");
    assert!(
        setup["network"].as_str().is_some_and(|said| said.ends_with("up to 4096, read from a file")),
        "{begun}"
    );
    assert!(!begun.to_string().contains("safetensors"), "where a file lies decides nothing: {begun}");
    // Without one it is another study.
    let other = mistake(&in_words("textcraft-text", &out, &[]));
    assert!(other.contains("another study"), "{other}");

    let refused =
        |files: &[(&str, &Path)]| mistake(&in_words("textcraft-text", &folder.path().join("none"), files));
    let nothing = folder.path().join("nothing.bin");
    for (files, parts) in [
        (&[("ISTAR_TOKENIZER", &*tokenizer)][..], &["ISTAR_TOKENIZER is set and ISTAR_WEIGHTS is not"][..]),
        (&[("ISTAR_WEIGHTS", &nothing)], &["ISTAR_WEIGHTS: ", "nothing.bin: it cannot be read"]),
        (&[("ISTAR_WEIGHTS", &weights)], &["there is no tokenizer in it; set ISTAR_TOKENIZER"]),
        (
            &[("ISTAR_WEIGHTS", &weights), ("ISTAR_TOKENIZER", &nothing)],
            &["ISTAR_TOKENIZER: ", "nothing.bin"],
        ),
        (
            &[("ISTAR_WEIGHTS", &short), ("ISTAR_TOKENIZER", &tokenizer)],
            &["reads sequences of 64 tokens", "one with a longer context is wanted"],
        ),
    ] {
        let error = refused(files);
        assert!(parts.iter().all(|part| error.contains(part)), "{error} lacks one of {parts:?}");
    }
    assert!(!folder.path().join("none").exists(), "nothing is made for nothing");
}

#[test]
fn a_published_network_talks_and_is_too_short_for_a_shop() {
    let shared = std::env::var_os("ISTAR_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
    let [weights, tokenizer] = ["data/stories260K.bin", "data/tok512.bin"].map(|file| shared.join(file));
    if !weights.exists() {
        return eprintln!("skipped: ../shared is absent");
    }
    let folder = tempfile::tempdir().expect("a directory");
    let files = [("ISTAR_WEIGHTS", &*weights), ("ISTAR_TOKENIZER", &*tokenizer)];
    let output = in_words("dialogue-text", &folder.path().join("talk"), &files);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let error = mistake(&in_words("webshop-text", &folder.path().join("shop"), &files));
    assert!(error.contains("reads sequences of 512 tokens") && error.contains("takes up to 1513"), "{error}");
}

#[test]
fn prm_refuses_rows_without_one() {
    refused(&["prm", "--recipes", "grpo"], &["\"GRPO\" has no PRM", "--recipes", "istar-stable"]);
    refused(&["prm", "--line", "half = rl(adv = traj)"], &["\"half\" has no PRM"]);
    refused(&["prm", "--setting", "replay=x"], &["--setting replay=x", "whole number"]);
}

#[test]
fn webshop_is_the_example() {
    let arguments = ["--goals", "--seed", "7"];
    let found = printed(&[&["webshop"], &arguments[..]].concat());
    assert_eq!(found, alone(|arguments, out| webshop::job(&arguments, out), &arguments));
    assert!(found.starts_with(b"{\"number\":0,"));
    refused(&["webshop"], &["--goals", "--script"]);
}

#[test]
fn textcraft_is_the_example() {
    let arguments = ["--baselines", "--seed", "7"];
    let found = printed(&[&["textcraft"], &arguments[..]].concat());
    assert_eq!(found, alone(|arguments, out| textcraft::job(&arguments, out), &arguments));
    assert!(found.starts_with(b"{\"baseline\":\"expert\",\"split\":\"train\","));
    refused(&["textcraft"], &["--list", "--script"]);
}

#[test]
fn dialogue_is_the_example() {
    let arguments = ["--list", "--seed", "7"];
    let found = printed(&[&["dialogue"], &arguments[..]].concat());
    assert_eq!(found, alone(|arguments, out| dialogue::job(&arguments, out), &arguments));
    assert!(found.starts_with(b"{\"number\":0,"));
    refused(&["dialogue"], &["--list", "--script"]);
}

#[cfg(feature = "chat")]
mod chat {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::sync::{Arc, Mutex};

    /// A server that takes what it can get and grades everybody alike; it is over when the test is.
    struct Model {
        url: String,
        asked: Arc<AtomicUsize>,
        models: Arc<Mutex<Vec<String>>>,
    }

    impl Model {
        fn new() -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
            let (asked, models) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
            let (counter, seen) = (asked.clone(), models.clone());
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (counter, seen) = (counter.clone(), seen.clone());
                    std::thread::spawn(move || {
                        counter.fetch_add(1, SeqCst);
                        let model = answer(stream);
                        let mut seen = seen.lock().expect("no panic");
                        if !seen.contains(&model) {
                            seen.push(model);
                        }
                    });
                }
            });
            Model { url, asked, models }
        }
    }

    fn answer(mut stream: TcpStream) -> String {
        let mut reader = BufReader::new(stream.try_clone().expect("a clone"));
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a head");
            let lower = line.to_lowercase();
            length =
                lower.strip_prefix("content-length:").map_or(length, |n| n.trim().parse().expect("a number"));
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        let task = body["messages"][0]["content"].as_str().expect("a text");
        let ranges = istar::chat::Dimension::social();
        let said = if task.starts_with("You grade") {
            let scores = ranges.iter().map(|of| format!("\"{}\": {{\"score\": 0}}", of.name));
            format!("{{{}}}", scores.collect::<Vec<_>>().join(", "))
        } else if task.lines().any(|line| line == "accept") {
            "accept".to_owned()
        } else {
            "Let me think.".to_owned()
        };
        let body_out =
            serde_json::json!({ "choices": [{ "message": { "role": "assistant", "content": said } }] });
        let text = body_out.to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{text}", text.len()).expect("the client listens");
        body["model"].as_str().expect("a name").to_owned()
    }

    /// `istar ablate --env dialogue-chat` with these variables and no others of the kind.
    fn table(out: &std::path::Path, variables: &[(&str, &str)]) -> std::process::Output {
        let arguments =
            ["ablate", "--env", "dialogue-chat", "--preset", "smoke", "--recipes", "rloo", "--seeds", "1"];
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_istar"));
        for name in [
            "OPENAI_BASE_URL",
            "OPENAI_API_KEY",
            "ISTAR_CHAT_MODEL",
            "ISTAR_CHAT_JUDGE",
            "ISTAR_CHAT_SECOND_JUDGE",
        ] {
            command.env_remove(name);
        }
        let command = command.args(arguments).args(["--iterations", "1", "--quiet", "--out"]).arg(out);
        command.envs(variables.iter().copied()).output().expect("the program starts")
    }

    #[test]
    fn a_table_can_be_talked_through_with_a_model() {
        let folder = tempfile::tempdir().expect("a directory");
        let nobody = table(&folder.path().join("none"), &[]);
        let error = String::from_utf8_lossy(&nobody.stderr).into_owned();
        assert_eq!(nobody.status.code(), Some(2), "{error}");
        assert!(error.lines().count() == 1 && error.contains("OPENAI_BASE_URL is not set"), "{error}");

        let model = Model::new();
        let variables = [
            ("OPENAI_BASE_URL", &*model.url),
            ("ISTAR_CHAT_MODEL", "talker"),
            ("ISTAR_CHAT_JUDGE", "grader"),
        ];
        let out = folder.path().join("some");
        let output = table(&out, &variables);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut names = model.models.lock().expect("no panic").clone();
        names.sort();
        assert_eq!(names, ["grader", "talker"]);
        let study = std::fs::read_to_string(out.join("study.json")).expect("there");
        let study: serde_json::Value = serde_json::from_str(&study).expect("JSON");
        let setup = &study["setup"];
        assert_eq!(setup["models"], serde_json::json!(["talker", "grader", "grader"]), "{study}");
        assert!(!study.to_string().contains(&model.url), "where it is decides nothing");
        let asked = model.asked.load(SeqCst);
        assert!(asked > 100, "{asked}");
        assert!(table(&out, &variables).status.success());
        assert_eq!(model.asked.load(SeqCst), asked, "what is finished is not asked again");
    }
}
