//! Sokoban with a plan: steps of two or three tokens, whose parts can be credited apart.

use super::sokoban::{SokobanWorld, TILE, arrow, in_words};
use super::{Portable, Preset};
use crate::ablations;
use crate::env::Demonstrate;
use crate::env::sokoban::{Frame, Planned, Room, Scene, png};
use crate::kernels::Vision;
use crate::policy::PixelPolicy;
use crate::recipes::{GiGpo, Grpo, HiPer, HiPerIStar, HiPerPaper, IStarPaper};
use crate::table::{Expert, Schedule, Tasks, World, Yardstick};
use dfdx::prelude::Cpu;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::error::Error;

ablations! {
    /// Does it help to credit decisions, subgoals and moves apart?
    pub PlannedSokoban {
        "GRPO" = Grpo,
        "GiGPO" = GiGpo,
        "iStar (paper, GRPO)" = IStarPaper,
        "HiPER (released)" = HiPer,
        "HiPER (paper)" = HiPerPaper,
        "HiPER with implicit rewards" = HiPerIStar,
    }
}

/// The rooms of a [`SokobanWorld`] under [`Planned`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "world", rename = "planned")]
pub struct PlannedWorld {
    /// The rooms.
    #[serde(flatten)]
    pub rooms: SokobanWorld,
}

impl PlannedWorld {
    /// Rooms of 6×6 with two boxes: with one there is no subgoal to choose.
    #[must_use]
    pub fn two_boxes(preset: Preset) -> (Self, Schedule) {
        let (rooms, schedule) = SokobanWorld::two_boxes(preset);
        (PlannedWorld { rooms }, schedule)
    }
}

impl<D: Vision> Portable<D> for PlannedWorld {
    type There = PixelPolicy<Scene, D, usize>;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        let (size, tokens) = (self.rooms.size, Planned::tokens(self.rooms.boxes));
        PixelPolicy::with_actions(device, (size, size), Frame::TILE, tokens, seed)
    }
}

impl World for PlannedWorld {
    type Env = Planned;
    type Device = Cpu;
    type Policy = PixelPolicy<Scene, Cpu, usize>;

    fn setting(&self) -> String {
        format!("Sokoban with a plan {}", self.rooms.sizes())
    }

    fn env(&self) -> Planned {
        Planned::new(self.rooms.max_steps)
    }

    fn policy(&self, seed: u64) -> Self::Policy {
        self.policy_there(&Cpu::default(), seed)
    }

    fn tasks(&self) -> Result<Tasks<Room>, Box<dyn Error + Send + Sync>> {
        self.rooms.tasks()
    }

    fn vary(&self, level: &Room, random: &mut ChaCha8Rng) -> Room {
        self.rooms.vary(level, random)
    }

    fn unvaried(self) -> Self {
        PlannedWorld { rooms: self.rooms.unvaried() }
    }

    fn expert(&self) -> Option<Expert<Planned>> {
        Some(Planned::demonstrate)
    }

    fn exact_credit(&self) -> Option<Yardstick<Planned>> {
        Some(Yardstick::of(&self.env()))
    }

    /// The room, and the subgoal on a line of its own.
    fn picture(&self, env: &Planned) -> Option<Vec<String>> {
        let goal = env.goal().map(|goal| format!("{GOAL}{}", goal + 1));
        Some(env.world().room().rows().into_iter().chain(goal).collect())
    }

    fn image(&self, picture: &[String]) -> Option<Vec<u8>> {
        let (goal, rows) = match picture.split_last()? {
            (last, rows) if last.starts_with(GOAL) => (Some(last), rows),
            _ => (None, picture),
        };
        let number = |line: &String| line[GOAL.len()..].parse::<u32>().ok()?.checked_sub(1);
        let goal = match goal {
            Some(line) => Some(number(line)?),
            None => None,
        };
        Some(png(&Scene::of(rows.join("\n").parse().ok()?, goal), TILE))
    }

    fn describe(&self, picture: &[String]) -> Option<String> {
        let (goal, rows): (Vec<_>, Vec<_>) = picture.iter().cloned().partition(|line| line.starts_with(GOAL));
        Some([vec![in_words(&rows)], goal].concat().join("; "))
    }

    /// `keep ↑`, or `switch to 2 ↑` where the step names a target.
    fn caption(&self, tokens: &[u32]) -> String {
        let word = |token: &u32| match *token {
            Planned::KEEP => "keep".to_owned(),
            Planned::SWITCH => "switch".to_owned(),
            goal if goal >= Planned::GOAL => format!("to {}", goal - Planned::GOAL + 1),
            step => arrow(step).to_owned(),
        };
        tokens.iter().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// Begins the line of a picture that names the subgoal.
const GOAL: &str = "to target ";
