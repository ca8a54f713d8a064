use super::*;
use crate::cli::testing::{file, objects};
use clap::error::ErrorKind;

fn run(arguments: &[&str]) -> Result<String, String> {
    crate::cli::testing::run(job, arguments)
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    objects(&run(arguments).expect("results"))
}

const TASK: &str = r#"{"id": "one", "max_steps": 6, "misc": {"target_items": {"chest": 1}, "initial_inventory": {"oak_log": 2},
 "gold_trajectory": [{"target": ["oak_planks", 2], "ingredients": {"oak_log": 2}, "result_count": 8},
  {"target": ["chest", 1], "ingredients": {"oak_planks": 8}, "result_count": 1}]}}"#;

fn small() -> (tempfile::TempDir, String) {
    file(&TASK.replace('\n', ""))
}

#[test]
fn a_script_prints_each_step_and_stops_when_all_is_there() {
    let (_tasks, tasks) = small();
    let script = "# a chest\ninventory\n\ncraft 1 sword using 2 oak log\ncraft 8 oak planks using 2 oak log\ncraft 1 chest using 8 oak planks\ninventory";
    let (_script, script) = file(script);
    let steps = lines(&["--tasks", &tasks, "--script", &script]);
    let of = |field: &str| steps.iter().map(|step| step[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("valid"), [true, false, true, true]);
    assert_eq!(of("remaining"), [2, 2, 1, 0]);
    assert_eq!(of("done"), [false, false, false, true]);
    assert_eq!((&steps[3]["reward"], &steps[3]["success"]), (&1.0.into(), &true.into()));
    assert_eq!(steps[2]["actions"], serde_json::json!(["inventory", "craft 1 chest using 8 oak planks"]));
    let text = steps[2]["observation"].as_str().expect("a text");
    assert!(text.ends_with("Goal: craft 1 chest.\nInventory: [oak planks] (8)"), "{text}");
    let cut = lines(&["--tasks", &tasks, "--script", &script, "--max-steps", "2"]);
    assert_eq!((cut.len(), &cut[1]["done"], &cut[1]["success"]), (2, &true.into(), &false.into()));
}

#[test]
fn somebody_plays() {
    let (_tasks, tasks) = small();
    let book = Book::read(std::path::Path::new(&tasks)).expect("a task");
    let played = |said: &str, steps: u32| {
        let mut out = Vec::new();
        play::play(TextCraft::new(&book, steps), &mut said.as_bytes(), &mut out).expect("it plays");
        String::from_utf8(out).expect("text")
    };
    let done = played("jump\n1\ncraft 1 chest using 8 oak planks\n", 9);
    assert!(done.contains("`jump` means nothing here.") && done.ends_with("Done.\n"), "{done}");
    assert!(played("0\n", 1).ends_with("Out of steps.\n"));
    assert!(played("q\n", 9).contains("step 0 of 9> "));
}

#[test]
fn tasks_are_listed_and_baselines_measured() {
    let (_tasks, tasks) = small();
    let listed = lines(&["--tasks", &tasks, "--list"]);
    assert_eq!((&listed[0]["name"], &listed[0]["steps"]), (&"one".into(), &2.into()));
    let found = lines(&["--tasks", &tasks, "--baselines"]);
    assert_eq!(found.len(), 9);
    let one: Vec<&Value> = found.iter().filter(|line| line["tasks"] == 1).collect();
    assert_eq!((one.len(), &one[0]["baseline"], &one[0]["steps"]), (3, &"expert".into(), &2.0.into()));
}

#[test]
fn mistakes_are_named() {
    let (_tasks, tasks) = small();
    let (_text, text) = file("words");
    let (_zero, zero) =
        file(&TASK.replace('\n', "").replace("\"oak_log\": 2}, \"result", "\"oak_log\": 0}, \"result"));
    for (arguments, part) in [
        (&["--tasks", "no/such/file", "--list"][..], "cannot read no/such/file"),
        (
            &["--tasks", &text, "--list"],
            "line 1: expected value at line 1 column 1; a line is a task of platoon-textcraft",
        ),
        (&["--tasks", &zero, "--list"], "line 1: 0 of `oak log`; a count is a whole number from 1"),
        (&["--tasks", &tasks, "--play", "--task", "1"], "--task 1: there are tasks 0 to 0"),
        (&["--tasks", &tasks, "--script", "no/such/script"], "cannot read no/such/script"),
        (&["--play", "--max-steps", "0"], "a whole number from 1"),
    ] {
        let error = run(arguments).expect_err("a mistake");
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    for arguments in [&["textcraft"][..], &["textcraft", "--play", "--list"]] {
        let error = Arguments::try_parse_from(arguments).expect_err("one thing is to be done").kind();
        assert!(matches!(error, ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict), "{error}");
    }
}
