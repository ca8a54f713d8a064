//! Cells that no training made: smooth curves with a little noise, a function of row and seed alone.

use super::cell::{Cell, Evaluation, Fidelity, Film, PairAccuracy, Point, Timing};
use super::error::CellError;
use super::report::Exhibits;
use super::run::Work;
use super::study::Study;
use super::{Measured, Published, PublishedResult, SignalFidelity, Signals, Tick};
use crate::rollout::Lost;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

const ITERATIONS: u64 = 200;

/// Name, objective, whether it has a PRM, success at the end of training.
pub(crate) const ROWS: [(&str, &str, bool, f64); 4] = [
    ("GRPO", "rl(adv = traj)", false, 0.48),
    ("GiGPO & friends", "rl(adv = traj + anchor(0.95))", false, 0.52),
    ("iStar, λ ½", "dpo_prm(beta) + rl(adv = traj + lambda * step)", true, 0.58),
    ("PRM_only, sum", "dpo_prm(beta) + rl(adv = step)", true, 0.03),
];

fn evaluation(
    rng: &mut impl Rng,
    iteration: u64,
    temperature: f64,
    success: f64,
    episodes: u64,
) -> Evaluation {
    let solved = ((success + rng.random_range(-0.03..0.03)).clamp(0.0, 1.0) * episodes as f64).round();
    Evaluation {
        iteration,
        temperature,
        episodes,
        lost: Lost::default(),
        success: solved / episodes as f64,
        outcome: 11.0 * solved / episodes as f64 - 1.5,
        score: None,
        steps_when_solved: (solved > 0.0).then(|| rng.random_range(6.0..9.0)),
        entropy: 1.2 - success,
    }
}

fn film(rng: &mut impl Rng, solved: bool) -> Film {
    let steps = if solved { 5 } else { 15 };
    let rows = |step: usize| {
        let mut corridor: Vec<u8> = b"#      .#".to_vec();
        corridor[1 + step.min(5)] = b'@';
        corridor[2 + step.min(4)] = b'$';
        vec!["#########".to_owned(), String::from_utf8(corridor).expect("ASCII"), "#########".to_owned()]
    };
    Film {
        solved,
        states: (0..=steps).map(rows).collect(),
        captions: (0..steps).map(|_| ["↑", "push →"][rng.random_range(0..2)].to_owned()).collect(),
        rewards: vec![-0.1; steps],
        credit: (0..steps).map(|_| rng.random_range(-1.5..1.5)).collect(),
        exact: (0..steps).map(|_| f64::from(rng.random_range(-1..=1))).collect(),
    }
}

/// The cell of a row of [`ROWS`] and a seed.
pub(crate) fn cell(row: usize, seed: u64) -> Cell {
    let (name, source, prm, end) = ROWS[row];
    let rng = &mut ChaCha8Rng::seed_from_u64(1000 * row as u64 + seed);
    let start = 0.27;
    let height = |iteration: u64| start + (end - start) * (1.0 - (-(iteration as f64) / 60.0).exp());
    let film_solved = film(rng, true);
    Cell {
        row: name.into(),
        source: source.into(),
        parameters: if prm { BTreeMap::from([("beta".into(), 0.05)]) } else { BTreeMap::new() },
        explain: format!("{source}\n  trains the policy <&> nothing else"),
        settings: BTreeMap::new(),
        seed,
        iterations: if row == 3 && seed == 2 { 113 } else { ITERATIONS },
        points: (1..=ITERATIONS)
            .map(|iteration| Point {
                iteration,
                env_steps: iteration * 3_000,
                metrics: BTreeMap::from([
                    ("charts/success".into(), height(iteration)),
                    ("charts/entropy".into(), 1.3 - height(iteration)),
                ]),
            })
            .collect(),
        validation: (0..=10).map(|k| evaluation(rng, 20 * k, 1.0, height(20 * k), 256)).collect(),
        start: [1.0, 0.4].map(|temperature| evaluation(rng, 0, temperature, start, 512)),
        last: [1.0, 0.4].map(|temperature| evaluation(rng, ITERATIONS, temperature, height(ITERATIONS), 512)),
        fidelity: Some(Fidelity {
            tau_b: (row != 0).then(|| rng.random_range(0.0..0.4)),
            steps: 5_000 + seed,
            dead_ends: 0.31,
            ties: if row == 0 { 1.0 } else { 0.02 },
            exact_ties: 0.4,
        }),
        pair_accuracy: prm.then(|| PairAccuracy {
            accuracy: rng.random_range(0.5..0.7),
            length_only: 0.92,
            pairs: 700,
        }),
        along: [(Measured::Training, 0, 0.5), (Measured::Test, ITERATIONS, 0.25)]
            .map(|(measured, iteration, tau_b)| Signals {
                measured,
                iteration,
                stalled: Some(0.2),
                density: Some(0.6),
                each: vec![SignalFidelity {
                    signal: "norm(outcome)".into(),
                    tau_b: Some(tau_b),
                    size: Some(0.5 + seed as f64),
                    ..SignalFidelity::default()
                }],
            })
            .into(),
        levels: (0..64).map(|level| Some((37 * level + 11 * seed) % 64 < (64.0 * end) as u64)).collect(),
        films: if row == 0 { vec![film_solved] } else { vec![film_solved, film(rng, false)] },
        lost: Lost::default(),
        stopped: (row == 3 && seed == 2).then(|| "losses/policy was NaN at iteration 113".into()),
    }
}

/// The cells of all rows with seeds `1..=seeds`, in the order of the table.
pub(crate) fn cells(seeds: u64) -> Vec<Cell> {
    (0..ROWS.len()).flat_map(|row| (1..=seeds).map(move |seed| cell(row, seed))).collect()
}

/// A clock that always shows the same.
fn timing() -> Timing {
    Timing { train_seconds: 64.0, steps_per_second: 5_120.4, seconds: 71.0, ..Timing::default() }
}

/// The works of all rows with seeds `1..=seeds`, in the order of the table.
pub(crate) fn works(seeds: u64) -> Vec<Work> {
    let work = |row: usize, seed: u64| Work {
        row: ROWS[row].0.into(),
        seed,
        run: Box::new(move |checkpoint, tick| {
            let file = checkpoint.join("latest");
            std::fs::write(&file, b"parameters").map_err(CellError::file("write", &file))?;
            tick(Tick { iteration: 1, iterations: 200, success: 0.3, env_steps: 900, phase: "training" });
            Ok((cell(row, seed), timing()))
        }),
    };
    (0..ROWS.len())
        .flat_map(|row| (1..=seeds).map(move |seed| (row, seed)))
        .map(|(row, seed)| work(row, seed))
        .collect()
}

/// The study of [`works`].
pub(crate) fn study(seeds: u64) -> Study {
    Study {
        name: "Credit".into(),
        world: "Sokoban, 6×6 rooms with 2 boxes".into(),
        setting: String::new(),
        preset: Some("smoke".into()),
        manifest: json!({ "table": "Credit", "seeds": seeds, "rows": ROWS.map(|row| row.0) }),
    }
}

/// Two rows with two seeds each and numbers that can be followed by hand: `at` is success at the start, at the end and at
/// the end at temperature 0.4.
pub(crate) fn tiny() -> (Study, Vec<Cell>) {
    let cell = |row: &str, source: &str, seed: u64, at: [f64; 3], prm: Option<(f64, u64)>| {
        let evaluation = |iteration: u64, temperature: f64, success: f64| Evaluation {
            iteration,
            temperature,
            episodes: 100,
            lost: Lost::default(),
            success,
            outcome: 10.0 * success - 1.5,
            score: None,
            steps_when_solved: (success > 0.0).then_some(7.5),
            entropy: 0.25,
        };
        Cell {
            row: row.into(),
            source: source.into(),
            parameters: prm.iter().map(|_| ("beta".to_owned(), 0.05)).collect(),
            seed,
            iterations: 10,
            points: vec![Point { iteration: 10, env_steps: 1_200, ..Point::default() }],
            validation: [(0, at[0]), (5, at[1]), (10, at[1])]
                .map(|(i, share)| evaluation(i, 1.0, share))
                .to_vec(),
            start: [evaluation(0, 1.0, at[0]), evaluation(0, 0.4, at[0])],
            last: [evaluation(10, 1.0, at[1]), evaluation(10, 0.4, at[2])],
            fidelity: Some(Fidelity {
                tau_b: prm.map(|_| 0.5),
                steps: 1_000,
                dead_ends: 0.25,
                ties: 0.125,
                exact_ties: 0.5,
            }),
            pair_accuracy: prm.map(|(accuracy, pairs)| PairAccuracy { accuracy, length_only: 0.75, pairs }),
            stopped: (seed == 2 && prm.is_some()).then(|| "losses/policy is NaN".into()),
            ..Cell::default()
        }
    };
    let (plain, prm) = ("rl(adv = traj)", "dpo_prm(beta) + rl(adv = step)");
    let cells = vec![
        cell("GRPO", plain, 1, [0.2, 0.5, 0.6], None),
        cell("GRPO", plain, 2, [0.2, 0.6, 0.6], None),
        cell("PRM_only | \"λ\", 50 %", prm, 1, [0.2, 0.0, 0.0], Some((0.5, 100))),
        cell("PRM_only | \"λ\", 50 %", prm, 2, [0.2, 0.1, 0.0], Some((0.9, 300))),
    ];
    (Study { world: "Two boxes & <four> walls.".into(), ..study(2) }, cells)
}

/// One grey square of 16 pixels per character.
fn draw(level: &[String]) -> Option<Vec<u8>> {
    let (wide, high) = (level[0].len(), level.len());
    let shade = |x: usize, y: usize| level[y].as_bytes()[x].wrapping_mul(37);
    let pixels: Vec<u8> =
        (0..high * 16).flat_map(|y| (0..wide * 16).map(move |x| shade(x / 16, y / 16))).collect();
    let mut image = Vec::new();
    let mut encoder = png::Encoder::new(&mut image, 16 * wide as u32, 16 * high as u32);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("as many pixels as the header says");
    writer.finish().expect("complete");
    Some(image)
}

/// A world with exact credit, pictures and a paper.
pub(crate) fn exhibits() -> Exhibits<'static> {
    const PAPER: Published = Published {
        title: "Somebody's own numbers, success in %",
        caveat: "Another policy & another scale.",
        measure: "success, %",
        results: &[
            PublishedResult { source: "Table 1: 3 seeds", method: "GRPO", mean: 85.6, spread: Some(2.8) },
            PublishedResult { source: "Table 1: 3 seeds", method: "iStar", mean: 91.7, spread: None },
            PublishedResult { source: "Table 3: one seed", method: "iStar", mean: 93.0, spread: None },
        ],
    };
    Exhibits { exact_credit: true, published: Some(PAPER), image: Some(Box::new(draw)), words: None }
}

/// Holds a text to a file; with `BLESS` set, writes the file instead.
pub(crate) fn golden(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(path, text).expect("written");
    }
    let expected = std::fs::read_to_string(path).expect("the golden file is there");
    let name = path.display();
    assert!(text == expected, "{name} changed; if that is meant, run the tests with BLESS=1\n{text}");
}
