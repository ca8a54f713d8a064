//! Sets of scenarios, their splits, and the tasks that are drawn from them.

use super::partner::Temperament;
use super::scenario::Scenario;
use crate::env::Split;
use crate::seed::{fnv1a, stream};
use rand::RngExt;
use rand::seq::SliceRandom;
use std::sync::Arc;

/// Scenarios.
#[derive(Clone, Debug)]
pub struct Scenes {
    scenarios: Vec<Arc<Scenario>>,
    left_out: Vec<(String, String)>,
}

/// What one episode starts from: a scenario, who plays which part, and how it is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// Which party the policy is: 0 speaks first.
    pub side: usize,
    /// What the other is like, where nobody else sits there.
    pub temperament: Temperament,
    /// What the other does by chance, and how words are chosen, is a function of it.
    pub seed: u64,
    /// Nothing is learnt from it: the second judge rewards, and success is the truth. In training, both are the first judge's.
    pub held_out: bool,
}

impl Scenes {
    /// These scenarios.
    #[must_use]
    pub fn of(scenarios: Vec<Scenario>) -> Self {
        Self::with(scenarios, Vec::new())
    }

    pub(super) fn with(scenarios: Vec<Scenario>, left_out: Vec<(String, String)>) -> Self {
        Scenes { scenarios: scenarios.into_iter().map(Arc::new).collect(), left_out }
    }

    /// All of them.
    pub fn scenarios(&self) -> &[Arc<Scenario>] {
        &self.scenarios
    }

    /// Scenarios of files that cannot be played, each with the reason.
    pub fn left_out(&self) -> &[(String, String)] {
        &self.left_out
    }

    /// A hash of all that they say.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let keys: Vec<&str> = self.scenarios.iter().map(|scenario| scenario.key.as_str()).collect();
        fnv1a(keys.join("\n\n").as_bytes())
    }

    /// The scenarios of a split. Those of one key are of one split.
    #[must_use]
    pub fn of_split(&self, split: Split) -> Vec<Arc<Scenario>> {
        let of = |scenario: &&Arc<Scenario>| Split::of(scenario.key.as_bytes()) == split;
        self.scenarios.iter().filter(of).cloned().collect()
    }

    /// `n` tasks of a split, drawn by seed: its scenarios in some order, over and over, each time with a side and one of these
    /// temperaments; none where there is no scenario. A larger `n` continues the same sequence. Tasks of [`Split::Train`] are learnt
    /// from, the others held out.
    #[must_use]
    pub fn draw(&self, split: Split, temperaments: &[Temperament], seed: u64, n: usize) -> Vec<Task> {
        let mut scenarios = self.of_split(split);
        scenarios.shuffle(&mut stream(seed, "scenarios", 0));
        let task = |(number, scenario): (u64, &Arc<Scenario>)| {
            let random = &mut stream(seed, "task", number);
            let temperament = match temperaments {
                [] => Temperament::default(),
                some => some[random.random_range(0..some.len())],
            };
            let (side, seed) = (random.random_range(0..2), random.random());
            Task { scenario: scenario.clone(), side, temperament, seed, held_out: split != Split::Train }
        };
        (0..n as u64).zip(scenarios.iter().cycle()).map(task).collect()
    }
}
