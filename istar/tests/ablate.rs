//! The job `istar ablate` as a program: killed and started again, with one thread and with two, and given nonsense.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Small enough for an unoptimised build: two rows, one of them with a PRM that goes through past batches again.
#[rustfmt::skip]
const STUDY: [&str; 10] = [
    "--preset", "smoke", "--recipes", "grpo,istar-paper-grpo", "--seeds", "1", "--iterations", "4",
    "--own", "istar-paper-grpo:replay=2",
];

fn ablation(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_istar"));
    command.arg("ablate").args(arguments).arg("--quiet").arg("--out").arg(out);
    command
}

fn run(out: &Path, arguments: &[&str]) -> Output {
    ablation(out, arguments).output().expect("the program starts")
}

/// Every file of a study but its clocks, locks and checkpoints, by its path in the directory; of the page all but the costs.
fn data(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for part in ["", "cells", "levels", "metrics"] {
        for entry in fs::read_dir(dir.join(part)).expect("a directory").flatten() {
            let name = format!("{part}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_file() && !name.ends_with("costs.csv") && !name.contains("/.") {
                let mut bytes = fs::read(entry.path()).expect("readable");
                if name.ends_with("report.html") {
                    bytes = without_costs(&String::from_utf8(bytes).expect("text")).into_bytes();
                }
                files.insert(name, bytes);
            }
        }
    }
    files
}

fn without_costs(page: &str) -> String {
    let (before, costs) = page.split_once("<section id=\"costs\">").expect("a section");
    before.to_owned() + costs.split_once("</section>").expect("its end").1
}

#[test]
fn killed_at_any_moment_and_on_any_number_of_threads_a_study_ends_with_the_same_bytes() {
    let root = tempfile::tempdir().expect("a directory");
    let through = root.path().join("through");
    let output = run(&through, &[&STUDY[..], &["--threads", "1"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = data(&through);
    let names: Vec<&str> = expected.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "/about.json",
            "/cells.csv",
            "/curves.svg",
            "/report.html",
            "/signals.csv",
            "/study.json",
            "/table.csv",
            "/table.md",
            "/table.tex",
            "cells/grpo-s0.json",
            "cells/istar-paper-grpo-s0.json",
            "levels/grpo-s0.csv",
            "levels/istar-paper-grpo-s0.csv",
            "metrics/grpo-s0.csv",
            "metrics/istar-paper-grpo-s0.csv"
        ]
    );

    let killed = root.path().join("killed");
    let arguments = [&STUDY[..], &["--threads", "2"]].concat();
    let mut patience = Duration::from_millis(300);
    let mut kills = 0;
    let status = loop {
        let mut child = ablation(&killed, &arguments).spawn().expect("the program starts");
        let begun = Instant::now();
        let finished = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break Some(status);
            }
            if begun.elapsed() > patience {
                break None;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        if let Some(status) = finished {
            break status;
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("a child");
        kills += 1;
        // Later each time, so that in the end nobody is killed.
        patience = patience * 3 / 2;
    };
    assert!(status.success() && kills > 0, "killed {kills} times");
    assert!(data(&killed) == expected, "after {kills} kills, on two threads: the same bytes");

    // What it cost is kept, that of killed runs included.
    let costs = fs::read_to_string(killed.join("costs.csv")).expect("there");
    let [heads, cell] =
        [0, 1].map(|line| costs.lines().nth(line).expect("a line").split(',').collect::<Vec<_>>());
    for head in ["env_steps", "forward_passes", "train_seconds", "seconds", "cpu_seconds", "peak_memory"] {
        let place = heads.iter().position(|found| *found == head).expect("a column");
        assert!(cell[place].parse::<f64>().is_ok_and(|cost| cost > 0.0), "{head}: {costs}");
    }

    // Finished: printed again, nothing trained, nothing changed.
    let again = run(&killed, &arguments);
    assert!(again.status.success());
    assert!(String::from_utf8_lossy(&again.stdout).contains("GRPO"));
    assert!(data(&killed) == expected);

    // Another study's directory is refused, and keeps what it has.
    let other = run(&killed, &[&arguments[..], &["--set", "beta=0.1"]].concat());
    refused(&other, &["another study", "beta", "--out"]);
    assert!(data(&killed) == expected);
}

#[test]
fn prms_off_line_are_the_same_on_any_number_of_threads() {
    let root = tempfile::tempdir().expect("a directory");
    let study = ["prm", "--preset", "smoke", "--recipes", "istar-paper-grpo,istar-stable", "--seeds", "1"];
    let run = |name: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_istar"));
        command.args(study).args(["--iterations", "2", "--frozen", "2", "--quiet"]).args(more);
        command.arg("--out").arg(root.path().join(name)).output().expect("the program starts")
    };
    let [one, two] = ["1", "2"].map(|threads| {
        let output = run(threads, &["--learning", "--setting", "replay=0,1", "--threads", threads]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("PRMs off line"));
        data(&root.path().join(threads))
    });
    assert!(one == two, "the same bytes");
    let names: Vec<&str> = one.keys().filter_map(|name| name.strip_prefix('/')).collect();
    assert_eq!(names, ["about.json", "prm.csv", "prm.html", "prm.md", "study.json"]);
    let csv = std::str::from_utf8(&one["/prm.csv"]).expect("text");
    assert!(csv.contains("\niStar stable replay=1,0,2,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 4 * 3, "{csv}");
    refused(
        &run("more", &["--setting", "replay=2"]),
        &["2 other batches cannot be replayed of 2 frozen ones"],
    );
    refused(&run("success", &["--statistics"]), &["--statistics", "no success to compare"]);
}

fn refused(output: &Output, parts: &[&str]) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    // Before the first cell is run the error is all there is; later it follows the lines of the cells.
    let said = error.lines().filter(|line| line.starts_with("error: ")).collect::<Vec<_>>();
    let [line] = said[..] else { panic!("one line: {error}") };
    for part in parts {
        assert!(line.contains(part), "{line} lacks {part}");
    }
}

#[test]
fn nonsense_gets_one_line_and_exit_code_2() {
    let root = tempfile::tempdir().expect("a directory");
    let out = root.path().join("out");
    refused(&run(&out, &["--preset", "smok"]), &["smok", "smoke"]);
    refused(&run(&out, &["--seeds", "0"]), &["--seeds", "'0'", "a whole number from 1 is wanted"]);
    refused(&run(&out, &["--set", "beta=0.1,0.1"]), &["--set beta=0.1,0.1", "0.1 is there twice"]);
    let hiper = ["HiPER (released)", "needs Roles of its environment", "--env planned runs it"];
    refused(&run(&out, &["--recipes", "hiper-released"]), &hiper);
    refused(&run(&out, &["--recipes", "grop"]), &["grop", "GRPO"]);
    refused(&run(&out, &["--set", "betta=1"]), &["betta", "beta"]);
    refused(
        &run(&out, &["--recipes", "istar-stable", "--set", "beta=-1", "--preset", "smoke"]),
        &["beta", "-1"],
    );
    refused(&run(&out, &["--preset", "smoke", "--cell", "grop/0"]), &["--cell grop/0", "did you mean"]);
    refused(&run(&out, &["--preset", "smoke", "--baseline", "grop"]), &["--baseline", "did you mean"]);
    let study = root.path().join("study.toml");
    fs::write(&study, "preset = \"smoke\"\n\n[set]\nbetta = 1\n").expect("writable");
    let study = study.to_str().expect("letters");
    refused(
        &run(&out, &["--study", study]),
        &["study.toml: line 4, column 1: --set betta=1", "did you mean"],
    );
    assert!(!out.exists(), "nothing is made for nothing");
    let file = root.path().join("file");
    fs::write(&file, "no directory").expect("writable");
    refused(&run(&file.join("below"), &STUDY), &["below"]);
}

/// Names and numbers of the rows in a table.
fn table(dir: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(dir.join("table.csv")).expect("there");
    let parameters =
        |line: &str| line.split("\"beta ").nth(1).map(|rest| rest.split(',').next().expect("one").to_owned());
    let name = |line: &str| line.trim_start_matches('"').split(['"', ',']).next().expect("one").to_owned();
    text.lines().skip(1).map(|line| (name(line), parameters(line).unwrap_or_default())).collect()
}

#[test]
fn rows_and_seeds_are_added_to_a_study_and_several_values_make_rows() {
    let root = tempfile::tempdir().expect("a directory");
    let out = root.path();
    let quick = ["--preset", "smoke", "--iterations", "1", "--warm-start", "1"];
    let ask = |more: &[&str]| {
        let output = run(out, &[&quick[..], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    ask(&["--recipes", "grpo", "--seeds", "1"]);
    let first = fs::read(out.join("cells/grpo-s0.json")).expect("there");

    // A recipe that no table of the world has, by the name of its type.
    let printed = ask(&["--recipes", "DrGrpo", "--seeds", "1"]);
    assert!(printed.contains("GRPO") && printed.contains("Dr. GRPO"), "{printed}");
    assert_eq!(fs::read(out.join("cells/grpo-s0.json")).expect("still there"), first);

    // A seed; what was there is not run again, and the manifest has come to two.
    ask(&["--recipes", "grpo", "--seeds", "2"]);
    assert_eq!(fs::read(out.join("cells/grpo-s0.json")).expect("still there"), first);
    let study: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("study.json")).expect("there")).expect("JSON");
    assert_eq!((&study["seeds"], study["rows"].as_array().map(Vec::len)), (&2.into(), Some(2)));

    // A row for each value of a parameter, beside those that were there.
    ask(&["--recipes", "IStarPaperRloo", "--set", "beta=0.05,0.1", "--seeds", "1"]);
    let named = |name: &str, beta: &str| (name.to_owned(), beta.to_owned());
    let expected = [named("GRPO", ""), named("Dr. GRPO", "")];
    let found = table(out);
    assert_eq!(found[..2], expected);
    let swept: Vec<&str> = found[2..].iter().map(|(_, beta)| beta.as_str()).collect();
    assert_eq!(swept, ["0.05", "0.1"]);
    for (end, beta) in [("0-05", 0.05), ("0-1", 0.1)] {
        let path = out.join(format!("cells/istar-paper-rloo-beta-{end}-s0.json"));
        let cell: serde_json::Value = serde_json::from_slice(&fs::read(path).expect("there")).expect("JSON");
        assert_eq!(cell["row"], format!("iStar (paper, RLOO) beta={beta}"));
        assert_eq!(cell["parameters"]["beta"], beta);
    }
    // Other numbers of a row that is there are another study.
    let other = run(out, &[&quick[..], &["--recipes", "grpo", "--lr", "2e-3"]].concat());
    refused(&other, &["another study", "policy.lr"]);
}

#[test]
fn all_worlds_are_run_and_one_that_fails_stops_no_other() {
    let root = tempfile::tempdir().expect("a directory");
    // Of the worlds that are made from something, one is named, and what is named is not there.
    let missing = root.path().join("no-catalogue");
    let quick =
        ["--env", "all", "--preset", "smoke", "--seeds", "1", "--iterations", "1", "--warm-start", "1"];
    let ask = |out: &str, more: &[&str]| {
        let mut command = ablation(&root.path().join(out), &[&quick[..], more].concat());
        for world in istar::worlds::LIST {
            world.from.into_iter().for_each(|variable| _ = command.env_remove(variable));
        }
        command.env("ISTAR_CATALOGUE", &missing).output().expect("the program starts")
    };
    let output = ask("all", &["--recipes", "grpo"]);
    refused(&output, &["1 of ", "worlds failed: webshop-file; the others are finished"]);
    let said = String::from_utf8_lossy(&output.stderr);
    let left_out = "remark: left out, for what they are made from is not set: textcraft-file (ISTAR_TASKS), dialogue-file";
    assert!(said.contains(left_out), "{said}");
    assert!(said.contains("remark: webshop-file failed, and the others go on: ISTAR_CATALOGUE: "), "{said}");
    for world in istar::worlds::LIST {
        let table = root.path().join("all").join(world.name).join("table.csv");
        assert_eq!(table.exists(), world.from.is_none(), "{}", world.name);
    }
    // What is wrong in one of them is said before any is run.
    refused(&ask("none", &["--recipes", "gigpo"]), &["in relay: --recipes: \"GiGPO\" "]);
    refused(&ask("none", &["--list"]), &["--list: it shows the rows of one world"]);
    assert!(!root.path().join("none").exists(), "nothing is made for nothing");
}

#[cfg(unix)]
#[test]
fn interrupted_it_says_where_it_is_kept_and_goes_on() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let root = tempfile::tempdir().expect("a directory");
        let out = root.path();
        let arguments = [&STUDY[..], &["--threads", "1"]].concat();
        let mut command = ablation(out, &arguments);
        let child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
        // The second cell is under way when the first one is there.
        while !out.join("cells/grpo-s0.json").exists() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        let output = child.wait_with_output().expect("a child");
        assert_eq!(output.status.code(), Some(code), "SIG{signal}");
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().expect("words");
        let where_it_is = out.display().to_string();
        for part in ["interrupted: ", &where_it_is, "keeps the finished cells", "the same command goes on"] {
            assert!(last.contains(part), "{said}");
        }
        let finished = fs::read(out.join("cells/grpo-s0.json")).expect("kept");
        assert!(!out.join("cells/istar-paper-grpo-s0.json").exists());
        assert!(run(out, &arguments).status.success());
        assert_eq!(fs::read(out.join("cells/grpo-s0.json")).expect("still there"), finished);
        assert!(out.join("cells/istar-paper-grpo-s0.json").exists());
    }
}

#[test]
fn the_list_has_every_world_and_every_recipe() {
    for world in istar::worlds::LIST {
        let output = run(Path::new("nowhere"), &["--list", "--env", world.name]);
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).expect("text");
        for world in istar::worlds::LIST {
            assert!(text.contains(&format!("  {}  ", world.name)) && text.contains(world.what), "{text}");
        }
        for recipe in istar::recipes::all() {
            let title = format!("  {}", recipe.title);
            assert!(text.lines().any(|line| line.contains(&title)), "{title}: {text}");
        }
    }
    assert!(!Path::new("nowhere").exists(), "a list makes nothing");
}

#[test]
fn what_a_cell_logged_is_a_table() {
    let root = tempfile::tempdir().expect("a directory");
    let output = run(root.path(), &STUDY);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(root.path().join("metrics/istar-paper-grpo-s0.csv")).expect("there");
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 1 + 1 + 4, "heads, the start, four iterations");
    let cell = fs::read(root.path().join("cells/istar-paper-grpo-s0.json")).expect("there");
    let cell: serde_json::Value = serde_json::from_slice(&cell).expect("JSON");
    for (line, point) in lines[2..].iter().zip(cell["points"].as_array().expect("points")) {
        for (head, number) in lines[0].iter().zip(line) {
            let expected = match *head {
                "iteration" | "env_steps" => point[head].as_f64(),
                validation if validation.starts_with("validation/") => continue,
                metric => point["metrics"][metric].as_f64(),
            };
            assert_eq!(number.parse().ok(), expected, "{head}");
        }
    }
    let heads = ["losses/policy", "losses/prm", "charts/success", "validation/success", "validation/entropy"];
    assert!(heads.iter().all(|head| lines[0].contains(head)), "{:?}", lines[0]);
}

#[test]
fn a_run_that_diverges_is_a_result_of_the_table() {
    let root = tempfile::tempdir().expect("a directory");
    let output = run(root.path(), &[&STUDY[..], &["--lr", "1e30"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["grpo-s0", "istar-paper-grpo-s0"] {
        let cell = fs::read_to_string(root.path().join(format!("cells/{name}.json"))).expect("there");
        let cell: serde_json::Value = serde_json::from_str(&cell).expect("JSON");
        let reason = cell["stopped"].as_str().expect("it stopped");
        assert!(reason.contains("is not finite"), "{reason}");
        // Measured with the parameters of the last checkpoint, which are still good.
        assert!(cell["iterations"].as_u64() < Some(4) && cell["last"][0]["entropy"].is_number(), "{cell}");
    }
    let table = fs::read_to_string(root.path().join("table.md")).expect("there");
    assert!(table.contains("stopped"), "{table}");
}

#[test]
fn a_damaged_checkpoint_is_named_and_nothing_finished_is_lost() {
    let root = tempfile::tempdir().expect("a directory");
    let out = root.path();
    let arguments = [&STUDY[..], &["--threads", "1"]].concat();
    assert!(run(out, &arguments).status.success());
    let finished = fs::read(out.join("cells/grpo-s0.json")).expect("there");
    // As if killed after the last checkpoint of the second cell, which then loses some bytes.
    fs::remove_file(out.join("cells/istar-paper-grpo-s0.json")).expect("there");
    let folder = out.join("checkpoints/istar-paper-grpo-s0");
    let weights = fs::read_dir(&folder).expect("a folder").flatten().map(|e| e.path());
    let weights =
        weights.into_iter().find(|p| p.extension().is_some_and(|e| e == "safetensors")).expect("weights");
    let bytes = fs::read(&weights).expect("readable");
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    for damaged in [&bytes[..bytes.len() / 2], &flipped] {
        fs::write(&weights, damaged).expect("writable");
        refused(&run(out, &arguments), &["checkpoint.json", "damaged", "delete"]);
    }
    assert_eq!(fs::read(out.join("cells/grpo-s0.json")).expect("still there"), finished);
    fs::remove_dir_all(&folder).expect("the way out");
    assert!(run(out, &arguments).status.success());
}

#[test]
fn a_study_file_is_filled_cell_by_cell_and_reported_from_two_directories() {
    let root = tempfile::tempdir().expect("a directory");
    let [file, one, two] = ["study.toml", "one", "two"].map(|name| root.path().join(name));
    let text = "preset = \"smoke\"\nrows = [\"grpo\"]\nseeds = 2\nwarm_start = 1\nsettings.epochs = [1, 2]\n\
                budget.env_steps = 400\n";
    fs::write(&file, text).expect("writable");
    let ask = |out: &Path, more: &[&str]| {
        let output = run(out, &[&["--study", file.to_str().expect("letters")], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    // One cell by number, the others elsewhere; a cell alone is no report.
    assert_eq!(ask(&one, &["--cell", "1/1"]), "");
    let cell = fs::read(one.join("cells/grpo-epochs-2-s1.json")).expect("there");
    let cell: serde_json::Value = serde_json::from_slice(&cell).expect("JSON");
    assert_eq!((&cell["row"], &cell["settings"]["epochs"]), (&"GRPO epochs=2".into(), &2.into()));
    // The iteration in which the budget is spent is the last.
    let steps: Vec<u64> = cell["points"]
        .as_array()
        .expect("points")
        .iter()
        .map(|p| p["env_steps"].as_u64().expect("a count"))
        .collect();
    assert!(steps.last() >= Some(&400) && steps.iter().rev().nth(1) < Some(&400), "{steps:?}");
    assert_eq!(fs::read_dir(one.join("cells")).expect("a folder").count(), 1);
    let printed =
        ask(&two, &["--export", "jsonl,tensorboard", "--statistics", "--baseline", "grpo-epochs-2"]);
    assert!(printed.contains("GRPO epochs=1") && printed.contains("GRPO epochs=2"), "{printed}");
    // Either directory has the cell, and it is the same.
    let [a, b] = [&one, &two].map(|dir| fs::read(dir.join("cells/grpo-epochs-2-s1.json")).expect("there"));
    assert!(a == b);
    let merged = istar::table::merge(&[one.clone(), two.clone()]).expect("one study");
    assert_eq!((merged.finished.cells.len(), &merged.missing[..]), (4, &[][..]));
    let alone = istar::table::merge(&[one]).expect("a part");
    assert_eq!(alone.missing.len(), 3, "{:?}", alone.missing);
    // What others read.
    let events =
        fs::read(two.join("tensorboard/grpo-epochs-2-s1/events.out.tfevents.0.istar")).expect("there");
    let events = istar::table::export::read_events(&events).expect("whole");
    let success = events.iter().filter(|event| event.tag == "charts/success").map(|event| event.step);
    assert_eq!(success.collect::<Vec<_>>(), (1..=steps.len() as u64).collect::<Vec<_>>());
    let lines = fs::read_to_string(two.join("metrics.jsonl")).expect("there");
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    let statistics = fs::read_to_string(two.join("statistics.csv")).expect("there");
    let pairs: Vec<&str> = statistics.lines().skip(1).filter_map(|line| line.split(',').nth(10)).collect();
    assert_eq!(pairs, ["2", ""], "the second row is the baseline: {statistics}");
}
