//! Worlds, one a file: an environment with its policy, its tasks, its presets, the table of its recipes, and what it can
//! show. [`World`] is the contract; the list at the end is what stands behind `--env`.
//!
//! | world | is |
//! |---|---|
//! | [`SokobanWorld`] | VisualSokoban in pixels, rooms of any size |
//! | [`PlannedWorld`] | the same with a subgoal that each step keeps or switches: steps of several tokens |
//! | [`RelayWorld`] | the same for two agents who move in turn |
//! | [`WebShopWorld`] | a shop with a search engine, and a policy that chooses among what its pages offer |
//! | [`TextCraftWorld`] | crafting from recipes, and a policy that chooses among what can be done |
//! | [`DialogueWorld`] | social dialogues with a partner, scored by a noisy judge |
//! | [`DialogueSelfWorld`] | the same with the policy on both sides |
//! | [`On`] | any of these with its policy on another device |

#[cfg(feature = "tokenizers")]
mod begun;
mod dialogue;
mod named;
mod on;
mod open;
mod outside;
mod paper;
mod planned;
mod preset;
mod relay;
mod rows;
mod sokoban;
#[cfg(feature = "tokenizers")]
mod spelled;
mod textcraft;
mod webshop;

pub use crate::table::{Expert, Stage, TaskOf, Tasks, World, Yardstick};
pub use dialogue::{DialogueSelfPlay, DialogueSelfWorld, DialogueTable, DialogueWorld};
#[cfg(feature = "cuda")]
pub use on::OnCuda;
pub use on::{On, Portable};
pub use open::OpenQuestions;
pub use paper::{PaperDialogue, PaperShop};
pub use planned::{PlannedSokoban, PlannedWorld};
pub use preset::Preset;
pub use relay::{RelaySokoban, RelayWorld};
pub use rows::{Beside, Recipes, SokobanRecipes, TableAlone};
pub use sokoban::{SokobanWorld, VisualSokoban};
#[cfg(feature = "tokenizers")]
pub use spelled::{SpelledDialogueTable, SpelledTable, SpelledWorld};
pub use textcraft::{TextCraftTable, TextCraftWorld};
pub use webshop::{WebShopTable, WebShopWorld};

use self::named::is_set;
use crate::kernels::Place;
use crate::need::demand::Demand;
use crate::table::{Ablation, Row, Schedule};

/// A world that the jobs know by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name.
    pub name: &'static str,
    /// What it is, on one line.
    pub what: &'static str,
    /// What makes it of a preset, as a path beneath this module.
    pub make: &'static str,
    /// The variable of the process's environment that names what it is made from, where it is made from a file or a server.
    pub from: Option<&'static str>,
}

impl Listed {
    /// Whether what it is made from is named, if it is made from anything; it may still be wrong.
    #[must_use]
    pub fn can_be_made(&self) -> bool {
        self.from.is_none_or(is_set)
    }
}

/// What is done with a world of the list: each is of another type.
pub trait Visit {
    /// What comes of it.
    type Output;
    /// The world and its schedule by preset, the table `A` of its recipes, and all recipes `R` that it can run.
    fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
        self,
        make: fn(Preset) -> (W, Schedule),
    ) -> Self::Output;
}

/// A row a world: its name, how it is made, the table of its recipes, all that it can run.
macro_rules! worlds {
    ($(#[doc = $what:literal] $(#[$only:meta])? $name:literal $(from $from:literal)? = $make:path, $table:ty, $recipes:ty;)*) => {
        /// The worlds that the jobs know by name.
        pub const LIST: &[Listed] = &[$($(#[$only])? Listed {
            name: $name,
            what: $what.trim_ascii(),
            make: stringify!($make),
            from: <[&str]>::first(&[$($from)?]).copied(),
        },)*];

        /// Shows the world of this name; `None` if there is none.
        pub fn visit<V: Visit>(name: &str, visitor: V) -> Option<V::Output> {
            match name {
                $($(#[$only])? $name => Some(visitor.world::<_, $table, $recipes>($make)),)*
                _ => None,
            }
        }

        /// Shows the world of this name with its policy on this device; `None` if there is none.
        pub fn visit_on<V: Visit>(place: Place, name: &str, visitor: V) -> Option<V::Output> {
            match place {
                Place::Cpu => visit(name, visitor),
                #[cfg(feature = "cuda")]
                Place::Cuda => match name {
                    $($(#[$only])? $name => Some(visitor.world::<OnCuda<_>, $table, $recipes>(|preset| On::of($make(preset)))),)*
                    _ => None,
                },
            }
        }
    };
}

worlds! {
    /// VisualSokoban, 6×6 with one box, as in iStar's configuration
    "sokoban" = SokobanWorld::one_box, VisualSokoban, SokobanRecipes;
    /// VisualSokoban, 6×6 with two boxes: tells objectives apart
    "sokoban2" = SokobanWorld::two_boxes, VisualSokoban, SokobanRecipes;
    /// VisualSokoban, 7×7 with two boxes
    "sokoban7" = SokobanWorld::large, VisualSokoban, SokobanRecipes;
    /// VisualSokoban, 6×6 with two boxes and 120 steps: does credit survive them?
    "sokoban120" = SokobanWorld::long, VisualSokoban, SokobanRecipes;
    /// Sokoban, 6×6 with two boxes, whose steps keep or switch a subgoal and then move
    "planned" = PlannedWorld::two_boxes, PlannedSokoban, TableAlone;
    /// Sokoban, 6×6 with two boxes, for two agents who move in turn
    "relay" = RelayWorld::two_boxes, RelaySokoban, TableAlone;
    /// A WebShop-like shop: search, choose options, buy; actions as choices of the page
    "webshop" = WebShopWorld::made, WebShopTable, PaperShop;
    /// WebShop with the products of the file that ISTAR_CATALOGUE names
    "webshop-file" from "ISTAR_CATALOGUE" = WebShopWorld::named, WebShopTable, PaperShop;
    /// TextCraft, crafting from recipes in words: get, craft; actions as choices, with exact credit
    "textcraft" = TextCraftWorld::made, TextCraftTable, TableAlone;
    /// TextCraft with the tasks of the file that ISTAR_TASKS names
    "textcraft-file" from "ISTAR_TASKS" = TextCraftWorld::named, TextCraftTable, TableAlone;
    /// Social dialogue with a partner, SOTOPIA-like, scored at the end by a judge with 20 % noise
    "dialogue" = DialogueWorld::judged::<20>, DialogueTable, PaperDialogue;
    /// The same with a judge who says the truth
    "dialogue0" = DialogueWorld::judged::<0>, DialogueTable, PaperDialogue;
    /// The same with a judge with 10 % noise
    "dialogue10" = DialogueWorld::judged::<10>, DialogueTable, PaperDialogue;
    /// The same with a judge with 30 % noise
    "dialogue30" = DialogueWorld::judged::<30>, DialogueTable, PaperDialogue;
    /// The same with a judge with 40 % noise
    "dialogue40" = DialogueWorld::judged::<40>, DialogueTable, PaperDialogue;
    /// Social dialogue in the scenarios of SOTOPIA's files in the folder that ISTAR_SCENARIOS names, judged with 20 % noise
    "dialogue-file" from "ISTAR_SCENARIOS" = DialogueWorld::named, DialogueTable, PaperDialogue;
    /// Social dialogue with a language model as partner and judge, behind the server that OPENAI_BASE_URL names
    "dialogue-chat" from "OPENAI_BASE_URL" = DialogueWorld::with_models, DialogueTable, PaperDialogue;
    /// Social dialogue in self-play: the policy speaks for both, who share an outcome
    "dialogue-self" = DialogueSelfWorld::made, DialogueSelfPlay, PaperDialogue;
    /// The shop of `webshop`, read and written by a small language model
    #[cfg(feature = "tokenizers")]
    "webshop-text" = SpelledWorld::webshop, SpelledTable, TableAlone;
    /// TextCraft, read and written by a small language model
    #[cfg(feature = "tokenizers")]
    "textcraft-text" = SpelledWorld::textcraft, SpelledTable, TableAlone;
    /// The dialogues of `dialogue`, read and written by a small language model
    #[cfg(feature = "tokenizers")]
    "dialogue-text" = SpelledWorld::dialogue, SpelledDialogueTable, TableAlone;
}

/// The names of all rows of the world of this name; `None` if there is none.
#[must_use]
pub fn rows(name: &str) -> Option<Vec<String>> {
    struct Names;
    impl Visit for Names {
        type Output = Vec<String>;
        fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
            self,
            _: fn(Preset) -> (W, Schedule),
        ) -> Self::Output {
            Row::all::<W::Env, Beside<A, R>>().into_iter().map(|row| row.name).collect()
        }
    }
    visit(name, Names)
}

/// What the environment of the world of this name offers; `None` if there is no such world.
#[must_use]
pub fn offered(name: &str) -> Option<Demand> {
    struct Offered;
    impl Visit for Offered {
        type Output = Demand;
        fn world<W: World, A: Ablation<W::Env>, R: Recipes<W::Env>>(
            self,
            _: fn(Preset) -> (W, Schedule),
        ) -> Self::Output {
            R::OFFERED
        }
    }
    visit(name, Offered)
}
