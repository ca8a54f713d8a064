//! What a table is run on.

use super::error::TableError;
use super::frozen::OnPolicy;
use super::published::Published;
use crate::env::{Env, ExactCredit};
use crate::kernels::Backend;
use crate::policy::Policy;
use crate::rollout::{SampleError, Sampling};
use crate::seed::stream;
use crate::trainer::Trainer;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::fmt::Debug;

/// An environment, a policy for it, tasks, and what the two can show. What a world cannot show has no column and no place
/// in a report.
///
/// A world is a small value: the numbers and choices that it is made from. Its `Serialize` is how it stands in the manifest
/// of a study, so every field that decides a number must be in it; `#[serde(tag = "world")]` on the struct writes its
/// name beside them, which keeps the studies of two worlds apart.
///
/// Four methods are required; each of the others is something that the world can show if it has it.
pub trait World: Serialize + Send + Sync + 'static {
    /// What is acted in. Batches that are replayed stand in checkpoints, and what was observed with them.
    type Env: Env<Observation: Serialize + DeserializeOwned>;
    /// Where the policy computes.
    type Device: Backend;
    /// What acts.
    type Policy: Policy<Self::Device, Observation = <Self::Env as Env>::Observation> + Debug;

    /// Environment and sizes in a few words, for the line under a report's title.
    fn setting(&self) -> String;

    /// The environment that every episode's is a clone of.
    fn env(&self) -> Self::Env;

    /// The policy that every row of this seed starts from, or that the warm start begins with. Equal seeds give equal
    /// networks.
    fn policy(&self, seed: u64) -> Self::Policy;

    /// The tasks, the same whenever it is asked: every row and seed trains, validates and tests on the same sets.
    ///
    /// # Errors
    /// When they cannot be read or made.
    fn tasks(&self) -> Result<Tasks<TaskOf<Self>>, Box<dyn Error + Send + Sync>>;

    /// Another training task made of a training task; the same one if there is nothing to vary.
    fn vary(&self, task: &TaskOf<Self>, _random: &mut ChaCha8Rng) -> TaskOf<Self> {
        task.clone()
    }

    /// The same world with its training tasks as they are.
    #[must_use]
    fn unvaried(self) -> Self
    where
        Self: Sized,
    {
        self
    }

    /// Whether every episode ends with a [`score`](crate::env::Transition::score), so that it can be the outcome.
    fn scores(&self) -> bool {
        false
    }

    /// Who knows how to go on, for the warm start.
    fn expert(&self) -> Option<Expert<Self::Env>> {
        None
    }

    /// What credit is measured against.
    fn exact_credit(&self) -> Option<Yardstick<Self::Env>> {
        None
    }

    /// What else credit is measured against, where the environment can go back: the advantage of each step under the policy that
    /// took it, which [`on_policy`](super::on_policy()) estimates.
    fn on_policy(&self) -> Option<GoOn<Self>> {
        None
    }

    /// The state that an environment is in, as lines of text, for the films of a report.
    fn picture(&self, _env: &Self::Env) -> Option<Vec<String>> {
        None
    }

    /// A PNG of what [`picture`](World::picture) gave; without one, a film shows the lines themselves.
    fn image(&self, _picture: &[String]) -> Option<Vec<u8>> {
        None
    }

    /// What such an image shows, in words for those who do not see it.
    fn describe(&self, _picture: &[String]) -> Option<String> {
        None
    }

    /// A step in words, from all its tokens.
    fn caption(&self, tokens: &[u32]) -> String {
        tokens.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
    }

    /// What papers report for this environment, to be printed beneath a table and never in it.
    fn published(&self) -> Option<Published> {
        None
    }
}

/// The trainer of an objective in a world.
pub type TrainerOf<O, W> = Trainer<O, <W as World>::Policy, <W as World>::Device>;

/// The tasks of a world's environment.
pub type TaskOf<W> = <<W as World>::Env as Env>::Task;

/// The tokens of a good next step from the state that an environment is in; `None` where the expert knows none.
pub type Expert<E> = fn(&E) -> Option<Vec<u32>>;

/// Samples whole groups of these tasks under a policy, with this seed, and says what each of their steps was worth.
pub type GoOn<W> = fn(
    &<W as World>::Env,
    &[TaskOf<W>],
    &<W as World>::Policy,
    &Sampling,
    u64,
) -> Result<OnPolicy, SampleError>;

/// Sets of tasks that have nothing in common.
#[derive(Clone, Debug)]
pub struct Tasks<T> {
    /// To train on.
    pub train: Vec<T>,
    /// For the learning curve.
    pub validation: Vec<T>,
    /// For the columns of the table.
    pub test: Vec<T>,
}

/// Steps of a shortest solution from the state that an environment is in; `None` beyond rescue.
pub type Distance<E> = Box<dyn FnMut(&E) -> Option<u32>>;

/// The exact distance to success in every state, task by task. The exact credit of a step is by how much it gets shorter.
pub struct Yardstick<E: Env> {
    budget: u32,
    search: Box<dyn Fn(&E::Task) -> Distance<E>>,
}

impl<E: Env> Yardstick<E> {
    /// `search` begins with a task and then answers for any state of it; no distance counts for more than `budget` steps,
    /// and a state beyond rescue for all of them.
    pub fn new(budget: u32, search: impl Fn(&E::Task) -> Distance<E> + 'static) -> Self {
        Yardstick { budget, search: Box::new(search) }
    }

    /// That of an environment which is searched.
    pub fn of(env: &E) -> Self
    where
        E: ExactCredit,
    {
        Self::new(env.budget(), |task| {
            let mut search = E::search(task);
            Box::new(move |env| env.remaining(&mut search))
        })
    }

    /// The most steps that a distance counts for.
    #[must_use]
    pub fn budget(&self) -> u32 {
        self.budget
    }

    /// Begins with a task.
    pub fn search(&self, task: &E::Task) -> Distance<E> {
        (self.search)(task)
    }

    /// What a distance counts for, in steps.
    #[must_use]
    pub fn cost(&self, remaining: Option<u32>) -> f64 {
        f64::from(remaining.map_or(self.budget, |steps| steps.min(self.budget)))
    }
}

/// A world with its environment made and its tasks drawn.
pub struct Stage<W: World> {
    /// The world.
    pub world: W,
    /// Its environment.
    pub env: W::Env,
    /// Its tasks; no set is empty.
    pub tasks: Tasks<TaskOf<W>>,
}

impl<W: World> Stage<W> {
    /// Draws the tasks.
    ///
    /// # Errors
    /// When the world cannot give them, or a set is empty.
    pub fn of(world: W) -> Result<Self, TableError> {
        let tasks = world.tasks().map_err(TableError::Tasks)?;
        let sets = [("train on", &tasks.train), ("validate on", &tasks.validation), ("test on", &tasks.test)];
        if let Some((purpose, _)) = sets.into_iter().find(|(_, set)| set.is_empty()) {
            return Err(TableError::NoTasks(purpose));
        }
        Ok(Stage { env: world.env(), world, tasks })
    }

    /// The training tasks of an iteration: the same for all rows of a seed.
    #[must_use]
    pub fn batch(&self, seed: u64, iteration: u64, groups: usize) -> Vec<TaskOf<W>> {
        let mut random = stream(seed, "tasks", iteration);
        (0..groups).map(|_| self.task(&mut random)).collect()
    }

    /// Draws a training task.
    pub fn task(&self, random: &mut ChaCha8Rng) -> TaskOf<W> {
        self.world.vary(&self.tasks.train[random.random_range(0..self.tasks.train.len())], random)
    }
}
