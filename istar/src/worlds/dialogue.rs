//! Social dialogue as a policy over acts sees it: with a partner, and with itself.

use super::named::named;
use super::outside::Outside;
use super::{Portable, Preset};
use crate::ablations;
use crate::env::Demonstrate;
use crate::env::dialogue::{Act, Dialogue, NoisyJudge, Scenes, Split, TOKENS, Task, Temperament, View};
use crate::env::relay::Relay;
use crate::kernels::Backend;
use crate::policy::{Choosing, Tanh};
use crate::recipes::open::PerAgent;
use crate::recipes::{AgentPrm, Grpo, IStar, IStarPaper, IStarPaperRloo, IStarStable, Prime, PrmOnly, Rloo};
use crate::table::{Expert, Published, PublishedResult, Schedule, TaskOf, Tasks, World};
use dfdx::prelude::Cpu;
use serde::Serialize;
use std::error::Error;
use std::num::NonZeroU32;
use std::sync::Arc;

ablations! {
    /// Does step credit help where a noisy judge speaks at the end alone, and is its order enough?
    pub DialogueTable {
        "GRPO" = Grpo,
        "RLOO" = Rloo,
        "AgentPRM" = AgentPrm,
        "PRIME" = Prime,
        "PRM only" = PrmOnly,
        "iStar (note)" = IStar,
        "iStar (paper, GRPO)" = IStarPaper,
        "iStar (paper, RLOO)" = IStarPaperRloo,
        "iStar stable" = IStarStable,
        "iStar ordinal" = dpo_prm(beta = 0.05, net = separate, ref = old, pairs = success, over = mean, read = before)
            + rl(adv = norm(pool(outcome, stat = rank)) + norm(pool(sum(implicit, per = step), stat = rank)),
                ratio = sum(step), reduce = mean(step)),
    }
}

ablations! {
    /// The same in self-play, and does it help there to compare a step with those of the same party?
    pub DialogueSelfPlay {
        "GRPO" = Grpo,
        "RLOO" = Rloo,
        "AgentPRM" = AgentPrm,
        "PRIME" = Prime,
        "PRM only" = PrmOnly,
        "iStar (note)" = IStar,
        "iStar (paper, GRPO)" = IStarPaper,
        "iStar (paper, RLOO)" = IStarPaperRloo,
        "iStar stable" = IStarStable,
        "credit by agent" = PerAgent,
    }
}

/// Tasks come from this stream whatever a run's seed is: every cell trains, validates and tests on the same sets.
const TASK_SEED: u64 = 0;

/// Dialogues with partners of three temperaments, and a policy that chooses among what can be said.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "world", rename = "dialogue")]
pub struct DialogueWorld {
    /// The scenarios.
    #[serde(skip)]
    scenes: Arc<Scenes>,
    /// What tells them from others: a hash of all.
    scenarios: u64,
    /// How noisy the judges are; see [`NoisyJudge`](crate::env::dialogue::NoisyJudge).
    pub noise: f64,
    /// What partners are like.
    pub partners: Vec<Temperament>,
    /// Tasks to train on.
    pub train: usize,
    /// Tasks of the learning curve.
    pub validation: usize,
    /// Tasks of the table's columns.
    pub test: usize,
    /// Partner and judges outside of the program, in the place of those that are simulated.
    #[serde(flatten)]
    outside: Option<Outside>,
    /// Why there are no tasks, if there are none.
    #[serde(skip)]
    missing: Option<String>,
}

impl DialogueWorld {
    /// Scenarios of our own of seed 0, judged with so many percent of noise.
    #[must_use]
    pub fn judged<const PERCENT: u32>(preset: Preset) -> (Self, Schedule) {
        Self::of(Arc::new(Scenes::made(0)), f64::from(PERCENT) / 100.0, preset)
    }

    /// Any scenarios, judged with this noise. Scenarios of validation and test tasks are never trained on.
    #[must_use]
    pub fn of(scenes: Arc<Scenes>, noise: f64, preset: Preset) -> (Self, Schedule) {
        let schedule = preset.choosing(300);
        let world = DialogueWorld {
            scenarios: scenes.hash(),
            scenes,
            noise,
            partners: vec![Temperament::Conceder, Temperament::Hard, Temperament::Tit],
            train: preset.pick(64, 2048, 4096),
            validation: preset.pick(8, 64, 128),
            test: preset.pick(16, 256, 512),
            outside: None,
            missing: None,
        };
        (world, schedule)
    }

    /// Scenarios of SOTOPIA's files in the folder that `ISTAR_SCENARIOS` names, see [`Scenes::read`], judged with 20 % noise. Without
    /// one there are no tasks.
    #[must_use]
    pub fn named(preset: Preset) -> (Self, Schedule) {
        match named("ISTAR_SCENARIOS", "a folder of SOTOPIA's files", Scenes::read) {
            Ok(scenes) => Self::of(Arc::new(scenes), NoisyJudge::NOISE, preset),
            Err(missing) => {
                let (world, schedule) = Self::judged::<20>(preset);
                (DialogueWorld { missing: Some(missing), ..world }, schedule)
            }
        }
    }

    /// Scenarios of our own of seed 0, with a language model as partner and as judge: those that the environment names, see
    /// [`Server::from_env`](../chat/struct.Server.html#method.from_env). Without them there are no tasks.
    #[must_use]
    pub fn with_models(preset: Preset) -> (Self, Schedule) {
        let (world, schedule) = Self::judged::<0>(preset);
        let (outside, missing) = match Outside::from_env() {
            Ok(outside) => (Some(outside), None),
            Err(nobody) => (None, Some(nobody)),
        };
        // A model has no temperament to be drawn.
        let partners = vec![Temperament::default()];
        (DialogueWorld { outside, missing, partners, ..world }, schedule)
    }

    fn draw(&self, split: Split, n: usize) -> Vec<Task> {
        self.scenes.draw(split, &self.partners, TASK_SEED, n)
    }
}

impl<D: Backend> Portable<D> for DialogueWorld {
    type There = Choosing<View, (Tanh<64>,), D>;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        Choosing::new(device, TOKENS, seed)
    }
}

impl World for DialogueWorld {
    type Env = Dialogue;
    type Device = Cpu;
    type Policy = Choosing<View, (Tanh<64>,)>;

    fn setting(&self) -> String {
        let scenarios = self.scenes.scenarios().len();
        if let Some(Outside { models: [partner, judge, second], .. }) = &self.outside {
            let said = format!(
                "{partner} as the partner, {judge} as the judge of training, {second} as that of the table"
            );
            return format!("social dialogue, {scenarios} scenarios, {said}");
        }
        format!("social dialogue, {scenarios} scenarios, judges with {:.0} % noise", 100.0 * self.noise)
    }

    fn env(&self) -> Dialogue {
        let env = Dialogue::new(&self.scenes, self.noise);
        match &self.outside {
            Some(outside) => outside.seat(env),
            None => env,
        }
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

    fn scores(&self) -> bool {
        true
    }

    fn expert(&self) -> Option<Expert<Dialogue>> {
        Some(Dialogue::demonstrate)
    }

    /// What the policy knows, the dialogue so far included.
    fn picture(&self, env: &Dialogue) -> Option<Vec<String>> {
        Some(picture(env))
    }

    fn caption(&self, tokens: &[u32]) -> String {
        caption(tokens)
    }

    fn published(&self) -> Option<Published> {
        Some(ISTAR)
    }
}

/// The dialogues of a [`DialogueWorld`] in which the policy speaks for both parties.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "world", rename = "dialogue-self")]
pub struct DialogueSelfWorld {
    /// The dialogues; partners do not matter.
    pub dialogues: DialogueWorld,
}

impl DialogueSelfWorld {
    /// Scenarios of our own of seed 0, judged with 20 % noise.
    #[must_use]
    pub fn made(preset: Preset) -> (Self, Schedule) {
        let (dialogues, schedule) = DialogueWorld::judged::<20>(preset);
        (DialogueSelfWorld { dialogues }, schedule)
    }
}

const PARTIES: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

impl<D: Backend> Portable<D> for DialogueSelfWorld {
    type There = <DialogueWorld as Portable<D>>::There;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        self.dialogues.policy_there(device, seed)
    }
}

impl World for DialogueSelfWorld {
    type Env = Relay<Dialogue>;
    type Device = Cpu;
    type Policy = <DialogueWorld as World>::Policy;

    fn setting(&self) -> String {
        format!("{}, self-play", self.dialogues.setting())
    }

    fn env(&self) -> Self::Env {
        Relay::new(self.dialogues.env().self_play(), PARTIES)
    }

    fn policy(&self, seed: u64) -> Self::Policy {
        self.policy_there(&Cpu::default(), seed)
    }

    fn tasks(&self) -> Result<Tasks<TaskOf<Self>>, Box<dyn Error + Send + Sync>> {
        self.dialogues.tasks()
    }

    fn scores(&self) -> bool {
        true
    }

    fn expert(&self) -> Option<Expert<Self::Env>> {
        Some(Relay::demonstrate)
    }

    fn picture(&self, env: &Self::Env) -> Option<Vec<String>> {
        Some(picture(env.inner()))
    }

    fn caption(&self, tokens: &[u32]) -> String {
        caption(tokens)
    }
}

fn picture(env: &Dialogue) -> Vec<String> {
    env.seat().text().lines().map(str::to_owned).collect()
}

/// Acts by kind and number: a caption knows no scenario, and the words are in the picture after it.
fn caption(tokens: &[u32]) -> String {
    let word = |token: &u32| match Act::of(*token) {
        Some(Act::Appeal(appeal)) => format!("appeal to {}", appeal.name()),
        Some(Act::Ask(topic)) => format!("ask {}", topic + 1),
        Some(Act::Tell(topic)) => format!("tell {}", topic + 1),
        Some(Act::Offer(settlement)) => format!("offer {}", settlement + 1),
        Some(act) => format!("{act:?}").to_lowercase(),
        None => "·".to_owned(),
    };
    tokens.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Table 2 of "Agentic Reinforcement Learning with Implicit Step Rewards" (arXiv 2509.19199), the column of a fixed partner, all scenarios.
const ISTAR: Published = Published {
    title: "The iStar paper's own numbers, SOTOPIA's goal, 0 to 10, against GPT-4o",
    caveat: "Another policy (Qwen2.5-7B), other scenarios, another judge (GPT-4o); not comparable with the table above.",
    measure: "goal",
    results: &[
        table_2("base policy (ReAct)", 7.30, None),
        table_2("PPO", 8.07, Some(0.08)),
        table_2("GRPO", 7.84, Some(0.06)),
        table_2("RLOO", 7.77, Some(0.03)),
        table_2("REINFORCE++", 7.93, Some(0.09)),
        table_2("GRPO with iStar", 8.36, Some(0.03)),
    ],
};

const fn table_2(method: &'static str, mean: f64, spread: Option<f64>) -> PublishedResult {
    PublishedResult { source: "Table 2: 3 seeds", method, mean, spread }
}
