//! An environment that is outside of the program: a language model that plays the other side of a dialogue, a browser, a
//! simulator behind a socket.
//!
//! [`Remote`] makes an [`Env`] of whoever answers, a [`Partner`]. What one batch asks at the same time is asked together. What
//! cannot be answered costs its episode. And because the same question may be answered otherwise tomorrow, answers are
//! recorded where a run asks for it ([`Env::record`]), before anything is made of them: a run that was killed is told the
//! same again and goes on with the same bits. What an environment of another kind asks outside, it asks through a [`Told`].

mod record;
#[cfg(test)]
mod tests;
mod told;

pub use record::{RecordError, forget};
pub use told::{Open, Told};

use super::{Env, EnvError, Transition};
use crate::seed::Streams;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::{Debug, Formatter};
use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;

/// Who is outside and answers.
///
/// It need not remember anything: a request says all that an episode has been. One that does keep something for each episode,
/// such as an open page, knows them by [`Request::episode`]; of an episode that it has never heard of it must be able to begin
/// in the middle, since a run that goes on after a kill asks only for what is not on record.
pub trait Partner: Send + Sync + 'static {
    /// What an episode starts from.
    type Task: Clone + Send + Sync;
    /// What the policy sees. It is written to the record as JSON, and must come back equal.
    type Observation: Clone + Eq + Hash + Send + Sync + Serialize + DeserializeOwned;

    /// Answers the requests of several episodes, in their order. How long to wait, how often to try again and how many to
    /// ask at once is the partner's to know; one that it gives up is an error.
    fn answer(
        &self,
        requests: &[Request<'_, Self::Task, Self::Observation>],
    ) -> Vec<Result<Answer<Self::Observation>, EnvError>>;

    /// What the next token of a step is drawn under, see [`Env::next`]: this is said by the program, not from outside.
    fn next(&self, _seen: &Self::Observation, _so_far: &[u32]) -> Option<Self::Observation> {
        None
    }
}

/// What is asked of a partner: how an episode begins, or what a step leads to.
#[derive(Debug)]
pub struct Request<'a, Task, Observation> {
    /// Which episode it is.
    pub episode: &'a Episode,
    /// What it starts from.
    pub task: &'a Task,
    /// How it began and every step since; empty if it is to begin now.
    pub past: &'a [Exchange<Observation>],
    /// The step that is taken now; none if it is to begin.
    pub tokens: &'a [u32],
}

/// One step of an episode, and what it led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange<Observation> {
    /// The tokens of the step; none of them where the episode begins.
    pub tokens: Vec<u32>,
    /// The answer.
    pub answer: Answer<Observation>,
}

/// What a partner answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer<Observation> {
    /// What the policy sees now.
    pub observation: Observation,
    /// What the step brought; where the episode begins nobody reads it.
    pub transition: Transition,
}

/// An episode by the batch that it belongs to: the name and the index of the random streams, the how-manieth of them since the
/// record was opened, and its number there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Episode {
    /// What the batch is for: "rollout", "evaluate".
    pub name: String,
    /// The training iteration.
    pub index: u64,
    /// Which batch of this name and index, from 0: an iteration may be evaluated several times.
    pub nth: u32,
    /// The number of the episode in its batch.
    pub number: u64,
}

/// An environment whose every answer comes from a [`Partner`], which its clones share.
///
/// What else an environment can offer, such as subgoals or checklists, is written around it: a type that holds a `Remote` and
/// reads what it says. Such a type hands on [`reset_all`](Env::reset_all), [`step_all`](Env::step_all) and
/// [`record`](Env::record) too.
pub struct Remote<P: Partner> {
    partner: Arc<P>,
    told: Told<Vec<u32>, Answer<P::Observation>>,
    task: Option<P::Task>,
    past: Vec<Exchange<P::Observation>>,
}

impl<P: Partner> Remote<P> {
    /// An environment that this partner answers.
    pub fn new(partner: P) -> Self {
        Remote { partner: Arc::new(partner), told: Told::default(), task: None, past: Vec::new() }
    }

    /// Who answers.
    pub fn partner(&self) -> &P {
        &self.partner
    }

    /// How the episode began and every step since.
    pub fn past(&self) -> &[Exchange<P::Observation>] {
        &self.past
    }

    fn begin(&mut self, task: &P::Task) {
        self.task = Some(task.clone());
        self.past.clear();
    }

    /// What these tokens lead to in these environments: what is on record, and for the rest what the partner says.
    fn ask(envs: &mut [&mut Self], tokens: &[&[u32]]) -> Vec<Result<Transition, EnvError>> {
        let Some(first) = envs.first() else { return Vec::new() };
        let partner = first.partner.clone();
        let (mut told, been): (Vec<_>, Vec<_>) = envs
            .iter_mut()
            .map(|env| {
                let task = env.task.as_ref().expect("an episode begins with `reset`");
                (&mut env.told, (task, &env.past[..]))
            })
            .unzip();
        let asked = tokens.iter().map(|tokens| tokens.to_vec()).collect();
        let answers = Told::ask_all(&mut told, asked, |open| {
            let requests = open.iter().map(|open| {
                let (task, past) = been[open.at];
                Request { episode: open.episode, task, past, tokens: tokens[open.at] }
            });
            let requests: Vec<_> = requests.collect();
            partner.answer(&requests).into_iter().map(|said| said.and_then(finite)).collect()
        });
        let past = answers.into_iter().zip(envs).zip(tokens).map(|((answer, env), tokens)| {
            let answer = answer?;
            let transition = answer.transition;
            env.past.push(Exchange { tokens: tokens.to_vec(), answer });
            Ok(transition)
        });
        past.collect()
    }
}

/// Numbers that are none are no answer; JSON does not have them either.
fn finite<O>(answer: Answer<O>) -> Result<Answer<O>, EnvError> {
    let Transition { reward, score, .. } = answer.transition;
    match [Some(reward), score].into_iter().flatten().find(|number| !number.is_finite()) {
        Some(number) => Err(EnvError::new(format!("the partner's answer has {number} for a number"))),
        None => Ok(answer),
    }
}

impl<P: Partner> Env for Remote<P> {
    type Task = P::Task;
    type Observation = P::Observation;

    fn reset(&mut self, task: &P::Task) -> Result<(), EnvError> {
        self.told.begin()?;
        self.begin(task);
        Self::ask(&mut [self], &[&[]]).remove(0).map(|_| ())
    }

    fn reset_all(envs: &mut [&mut Self], tasks: &[&P::Task], at: Streams<'_>) -> Vec<Result<(), EnvError>> {
        let mut told: Vec<_> = envs.iter_mut().map(|env| &mut env.told).collect();
        Told::begin_all(&mut told, at);
        envs.iter_mut().zip(tasks).for_each(|(env, task)| env.begin(task));
        let begun = Self::ask(envs, &vec![&[][..]; envs.len()]);
        begun.into_iter().map(|begun| begun.map(|_| ())).collect()
    }

    fn observe(&self) -> P::Observation {
        self.past.last().expect("an episode begins with `reset`").answer.observation.clone()
    }

    fn next(&self, so_far: &[u32]) -> Option<P::Observation> {
        self.partner.next(&self.past.last()?.answer.observation, so_far)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        Self::ask(&mut [self], &[tokens]).remove(0)
    }

    fn step_all(envs: &mut [&mut Self], tokens: &[&[u32]]) -> Vec<Result<Transition, EnvError>> {
        Self::ask(envs, tokens)
    }

    fn record(&mut self, file: &Path) -> Result<(), RecordError> {
        self.told.record(file)
    }
}

impl<P: Partner> Clone for Remote<P> {
    fn clone(&self) -> Self {
        Remote {
            partner: self.partner.clone(),
            told: self.told.clone(),
            task: self.task.clone(),
            past: self.past.clone(),
        }
    }
}

impl<P: Partner> Debug for Remote<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote")
            .field("episode", self.told.episode())
            .field("steps", &self.past.len())
            .finish()
    }
}
