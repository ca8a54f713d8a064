//! Worlds in words, for a policy over tokens that reads and writes.

use super::begun::{Begun, Files};
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

/// A world that is read and written: its tasks, and a decoder that learns from nothing but them, or one that was read from the file
/// that `ISTAR_WEIGHTS` names, with the tokenizer of the file that `ISTAR_TOKENIZER` names, or of the same file.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "world", rename = "spelled")]
pub struct SpelledWorld<W> {
    /// The world.
    pub within: W,
    /// The decoder, in words.
    network: String,
    /// What it was read from.
    #[serde(flatten)]
    files: Option<Files>,
    #[serde(skip)]
    decoder: Origin,
    #[serde(skip)]
    spelling: Arc<Spelling>,
    /// The token before an episode.
    #[serde(skip)]
    start: u32,
    /// Why there are no tasks, if there are none.
    #[serde(skip)]
    missing: Option<String>,
}

/// What a policy begins as.
#[derive(Clone, Debug)]
enum Origin {
    /// A network of these sizes that has learnt nothing.
    New(Config),
    /// This one, whatever the seed is.
    Read(Arc<Gpt<Cpu>>),
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
        let world = match Begun::from_env() {
            Ok(None) => Self::new(within, context),
            Ok(Some(begun)) => Self::begun(within, begun),
            Err(missing) => SpelledWorld { missing: Some(missing), ..Self::new(within, context) },
        };
        let schedule = preset.choosing(cloning);
        let schedule = Schedule {
            iterations: preset.pick(2, 40, 100),
            groups: preset.pick(2, 8, 16),
            // A trajectory is forwarded whole, so a batch is one update.
            settings: Settings { minibatch: 4096, ..schedule.settings },
            ..schedule
        };
        (world, schedule)
    }

    /// With a decoder and a tokenizer that learn from its tasks alone.
    fn new(within: W, context: usize) -> Self {
        let texts = texts(&within).into_iter().map(|(_, text)| text);
        let pairs = Pairs::train(texts, VOCABULARY, &SPECIAL).expect("room for all bytes");
        let config = Config::llama(pairs.len(), context);
        SpelledWorld {
            within,
            network: config.to_string(),
            files: None,
            decoder: Origin::New(config),
            spelling: Arc::new(Spelling::new(Tokenizer::Pairs(pairs), 1)),
            start: 0,
            missing: None,
        }
    }

    /// With those of files. Without tasks, where its context has no room for one.
    fn begun(within: W, Begun { net, tokenizer, start, end, files }: Begun) -> Self {
        let context = net.config().context;
        let missing = match room(&texts(&within), &tokenizer) {
            Err(unread) => Some(format!("the tokenizer cannot spell what is read: {unread}")),
            Ok(room) if room > context => Some(format!(
                "the decoder reads sequences of {context} tokens, and a task with what is seen after a step and said in one takes \
                 up to {room} of its tokens here; one with a longer context is wanted, or another world"
            )),
            Ok(_) => None,
        };
        SpelledWorld {
            within,
            network: format!("{}, read from a file", net.config()),
            files: Some(files),
            decoder: Origin::Read(Arc::new(net)),
            spelling: Arc::new(Spelling::new(tokenizer, end)),
            start,
            missing,
        }
    }
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Read first: the task.
    First,
    /// Read after a step.
    Later,
    /// Something that can be said.
    Said,
}

/// What is read and can be said in training tasks.
fn texts<W: World<Env: Words + Demonstrate>>(world: &W) -> Vec<(Told, String)> {
    let mut texts = Vec::new();
    let tasks = world.tasks().map(|tasks| tasks.train).unwrap_or_default();
    for (number, task) in tasks.iter().take(READ).enumerate() {
        let mut env = world.env();
        let (mut more, mut told) = (env.reset(task).is_ok(), Told::First);
        while more {
            texts.push((std::mem::replace(&mut told, Told::Later), env.read()));
            texts.extend(env.sayings().into_iter().map(|(_, text)| (Told::Said, text)));
            more = number < FOLLOWED
                && env.demonstrate().is_some_and(|tokens| env.step(&tokens).is_ok_and(|moved| !moved.done()));
        }
    }
    texts
}

/// How many tokens a task takes with what is seen after a step and said in one, with the token before and the one behind.
fn room(texts: &[(Told, String)], tokenizer: &Tokenizer) -> Result<usize, String> {
    let mut longest = [0; 3];
    for (told, text) in texts {
        let longest = &mut longest[*told as usize];
        // A token is a byte at least: what is shorter in bytes is no longer in tokens.
        if text.len() > *longest {
            *longest = tokenizer.encode_on(text)?.len().max(*longest);
        }
    }
    Ok(longest.iter().sum::<usize>() + 2)
}

impl<W: World<Env: Words + Demonstrate>, D: Text> Portable<D> for SpelledWorld<W> {
    type There = GptPolicy<Arc<[u32]>, D>;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        let net = match &self.decoder {
            Origin::New(config) => Gpt::new(device, *config, seed).expect("sizes that go together"),
            Origin::Read(net) => net.to(device),
        };
        GptPolicy::new(net, self.start)
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
        match &self.missing {
            Some(missing) => Err(missing.as_str().into()),
            None => self.within.tasks(),
        }
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
