//! Sokoban for two agents who move in turn, and share a policy and one outcome.

use super::sokoban::SokobanWorld;
use super::{On, Portable, Preset};
use crate::ablations;
use crate::env::Demonstrate;
use crate::env::relay::Relay;
use crate::env::sokoban::{Room, Sokoban};
use crate::kernels::Vision;
use crate::recipes::open::PerAgent;
use crate::recipes::{Grpo, IStarPaper};
use crate::table::{Expert, GoOn, Schedule, Tasks, World, Yardstick, on_policy};
use dfdx::prelude::Cpu;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::error::Error;
use std::num::NonZeroU32;

ablations! {
    /// Does it help to compare a step with those of the same agent?
    pub RelaySokoban {
        "GRPO" = Grpo,
        "GRPO by agent" = rl(adv = norm(to_go(reward), within = agent)),
        "iStar (paper, GRPO)" = IStarPaper,
        "credit by agent" = PerAgent,
    }
}

/// The rooms of a [`SokobanWorld`] under [`Relay`], with two agents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "world", rename = "relay")]
pub struct RelayWorld {
    /// The rooms.
    #[serde(flatten)]
    pub rooms: SokobanWorld,
}

impl RelayWorld {
    /// Rooms of 6×6 with two boxes.
    #[must_use]
    pub fn two_boxes(preset: Preset) -> (Self, Schedule) {
        let (rooms, schedule) = SokobanWorld::two_boxes(preset);
        (RelayWorld { rooms }, schedule)
    }
}

const AGENTS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

impl<D: Vision> Portable<D> for RelayWorld {
    type There = <SokobanWorld as Portable<D>>::There;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        self.rooms.policy_there(device, seed)
    }

    #[inline]
    fn on_policy_there(&self) -> Option<GoOn<On<Self, D>>> {
        Some(on_policy)
    }
}

impl World for RelayWorld {
    type Env = Relay<Sokoban>;
    type Device = Cpu;
    type Policy = <SokobanWorld as World>::Policy;

    fn setting(&self) -> String {
        format!("Sokoban for {AGENTS} agents in turn {}", self.rooms.sizes())
    }

    fn env(&self) -> Self::Env {
        Relay::new(self.rooms.env(), AGENTS)
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
        RelayWorld { rooms: self.rooms.unvaried() }
    }

    fn expert(&self) -> Option<Expert<Self::Env>> {
        Some(Relay::demonstrate)
    }

    fn exact_credit(&self) -> Option<Yardstick<Self::Env>> {
        Some(Yardstick::of(&self.env()))
    }

    // Inline, so that the program which is a table pays for the continuations, and the library does not.
    #[inline]
    fn on_policy(&self) -> Option<GoOn<Self>> {
        Some(on_policy)
    }

    fn picture(&self, env: &Self::Env) -> Option<Vec<String>> {
        self.rooms.picture(env.inner())
    }

    fn image(&self, picture: &[String]) -> Option<Vec<u8>> {
        self.rooms.image(picture)
    }

    fn describe(&self, picture: &[String]) -> Option<String> {
        self.rooms.describe(picture)
    }

    fn caption(&self, tokens: &[u32]) -> String {
        self.rooms.caption(tokens)
    }
}
