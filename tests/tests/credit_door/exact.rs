//! Every reference file through the door: the line of its case gives its numbers.

use istar::Line;
use istar::logged::{Assigned, Document, LoggedError, assign, cases, write};
use istar::objective::AnyObjective;
use istar::recipes;
use istar_tests::declared;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// What double precision gives; large advantages (an invalid step among equal outcomes: -1e5) are compared relatively.
const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-9;

/// All reference files; none where they are absent.
fn files() -> Vec<PathBuf> {
    let Some(folder) = istar_tests::shared("goldens/credit") else { return Vec::new() };
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    files
}

fn credit(text: &[u8]) -> Result<(Document, Assigned), LoggedError> {
    let document = Document::read(text)?;
    let assigned = assign(&*cases::of(&document)?, &document.batch)?;
    Ok((document, assigned))
}

/// What is written, parsed again.
fn written(text: &[u8]) -> Value {
    let (document, assigned) = credit(text).unwrap_or_else(|error| panic!("{error}"));
    let mut out = Vec::new();
    write(&mut out, &document.batch, &assigned).expect("into memory");
    serde_json::from_slice(&out).expect("JSON")
}

fn compare(name: &str, found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{name}: length");
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| compare(&format!("{name}[{i}]"), a, b));
        }
        (a, b) => {
            let number = |x: &Value| x.as_f64().unwrap_or_else(|| panic!("{name}: {x} is no number"));
            let (a, b) = (number(a), number(b));
            assert!((a - b).abs() <= ABSOLUTE + RELATIVE * b.abs(), "{name} is {a}, expected {b}");
        }
    }
}

#[test]
fn every_reference_file() {
    let files = files();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for path in &files {
        let name = path.file_stem().expect("a name").to_string_lossy();
        let text = fs::read(path).expect("readable");
        let checked = std::panic::catch_unwind(|| {
            let found = written(&text);
            let expected: Value = serde_json::from_slice(&text).expect("JSON");
            let mut compared = 0;
            for (key, expected) in expected["expect"].as_object().expect("a map") {
                let found = match key.as_str() {
                    "loss" => &found["loss"]["total"],
                    "advantage" | "dloss_dlogp" | "dloss_dprm" | "dloss_dvpred" => &found[key],
                    _ => continue,
                };
                compare(&format!("{name}: {key}"), found, expected);
                compared += 1;
            }
            compared
        });
        match checked {
            Ok(keys) if keys > 0 => compared += keys,
            Ok(_) => wrong.push(format!("{name}: nothing to compare")),
            Err(error) => wrong.push(
                error.downcast_ref::<String>().map_or_else(|| format!("{name}: panicked"), Clone::clone),
            ),
        }
    }
    assert!(wrong.is_empty(), "{} of {} files:\n{}", wrong.len(), files.len(), wrong.join("\n"));
    assert!(files.is_empty() || compared > files.len(), "{compared} columns compared");
}

/// The result does not depend on what is expected: without the key, the same bytes.
#[test]
fn what_is_expected_is_not_read() {
    for path in files().iter().step_by(7) {
        let text = fs::read(path).expect("readable");
        let mut file: Value = serde_json::from_slice(&text).expect("JSON");
        file.as_object_mut().expect("a map").remove("expect").expect("it is there");
        let line = |text: &[u8]| {
            let (document, assigned) =
                credit(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut out = Vec::new();
            write(&mut out, &document.batch, &assigned).expect("into memory");
            out
        };
        assert!(line(&text) == line(file.to_string().as_bytes()), "{}", path.display());
    }
}

/// A batch alone is what it is inside a reference file.
#[test]
fn a_batch_alone_is_the_batch_of_a_file() {
    for path in files().iter().step_by(7) {
        let text = fs::read(path).expect("readable");
        let file: Value = serde_json::from_slice(&text).expect("JSON");
        let alone = Document::read(file["batch"].to_string().as_bytes()).expect("a batch");
        assert_eq!(alone.batch, Document::read(&text).expect("a file").batch, "{}", path.display());
    }
}

/// Every recipe on batches that have what some other case needs: credit, or a refusal by name; never a panic.
/// A line that is read gives what the compiled one gives, in every digit. Lines with types of a logged batch are refused.
#[test]
fn reference_cases_are_the_same_when_their_lines_are_read() {
    let (mut read, mut refused) = (0, 0);
    for file in files() {
        let document = Document::read(&fs::read(&file).expect("readable")).expect("a good file");
        let Ok(typed) = cases::of(&document) else { continue };
        if typed.demand().given_return {
            // Its line says what it is like: the target of its critic is a type of logged batches.
            continue;
        }
        match Line::parse(&declared(&*typed)) {
            Ok(line) => {
                let [line, typed] =
                    [&line as &dyn AnyObjective, &*typed].map(|any| assign(any, &document.batch));
                assert_eq!(format!("{line:?}"), format!("{typed:?}"), "{}", file.display());
                read += 1;
            }
            Err(report) => {
                let types = report.mistakes.iter().all(|mistake| mistake.message.contains("is a type"));
                assert!(types, "{}: {report}", file.display());
                refused += 1;
            }
        }
    }
    assert!(refused <= read, "{read} were read and {refused} refused");
}

#[test]
fn every_recipe_gives_credit_or_says_what_it_lacks() {
    for case in ["hiper_hae_0", "hiper_switch_paper_1", "cm2_step_0", "value_loss_0", "gae_step_rows_0"] {
        let Some(file) = istar_tests::shared(&format!("goldens/credit/{case}.json")) else { return };
        let document = Document::read(&fs::read(file).expect("readable")).expect("a good file");
        let mut credited = 0;
        for recipe in recipes::all() {
            let name = recipe.objective.name();
            match assign(&*recipe.objective, &document.batch) {
                Ok(credit) => {
                    assert!(credit.loss.is_finite() && !credit.terms.is_empty(), "{name}");
                    credited += 1;
                }
                Err(error) => {
                    let error = error.to_string();
                    let lacks = ["is missing", "demands"].iter().any(|word| error.contains(word));
                    assert!(lacks && error.contains(name), "{error}");
                }
            }
        }
        assert!(credited > 10, "{case}: {credited} recipes give credit");
    }
}
