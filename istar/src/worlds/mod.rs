//! Worlds, one a file: an environment with its policy, its tasks, its presets, the table of its recipes, and what it can
//! show. [`World`] is the contract; the list at the end is what stands behind `--env`.
//!
//! | world | is |
//! |---|---|
//! | [`SokobanWorld`] | VisualSokoban in pixels, rooms of any size |
//! | [`PlannedWorld`] | the same with a subgoal that each step keeps or switches: steps of several tokens |
//! | [`RelayWorld`] | the same for two agents who move in turn |

mod open;
mod planned;
mod preset;
mod relay;
mod sokoban;

pub use crate::table::{Expert, Stage, TaskOf, Tasks, World, Yardstick};
pub use open::OpenQuestions;
pub use planned::{PlannedSokoban, PlannedWorld};
pub use preset::Preset;
pub use relay::{RelaySokoban, RelayWorld};
pub use sokoban::{SokobanWorld, VisualSokoban};

use crate::table::{Ablation, Schedule};

/// A world that the jobs know by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name.
    pub name: &'static str,
    /// What it is, on one line.
    pub what: &'static str,
}

/// What is done with a world of the list: each is of another type.
pub trait Visit {
    /// What comes of it.
    type Output;
    /// The world and its schedule by preset, and the table of its recipes.
    fn world<W: World, A: Ablation<W::Env>>(self, make: fn(Preset) -> (W, Schedule)) -> Self::Output;
}

/// A row a world: its name, how it is made, the table of its recipes.
macro_rules! worlds {
    ($(#[doc = $what:literal] $name:literal = $make:path, $table:ty;)*) => {
        /// The worlds that the jobs know by name.
        pub const LIST: &[Listed] = &[$(Listed { name: $name, what: $what.trim_ascii() },)*];

        /// Shows the world of this name; `None` if there is none.
        pub fn visit<V: Visit>(name: &str, visitor: V) -> Option<V::Output> {
            match name {
                $($name => Some(visitor.world::<_, $table>($make)),)*
                _ => None,
            }
        }
    };
}

worlds! {
    /// VisualSokoban, 6×6 with one box, as in iStar's configuration
    "sokoban" = SokobanWorld::one_box, VisualSokoban;
    /// VisualSokoban, 6×6 with two boxes: tells objectives apart
    "sokoban2" = SokobanWorld::two_boxes, VisualSokoban;
    /// VisualSokoban, 7×7 with two boxes
    "sokoban7" = SokobanWorld::large, VisualSokoban;
    /// Sokoban, 6×6 with two boxes, whose steps keep or switch a subgoal and then move
    "planned" = PlannedWorld::two_boxes, PlannedSokoban;
    /// Sokoban, 6×6 with two boxes, for two agents who move in turn
    "relay" = RelayWorld::two_boxes, RelaySokoban;
}
