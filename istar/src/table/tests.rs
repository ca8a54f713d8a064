//! Running the cells of a study: each once, whatever happens to the run.

use super::cell::{Cell, Timing};
use super::error::CellError;
use super::run::*;
use super::study::{Study, StudyError};
use super::synthetic::{ROWS, cell, study, works};
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn threads(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).expect("at least one")
}

fn start(dir: &Path, works: &[Work], n: usize) -> Result<Vec<Cell>, StudyError> {
    run(dir, &study(2), works, threads(n), &|_| {}).map(|finished| finished.cells)
}

/// Every file below a directory with its bytes, but for the lock.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("readable").flatten() {
            let path = entry.path();
            let name = path.strip_prefix(dir).expect("below").to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if name != ".lock" {
                found.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let runs: Vec<_> = [1, 2, 4]
        .into_iter()
        .map(|n| {
            let dir = tempfile::tempdir().expect("a temporary directory");
            let cells = start(dir.path(), &works(2), n).expect("runs");
            assert_eq!(
                cells.iter().map(|cell| cell.row.as_str()).step_by(2).collect::<Vec<_>>(),
                ROWS.map(|row| row.0)
            );
            (cells, files(dir.path()))
        })
        .collect();
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
    let names: Vec<_> = runs[0].1.keys().filter(|name| !name.starts_with("checkpoints")).collect();
    assert_eq!(names.len(), 4 * 8 + 2, "{names:?}");
    assert!(runs[0].1.contains_key("cells/istar-lambda-half-s1.json"));
    assert!(runs[0].1.contains_key("checkpoints/istar-lambda-half-s1/latest"));
}

#[test]
fn failures_and_panics_lose_no_other_cell_and_are_made_up_for() {
    let whole = tempfile::tempdir().expect("a temporary directory");
    start(whole.path(), &works(2), 2).expect("runs");

    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut broken = works(2);
    broken[1].run = Box::new(|_, _| Err(CellError::Other("the disk\nis full".into())));
    broken[4].run = Box::new(|_, _| panic!("index out of bounds"));
    broken[6].run = Box::new(|_, _| Ok((cell(0, 1), Timing::default())));
    broken[7].run = Box::new(|_, _| {
        let mut cell = cell(3, 2);
        cell.last[0].entropy = f64::NAN;
        Ok((cell, Timing::default()))
    });
    let error = start(dir.path(), &broken, 2).expect_err("four cells fail").to_string();
    for part in [
        "4 of 8 cells failed: \"GRPO\", seed 2: the disk is full; \"iStar, λ ½\", seed 1: panicked: index out of bounds; ",
        "\"PRM_only, sum\", seed 1: it returned row \"GRPO\", seed 1",
        "not finite",
        "the same command runs only these again",
    ] {
        assert!(error.contains(part), "{error}");
    }
    assert!(!error.contains('\n'));
    assert_eq!(fs::read_dir(dir.path().join("cells")).expect("readable").count(), 4);

    // The cells that are there must not run again; the others must.
    let mut second = works(2);
    for index in [0, 2, 3, 5] {
        second[index].run = Box::new(|_, _| panic!("it was finished"));
    }
    start(dir.path(), &second, 2).expect("runs");
    assert_eq!(files(dir.path()), files(whole.path()));
}

#[test]
fn a_finished_study_is_only_read() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let first = run(dir.path(), &study(2), &works(2), threads(2), &|_| {}).expect("runs");
    let before = files(dir.path());
    let mut idle = works(2);
    for work in &mut idle {
        work.run = Box::new(|_, _| panic!("it was finished"));
    }
    let again = run(dir.path(), &study(2), &idle, threads(2), &|_| {}).expect("reads");
    assert_eq!(first, again);
    assert_eq!(before, files(dir.path()));
}

#[test]
fn a_damaged_cell_is_refused_by_name_and_left_alone() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    start(dir.path(), &works(2), 2).expect("runs");
    let (grpo, other) = (dir.path().join("cells/grpo-s1.json"), dir.path().join("cells/grpo-s2.json"));
    let good = fs::read(&grpo).expect("readable");
    for (bytes, reason) in [
        (&good[..good.len() / 2], "EOF"),
        (&fs::read(&other).expect("readable")[..], "it holds row \"GRPO\", seed 2, not \"GRPO\", seed 1"),
    ] {
        fs::write(&grpo, bytes).expect("written");
        let error = start(dir.path(), &works(2), 2).expect_err("damaged").to_string();
        assert!(
            error.contains("grpo-s1.json") && error.contains(reason) && error.contains("delete it"),
            "{error}"
        );
        assert_eq!(fs::read(&grpo).expect("readable"), bytes);
    }
    fs::remove_file(&grpo).expect("removed");
    start(dir.path(), &works(2), 2).expect("runs");
    assert_eq!(fs::read(&grpo).expect("readable"), good);
}

#[test]
fn another_study_and_an_unwritable_place_run_nothing() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    start(dir.path(), &works(2), 2).expect("runs");
    let ran = std::sync::Arc::new(AtomicBool::new(false));
    let mut other = study(2);
    other.manifest["table"] = "Another".into();
    let mut watched = works(2);
    let flag = ran.clone();
    watched[0].run = Box::new(move |_, _| {
        flag.store(true, Ordering::Relaxed);
        Err(CellError::Other("ran".into()))
    });
    let error =
        run(dir.path(), &other, &watched, threads(1), &|_| {}).expect_err("another study").to_string();
    assert!(error.contains("table: \"Credit\" there, \"Another\" here"), "{error}");
    let below_a_file = dir.path().join("study.json/x");
    let error =
        run(&below_a_file, &study(2), &watched, threads(1), &|_| {}).expect_err("unwritable").to_string();
    assert!(error.contains("study.json/x"), "{error}");
    assert!(!ran.load(Ordering::Relaxed));
}

#[test]
fn the_same_cell_twice_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let twice: Vec<Work> = works(1).into_iter().chain(works(1)).collect();
    assert!(matches!(start(dir.path(), &twice, 1), Err(StudyError::Twice { seed: 1, .. })));
    assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 0);
}

#[test]
fn rows_with_equal_slugs_have_files_of_their_own() {
    let mut two: Vec<Work> = works(1).into_iter().take(2).collect();
    two[0].row = "a b".into();
    two[1].row = "A-B".into();
    let nothing = Study { manifest: serde_json::Value::Null, ..study(1) };
    let found = rows(&nothing, &two);
    assert_eq!([found.name("a b", 1), found.name("A-B", 1)], ["a-b-s1", "a-b-2-s1"]);
    // Whichever was there first keeps its file.
    let there = Study { manifest: serde_json::json!({ "rows": ["A-B"] }), ..study(1) };
    let found = rows(&there, &two);
    assert_eq!([found.name("a b", 1), found.name("A-B", 1)], ["a-b-2-s1", "a-b-s1"]);
}

/// The study of these rows, and its works with seeds `1..=seeds`; whoever fills a cell of `idle` rows or seeds is wrong.
fn part(rows: &[usize], seeds: u64, idle: impl Fn(usize, u64) -> bool) -> (Study, Vec<Work>) {
    let mut part = study(seeds);
    part.manifest["rows"] = rows.iter().map(|row| ROWS[*row].0).collect();
    let kept = works(seeds).into_iter().enumerate().filter_map(|(index, mut work)| {
        let row = index / seeds as usize;
        if idle(row, work.seed) {
            work.run = Box::new(|_, _| panic!("it was finished"));
        }
        rows.contains(&row).then_some(work)
    });
    let works = kept.collect();
    (part, works)
}

#[test]
fn a_row_or_a_seed_is_added_to_a_study_and_finished_cells_stay() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let ask = |rows: &[usize], seeds, idle: &dyn Fn(usize, u64) -> bool| {
        let (study, works) = part(rows, seeds, idle);
        run(dir.path(), &study, &works, threads(2), &|_| {}).expect("runs")
    };
    ask(&[2, 0], 1, &|_, _| false);
    let before = files(dir.path());

    // A row alone: the report has the others too, in the order in which they came.
    let finished = ask(&[1], 1, &|row, _| row != 1);
    let cells = |finished: &Finished| -> Vec<Cell> { finished.cells.clone() };
    assert_eq!(cells(&finished), [cell(2, 1), cell(0, 1), cell(1, 1)]);
    assert_eq!(finished.study.rows(), [2, 0, 1].map(|row| ROWS[row].0));
    assert_eq!(finished.timings.len(), 3);
    let after = files(dir.path());
    for (name, bytes) in before.iter().filter(|(name, _)| name.starts_with("cells/")) {
        assert_eq!(after.get(name), Some(bytes), "{name}");
    }

    // A seed of one row: the manifest has come to two, the other rows stay as they are.
    let finished = ask(&[0], 2, &|_, seed| seed == 1);
    assert_eq!(cells(&finished), [cell(2, 1), cell(0, 1), cell(0, 2), cell(1, 1)]);
    assert_eq!(finished.study.manifest["seeds"], 2);

    // Fewer are no other study; whatever else is in the folder of the cells is no cell.
    fs::write(dir.path().join("cells/notes.json"), "mine").expect("written");
    fs::write(dir.path().join("cells/grpo-s1 (copy).json"), "{").expect("written");
    let again = ask(&[1], 1, &|_, _| true);
    assert_eq!(again, finished);
}

#[test]
fn a_study_without_metrics_gets_them() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    start(dir.path(), &works(1), 1).expect("runs");
    let before = files(dir.path());
    let table = String::from_utf8(before["metrics/grpo-s1.csv"].clone()).expect("text");
    assert!(table.starts_with("iteration,env_steps,charts/entropy,charts/success,validation/"), "{table}");
    assert_eq!(table.lines().count(), 1 + 1 + 200);
    fs::remove_dir_all(dir.path().join("metrics")).expect("removed");
    start(dir.path(), &works(1), 1).expect("reads");
    assert_eq!(files(dir.path()), before);
}
