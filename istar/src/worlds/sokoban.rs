//! VisualSokoban: rooms in pixels, four moves, fifteen steps.

use super::{On, Portable, Preset};
use crate::ablations;
use crate::env::Demonstrate;
use crate::env::sokoban::{Frame, LevelSpec, Levels, Room, Sokoban, Split, Symmetry, png};
use crate::kernels::Vision;
use crate::policy::PixelPolicy;
use crate::recipes::{
    GiGpo, Grpo, IStar, IStarEnvReward, IStarMerged, IStarPaper, IStarPaperRloo, IStarStable, PrmOnly, Rloo,
};
use crate::rollout::{Outcome, Sampling};
use crate::table::{Expert, GoOn, Published, PublishedResult, Schedule, Tasks, World, Yardstick, on_policy};
use crate::trainer::adam::AdamConfig;
use crate::trainer::{Settings, WarmStart};
use dfdx::prelude::Cpu;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::error::Error;

ablations! {
    /// Which credit signal carries the gain on VisualSokoban?
    pub VisualSokoban {
        "GRPO" = Grpo,
        "RLOO" = Rloo,
        "GiGPO" = GiGpo,
        "PRM only" = PrmOnly,
        "iStar (note)" = IStar,
        "iStar (paper, GRPO)" = IStarPaper,
        "iStar (paper, RLOO)" = IStarPaperRloo,
        "iStar stable" = IStarStable,
        "iStar merged rewards" = IStarMerged,
        "iStar env step rewards" = IStarEnvReward,
    }
}

/// Levels come from this stream whatever a run's seed is: every cell trains, validates and tests on the same sets.
const LEVEL_SEED: u64 = 0;

/// Square rooms of one size, and a policy that sees their pixels. Exact credit, demonstrations and pictures are there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SokobanWorld {
    /// Side of the room in cells, walls included.
    pub size: usize,
    /// Boxes.
    pub boxes: usize,
    /// Moves that the generator searches back.
    pub depth: usize,
    /// Step budget of an episode.
    pub max_steps: u32,
    /// Training levels are turned and mirrored at random.
    pub symmetry: bool,
    /// Levels to train on.
    pub train: usize,
    /// Levels of the learning curve.
    pub validation: usize,
    /// Levels of the table's columns.
    pub test: usize,
}

impl SokobanWorld {
    /// Rooms of 6×6 with one box, as in iStar's configuration.
    #[must_use]
    pub fn one_box(preset: Preset) -> (Self, Schedule) {
        Self::rooms(preset, 6, 1)
    }

    /// Rooms of 6×6 with two boxes.
    #[must_use]
    pub fn two_boxes(preset: Preset) -> (Self, Schedule) {
        Self::rooms(preset, 6, 2)
    }

    /// Rooms of 7×7 with two boxes.
    #[must_use]
    pub fn large(preset: Preset) -> (Self, Schedule) {
        Self::rooms(preset, 7, 2)
    }

    /// Rooms of 6×6 with two boxes and a budget of 120 steps: long episodes, so fewer iterations.
    #[must_use]
    pub fn long(preset: Preset) -> (Self, Schedule) {
        let (world, schedule) = Self::rooms(preset, 6, 2);
        (
            SokobanWorld { max_steps: 120, ..world },
            Schedule { iterations: preset.pick(3, 20, 100), ..schedule },
        )
    }

    /// Rooms of this size with this many boxes; fifteen steps, as in iStar's configuration. More than one box gets a longer
    /// warm start and, with the full preset, more iterations.
    #[must_use]
    pub fn rooms(preset: Preset, size: usize, boxes: usize) -> (Self, Schedule) {
        let hard = boxes > 1;
        let (cloning, longest) = if hard { (150, 300) } else { (80, 120) };
        let sampling =
            Sampling { per_group: preset.pick(4, 8, 8), outcome: Outcome::Reward, ..Sampling::default() };
        let schedule = Schedule {
            iterations: preset.pick(3, 60, longest),
            budget: None,
            frozen: None,
            groups: preset.pick(4, 32, 32),
            validate_every: preset.pick(1, 5, 10),
            checkpoint_every: preset.pick(1, 10, 10),
            credit_tasks: preset.pick(8, 64, 128),
            warm_start: Some(WarmStart {
                steps: preset.pick(4, cloning, cloning),
                tasks: preset.pick(16, 96, 96),
                adam: AdamConfig { lr: 1e-3, ..AdamConfig::default() },
            }),
            settings: Settings { sampling, minibatch: preset.pick(64, 512, 512), ..Settings::default() },
        };
        let world = SokobanWorld {
            size,
            boxes,
            depth: 30,
            max_steps: Sokoban::MAX_STEPS,
            symmetry: true,
            train: preset.pick(256, 4096, 4096),
            validation: preset.pick(32, 128, 256),
            test: preset.pick(64, 512, 512),
        };
        (world, schedule)
    }

    /// `6×6, 1 box, 15 steps`.
    pub(super) fn sizes(&self) -> String {
        let boxes = if self.boxes == 1 { "1 box".to_owned() } else { format!("{} boxes", self.boxes) };
        format!("{size}×{size}, {boxes}, {steps} steps", size = self.size, steps = self.max_steps)
    }
}

impl<D: Vision> Portable<D> for SokobanWorld {
    type There = PixelPolicy<Frame, D>;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        PixelPolicy::new(device, (self.size, self.size), Frame::TILE, seed)
    }

    #[inline]
    fn on_policy_there(&self) -> Option<GoOn<On<Self, D>>> {
        Some(on_policy)
    }
}

impl World for SokobanWorld {
    type Env = Sokoban;
    type Device = Cpu;
    type Policy = PixelPolicy<Frame, Cpu>;

    fn setting(&self) -> String {
        format!("VisualSokoban {}", self.sizes())
    }

    fn env(&self) -> Sokoban {
        Sokoban::new(self.max_steps)
    }

    fn policy(&self, seed: u64) -> Self::Policy {
        self.policy_there(&Cpu::default(), seed)
    }

    fn tasks(&self) -> Result<Tasks<Room>, Box<dyn Error + Send + Sync>> {
        let levels = Levels::new(LevelSpec { size: self.size, boxes: self.boxes, depth: self.depth })?;
        Ok(Tasks {
            train: levels.draw(Split::Train, LEVEL_SEED, self.train)?,
            validation: levels.draw(Split::Validation, LEVEL_SEED, self.validation)?,
            test: levels.draw(Split::Test, LEVEL_SEED, self.test)?,
        })
    }

    fn vary(&self, level: &Room, random: &mut ChaCha8Rng) -> Room {
        if !self.symmetry {
            return *level;
        }
        Symmetry::ALL[random.random_range(0..Symmetry::ALL.len())].room(level)
    }

    fn unvaried(self) -> Self {
        SokobanWorld { symmetry: false, ..self }
    }

    fn expert(&self) -> Option<Expert<Sokoban>> {
        Some(Sokoban::demonstrate)
    }

    fn exact_credit(&self) -> Option<Yardstick<Sokoban>> {
        Some(Yardstick::of(&self.env()))
    }

    // Inline, so that the program which is a table pays for the continuations, and the library does not.
    #[inline]
    fn on_policy(&self) -> Option<GoOn<Self>> {
        Some(on_policy)
    }

    fn picture(&self, env: &Sokoban) -> Option<Vec<String>> {
        Some(env.room().rows())
    }

    fn image(&self, picture: &[String]) -> Option<Vec<u8>> {
        let room: Room = picture.join("\n").parse().ok()?;
        Some(png(&Frame::of(&room), TILE))
    }

    fn describe(&self, picture: &[String]) -> Option<String> {
        Some(in_words(picture))
    }

    fn caption(&self, tokens: &[u32]) -> String {
        tokens.iter().map(|token| arrow(*token)).collect()
    }

    fn published(&self) -> Option<Published> {
        Some(ISTAR)
    }
}

/// Where things stand, counted from 1: `player in row 2, column 3; box in row 3, column 4; target in row 5, column 5`.
pub(super) fn in_words(rows: &[String]) -> String {
    let found = |letters: &'static str, name: &str| {
        let cells = rows.iter().enumerate().flat_map(|(y, row)| {
            row.chars().enumerate().filter(|(_, cell)| letters.contains(*cell)).map(move |(x, _)| (y, x))
        });
        cells.map(|(y, x)| format!("{name} in row {}, column {}", y + 1, x + 1)).collect::<Vec<_>>()
    };
    let things =
        [found("@+", "player"), found("$", "box"), found("*", "box on target"), found(".+", "target")];
    things.concat().join("; ")
}

/// Side of a cell in the pictures of a report, in pixels.
pub(super) const TILE: usize = 16;

/// A move as an arrow; a dot for a token that is none.
pub(super) fn arrow(token: u32) -> &'static str {
    ["↑", "↓", "←", "→"].get(token as usize).unwrap_or(&"·")
}

/// Tables 1 and 3 of "Agentic Reinforcement Learning with Implicit Step Rewards" (arXiv 2509.19199).
const ISTAR: Published = Published {
    title: "The iStar paper's own numbers, VisualSokoban success in %",
    caveat: "Another policy (Qwen2.5-VL-7B), another scale; not comparable with the table above.",
    measure: "success, %",
    results: &[
        table_1("base policy (ReAct)", 14.1, None),
        table_1("REINFORCE++", 81.4, Some(8.8)),
        table_1("GRPO", 85.6, Some(2.8)),
        table_1("GiGPO", 85.9, Some(2.6)),
        table_1("RLOO", 86.3, Some(0.6)),
        table_1("RLOO with iStar", 91.7, Some(1.2)),
        table_3("RLOO, outcome only", 85.9),
        table_3("with the environment's step rewards", 87.5),
        table_3("with merged rewards", 88.3),
        table_3("with token-level process rewards", 89.1),
        table_3("with iStar", 93.0),
    ],
};

const fn table_1(method: &'static str, mean: f64, spread: Option<f64>) -> PublishedResult {
    PublishedResult { source: "Table 1: 3 seeds, best validation", method, mean, spread }
}

const fn table_3(method: &'static str, mean: f64) -> PublishedResult {
    PublishedResult { source: "Table 3: one seed", method, mean, spread: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    #[test]
    fn a_picture_is_put_into_words() {
        let rows = ["#####", "#@$.#", "# *+#", "#####"].map(str::to_owned);
        let expected = "player in row 2, column 2; player in row 3, column 4; box in row 2, column 3; box on target in row 3, \
                        column 3; target in row 2, column 4; target in row 3, column 4";
        assert_eq!(in_words(&rows), expected);
    }

    /// What version 0.1.0 wrote for `--preset smoke`: a study of another manifest would not be gone on with.
    #[test]
    fn studies_of_version_0_1_0_go_on() {
        let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
        let seeds = Preset::Smoke.seeds() as u64;
        let works = Table::new(world, schedule).expect("levels").seeds(seeds).works::<VisualSokoban>();
        let there: serde_json::Value =
            serde_json::from_str(include_str!("golden/visual-sokoban-smoke.json")).expect("JSON");
        assert_eq!(works.expect("a good table").study.manifest, there);
    }
}
