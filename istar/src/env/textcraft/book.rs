//! Sets of tasks, and their splits by recipe tree.

use super::task::{Task, TaskError};
use crate::env::Split;
use crate::seed::stream;
use rand::seq::SliceRandom;
use std::io;
use std::sync::Arc;

/// Tasks, at least one.
#[derive(Clone, Debug)]
pub struct Book {
    tasks: Vec<Arc<Task>>,
    max_steps: Option<u32>,
    left_out: Vec<String>,
}

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The file cannot be read.
    #[error("cannot read {file}: {error}")]
    Unreadable {
        /// Its name.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// A line is no task.
    #[error(
        "{file}, line {line}: {error}; a line is a task of platoon-textcraft, a JSON object with `id` and `misc`: `target_items`, \
         `initial_inventory`, `gold_trajectory`"
    )]
    NoTask {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong.
        error: String,
    },
    /// A task that cannot be.
    #[error("{file}, line {line}: {error}")]
    Task {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong.
        error: TaskError,
    },
    /// Nothing to do.
    #[error("there is no task that can be done")]
    Empty,
}

impl Book {
    /// A book of these tasks.
    ///
    /// # Errors
    /// There is none.
    pub fn new(tasks: Vec<Task>) -> Result<Self, BookError> {
        Self::with(tasks, None, Vec::new())
    }

    pub(super) fn with(
        tasks: Vec<Task>,
        max_steps: Option<u32>,
        left_out: Vec<String>,
    ) -> Result<Self, BookError> {
        if tasks.is_empty() {
            return Err(BookError::Empty);
        }
        Ok(Book { tasks: tasks.into_iter().map(Arc::new).collect(), max_steps, left_out })
    }

    /// Its tasks.
    pub fn tasks(&self) -> &[Arc<Task>] {
        &self.tasks
    }

    /// The largest budget of steps that a file gives its tasks.
    pub fn max_steps(&self) -> Option<u32> {
        self.max_steps
    }

    /// Tasks of a file that its own recipes do not do, by name.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// How many tokens there are, whatever the task.
    pub fn tokens(&self) -> usize {
        self.tasks.iter().map(|task| task.tokens().len()).max().unwrap_or(0)
    }

    /// The tasks of a split, in their order, that can be done in so many steps. Tasks of one recipe tree are of one split.
    pub fn tasks_of(&self, split: Split, max_steps: u32) -> Vec<Arc<Task>> {
        let of = |task: &&Arc<Task>| task.steps() <= max_steps && Split::of(task.tree().as_bytes()) == split;
        self.tasks.iter().filter(of).cloned().collect()
    }

    /// At most `n` of them, drawn by seed. A larger `n` continues the same sequence.
    pub fn draw(&self, split: Split, max_steps: u32, seed: u64, n: usize) -> Vec<Arc<Task>> {
        let mut tasks = self.tasks_of(split, max_steps);
        tasks.shuffle(&mut stream(seed, "tasks", 0));
        tasks.truncate(n);
        tasks
    }
}
