//! What one episode asks outside of the program, question after question, and is told.

use super::record::{Record, Recorded};
use super::{Episode, RecordError};
use crate::env::EnvError;
use crate::seed::Streams;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::{Debug, Formatter};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What one episode asks, `Q`, and is told, `A`: by the record, where that has an answer to the same question at the same place
/// of the same episode, and otherwise by whoever is outside, once the answer is written down.
///
/// An environment keeps one, clones it when it is cloned, and hands on to it [`record`](crate::env::Env::record) and
/// [`reset_all`](crate::env::Env::reset_all). Clones share the record. How an episode goes, its questions with it, must
/// follow from its tokens and from what it was told.
///
/// ```
/// use istar::env::EnvError;
/// use istar::env::remote::Told;
///
/// let mut told: Told<String, u32> = Told::default();
/// told.begin()?;
/// let answer = told.ask("how many?".to_owned(), |_episode| Ok(3))?;
/// assert_eq!((answer, told.questions()), (3, 1));
/// # Ok::<(), EnvError>(())
/// ```
pub struct Told<Q, A> {
    record: Option<Arc<Mutex<Record<Q, A>>>>,
    episode: Episode,
    questions: usize,
}

/// A question that the record has no answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open<'a> {
    /// Its number among those that were asked together.
    pub at: usize,
    /// Which episode asks it.
    pub episode: &'a Episode,
}

impl<Q, A> Told<Q, A> {
    /// Which episode it is.
    pub fn episode(&self) -> &Episode {
        &self.episode
    }

    /// How many questions it has asked.
    pub fn questions(&self) -> usize {
        self.questions
    }

    fn recorded(&self) -> Option<MutexGuard<'_, Record<Q, A>>> {
        // Whoever panicked with it had not begun to write, or has written whole lines.
        self.record.as_deref().map(|record| record.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<Q, A> Told<Q, A>
where
    Q: PartialEq + Serialize + DeserializeOwned,
    A: Clone + Serialize + DeserializeOwned,
{
    /// Writes answers down from now on, and tells first what this file already holds.
    ///
    /// # Errors
    /// The file is damaged, or cannot be used.
    pub fn record(&mut self, file: &Path) -> Result<(), RecordError> {
        self.record = Some(Arc::new(Mutex::new(Record::open(file)?)));
        Ok(())
    }

    /// Begins an episode that stands alone.
    ///
    /// # Errors
    /// There is a record, which knows episodes by their numbers.
    pub fn begin(&mut self) -> Result<(), EnvError> {
        if self.record.is_some() {
            let way_out = "begin it by `reset_all`, which an environment around this one hands on";
            return Err(EnvError::new(format!("an episode without a number cannot be recorded: {way_out}")));
        }
        (self.episode, self.questions) = (Episode::default(), 0);
        Ok(())
    }

    /// Begins a batch of episodes, in the order of their numbers from 0.
    pub fn begin_all(all: &mut [&mut Self], at: Streams<'_>) {
        let Streams { name, index, .. } = at;
        let Some(first) = all.first() else { return };
        let nth = first.recorded().map_or(0, |mut record| record.begin(name, index));
        for (number, told) in (0..).zip(all) {
            (told.episode, told.questions) = (Episode { name: name.to_owned(), index, nth, number }, 0);
        }
    }

    /// Asks one question, see [`ask_all`](Told::ask_all).
    ///
    /// # Errors
    /// What `ask` says, or that its answer could not be written down.
    pub fn ask(
        &mut self,
        question: Q,
        ask: impl FnOnce(&Episode) -> Result<A, EnvError>,
    ) -> Result<A, EnvError> {
        Self::ask_all(&mut [self], vec![question], |open| vec![ask(open[0].episode)]).remove(0)
    }

    /// Asks a question of each episode: what is on record is told again, and the others are handed to `ask`, all together. It
    /// gives one answer or error each, in their order. They are on disk before this returns.
    ///
    /// One result for each, in order: what could not be written down is an error, for a run that resumes would not know it.
    pub fn ask_all(
        all: &mut [&mut Self],
        questions: Vec<Q>,
        ask: impl FnOnce(&[Open<'_>]) -> Vec<Result<A, EnvError>>,
    ) -> Vec<Result<A, EnvError>> {
        let replay = |(told, question): (&&mut Self, &Q)| {
            told.recorded().and_then(|mut record| record.replay(&told.episode, told.questions, question))
        };
        let mut answers: Vec<_> = all.iter().zip(&questions).map(replay).collect();
        let open = (0..answers.len()).filter(|at| answers[*at].is_none());
        let open: Vec<_> = open.map(|at| Open { at, episode: &all[at].episode }).collect();
        let mut kept = Ok(());
        if let Some(first) = open.first() {
            let mut said = ask(&open).into_iter();
            let silent = || Err(EnvError::new("the partner did not answer this request"));
            let said: Vec<_> = open.iter().map(|_| said.next().unwrap_or_else(silent)).collect();
            if let Some(mut record) = all[first.at].recorded() {
                let mut questions: Vec<_> = questions.into_iter().map(Some).collect();
                let lines = open.iter().zip(&said).map(|(open, result)| Recorded {
                    episode: open.episode.clone(),
                    step: all[open.at].questions,
                    asked: questions[open.at].take().expect("each is asked once"),
                    result: result.clone(),
                });
                kept = record.append(lines.collect());
            }
            open.iter()
                .zip(said)
                .for_each(|(open, said)| answers[open.at] = Some(said).filter(|_| kept.is_ok()));
        }
        let unrecorded = kept.err().map(|error| format!("the answer could not be recorded: {error}"));
        let counted = answers.into_iter().zip(all).map(|(answer, told)| {
            // What is not on record has no place there either.
            told.questions += usize::from(answer.is_some());
            answer.unwrap_or_else(|| Err(EnvError::new(unrecorded.clone().unwrap_or_default())))
        });
        counted.collect()
    }
}

impl<Q, A> Default for Told<Q, A> {
    fn default() -> Self {
        Told { record: None, episode: Episode::default(), questions: 0 }
    }
}

impl<Q, A> Clone for Told<Q, A> {
    fn clone(&self) -> Self {
        Told { record: self.record.clone(), episode: self.episode.clone(), questions: self.questions }
    }
}

impl<Q, A> Debug for Told<Q, A> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Told").field("episode", &self.episode).field("questions", &self.questions).finish()
    }
}
