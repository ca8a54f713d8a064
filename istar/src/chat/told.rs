//! Answers by the record: what a run was told once it is told again.

use super::{ChatError, Prompt, Server};
use crate::env::{EnvError, remote};

/// What one episode asks servers, and is told. A question is known by a number of its model, conversation and options, so that
/// who asks otherwise, or another model, is not told what was said to another question.
///
/// An environment that has a [`Judge`](super::Judge) or a [`Speaker`](super::Speaker) keeps one for all of them, see
/// [`remote::Told`].
pub type Told = remote::Told<String, String>;

impl Server {
    /// Asks a question of each episode: what is on record is told again, for the rest the server is asked, all at once, and
    /// each answer is on disk before it is returned. One result for each, in their order.
    ///
    /// # Panics
    /// When there are not as many prompts as episodes.
    pub fn tell_all(&self, prompts: &[Prompt], told: &mut [&mut Told]) -> Vec<Result<String, ChatError>> {
        assert_eq!(prompts.len(), told.len(), "a prompt for each episode");
        let questions = prompts.iter().map(|prompt| format!("{:016x}", self.number(prompt))).collect();
        let answers = Told::ask_all(told, questions, |open| {
            let open: Vec<Prompt> = open.iter().map(|open| prompts[open.at].clone()).collect();
            let answers = self.complete_all(&open).into_iter();
            answers.map(|answer| answer.map(|answer| answer.text).map_err(EnvError::from)).collect()
        });
        answers.into_iter().map(|answer| answer.map_err(ChatError::from)).collect()
    }
}
