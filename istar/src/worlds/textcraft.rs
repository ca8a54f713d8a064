//! TextCraft as a policy over choices sees it.

use super::named::named;
use super::{On, Portable, Preset};
use crate::ablations;
use crate::env::Demonstrate;
use crate::env::textcraft::{Book, Split, Task, TextCraft, View};
use crate::kernels::Backend;
use crate::policy::{Choosing, Tanh};
use crate::recipes::{
    AgentPrm, GiGpo, Grpo, IStar, IStarPaper, IStarPaperRloo, IStarStable, Prime, PrmOnly, Rloo,
};
use crate::seed::fnv1a;
use crate::table::{Expert, GoOn, Schedule, TaskOf, Tasks, World, Yardstick, on_policy};
use dfdx::prelude::Cpu;
use serde::Serialize;
use std::error::Error;
use std::sync::Arc;

ablations! {
    /// Which credit signal carries the gain where sub-goals nest, and how far is it from exact credit?
    pub TextCraftTable {
        "GRPO" = Grpo,
        "RLOO" = Rloo,
        "GiGPO" = GiGpo,
        "AgentPRM" = AgentPrm,
        "PRIME" = Prime,
        "PRM only" = PrmOnly,
        "iStar (note)" = IStar,
        "iStar (paper, GRPO)" = IStarPaper,
        "iStar (paper, RLOO)" = IStarPaperRloo,
        "iStar stable" = IStarStable,
        "exact" = rl(adv = traj + norm(exact)),
    }
}

/// Tasks come from this stream whatever a run's seed is: every cell trains, validates and tests on the same sets.
const TASK_SEED: u64 = 0;

/// Crafting, and a policy that chooses among what can be done.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "world", rename = "textcraft")]
pub struct TextCraftWorld {
    /// The tasks.
    #[serde(skip)]
    book: Arc<Book>,
    /// What tells them from others: a hash of all.
    tasks: u64,
    /// Step budget of an episode.
    pub max_steps: u32,
    /// Tasks to train on.
    pub train: usize,
    /// Tasks of the learning curve.
    pub validation: usize,
    /// Tasks of the table's columns.
    pub test: usize,
    /// Why there are no tasks, if there are none.
    #[serde(skip)]
    missing: Option<String>,
}

impl TextCraftWorld {
    /// The book of our own of seed 0.
    #[must_use]
    pub fn made(preset: Preset) -> (Self, Schedule) {
        Self::of(Arc::new(Book::made(0)), preset)
    }

    /// The tasks of the file that `ISTAR_TASKS` names, see [`Book::read`]. Without one there are none.
    #[must_use]
    pub fn named(preset: Preset) -> (Self, Schedule) {
        match named("ISTAR_TASKS", "a task file of platoon-textcraft, JSON Lines", Book::read) {
            Ok(book) => Self::of(Arc::new(book), preset),
            Err(missing) => {
                let (world, schedule) = Self::made(preset);
                (TextCraftWorld { missing: Some(missing), ..world }, schedule)
            }
        }
    }

    /// Any book. Recipe trees of validation and test tasks are never trained on, and tasks that take more steps than the budget are left
    /// out.
    #[must_use]
    pub fn of(book: Arc<Book>, preset: Preset) -> (Self, Schedule) {
        let schedule = Schedule { credit_tasks: preset.pick(4, 32, 64), ..preset.choosing(20) };
        let texts: Vec<String> = book.tasks().iter().map(|task| task.text(task.start())).collect();
        let world = TextCraftWorld {
            tasks: fnv1a(texts.join("\n\n").as_bytes()),
            max_steps: book.max_steps().unwrap_or(TextCraft::MAX_STEPS),
            book,
            train: preset.pick(64, 2048, 4096),
            validation: preset.pick(8, 64, 128),
            test: preset.pick(16, 256, 512),
            missing: None,
        };
        (world, schedule)
    }

    fn draw(&self, split: Split, n: usize) -> Vec<Arc<Task>> {
        self.book.draw(split, self.max_steps, TASK_SEED, n)
    }
}

impl<D: Backend> Portable<D> for TextCraftWorld {
    type There = Choosing<View, (Tanh<64>,), D>;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        Choosing::new(device, self.book.tokens(), seed)
    }

    #[inline]
    fn on_policy_there(&self) -> Option<GoOn<On<Self, D>>> {
        Some(on_policy)
    }
}

impl World for TextCraftWorld {
    type Env = TextCraft;
    type Device = Cpu;
    type Policy = Choosing<View, (Tanh<64>,)>;

    fn setting(&self) -> String {
        let tasks = self.book.tasks().len();
        format!("TextCraft, {tasks} tasks, {} steps", self.max_steps)
    }

    fn env(&self) -> TextCraft {
        TextCraft::new(&self.book, self.max_steps)
    }

    fn policy(&self, seed: u64) -> Self::Policy {
        self.policy_there(&Cpu::default(), seed)
    }

    fn tasks(&self) -> Result<Tasks<TaskOf<Self>>, Box<dyn Error + Send + Sync>> {
        if let Some(missing) = &self.missing {
            return Err(missing.as_str().into());
        }
        Ok(Tasks {
            train: self.draw(Split::Train, self.train),
            validation: self.draw(Split::Validation, self.validation),
            test: self.draw(Split::Test, self.test),
        })
    }

    fn expert(&self) -> Option<Expert<TextCraft>> {
        Some(TextCraft::demonstrate)
    }

    fn exact_credit(&self) -> Option<Yardstick<TextCraft>> {
        Some(Yardstick::of(&self.env()))
    }

    // Inline, so that the program which is a table pays for the continuations, and the library does not.
    #[inline]
    fn on_policy(&self) -> Option<GoOn<Self>> {
        Some(on_policy)
    }

    /// Recipes, goal and what is there.
    fn picture(&self, env: &TextCraft) -> Option<Vec<String>> {
        Some(env.task().text(env.inventory()).lines().map(str::to_owned).collect())
    }
}
