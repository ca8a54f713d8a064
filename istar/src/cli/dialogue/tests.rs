use super::*;
use crate::cli::testing::{file, objects};
use clap::error::ErrorKind;

fn run(arguments: &[&str]) -> Result<String, String> {
    crate::cli::testing::run(job, arguments)
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    objects(&run(arguments).expect("results"))
}

#[test]
fn a_script_prints_each_step_and_the_scores_at_the_end() {
    let (_script, script) = file("# talk, then go\nchat\n\nsing\nappeal facts\nleave\nchat");
    let steps = lines(&["--script", &script, "--partner", "hard", "--noise", "0"]);
    let of = |field: &str| steps.iter().map(|step| step[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("valid"), [true, false, true, true]);
    assert_eq!(of("done"), [false, false, false, true]);
    let scores = &steps[3]["scores"];
    assert_eq!((&scores["truth"]["goal"], &scores["judge"]["goal"]), (&0.0.into(), &0.0.into()));
    assert_eq!(scores["truth"], scores["second"], "without noise a judge says the truth");
    assert!(
        steps[0]["scores"].is_null()
            && steps[0]["observation"].as_str().is_some_and(|text| text.contains("You are "))
    );
    assert_eq!(steps, lines(&["--script", &script, "--partner", "hard", "--noise", "0"]));
}

#[test]
fn somebody_plays() {
    let scenes = Scenes::made(0);
    let played = |said: &str| {
        let mut out = Vec::new();
        play::play(Dialogue::new(&scenes, 0.2), &mut said.as_bytes(), &mut out).expect("it plays");
        String::from_utf8(out).expect("text")
    };
    let done = played("sing\nleave\n");
    assert!(done.contains("`sing` cannot be said here") && done.contains("somebody went"), "{done}");
    assert!(done.ends_with("}\n") && done.contains("\"truth\""), "{done}");
    assert!(played("chat\n").contains("step 1 of 10> "));
}

#[test]
fn baselines_are_measured_and_scenarios_listed() {
    let listed = lines(&["--list"]);
    assert_eq!(
        (listed.len(), &listed[0]["family"], &listed[0]["number"]),
        (600, &"bargain".into(), &0.into())
    );
    let found = lines(&["--baselines", "--partner", "conceder"]);
    assert_eq!(found.len(), 9);
    assert!(found.iter().all(|line| line["partner"] == "conceder" && line["goal"].is_number()));
}

#[test]
fn mistakes_are_named() {
    let (folder, text) = file("words");
    let missing = folder.path().to_str().expect("a name").to_owned();
    for (arguments, part) in [
        (&["--scenarios", &missing, "--list"][..], "environment_profiles.jsonl: "),
        (&["--play", "--task", "600"], "--task 600: there are scenarios 0 to 599; --list shows them"),
        (&["--script", "no/such/script"], "cannot read no/such/script"),
        (&["--play", "--noise", "0.5"], "a number from 0 to 0.4 is wanted"),
        (&["--play", "--noise", "nan"], "a number from 0 to 0.4 is wanted"),
        (&["--play", "--side", "2"], "2 is not in 0..=1"),
        (&["--play", "--partner", "kind"], "conceder"),
    ] {
        let error = run(arguments).expect_err("a mistake");
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    _ = text;
    for arguments in [&["dialogue"][..], &["dialogue", "--play", "--list"]] {
        let error = Arguments::try_parse_from(arguments).expect_err("one thing is to be done").kind();
        assert!(matches!(error, ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict), "{error}");
    }
}
