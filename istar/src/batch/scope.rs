//! Where an objective is evaluated.

use crate::seed;
use rand_chacha::ChaCha8Rng;
use std::any::Any;

/// Where an objective is evaluated: its hyper-parameters in order of declaration, the training iteration, and the seed.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Values of the hyper-parameters, in order of declaration.
    pub params: &'a [f64],
    /// Their names.
    pub names: &'a [&'a str],
    /// The training iteration, from 0.
    pub iteration: u64,
    /// The seed that signals draw from: the trainer's, 0 for a logged batch.
    pub seed: u64,
    /// Where in a line that was read at run time this is; `None` where the compiler knows the types.
    #[doc(hidden)]
    pub node: Option<&'a (dyn Any + Send + Sync)>,
}

impl<'a> Scope<'a> {
    /// These hyper-parameters at iteration 0, with seed 0.
    pub const fn new(params: &'a [f64], names: &'a [&'a str]) -> Self {
        Scope { params, names, iteration: 0, seed: 0, node: None }
    }

    /// The random stream that belongs to (seed, name, iteration): the same numbers however often it is asked for, and
    /// others than those of the sampler and the trainer.
    ///
    /// A signal that draws, to compare credit with: nothing that is learnt from it is learnt from the batch.
    ///
    /// ```
    /// use istar::batch::{Columns, Layout, Scope};
    /// use istar::credit::Credit;
    /// use istar::need::demand::Nothing;
    /// use istar::objective::{Signal, kind, level};
    /// use rand::RngExt;
    ///
    /// struct Chance;
    ///
    /// impl Signal for Chance {
    ///     type Level = level::Step;
    ///     type Kind = kind::Advantage;
    ///     type Needs = Nothing;
    ///     fn eval(cx: &Credit<'_>) -> Vec<f64> {
    ///         let mut random = cx.at.stream("chance");
    ///         (0..cx.batch.layout.steps()).map(|_| random.random_range(-1.0..1.0)).collect()
    ///     }
    ///     fn show(_: &Scope<'_>) -> String {
    ///         "Chance".into()
    ///     }
    /// }
    ///
    /// let layout = Layout::from_lengths([1], [2], [1, 1]); // a group of one trajectory, two steps, a token each
    /// let batch = Columns::of_outcomes(&layout, &[-0.5; 2], &[1.0], &[1.0]);
    /// let at = |seed, iteration| Scope { seed, iteration, ..Scope::new(&[], &[]) };
    /// let drawn = |at| Chance::eval(&Credit { batch, at });
    /// assert_eq!(drawn(at(7, 3)), drawn(at(7, 3)));
    /// assert_ne!(drawn(at(7, 3)), drawn(at(7, 4)));
    /// assert_ne!(drawn(at(7, 3)), drawn(at(8, 3)));
    /// ```
    pub fn stream(&self, name: &str) -> ChaCha8Rng {
        seed::stream(self.seed, &format!("objective: {name}"), self.iteration)
    }
}
