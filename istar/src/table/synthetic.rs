//! Cells that no training made: smooth curves with a little noise, a function of row and seed alone.

use super::cell::{Cell, Evaluation, Fidelity, Film, PairAccuracy, Point, Timing};
use super::run::Work;
use super::study::Study;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use std::collections::BTreeMap;

const ITERATIONS: u64 = 200;

/// Name, objective, whether it has a PRM, success at the end of training.
pub(super) const ROWS: [(&str, &str, bool, f64); 4] = [
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
        success: solved / episodes as f64,
        outcome: 11.0 * solved / episodes as f64 - 1.5,
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
        levels: (0..=steps).map(rows).collect(),
        actions: (0..steps).map(|_| rng.random_range(1..=4)).collect(),
        rewards: vec![-0.1; steps],
        credit: (0..steps).map(|_| rng.random_range(-1.5..1.5)).collect(),
        exact: (0..steps).map(|_| f64::from(rng.random_range(-1..=1))).collect(),
    }
}

/// The cell of a row of [`ROWS`] and a seed.
pub(super) fn cell(row: usize, seed: u64) -> Cell {
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
        films: if row == 0 { vec![film_solved] } else { vec![film_solved, film(rng, false)] },
        stopped: (row == 3 && seed == 2).then(|| "losses/policy was NaN at iteration 113".into()),
    }
}

/// The works of all rows with seeds `1..=seeds`, in the order of the table.
pub(super) fn works(seeds: u64) -> Vec<Work> {
    let work = |row: usize, seed: u64| Work {
        row: ROWS[row].0.into(),
        seed,
        run: Box::new(move |checkpoint, tick| {
            std::fs::write(checkpoint.join("latest"), b"parameters")?;
            tick(super::run::Tick {
                iteration: 1,
                iterations: 200,
                success: 0.3,
                env_steps: 900,
                phase: "training",
            });
            Ok((cell(row, seed), Timing { train_seconds: 64.0, steps_per_second: 5_120.4, seconds: 71.0 }))
        }),
    };
    (0..ROWS.len())
        .flat_map(|row| (1..=seeds).map(move |seed| (row, seed)))
        .map(|(row, seed)| work(row, seed))
        .collect()
}

/// The study of [`works`].
pub(super) fn study(seeds: u64) -> Study {
    Study {
        name: "Credit".into(),
        setting: "Sokoban, 6×6 rooms with 2 boxes.".into(),
        manifest: json!({ "table": "Credit", "seeds": seeds, "rows": ROWS.map(|row| row.0) }),
    }
}
