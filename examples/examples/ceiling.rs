//! The line of the front page between what it is measured against: the outcome alone, its shortest relative, and the ceiling, a
//! step reward that knows exactly what each step was worth. Rooms of 6×6 with one box, three seeds, a few minutes.
//!
//! `cargo run --release --example ceiling -- runs/ceiling`

#![expect(clippy::print_stdout, reason = "an example talks")]

use istar::ablations;
use istar::recipes::{Grpo, IStar};
use istar::table::{Table, report};
use istar::worlds::{Preset, SokobanWorld};
use istar_examples as _;
use std::error::Error;
use std::num::NonZeroUsize;
use std::path::PathBuf;

ablations! {
    /// The front page's line, its neighbours and its ceiling.
    pub Ceiling {
        "GRPO" = Grpo,
        "front page" = dpo_prm(beta = 0.05, net = separate, ref = old, over = mean) + rl(adv = traj + step(scale = none)),
        "iStar (note)" = IStar,
        "exact, tails cut" = rl(adv = traj + norm(clip(exact, -1, 1))),
        "exact" = rl(adv = traj + norm(exact)),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::args().nth(1).map_or_else(|| PathBuf::from("runs/ceiling"), PathBuf::from);
    let (world, schedule) = SokobanWorld::one_box(Preset::Default);
    let works = Table::new(world, schedule)?.seeds(3).works::<Ceiling>()?;
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    // Cells that are there are not trained again.
    let finished = works.run(&dir, threads, &|_| {})?;
    let report = works.report(&finished);
    report::write(&dir, &report)?;
    println!("{}", report::markdown(&report));
    Ok(())
}
