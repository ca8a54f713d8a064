//! Episodes of the world `textcraft-text` under a policy that has learnt nothing, and what was read and said in them.

use dfdx::prelude::Cpu;
use istar::env::Env;
use istar::objective::NeedsOf;
use istar::policy::Policy;
use istar::policy::gpt::{Config, Gpt, GptPolicy};
use istar::recipes::Grpo;
use istar::rollout::{Rollout, Sampling, sample};
use istar::table::{Stage, World};
use istar::worlds::{Preset, SpelledWorld, TextCraftWorld};
use serde_json::{Value, json};

type Crafts = SpelledWorld<TextCraftWorld>;
type Seen = <<Crafts as World>::Env as Env>::Observation;

/// Tasks, each with a group of eight episodes.
const TASKS: usize = 8;
/// The world's own context is 512 tokens, and an episode that outgrows it is read anew through a window, which a loop without one
/// cannot replay. The longest episode here has a few more.
const CONTEXT: usize = 576;

/// The world, and a decoder of GPT-2's kind, of 2 blocks of width 128.
pub struct Crafting {
    stage: Stage<Crafts>,
    policy: GptPolicy<Seen>,
}

impl Crafting {
    pub fn new() -> Self {
        let (world, _) = SpelledWorld::textcraft(Preset::Default);
        let vocabulary = world.policy(0).actions();
        let config = Config { width: 128, hidden: 512, ..Config::gpt(vocabulary, CONTEXT) };
        let net = Gpt::new(&Cpu::default(), config, 1).expect("sizes that go together");
        Crafting { stage: Stage::of(world).expect("tasks"), policy: GptPolicy::new(net, 0) }
    }

    /// Samples the episodes, with everything that the world does for it; always the same.
    pub fn roll(&self) -> Rollout<NeedsOf<Grpo>, Seen> {
        let tasks = self.stage.batch(0, 0, TASKS);
        let at = (0, "bench", 0);
        let sampling = Sampling::default();
        let rollout = sample::<Grpo, _, _, Cpu>(&self.stage.env, &tasks, &self.policy, &sampling, at, None);
        rollout.expect("no episode is lost")
    }

    /// Per episode and step, what was read and said.
    fn told(&self) -> Vec<Vec<Told>> {
        let batch = self.roll().batch;
        let (history, layout) = (batch.history(), &batch.layout);
        let told = |step| {
            let tokens = layout.tokens_of(step);
            let number = |token: usize| history.observation[token] as usize;
            let read = tokens.clone().flat_map(|token| history.observations[number(token)].iter()).copied();
            let open = tokens.clone().map(|token| history.legal[number(token)].only().is_none());
            Told { read: read.collect(), said: history.token[tokens.clone()].to_vec(), open: open.collect() }
        };
        let steps = |traj| layout.steps_of(traj).map(told).collect();
        let episodes: Vec<Vec<Told>> = (0..layout.trajs()).map(steps).collect();
        let longest = episodes.iter().map(|steps| 1 + steps.iter().map(Told::tokens).sum::<usize>()).max();
        assert!(longest.is_some_and(|longest| longest <= CONTEXT), "an episode of {longest:?} tokens");
        episodes
    }

    /// What another program needs to do the same: sizes, and per episode and step what was read, said and open.
    pub fn streams(&self) -> Value {
        let config = self.policy.net.config();
        let steps = |steps: &Vec<Told>| -> Vec<Value> {
            steps
                .iter()
                .map(|told| json!({"read": told.read, "said": told.said, "open": told.open}))
                .collect()
        };
        json!({
            "vocabulary": config.vocabulary,
            "context": config.context,
            "layers": config.layers,
            "width": config.width,
            "episodes": self.told().iter().map(steps).collect::<Vec<_>>(),
        })
    }

    /// How many tokens a policy goes through in one rollout, and how many of them it says: the token before an episode, what
    /// is read, each time that it is read, and what is said. That the beginning of a group is one and the same counts for nothing.
    pub fn tokens(&self) -> (usize, usize) {
        let episodes = self.told();
        let steps = || episodes.iter().flatten();
        let said = steps().map(|told| told.said.len()).sum();
        (episodes.len() + steps().map(Told::tokens).sum::<usize>(), said)
    }
}

/// A step.
struct Told {
    read: Vec<u32>,
    said: Vec<u32>,
    /// Per token said, whether another one was legal.
    open: Vec<bool>,
}

impl Told {
    fn tokens(&self) -> usize {
        self.read.len() + self.said.len()
    }
}
