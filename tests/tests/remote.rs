//! A partner outside of the program in a table: its answers are recorded, a killed run is told them again, and what it does
//! not answer costs episodes and never the run.

use dfdx::prelude::Cpu;
use istar::env::remote::{Answer, Partner, Remote, Request};
use istar::env::{EnvError, Transition};
use istar::kernels::set_threads;
use istar::policy::{PixelPolicy, Pixels};
use istar::recipes::Grpo;
use istar::rollout::{SampleError, Sampling};
use istar::table::cell::Cell;
use istar::table::{CellError, Schedule, Stage, Start, Tasks, Trained, World, train};
use istar::trainer::Settings;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

const LENGTH: usize = 5;

/// A walker in a corridor, at one of its cells; the last one is the goal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Place(usize);

impl Pixels for Place {
    fn cells(&self) -> (usize, usize) {
        (1, LENGTH)
    }
    fn write_rgb(&self, tile: usize, out: &mut [u8]) {
        for (pixel, colour) in out.chunks_exact_mut(3).enumerate() {
            colour.fill(if pixel / tile % LENGTH == self.0 { 255 } else { 0 });
        }
    }
}

/// What the partner has to do with: its answers hang on how many it has given before, so it never says the same twice.
#[derive(Default)]
struct Mood {
    given: AtomicU64,
    /// From this answer on nothing is answered; 0 is never.
    silent_from: AtomicU64,
    /// Where a copy of `watched` is to be made, as a kill would leave it, before the answer of this number.
    copies: Mutex<Vec<(u64, PathBuf)>>,
    watched: Mutex<PathBuf>,
}

/// A number out of 64 bits that are as good as random.
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 8
}

/// Answers from a thread of its own: one in twelve requests fails, one step in four slips.
struct Slippery(Arc<Mood>);

impl Slippery {
    fn one(&self, request: &Request<'_, usize, Place>) -> Result<Answer<Place>, EnvError> {
        let number = self.0.given.fetch_add(1, SeqCst);
        let silent = self.0.silent_from.load(SeqCst);
        if silent > 0 && number >= silent {
            return Err(EnvError::new("the line is dead"));
        }
        let chance = mixed(number);
        if chance.is_multiple_of(12) {
            return Err(EnvError::new(format!("no answer to request {number}")));
        }
        let Some(last) = request.past.last() else {
            return Ok(Answer { observation: Place(*request.task), transition: Transition::default() });
        };
        let slips = (chance / 12).is_multiple_of(4);
        let right = (request.tokens == [1]) != slips;
        let at = last.answer.observation.0;
        let at = if right { at + 1 } else { at.saturating_sub(1) };
        let success = at + 1 == LENGTH;
        let truncated = request.past.len() == 2 * LENGTH;
        // A reward that no short decimal gives.
        let reward = f64::from(u8::from(success)) - (chance % 1000) as f64 / 7e3;
        let transition = Transition { reward, ended: success, truncated, success, valid: true, score: None };
        Ok(Answer { observation: Place(at), transition })
    }
}

impl Partner for Slippery {
    type Task = usize;
    type Observation = Place;
    fn answer(&self, requests: &[Request<'_, usize, Place>]) -> Vec<Result<Answer<Place>, EnvError>> {
        let given = self.0.given.load(SeqCst);
        let mut copies = self.0.copies.lock().expect("nobody panics with it");
        copies.retain(|(at, into)| {
            let due = given >= *at;
            if due {
                copy(&self.0.watched.lock().expect("nobody panics with it"), into);
                fs::write(into.join("given"), given.to_string()).expect("written");
            }
            !due
        });
        std::thread::scope(|scope| {
            let line = scope.spawn(|| requests.iter().map(|request| self.one(request)).collect());
            line.join().expect("it answers")
        })
    }
}

fn copy(from: &Path, into: &Path) {
    fs::create_dir_all(into).expect("a directory");
    for entry in fs::read_dir(from).expect("readable").flatten() {
        fs::copy(entry.path(), into.join(entry.file_name())).expect("copied");
    }
}

#[derive(Serialize)]
#[serde(tag = "world", rename = "far corridor")]
struct Far {
    #[serde(skip)]
    mood: Arc<Mood>,
}

impl World for Far {
    type Env = Remote<Slippery>;
    type Device = Cpu;
    type Policy = PixelPolicy<Place, Cpu, usize>;
    fn setting(&self) -> String {
        "a corridor far away".into()
    }
    fn env(&self) -> Self::Env {
        Remote::new(Slippery(self.mood.clone()))
    }
    fn policy(&self, seed: u64) -> Self::Policy {
        PixelPolicy::with_actions(&Cpu::default(), (1, LENGTH), 2, 2, seed)
    }
    fn tasks(&self) -> Result<Tasks<usize>, Box<dyn Error + Send + Sync>> {
        Ok(Tasks { train: vec![0, 1, 2], validation: vec![0; 6], test: vec![1; 6] })
    }
}

fn schedule() -> Schedule {
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    Schedule {
        iterations: 5,
        groups: 4,
        validate_every: 1,
        checkpoint_every: 2,
        credit_tasks: 3,
        settings: Settings { sampling, minibatch: 16, ..Settings::default() },
        ..Schedule::default()
    }
}

fn run(mood: &Arc<Mood>, dir: &Path) -> Result<(Cell, Vec<u8>), CellError> {
    let stage = Stage::of(Far { mood: mood.clone() }).expect("there are tasks");
    let start = Start::new(&stage.world, &schedule(), 1).expect("no warm start");
    let Trained { trainer, cell, .. } = train(("GRPO", &Grpo), &stage, &schedule(), &start, dir, &|_| {})?;
    let bytes = trainer.export().to_bytes(Path::new("memory")).expect("arrays are bytes");
    Ok((cell, bytes))
}

#[test]
fn a_killed_run_goes_on_with_the_same_bits() {
    let dir = tempfile::tempdir().expect("a directory");
    let (whole, kills) = (dir.path().join("whole"), dir.path().join("kills"));
    fs::create_dir(&whole).expect("a directory");
    // Once without a kill to learn how much is asked, then again with copies all along the way.
    let mood = Arc::new(Mood::default());
    let (cell, bytes) = run(&mood, &whole).expect("some episodes are left everywhere");
    let asked = mood.given.load(SeqCst);
    assert!(cell.lost.episodes > 0 && cell.lost.reason.is_some(), "training loses some: {:?}", cell.lost);
    assert!(cell.all_lost().episodes > cell.lost.episodes, "and so do evaluations");
    let counted = cell.points.iter().filter_map(|point| point.metrics.get("charts/lost_episodes"));
    assert!(counted.sum::<f64>() <= cell.lost.episodes as f64);

    let again = dir.path().join("again");
    fs::create_dir(&again).expect("a directory");
    let mood = Arc::new(Mood::default());
    *mood.watched.lock().expect("free") = again.clone();
    let at = |i: u64| (1 + i * asked / 12, kills.join(i.to_string()));
    *mood.copies.lock().expect("free") = (0..12).map(at).collect();
    let watched = run(&mood, &again).expect("as before");
    assert!(watched == (cell.clone(), bytes.clone()), "the partner is the same");

    let mut told = 0;
    for i in 0..12 {
        let dir = kills.join(i.to_string());
        let given: u64 = fs::read_to_string(dir.join("given")).expect("a copy").parse().expect("a number");
        fs::remove_file(dir.join("given")).expect("removed");
        let records = fs::read_dir(&dir).expect("readable").flatten().map(|entry| entry.path());
        let mut records: Vec<_> =
            records.filter(|path| path.extension().is_some_and(|x| x == "jsonl")).collect();
        records.sort();
        // Every second kill tears a line, too.
        if let (1, Some(record)) = (i % 2, records.last()) {
            let torn =
                [fs::read(record).expect("readable"), b"{\"answer\":{\"episode\":{\"na".to_vec()].concat();
            fs::write(record, torn).expect("written");
        }
        told += records.len();
        // What the partner would have said next, it says next: but nothing again.
        let mood = Arc::new(Mood { given: AtomicU64::new(given), ..Mood::default() });
        set_threads(if i % 3 == 0 { 3 } else { 1 });
        let found = run(&mood, &dir);
        set_threads(1);
        let (resumed, resumed_bytes) = found.expect("it goes on");
        assert!(resumed == cell, "kill {i}, after {given} answers");
        assert!(resumed_bytes == bytes, "kill {i}, after {given} answers");
        assert_eq!(mood.given.load(SeqCst), asked, "kill {i}: nothing is asked twice");
    }
    assert!(told > 6, "most kills leave a record");
}

#[test]
fn a_dead_line_stops_the_cell_and_loses_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let mood = Arc::new(Mood::default());
    run(&mood, dir.path()).expect("it runs");
    let asked = mood.given.load(SeqCst);
    for part in 1..8 {
        let dir = tempfile::tempdir().expect("a directory");
        let mood = Arc::new(Mood::default());
        mood.silent_from.store(part * asked / 8, SeqCst);
        // Asked for again and again while the line is dead, it always ends in the same way.
        for _ in 0..3 {
            let error = run(&mood, dir.path()).expect_err("all are lost in the end");
            let CellError::Sample(SampleError::AllLost { reason, .. }) = &error else { panic!("{error}") };
            assert!(!reason.reason().is_empty());
            assert!(error.to_string().contains("were lost; the first one: "), "{error}");
        }
        let dead = mood.given.load(SeqCst);
        mood.silent_from.store(0, SeqCst);
        let (cell, _) = run(&mood, dir.path()).expect("the line is alive");
        assert_eq!((cell.points.len(), cell.iterations, cell.validation.len()), (5, 5, 6));
        let iterations: Vec<u64> = cell.points.iter().map(|point| point.iteration).collect();
        assert_eq!(iterations, [1, 2, 3, 4, 5]);
        // What had been answered before the line died is not asked for again.
        let fresh = mood.given.load(SeqCst) - dead;
        let left = asked * (8 - part) / 8;
        assert!(fresh < left + asked / 4, "{fresh} of {asked} after {part} of 8");
    }
}
