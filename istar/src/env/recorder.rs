//! What the sampler writes down of an environment, step by step.

use super::{Env, Transition};
use std::fmt::Debug;

/// Writes down one item per step, at one of three moments: it says something in that method and nothing in the others. One
/// recorder sees the episodes of one group.
pub trait Recorder<E: Env>: Default + Send {
    /// What is written down.
    type Item: Clone + Debug + Send + Sync;
    /// Before the first episode of the group begins: they are all of this task.
    fn begin(&mut self, _task: &E::Task) {}
    /// In the state that the step is taken in, before its first token is drawn.
    fn before(&mut self, _env: &E) -> Option<Self::Item> {
        None
    }
    /// In the same state, when all tokens of the step are drawn.
    fn with(&mut self, _env: &E, _tokens: &[u32]) -> Option<Self::Item> {
        None
    }
    /// In the state that the step led to.
    fn after(&mut self, _env: &E, _tokens: &[u32], _moved: &Transition) -> Option<Self::Item> {
        None
    }
}

/// Writes nothing down.
#[derive(Clone, Debug)]
pub struct Skip<T>(std::marker::PhantomData<T>);

impl<T> Default for Skip<T> {
    fn default() -> Self {
        Skip(std::marker::PhantomData)
    }
}

impl<E: Env, T: Clone + Debug + Send + Sync> Recorder<E> for Skip<T> {
    type Item = T;
}

/// A recorder of what a method says before the step.
macro_rules! note {
    ($(#[$doc:meta])* $name:ident: $env:ident, $method:ident -> $item:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;

        impl<E: $env> Recorder<E> for $name {
            type Item = $item;
            fn before(&mut self, env: &E) -> Option<$item> {
                Some(env.$method())
            }
        }
    };
}
pub(super) use note;
