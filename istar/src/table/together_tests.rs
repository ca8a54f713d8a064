//! Several processes at one directory, and processes that are killed: each cell is filled once, and the table is the same.

use super::error::CellError;
use super::report::{Exhibits, Report, write, write_statistics};
use super::run::{Finished, Work, run};
use super::study::StudyError;
use super::synthetic::{ROWS, study, works};
use super::{Tick, merge};
use rand::RngExt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const SEEDS: u64 = 3;
/// Checkpoints of a cell, and how long it takes to the next.
const PARTS: usize = 4;
const PART: Duration = Duration::from_millis(4);
/// Tells the child of the test below where to work.
const CHILD: &str = "ISTAR_TEST_GRID";

/// The works of the synthetic study, each in so many parts of some milliseconds, with a checkpoint after each. When a cell is
/// whole, its name is added to a file.
fn slow(log: &Path) -> Vec<Work> {
    let slow = |mut work: Work| {
        let (log, name) = (log.to_owned(), format!("{}/{}\n", work.row, work.seed));
        let inner = work.run;
        work.run = Box::new(move |dir, tick| {
            let file = dir.join("parts");
            let done = fs::read(&file).map_or(0, |bytes| bytes.len());
            for part in done..PARTS {
                std::thread::sleep(PART);
                crate::file::write(&file, &vec![b'x'; part + 1]).map_err(CellError::file("write", &file))?;
                tick(Tick { iteration: 1, iterations: 2, success: 0.0, env_steps: 0, phase: "training" });
            }
            let filled = inner(dir, tick)?;
            let mut log = OpenOptions::new().append(true).create(true).open(&log).expect("a log");
            log.write_all(name.as_bytes()).expect("written");
            Ok(filled)
        });
        work
    };
    works(SEEDS).into_iter().map(slow).collect()
}

fn fill(dir: &Path, log: &Path) -> Result<Finished, StudyError> {
    run(dir, &study(SEEDS), &slow(log), NonZeroUsize::new(2).expect("two"), &|_| {})
}

/// Every file of the report that does not depend on the clock.
fn report(dir: &Path, finished: &Finished) -> Vec<Vec<u8>> {
    let report = Report::new(&finished.study, &finished.cells, Exhibits::default());
    write(dir, &report).expect("written");
    write_statistics(dir, &report).expect("written");
    let names = ["table.md", "table.csv", "cells.csv", "table.tex", "curves.svg", "statistics.csv"];
    names.map(|name| fs::read(dir.join(name)).expect("there")).to_vec()
}

fn expected() -> Vec<Vec<u8>> {
    let dir = tempfile::tempdir().expect("a directory");
    report(dir.path(), &fill(dir.path(), &dir.path().join(".log")).expect("runs"))
}

/// The cells that were filled, each as often as it was.
fn filled(log: &Path) -> Vec<String> {
    let mut cells: Vec<String> = fs::read_to_string(log).expect("a log").lines().map(str::to_owned).collect();
    cells.sort();
    cells
}

#[test]
fn runners_that_share_a_directory_fill_each_cell_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let log = dir.path().join(".log");
    let finished: Vec<Finished> = std::thread::scope(|scope| {
        let runners: Vec<_> = (0..3).map(|_| scope.spawn(|| fill(dir.path(), &log))).collect();
        runners.into_iter().map(|runner| runner.join().expect("no panic").expect("runs")).collect()
    });
    let cells = filled(&log);
    assert_eq!(cells.len(), ROWS.len() * SEEDS as usize, "{cells:?}");
    // Whoever ends has all cells, those of the others too.
    assert!(finished.iter().all(|one| one.cells == finished[0].cells));
    assert_eq!(report(dir.path(), &finished[1]), expected());
}

/// Not a test by itself: the process that the next one kills.
#[test]
fn a_process_to_be_killed() {
    let Some(dir) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    fill(&dir, &dir.join(".log")).expect("runs");
}

#[test]
fn killed_twenty_times_at_random_the_grid_gives_the_same_table() {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path();
    let start = || {
        let name = "table::together_tests::a_process_to_be_killed";
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        child.args(["--exact", name, "--test-threads=1"]).env(CHILD, root);
        child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
    };
    let mut random = crate::seed::stream(0, "kills", 0);
    let mut kills = 0;
    while kills < 20 {
        // Two at once; one of them or both are killed, the other one goes on for a moment.
        let mut both = [start(), start()];
        for child in &mut both {
            std::thread::sleep(Duration::from_millis(random.random_range(2..25)));
            child.kill().expect("SIGKILL");
            child.wait().expect("a child");
            kills += 1;
        }
    }
    let log = root.join(".log");
    let finished = fill(root, &log).expect("what is left");
    assert_eq!(report(root, &finished), expected());
    // A cell that was whole when its process died is filled once more at the most, and only if it was not kept.
    let kept = ROWS.len() * SEEDS as usize;
    assert!((kept..=kept + 20).contains(&filled(&log).len()), "{:?}", filled(&log));
}

#[test]
fn directories_of_several_machines_make_one_report() {
    let root = tempfile::tempdir().expect("a directory");
    let [a, b, other] = ["a", "b", "other"].map(|name| root.path().join(name));
    let fill = |dir: &Path, keep: &dyn Fn(&Work) -> bool| {
        let works: Vec<Work> = works(2).into_iter().filter(keep).collect();
        run(dir, &study(3), &works, NonZeroUsize::MIN, &|_| {}).expect("runs");
    };
    fill(&a, &|work| work.row == ROWS[0].0 || work.seed == 2);
    fill(&b, &|work| work.row == ROWS[1].0);
    let mut broken = works(2);
    broken.truncate(5);
    broken[4].run = Box::new(|_, _| Err(CellError::Other("the disk is full".into())));
    run(&b, &study(3), &broken[4..], NonZeroUsize::MIN, &|_| {}).expect_err("it fails");

    let merged = merge(&[a.clone(), b.clone()]).expect("one study");
    let cells: Vec<(&str, u64)> =
        merged.finished.cells.iter().map(|cell| (cell.row.as_str(), cell.seed)).collect();
    let [grpo, gigpo, istar, prm] = ROWS.map(|row| row.0);
    assert_eq!(cells, [(grpo, 1), (grpo, 2), (gigpo, 1), (gigpo, 2), (istar, 2), (prm, 2)]);
    assert_eq!(merged.finished.timings.len(), 6);
    assert!(merged.finished.timings.iter().all(|timing| timing.origin.is_some()));
    assert_eq!(merged.finished.study, study(3), "titles and all");
    let missing = &merged.missing;
    assert_eq!(missing.len(), 6, "seed 0 of all rows, seed 1 of two: {missing:?}");
    assert!(missing.contains(&format!("{istar}, seed 1: failed: the disk is full")), "{missing:?}");
    assert!(missing.contains(&format!("{prm}, seed 1: not begun")), "{missing:?}");

    // The same cell with other numbers, another study, no study.
    let path = b.join("cells/gigpo-friends-s2.json");
    let text =
        fs::read_to_string(&path).expect("there").replace("\"iterations\": 200", "\"iterations\": 199");
    fs::write(&path, text).expect("written");
    let error = merge(&[a.clone(), b]).expect_err("a conflict").to_string();
    assert!(error.contains("\"GiGPO & friends\", seed 2 has other numbers in"), "{error}");
    let mut another = study(3);
    another.manifest["table"] = "Another".into();
    run(&other, &another, &works(1), NonZeroUsize::MIN, &|_| {}).expect("runs");
    let error = merge(&[a.clone(), other]).expect_err("two studies").to_string();
    assert!(error.contains("different studies (table: \"Credit\" there, \"Another\" here"), "{error}");
    let error = merge(&[a, root.path().to_owned()]).expect_err("no study").to_string();
    assert!(error.contains("is no study: there is no study.json") && !error.contains('\n'), "{error}");
}

#[test]
fn a_directory_that_is_lost_under_way_is_named_and_the_rest_goes_on() {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().to_owned();
    let mut works = works(1);
    let lost = root.join("cells");
    works[1].run = Box::new(move |_, _| {
        fs::remove_dir_all(&lost).map_err(CellError::file("remove", &lost))?;
        Ok((super::synthetic::cell(1, 1), super::cell::Timing::default()))
    });
    let error = run(&root, &study(1), &works, NonZeroUsize::MIN, &|_| {}).expect_err("lost").to_string();
    assert!(
        error.contains("3 of 4 cells failed") && error.contains("cells/gigpo-friends-s1.json"),
        "{error}"
    );
}
