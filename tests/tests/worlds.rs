//! Worlds in a table: one that shows everything with steps of several tokens, and one of a reader's own that shows nothing.

use clap::Parser;
use dfdx::prelude::Cpu;
use istar::cli::ablation::{self, Arguments};
use istar::env::sokoban::{Planned, Room};
use istar::env::{Env, EnvError, StepReward, Transition};
use istar::policy::{PixelPolicy, Pixels};
use istar::recipes::{Grpo, IStarPaper};
use istar::rollout::{Outcome, Sampling};
use istar::table::cell::Film;
use istar::table::report::{cells_csv, html, latex, markdown, rows_csv};
use istar::table::run::Finished;
use istar::table::{
    Schedule, Stage, Start, Table, TableError, Tasks, Trained, Works, World, evaluate, judge, train,
};
use istar::trainer::{Settings, Trainer, WarmStart};
use istar::worlds::{PlannedSokoban, PlannedWorld, Preset, SokobanWorld};
use istar::{ablations, objective};
use serde::Serialize;
use std::error::Error;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

// A world that shows everything.

/// Small rooms with a plan.
fn planned() -> (PlannedWorld, Schedule) {
    let (PlannedWorld { rooms }, schedule) = PlannedWorld::two_boxes(Preset::Smoke);
    let rooms = SokobanWorld { train: 16, validation: 4, test: 8, ..rooms };
    let warm_start = schedule.warm_start.map(|warm| WarmStart { steps: 1, tasks: 4, ..warm });
    (PlannedWorld { rooms }, Schedule { iterations: 1, credit_tasks: 4, warm_start, ..schedule })
}

/// The tokens that a caption of [`PlannedWorld`] was made of.
fn tokens(caption: &str) -> Vec<u32> {
    let mut words = caption.split(' ');
    let mut tokens = Vec::new();
    while let Some(word) = words.next() {
        tokens.push(match word {
            "keep" => Planned::KEEP,
            "switch" => Planned::SWITCH,
            "to" => Planned::GOAL + words.next().expect("a number").parse::<u32>().expect("a number") - 1,
            arrow => ["↑", "↓", "←", "→"].iter().position(|a| *a == arrow).expect("a move") as u32,
        });
    }
    tokens
}

/// Follows a film in the environment: state, reward and exact credit of each step are those of its caption.
fn follow(film: &Film, stage: &Stage<PlannedWorld>) {
    let steps = film.captions.len();
    assert_eq!(film.states.len(), steps + 1);
    assert_eq!([film.rewards.len(), film.credit.len(), film.exact.len()], [steps; 3]);
    let room: Room = film.states[0].join("\n").parse().expect("no subgoal at first");
    let mut env = stage.env.clone();
    env.reset(&room);
    let yardstick = stage.world.exact_credit().expect("a shortest solution");
    let mut search = yardstick.search(&room);
    let mut cost = yardstick.cost(search(&env));
    for (step, caption) in film.captions.iter().enumerate() {
        assert_eq!(stage.world.picture(&env).as_ref(), Some(&film.states[step]), "before step {step}");
        let tokens = tokens(caption);
        assert_eq!(stage.world.caption(&tokens), *caption);
        let moved = env.step(&tokens);
        assert!(moved.valid, "{caption}");
        assert_eq!(moved.reward, film.rewards[step], "{caption}");
        let before = std::mem::replace(&mut cost, yardstick.cost(search(&env)));
        assert_eq!(film.exact[step], before - cost, "{caption}");
        assert_eq!(moved.done(), step + 1 == steps);
        assert!(!moved.done() || moved.success == film.solved);
    }
    assert_eq!(stage.world.picture(&env).as_ref(), film.states.last());
}

#[test]
fn films_of_steps_of_several_tokens_say_what_was_done() {
    // The advantage of a step is a rising function of its reward, so credit must lie in the order of rewards.
    objective! { ByReward = rl(adv = norm(reward)) }
    let (world, schedule) = planned();
    let stage = Stage::of(world).expect("there are such rooms");
    let policy = Start::new(&stage.world, &schedule, 3).expect("an expert").policy(&stage).expect("finite");
    let mut trainer =
        Trainer::new(ByReward, policy, schedule.settings, 3).expect("no number is out of range");
    let judged = judge(&mut trainer, &stage, &stage.tasks.test).expect("none is lost");
    assert!(judged.fidelity.is_some_and(|fidelity| fidelity.tau_b.is_some_and(|tau| tau > 0.0)));
    assert!(!judged.films.is_empty());
    let mut lengths = Vec::new();
    for film in &judged.films {
        follow(film, &stage);
        lengths.extend(film.captions.iter().map(|caption| tokens(caption).len()));
        let ranks = film.rewards.iter().zip(&film.credit);
        for (reward, credit) in ranks.clone() {
            for (other, theirs) in ranks.clone() {
                assert_eq!(reward.partial_cmp(other), credit.partial_cmp(theirs), "{reward} and {other}");
            }
        }
    }
    assert!(lengths.contains(&2) && lengths.contains(&3), "steps of both lengths: {lengths:?}");
}

#[test]
fn the_job_runs_any_table_in_any_world() {
    let dir = tempfile::tempdir().expect("a directory");
    let out = dir.path().to_str().expect("a readable name");
    let small = |preset| (planned().0, Schedule { credit_tasks: 2, ..PlannedWorld::two_boxes(preset).1 });
    let arguments = |more: &[&str]| {
        let line =
            ["ablation", "--preset", "smoke", "--seeds", "1", "--iterations", "1", "--quiet", "--out", out];
        Arguments::try_parse_from(line.iter().chain(more)).expect("good arguments")
    };
    let run = |more: &[&str]| {
        let mut text = Vec::new();
        ablation::table::<PlannedWorld, PlannedSokoban>(small, arguments(more), &mut text)
            .map(|()| String::from_utf8(text).expect("text"))
            .map_err(|error| error.to_string())
    };
    let two = ["--recipes", "grpo,hiper-released", "--warm-start", "1"];
    let text = run(&two).expect("it runs");
    assert!(text.contains("HiPER (released)") && text.contains("cred."), "{text}");
    assert!(!text.contains("paper's own numbers"), "{text}");
    let page = fs::read_to_string(dir.path().join("report.html")).expect("there");
    assert!(page.contains("<img ") && page.contains("</span><svg") && page.contains("</span></li>"));
    let study = fs::read_to_string(dir.path().join("study.json")).expect("there");
    assert!(study.contains("\"world\": \"planned\"") && study.contains("\"symmetry\": true"), "{study}");
    // The same directory for other tasks is refused.
    let refused = run(&[&two[..], &["--no-symmetry"]].concat()).expect_err("another study");
    assert!(refused.contains("setup.symmetry: true there, false here"), "{refused}");
}

// A world of a reader's own that shows nothing.

/// So many cells in a row; the last one is the goal. A step is 0, to the left, or 1, to the right.
#[derive(Clone)]
struct Walk {
    length: usize,
    at: usize,
    steps: usize,
}

/// The walker in its corridor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
struct Place {
    length: usize,
    at: usize,
}

impl Pixels for Place {
    fn cells(&self) -> (usize, usize) {
        (1, self.length)
    }
    fn write_rgb(&self, tile: usize, out: &mut [u8]) {
        for (pixel, colour) in out.chunks_exact_mut(3).enumerate() {
            colour.fill(if pixel / tile % self.length == self.at { 255 } else { 0 });
        }
    }
}

impl Env for Walk {
    type Task = usize;
    type Observation = Place;

    fn reset(&mut self, task: &usize) -> Result<(), EnvError> {
        (self.at, self.steps) = (*task, 0);
        Ok(())
    }
    fn observe(&self) -> Place {
        Place { length: self.length, at: self.at }
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        self.at = if tokens == [1] { self.at + 1 } else { self.at.saturating_sub(1) };
        self.steps += 1;
        let success = self.at + 1 == self.length;
        let reward = f64::from(u8::from(success)) - 0.1;
        let truncated = self.steps == 2 * self.length;
        Ok(Transition { reward, ended: success, truncated, success, valid: true, score: None })
    }
}

impl StepReward for Walk {}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "world", rename = "corridor")]
struct Corridor {
    length: usize,
    tests: usize,
}

impl World for Corridor {
    type Env = Walk;
    type Device = Cpu;
    type Policy = PixelPolicy<Place, Cpu, usize>;

    fn setting(&self) -> String {
        format!("a corridor of {} cells", self.length)
    }
    fn env(&self) -> Walk {
        Walk { length: self.length, at: 0, steps: 0 }
    }
    fn policy(&self, seed: u64) -> Self::Policy {
        PixelPolicy::with_actions(&Cpu::default(), (1, self.length), 2, 2, seed)
    }
    fn tasks(&self) -> Result<Tasks<usize>, Box<dyn Error + Send + Sync>> {
        Ok(Tasks { train: vec![0, 1, 2], validation: vec![0], test: vec![1; self.tests] })
    }
}

const CORRIDOR: Corridor = Corridor { length: 6, tests: 12 };

fn schedule() -> Schedule {
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    Schedule {
        iterations: 3,
        groups: 4,
        validate_every: 1,
        checkpoint_every: 1,
        settings: Settings { sampling, minibatch: 64, ..Settings::default() },
        ..Schedule::default()
    }
}

ablations! {
    Two { "GRPO" = Grpo, "iStar" = IStarPaper }
}

fn table() -> Table<Corridor> {
    Table::new(CORRIDOR, schedule()).expect("there are tasks")
}

fn run(dir: &Path, table: Table<Corridor>) -> (Works<Corridor>, Finished) {
    let works = table.works::<Two>().expect("a good table");
    let finished = works.run(dir, NonZeroUsize::MIN, &|_| {}).expect("it runs");
    (works, finished)
}

#[test]
fn what_a_world_does_not_show_is_not_in_its_report() {
    let dir = tempfile::tempdir().expect("a directory");
    let (works, finished) = run(dir.path(), table());
    assert_eq!(works.study.world, "a corridor of 6 cells");
    assert_eq!(works.study.setting, "3 iterations of 4 groups × 4 episodes; outcome: sum of rewards");
    for cell in &finished.cells {
        assert_eq!((cell.iterations, cell.last[0].episodes), (3, 12));
        assert!(cell.fidelity.is_none() && cell.films.is_empty(), "{}", cell.row);
    }
    let pairs = finished.cells.iter().map(|cell| cell.pair_accuracy.is_some());
    assert_eq!(pairs.collect::<Vec<_>>(), [false, true], "the PRM's pairs need nothing of the world");
    let report = works.report(&finished);
    let heads = |csv: &str| csv.lines().next().expect("a line").to_owned();
    for (format, text) in [
        ("markdown", markdown(&report)),
        ("latex", latex(&report)),
        ("html", html(&report)),
        ("cells.csv", heads(&cells_csv(&report))),
        ("table.csv", heads(&rows_csv(&report))),
        ("terminal", ablation::terminal(&report, &finished.timings)),
    ] {
        for absent in [
            "τ-b",
            "tau",
            "exact",
            "dead",
            "ties",
            "tied",
            "compared_steps",
            "paper",
            "Sokoban",
            "<img",
            "episode <",
        ] {
            assert!(!text.contains(absent), "{format} has {absent}:\n{text}");
        }
    }
    assert!(markdown(&report).contains("| PRM pairs, % | by length, % | remark |"));
}

#[test]
fn a_row_with_settings_of_its_own_is_named_everywhere_and_another_study() {
    let (plain, own) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let twice = |s: Settings| Settings { prm_steps: 3, ..s };
    let (_, before) = run(plain.path(), table());
    let (works, after) = run(own.path(), table().settings("iStar", twice));
    assert_eq!(before.cells[0], after.cells[0], "the other row is as it was");
    assert_ne!(before.cells[1].last, after.cells[1].last);
    let manifest = |dir: &Path| -> serde_json::Value {
        serde_json::from_slice(&fs::read(dir.join("study.json")).expect("there")).expect("JSON")
    };
    let (there, here) = (manifest(plain.path()), manifest(own.path()));
    assert!(there["rows"][1].get("settings").is_none() && here["rows"][0].get("settings").is_none());
    assert_eq!(here["rows"][1]["settings"], serde_json::json!({ "prm_steps": 3 }));
    let report = works.report(&after);
    assert_eq!([0, 1].map(|row| report.rows[row].remark()), ["", "own settings"]);
    assert!(markdown(&report).contains("- own settings: iStar has prm_steps 3."));
    assert!(html(&report).contains("<span class=\"soft\">(prm_steps 3)</span>"));
    let again = table().settings("iStar", twice).works::<Two>().expect("a good table");
    let refused = again.run(plain.path(), NonZeroUsize::MIN, &|_| {}).expect_err("another study").to_string();
    assert!(refused.contains("rows.1.settings: nothing there"), "{refused}");
}

#[test]
fn a_trained_cell_hands_its_trainer_back() {
    let dir = tempfile::tempdir().expect("a directory");
    let stage = Stage::of(CORRIDOR).expect("there are tasks");
    let start = Start::new(&CORRIDOR, &schedule(), 1).expect("no warm start");
    let row = ("GRPO", &Grpo);
    let Trained { mut trainer, cell, .. } =
        train(row, &stage, &schedule(), &start, dir.path(), &|_| {}).expect("it trains");
    assert_eq!(cell.iterations, 3);
    assert_eq!(evaluate(&trainer, &stage.env, &stage.tasks.test, 1.0).as_ref(), Ok(&cell.last[0]));
    trainer.iterate(&stage.env, &[0, 1]).expect("it goes on");
    assert_eq!(trainer.iteration, 4);
}

#[test]
fn what_a_table_cannot_be_made_of_is_said() {
    let empty = Table::new(Corridor { tests: 0, ..CORRIDOR }, schedule()).err().expect("no test");
    assert_eq!(empty.to_string(), "the world has no task to test on");
    let warm = Schedule { warm_start: planned().1.warm_start, ..schedule() };
    let alone = Table::new(CORRIDOR, warm).expect("tasks").works::<Two>().err().expect("nobody to imitate");
    assert!(matches!(alone, TableError::NoExpert) && alone.to_string().contains("leave the warm start out"));
    let score = |s: Settings| Settings { sampling: Sampling { outcome: Outcome::Score, ..s.sampling }, ..s };
    let scores = table().settings("GRPO", score).works::<Two>().err().expect("none is stated").to_string();
    assert!(scores.contains("the world states none: the outcome can be reward or success"), "{scores}");
    for table in [table().only(["Grpo"]), table().settings("Grpo", |settings| settings)] {
        let unknown = table.works::<Two>().err().expect("another name").to_string();
        assert_eq!(unknown, "\"Grpo\" is no row of the table; its rows are GRPO, iStar");
    }
    let number = table().set("beta", -1.0).works::<Two>().err().expect("out of range").to_string();
    assert!(number.contains("beta") && number.contains("-1"), "{number}");
}

#[test]
fn several_values_make_rows_and_several_parameters_every_combination() {
    let swept = table().sweep("beta", [0.05, 0.1]).sweep("lambda", [-1.0, 0.0]).sweep("omega", [1.0, 2.0]);
    let works = swept.seeds(2).works::<Two>().expect("a good table");
    let rows: Vec<(&str, Vec<f64>)> = works
        .rows
        .iter()
        .map(|row| (&row.name[..], row.parameters.iter().map(|(_, value)| *value).collect()))
        .collect();
    assert_eq!(
        rows,
        [
            ("GRPO", vec![]),
            ("iStar beta=0.05 lambda=-1", vec![0.05, -1.0]),
            ("iStar beta=0.05 lambda=0", vec![0.05, 0.0]),
            ("iStar beta=0.1 lambda=-1", vec![0.1, -1.0]),
            ("iStar beta=0.1 lambda=0", vec![0.1, 0.0]),
        ]
    );
    assert_eq!(works.works.len(), 5 * 2);
    let one = table().set("beta", 0.2).sweep("lambda", []).works::<Two>().expect("a good table");
    assert_eq!(one.rows[1].name, "iStar", "one value makes no row of its own");
    assert_eq!(one.rows[1].parameters, [("beta", 0.2), ("lambda", 1.0)]);
}
