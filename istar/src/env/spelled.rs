//! Environments that are read and written: what is seen is text, and a step is spelled out token by token.

use super::remote::RecordError;
use super::{
    Agents, Checklist, Demonstrate, Env, EnvError, ExactCredit, Restore, StateKey, StateText, StepReward,
    Subgoals, Tags, Transition,
};
use crate::batch::{Legal, Turns};
use crate::seed::Streams;
use crate::tokenizer::Tokenizer;
use rustc_hash::FxHashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// An environment whose steps are one token each, and have words.
pub trait Words: Env {
    /// What is to be read before the next step: the task and what is there, and after a step what came of it. It is read behind
    /// all that was read and said before.
    fn read(&self) -> String;

    /// What can be said now, with the token that the environment knows it by; at least one, until the episode is over. Of two that
    /// say the same the first is meant.
    fn sayings(&self) -> Vec<(u32, String)>;
}

/// How texts are spelled: a tokenizer, and the token that stands behind whatever is said.
pub struct Spelling {
    tokenizer: Tokenizer,
    end: u32,
    /// What was spelled before: mostly the same is said.
    known: Mutex<FxHashMap<String, Arc<[u32]>>>,
}

impl Spelling {
    /// With this tokenizer, whose token `end` stands behind whatever is said.
    pub fn new(tokenizer: Tokenizer, end: u32) -> Self {
        Spelling { tokenizer, end, known: Mutex::default() }
    }

    /// How many tokens there are.
    pub fn vocabulary(&self) -> usize {
        self.tokenizer.vocabulary()
    }

    /// The token behind whatever is said.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// The text of tokens, without the end.
    pub fn text(&self, tokens: &[u32]) -> String {
        let said: Vec<u32> = tokens.iter().copied().filter(|token| *token != self.end).collect();
        self.tokenizer.decode(&said).unwrap_or_default()
    }

    /// The tokens of what is read.
    fn read(&self, text: &str) -> Result<Arc<[u32]>, EnvError> {
        let tokens = self.tokenizer.encode_on(text).map_err(EnvError::new)?;
        Ok(tokens.into())
    }

    /// The tokens of what is said, with the end.
    fn said(&self, text: String) -> Result<Arc<[u32]>, EnvError> {
        // A panic elsewhere leaves no half-written entry.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tokens) = known.get(&text) {
            return Ok(tokens.clone());
        }
        let mut tokens = self.tokenizer.encode_on(&text).map_err(EnvError::new)?;
        tokens.retain(|token| *token != self.end);
        tokens.push(self.end);
        let tokens: Arc<[u32]> = tokens.into();
        known.insert(text, tokens.clone());
        Ok(tokens)
    }
}

impl fmt::Debug for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spelling({} tokens)", self.vocabulary())
    }
}

/// An environment in which a policy over sequences reads what is to be read and spells out what it says: an observation is the text
/// that came since its last token, a step the tokens of a saying and the end behind it. Legal is what goes on to something that can be said,
/// so nothing else is ever said.
///
/// ```
/// use istar::env::spelled::{Spelled, Spelling};
/// use istar::env::textcraft::{Book, TextCraft};
/// use istar::env::Env;
/// use istar::tokenizer::{Pairs, Tokenizer};
/// use std::sync::Arc;
///
/// let book = Book::made(0);
/// let task = book.tasks()[0].clone();
/// let pairs = Pairs::train([task.text(task.start())], 400, &["<end>"])?;
/// let spelling = Arc::new(Spelling::new(Tokenizer::Pairs(pairs), 0));
/// let mut env = Spelled::new(TextCraft::new(&book, 20), spelling.clone());
/// env.reset(&task)?;
/// assert!(spelling.text(&env.observe()).starts_with("Crafting commands:"));
/// // Whatever is legal is said.
/// let mut said = Vec::new();
/// loop {
///     said.extend(env.legal(&said).below(400).next());
///     if env.next(&said).is_none() {
///         break;
///     }
/// }
/// assert!(env.step(&said)?.valid);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Spelled<E> {
    inner: E,
    spelling: Arc<Spelling>,
    /// What came since the last step.
    read: Arc<[u32]>,
    /// What can be said now.
    sayings: Arc<[Saying]>,
}

/// Something that can be said: the token of the environment within, and how it is spelled.
type Saying = (u32, Arc<[u32]>);

impl<E: Words> Spelled<E> {
    /// This environment, spelled like this.
    pub fn new(inner: E, spelling: Arc<Spelling>) -> Self {
        Spelled { inner, spelling, read: [].into(), sayings: [].into() }
    }

    /// What is read and written.
    pub fn inner(&self) -> &E {
        &self.inner
    }

    /// Reads what is to be read, once something has changed.
    fn look(&mut self) -> Result<(), EnvError> {
        self.read = self.spelling.read(&self.inner.read())?;
        let sayings = self.inner.sayings().into_iter();
        let spell = |(token, text)| Ok((token, self.spelling.said(text)?));
        self.sayings = sayings.map(spell).collect::<Result<_, EnvError>>()?;
        Ok(())
    }

    /// What a step is to the environment within: nothing, if it says nothing.
    fn meant(&self, tokens: &[u32]) -> Vec<u32> {
        let saying = self.sayings.iter().find(|(_, said)| **said == *tokens);
        saying.map(|(token, _)| *token).into_iter().collect()
    }

    /// Reads on after a step, if it was one.
    fn after(&mut self, moved: Result<Transition, EnvError>) -> Result<Transition, EnvError> {
        let moved = moved?;
        self.look()?;
        Ok(moved)
    }
}

fn inner<'a, E>(envs: &'a mut [&mut Spelled<E>]) -> Vec<&'a mut E> {
    envs.iter_mut().map(|env| &mut env.inner).collect()
}

impl<E: Words> Env for Spelled<E> {
    type Task = E::Task;
    type Observation = Arc<[u32]>;

    fn reset(&mut self, task: &E::Task) -> Result<(), EnvError> {
        self.inner.reset(task)?;
        self.look()
    }

    fn observe(&self) -> Arc<[u32]> {
        self.read.clone()
    }

    /// Nothing more is read before a saying is over.
    fn next(&self, so_far: &[u32]) -> Option<Arc<[u32]>> {
        let goes_on = |(_, said): &Saying| said.len() > so_far.len() && said.starts_with(so_far);
        self.sayings.iter().any(goes_on).then(|| [].into())
    }

    fn legal(&self, so_far: &[u32]) -> Legal {
        let next = |(_, said): &Saying| said.strip_prefix(so_far)?.first().copied();
        self.sayings.iter().filter_map(next).collect()
    }

    /// What is no saying is no token of the environment within: nothing.
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let moved = self.inner.step(&self.meant(tokens));
        self.after(moved)
    }

    fn reset_all(envs: &mut [&mut Self], tasks: &[&E::Task], at: Streams<'_>) -> Vec<Result<(), EnvError>> {
        let begun = E::reset_all(&mut inner(envs), tasks, at);
        envs.iter_mut().zip(begun).map(|(env, begun)| begun.and_then(|()| env.look())).collect()
    }

    fn step_all(envs: &mut [&mut Self], tokens: &[&[u32]]) -> Vec<Result<Transition, EnvError>> {
        let meant: Vec<Vec<u32>> = envs.iter().zip(tokens).map(|(env, tokens)| env.meant(tokens)).collect();
        let meant: Vec<&[u32]> = meant.iter().map(Vec::as_slice).collect();
        let moved = E::step_all(&mut inner(envs), &meant);
        envs.iter_mut().zip(moved).map(|(env, moved)| env.after(moved)).collect()
    }

    fn record(&mut self, file: &Path) -> Result<(), RecordError> {
        self.inner.record(file)
    }
}

impl<E: Words + StateKey> StateKey for Spelled<E> {
    type Key = E::Key;

    fn state_key(&self) -> E::Key {
        self.inner.state_key()
    }
}

impl<E: Words + StateText> StateText for Spelled<E> {
    fn state_text(&self) -> String {
        self.inner.state_text()
    }
}

impl<E: Words + StepReward> StepReward for Spelled<E> {}

impl<E: Words + Subgoals> Subgoals for Spelled<E> {
    fn segment(&self) -> u32 {
        self.inner.segment()
    }

    fn segment_with(&self, tokens: &[u32]) -> u32 {
        self.inner.segment_with(&self.meant(tokens))
    }
}

impl<E: Words + Agents> Agents for Spelled<E> {
    fn agent(&self) -> u32 {
        self.inner.agent()
    }
}

impl<E: Words + Tags> Tags for Spelled<E> {
    fn tag(&self) -> u32 {
        self.inner.tag()
    }
}

impl<E: Words + Checklist> Checklist for Spelled<E> {
    fn checklist(&self) -> Turns {
        self.inner.checklist()
    }

    fn turn(&self) -> u32 {
        self.inner.turn()
    }

    fn satisfied(&self, turn: u32) -> Option<Vec<bool>> {
        self.inner.satisfied(turn)
    }
}

impl<E: Words + Restore> Restore for Spelled<E> {
    type State = (E::State, Arc<[u32]>, Arc<[Saying]>);

    fn save(&self) -> Self::State {
        (self.inner.save(), self.read.clone(), self.sayings.clone())
    }

    fn restore(&mut self, (state, read, sayings): &Self::State) {
        self.inner.restore(state);
        (self.read, self.sayings) = (read.clone(), sayings.clone());
    }
}

impl<E: Words + Demonstrate> Demonstrate for Spelled<E> {
    fn demonstrate(&self) -> Option<Vec<u32>> {
        let meant = self.inner.demonstrate()?;
        let said = |(token, said): &Saying| (meant == [*token]).then(|| said.to_vec());
        self.sayings.iter().find_map(said)
    }
}

impl<E: Words + ExactCredit> ExactCredit for Spelled<E> {
    type Search = E::Search;

    fn search(task: &E::Task) -> E::Search {
        E::search(task)
    }

    fn remaining(&self, search: &mut E::Search) -> Option<u32> {
        self.inner.remaining(search)
    }

    fn budget(&self) -> u32 {
        self.inner.budget()
    }
}
#[cfg(all(test, feature = "tokenizers"))]
mod tests;
