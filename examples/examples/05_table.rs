//! A table of objectives on a tiny world: rows named and inline, two seeds, results as data and as text.
//!
//! `cargo run --release --example 05_table`

#![expect(clippy::print_stdout, reason = "an example talks")]

use istar::ablations;
use istar::recipes::{GiGpo, Grpo, IStarStable};
use istar::rollout::Outcome;
use istar::table::report::{Report, terminal};
use istar::table::run::run;
use istar::table::sokoban::{Cells, Preset, Setup};
use istar::table::study::Study;
use serde_json::json;
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
    let setup = Setup::new(Preset::Smoke, (6, 1), Outcome::Reward);
    let seeds = 2;
    let cells = Cells::of::<Tiny>(setup, setup.world()?, seeds, &|_| true, &[])?;
    for row in &cells.rows {
        println!("{:14}{}", row.name, row.manifest["line"].as_str().unwrap_or_default());
    }

    // Everything that decides the numbers. The same directory with other numbers here would be refused.
    let study = Study {
        name: "Tiny".to_owned(),
        setting: format!("Sokoban {0}×{0}, one box, {1} iterations", setup.size, setup.schedule.iterations),
        manifest: json!({
            "rows": cells.rows.iter().map(|row| &row.manifest).collect::<Vec<_>>(),
            "seeds": seeds,
            "setup": setup,
        }),
    };
    let dir = std::env::temp_dir().join(format!("istar-tiny-{}", std::process::id()));
    let threads = NonZeroUsize::MIN.saturating_add(1);
    let (results, timings) = run(&dir, &study, &cells.works, threads, false)?;
    println!("\n{}", terminal(&Report::new(&study, &results), &timings));

    // Once more: every cell is there, none is trained again, and the results are the same.
    let (again, _) = run(&dir, &study, &cells.works, threads, false)?;
    assert!(again == results);
    println!("run again: {} cells found, the same numbers", again.len());
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}
