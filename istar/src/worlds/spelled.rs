//! Worlds in words, for a policy over tokens that reads and writes.

use super::{DialogueWorld, Portable, Preset, Recipes, TableAlone, TextCraftWorld, WebShopWorld};
use crate::ablations;
use crate::env::dialogue::Dialogue;
use crate::env::spelled::{Spelled, Spelling, Words};
use crate::env::textcraft::{Book, Task, TextCraft};
use crate::env::webshop::WebShop;
use crate::env::{Demonstrate, Env, offered};
use crate::kernels::Text;
use crate::need::demand::Demand;
use crate::policy::gpt::{Config, Gpt, GptPolicy};
use crate::recipes::{AgentPrm, GiGpo, Grpo, IStarPaper, IStarStable, Prime};
use crate::table::{Expert, Schedule, TaskOf, Tasks, World, Yardstick};
use crate::tokenizer::{Pairs, Tokenizer};
use crate::trainer::Settings;
use dfdx::prelude::Cpu;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::error::Error;
use std::sync::Arc;

/// Tasks whose first texts the tokenizer is learnt from.
const READ: usize = 512;
/// Tasks of those that an expert is followed in, for what comes after.
const FOLLOWED: usize = 32;
/// The most tokens that are learnt.
const VOCABULARY: usize = 1024;
/// The most steps of a shortest solution of a task that is read.
const SHORT: u32 = 7;
/// Before an episode, and behind whatever is said.
const SPECIAL: [&str; 2] = ["<start>", "<end>"];

/// A world that is read and written: its tasks, and a decoder that learns from nothing but them.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "world", rename = "spelled")]
pub struct SpelledWorld<W> {
    /// The world.
    pub within: W,
    /// The decoder, in words.
    network: String,
    #[serde(skip)]
    config: Config,
    #[serde(skip)]
    spelling: Arc<Spelling>,
}

ablations! {
    /// Which credit signal helps a policy that writes, where states recur?
    pub SpelledTable {
        "GRPO" = Grpo,
        "GiGPO" = GiGpo,
        "iStar (paper, GRPO)" = IStarPaper,
        "iStar stable" = IStarStable,
        "AgentPRM" = AgentPrm,
    }
}

ablations! {
    /// Does step credit help a policy that writes, where a noisy judge speaks at the end alone?
    pub SpelledDialogueTable {
        "GRPO" = Grpo,
        "PRIME" = Prime,
        "iStar (paper, GRPO)" = IStarPaper,
        "iStar stable" = IStarStable,
    }
}

impl SpelledWorld<TextCraftWorld> {
    /// TextCraft's short tasks, of books of many seeds: who reads has more to learn by heart than one book, and shall not.
    ///
    /// # Panics
    /// Never: every seed makes tasks.
    #[must_use]
    pub fn textcraft(preset: Preset) -> (Self, Schedule) {
        let books: Vec<Book> = (0..preset.pick(2, 48, 96)).map(Book::made).collect();
        let tasks = books.iter().flat_map(|book| book.tasks());
        let short = tasks.filter(|task| task.steps() <= SHORT).map(|task| Task::clone(task));
        let book = Book::new(short.collect()).expect("every seed makes short tasks");
        let (mut within, _) = TextCraftWorld::of(Arc::new(book), preset);
        (within.train, within.max_steps) = (preset.pick(64, 8_192, 16_384), 2 * SHORT);
        Self::of(within, preset, 600, 512)
    }
}

impl SpelledWorld<DialogueWorld> {
    /// Dialogues with a partner, of scenarios of our own, judged with 20 % noise.
    #[must_use]
    pub fn dialogue(preset: Preset) -> (Self, Schedule) {
        let (within, _) = DialogueWorld::judged::<20>(preset);
        Self::of(within, preset, 600, 768)
    }
}

impl SpelledWorld<WebShopWorld> {
    /// The WebShop-like catalogue of seed 0, in ten steps, as iStar has it. Pages are long: a context has room for the instruction and two
    /// of them, and there are fewer goals and iterations than where choices are looked at.
    #[must_use]
    pub fn webshop(preset: Preset) -> (Self, Schedule) {
        let (mut within, _) = WebShopWorld::made(preset);
        within.max_steps = 10;
        (within.validation, within.test) = (preset.pick(2, 16, 64), preset.pick(4, 64, 256));
        let (world, schedule) = Self::of(within, preset, 300, 1024);
        (world, Schedule { iterations: preset.pick(2, 15, 60), groups: preset.pick(2, 4, 8), ..schedule })
    }
}

impl Recipes<Spelled<TextCraft>> for TableAlone {
    const OFFERED: Demand = offered!(Spelled<TextCraft>);
}

impl Recipes<Spelled<Dialogue>> for TableAlone {
    const OFFERED: Demand = offered!(Spelled<Dialogue>);
}

impl Recipes<Spelled<WebShop>> for TableAlone {
    const OFFERED: Demand = offered!(Spelled<WebShop>);
}

impl<W: World<Env: Words + Demonstrate>> SpelledWorld<W> {
    /// A world with a small decoder, after so many steps of behaviour cloning.
    fn of(within: W, preset: Preset, cloning: usize, context: usize) -> (Self, Schedule) {
        let spelling = learn(&within);
        let config = Config::llama(spelling.vocabulary(), context);
        let schedule = preset.choosing(cloning);
        let schedule = Schedule {
            iterations: preset.pick(2, 40, 100),
            groups: preset.pick(2, 8, 16),
            // A trajectory is forwarded whole, so a batch is one update.
            settings: Settings { minibatch: 4096, ..schedule.settings },
            ..schedule
        };
        let world = SpelledWorld { within, network: config.to_string(), config, spelling };
        (world, schedule)
    }
}

/// A tokenizer of the training tasks.
fn learn<W: World<Env: Words + Demonstrate>>(world: &W) -> Arc<Spelling> {
    let mut texts = Vec::new();
    let tasks = world.tasks().map(|tasks| tasks.train).unwrap_or_default();
    for (number, task) in tasks.iter().take(READ).enumerate() {
        let mut env = world.env();
        let mut more = env.reset(task).is_ok();
        while more {
            texts.push(env.read());
            texts.extend(env.sayings().into_iter().map(|(_, text)| text));
            more = number < FOLLOWED
                && env.demonstrate().is_some_and(|tokens| env.step(&tokens).is_ok_and(|moved| !moved.done()));
        }
    }
    let pairs = Pairs::train(texts, VOCABULARY, &SPECIAL).expect("room for all bytes");
    Arc::new(Spelling::new(Tokenizer::Pairs(pairs), 1))
}

impl<W: World<Env: Words + Demonstrate>, D: Text> Portable<D> for SpelledWorld<W> {
    type There = GptPolicy<Arc<[u32]>, D>;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        let net = Gpt::new(device, self.config, seed).expect("sizes that go together");
        GptPolicy::new(net, 0)
    }
}

impl<W: World<Env: Words + Demonstrate>> World for SpelledWorld<W> {
    type Env = Spelled<W::Env>;
    type Device = Cpu;
    type Policy = GptPolicy<Arc<[u32]>>;

    fn setting(&self) -> String {
        format!("{}, read and written by {}", self.within.setting(), self.network)
    }

    fn env(&self) -> Self::Env {
        Spelled::new(self.within.env(), self.spelling.clone())
    }

    fn policy(&self, seed: u64) -> Self::Policy {
        self.policy_there(&Cpu::default(), seed)
    }

    fn tasks(&self) -> Result<Tasks<TaskOf<Self>>, Box<dyn Error + Send + Sync>> {
        self.within.tasks()
    }

    fn vary(&self, task: &TaskOf<Self>, random: &mut ChaCha8Rng) -> TaskOf<Self> {
        self.within.vary(task, random)
    }

    fn scores(&self) -> bool {
        self.within.scores()
    }

    fn expert(&self) -> Option<Expert<Self::Env>> {
        Some(Spelled::demonstrate)
    }

    fn exact_credit(&self) -> Option<Yardstick<Self::Env>> {
        let inner = self.within.exact_credit()?;
        Some(Yardstick::new(inner.budget(), move |task| {
            let mut distance = inner.search(task);
            Box::new(move |env: &Self::Env| distance(env.inner()))
        }))
    }

    fn picture(&self, env: &Self::Env) -> Option<Vec<String>> {
        self.within.picture(env.inner())
    }

    fn caption(&self, tokens: &[u32]) -> String {
        self.spelling.text(tokens)
    }
}
