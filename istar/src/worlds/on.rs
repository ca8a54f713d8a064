//! Worlds whose policy computes on a device of one's choice.

use crate::env::Env;
use crate::kernels::Backend;
use crate::policy::Policy;
use crate::table::{Expert, GoOn, Published, Schedule, TaskOf, Tasks, World, Yardstick};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::error::Error;
use std::fmt::Debug;
use std::marker::PhantomData;

/// A world whose policy can be had on another device than the world's own.
pub trait Portable<D: Backend>: World {
    /// The policy on that device.
    type There: Policy<D, Observation = <Self::Env as Env>::Observation> + Debug;

    /// The network of [`World::policy`], number by number.
    fn policy_there(&self, device: &D, seed: u64) -> Self::There;

    /// As [`World::on_policy`].
    fn on_policy_there(&self) -> Option<GoOn<On<Self, D>>>
    where
        Self: Sized,
    {
        None
    }
}

/// A world with its policy on a device of this kind; each thread computes on its own, [`Backend::here`]. The device stands in the manifest of
/// a study, for another rounds otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct On<W, D> {
    /// The world.
    #[serde(flatten)]
    pub world: W,
    device: String,
    #[serde(skip)]
    _computes: PhantomData<fn() -> D>,
}

/// A world with its policy on CUDA.
#[cfg(feature = "cuda")]
pub type OnCuda<W> = On<W, dfdx::prelude::Cuda>;

impl<W: Portable<D>, D: Backend> On<W, D> {
    /// The world on this device, under the same schedule.
    #[must_use]
    pub fn of((world, schedule): (W, Schedule)) -> (Self, Schedule) {
        (Self::new(world), schedule)
    }

    fn new(world: W) -> Self {
        On { world, device: D::described(), _computes: PhantomData }
    }
}

impl<W: Portable<D>, D: Backend> World for On<W, D> {
    type Env = W::Env;
    type Device = D;
    type Policy = W::There;

    fn setting(&self) -> String {
        format!("{}, on {}", self.world.setting(), self.device)
    }

    fn env(&self) -> Self::Env {
        self.world.env()
    }

    fn policy(&self, seed: u64) -> Self::Policy {
        self.world.policy_there(&D::here(), seed)
    }

    fn tasks(&self) -> Result<Tasks<TaskOf<Self>>, Box<dyn Error + Send + Sync>> {
        self.world.tasks()
    }

    fn vary(&self, task: &TaskOf<Self>, random: &mut ChaCha8Rng) -> TaskOf<Self> {
        self.world.vary(task, random)
    }

    fn unvaried(self) -> Self {
        Self::new(self.world.unvaried())
    }

    fn scores(&self) -> bool {
        self.world.scores()
    }

    fn expert(&self) -> Option<Expert<Self::Env>> {
        self.world.expert()
    }

    fn exact_credit(&self) -> Option<Yardstick<Self::Env>> {
        self.world.exact_credit()
    }

    // Inline, so that the program which is a table pays for the continuations, and the library does not.
    #[inline]
    fn on_policy(&self) -> Option<GoOn<Self>> {
        self.world.on_policy_there()
    }

    fn picture(&self, env: &Self::Env) -> Option<Vec<String>> {
        self.world.picture(env)
    }

    fn image(&self, picture: &[String]) -> Option<Vec<u8>> {
        self.world.image(picture)
    }

    fn describe(&self, picture: &[String]) -> Option<String> {
        self.world.describe(picture)
    }

    fn caption(&self, tokens: &[u32]) -> String {
        self.world.caption(tokens)
    }

    fn published(&self) -> Option<Published> {
        self.world.published()
    }
}
