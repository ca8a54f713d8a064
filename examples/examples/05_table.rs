//! A table of objectives in a tiny world: rows named and inline, two seeds, results as data and as text.
//!
//! `cargo run --release --example 05_table`, or with another number of iterations than 60 behind `--`.

#![expect(clippy::print_stdout, reason = "an example talks")]

use istar::ablations;
use istar::recipes::{GiGpo, Grpo, IStarStable};
use istar::rollout::Sampling;
use istar::table::{Schedule, Table, report};
use istar::trainer::adam::AdamConfig;
use istar::trainer::{Settings, WarmStart};
use istar::worlds::{Preset, SokobanWorld};
use std::error::Error;
use std::num::NonZeroUsize;

ablations! {
    /// Rows are objectives, each of a type of its own: named, inline, or with other numbers.
    pub Tiny {
        "GRPO" = Grpo,
        "GRPO, no std" = rl(adv = traj(scale = none)),
        "GiGPO" = GiGpo,
        "iStar, half" = IStarStable { lambda: 0.5, ..Default::default() },
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let iterations: u64 = std::env::args().nth(1).map_or(Ok(60), |number| number.parse())?;
    // Rooms of 5×5, from a start that solves about half of them.
    let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
    let world = SokobanWorld { size: 5, depth: 10, train: 200, validation: 24, test: 24, ..world };
    let warm = WarmStart { steps: 45, tasks: 64, adam: AdamConfig { lr: 1e-3, ..AdamConfig::default() } };
    let policy = AdamConfig { lr: 3e-4, ..AdamConfig::default() };
    let sampling = Sampling { per_group: 8, ..Sampling::default() };
    let settings = Settings { sampling, minibatch: 64, policy, ..Settings::default() };
    let schedule = Schedule { iterations, groups: 16, warm_start: Some(warm), settings, ..schedule };
    let works = Table::new(world, schedule)?
        .seeds(2)
        // A row may have settings of its own; the report marks it, and says which.
        .settings("iStar, half", |table| Settings { prm_steps: 2, ..table })
        .works::<Tiny>()?;
    for row in &works.rows {
        println!("{:14}{}", row.name, row.line);
    }

    // The manifest has everything that decides the numbers: the same directory with another one would be refused.
    let dir = std::env::temp_dir().join(format!("istar-tiny-{}", std::process::id()));
    let threads = NonZeroUsize::MIN.saturating_add(1);
    let finished = works.run(&dir, threads, &|_| {})?;
    println!("\n{}", report::markdown(&works.report(&finished)));

    // Once more: every cell is there, none is trained again, and the results are the same.
    let again = works.run(&dir, threads, &|_| {})?;
    assert!(again.cells == finished.cells);
    println!("run again: {} cells found, the same numbers", again.cells.len());
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}
