//! WebShop as a policy over choices sees it.

use super::named::named;
use super::{On, Portable, Preset};
use crate::ablations;
use crate::env::Demonstrate;
use crate::env::webshop::{Catalogue, Goal, Split, View, WebShop};
use crate::kernels::Backend;
use crate::policy::{Choosing, Tanh};
use crate::recipes::{
    AgentPrm, GiGpo, Grpo, IStar, IStarPaper, IStarPaperRloo, IStarStable, Prime, PrmOnly, Rloo,
};
use crate::seed::fnv1a;
use crate::table::{Expert, GoOn, Schedule, TaskOf, Tasks, World, on_policy};
use dfdx::prelude::Cpu;
use serde::Serialize;
use std::error::Error;
use std::sync::Arc;

ablations! {
    /// Which credit signal carries the gain in a shop?
    pub WebShopTable {
        "GRPO" = Grpo,
        "RLOO" = Rloo,
        "GiGPO" = GiGpo,
        "AgentPRM" = AgentPrm,
        "PRIME" = Prime,
        "PRM only" = PrmOnly,
        "iStar (note)" = IStar,
        "iStar (paper, GRPO)" = IStarPaper,
        "iStar (paper, RLOO)" = IStarPaperRloo,
        "iStar stable" = IStarStable,
    }
}

/// Goals come from this stream whatever a run's seed is: every cell trains, validates and tests on the same sets.
const GOAL_SEED: u64 = 0;

/// A shop, and a policy that chooses among what its pages offer.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "world", rename = "webshop")]
pub struct WebShopWorld {
    /// What is sold.
    #[serde(skip)]
    catalogue: Arc<Catalogue>,
    /// What tells it from others: a hash of all goals.
    goals: u64,
    /// Step budget of an episode.
    pub max_steps: u32,
    /// Goals to train on.
    pub train: usize,
    /// Goals of the learning curve.
    pub validation: usize,
    /// Goals of the table's columns.
    pub test: usize,
    /// What the shop is called.
    #[serde(skip)]
    name: &'static str,
    /// Why there are no goals, if there are none.
    #[serde(skip)]
    missing: Option<String>,
}

impl WebShopWorld {
    /// The WebShop-like catalogue of seed 0.
    #[must_use]
    pub fn made(preset: Preset) -> (Self, Schedule) {
        let (world, schedule) = Self::of(Arc::new(Catalogue::made(0)), preset);
        (WebShopWorld { name: "WebShop-like", ..world }, schedule)
    }

    /// The catalogue of the file that `ISTAR_CATALOGUE` names, see [`Catalogue::read`]. Without one there are no goals.
    #[must_use]
    pub fn named(preset: Preset) -> (Self, Schedule) {
        let what = "WebShop's product file, JSON or gzip";
        match named("ISTAR_CATALOGUE", what, |file| Catalogue::read(file, 0)) {
            Ok(catalogue) => Self::of(Arc::new(catalogue), preset),
            Err(missing) => {
                let (world, schedule) = Self::made(preset);
                (WebShopWorld { missing: Some(missing), ..world }, schedule)
            }
        }
    }

    /// Any catalogue. Products of validation and test goals are never trained on.
    #[must_use]
    pub fn of(catalogue: Arc<Catalogue>, preset: Preset) -> (Self, Schedule) {
        let schedule = preset.choosing(400);
        let said: String = catalogue.goals().iter().map(|goal| goal.instruction_text.as_str()).collect();
        let world = WebShopWorld {
            goals: fnv1a(said.as_bytes()),
            catalogue,
            max_steps: WebShop::MAX_STEPS,
            train: preset.pick(64, 2048, 4096),
            validation: preset.pick(8, 64, 128),
            test: preset.pick(16, 256, 512),
            name: "WebShop",
            missing: None,
        };
        (world, schedule)
    }
}

impl<D: Backend> Portable<D> for WebShopWorld {
    type There = Choosing<View, (Tanh<64>,), D>;

    fn policy_there(&self, device: &D, seed: u64) -> Self::There {
        Choosing::new(device, self.env().tokens(), seed)
    }

    #[inline]
    fn on_policy_there(&self) -> Option<GoOn<On<Self, D>>> {
        Some(on_policy)
    }
}

impl World for WebShopWorld {
    type Env = WebShop;
    type Device = Cpu;
    type Policy = Choosing<View, (Tanh<64>,)>;

    fn setting(&self) -> String {
        let products = self.catalogue.products().len();
        format!("{}, {products} products, {} steps", self.name, self.max_steps)
    }

    fn env(&self) -> WebShop {
        WebShop::new(self.catalogue.clone(), self.max_steps)
    }

    fn policy(&self, seed: u64) -> Self::Policy {
        self.policy_there(&Cpu::default(), seed)
    }

    fn tasks(&self) -> Result<Tasks<TaskOf<Self>>, Box<dyn Error + Send + Sync>> {
        if let Some(missing) = &self.missing {
            return Err(missing.as_str().into());
        }
        let draw = |split, n| {
            let goals = self.catalogue.draw(split, GOAL_SEED, n).into_iter();
            goals.map(|goal: &Goal| Arc::new(goal.clone())).collect()
        };
        Ok(Tasks {
            train: draw(Split::Train, self.train),
            validation: draw(Split::Validation, self.validation),
            test: draw(Split::Test, self.test),
        })
    }

    fn scores(&self) -> bool {
        true
    }

    fn expert(&self) -> Option<Expert<WebShop>> {
        Some(WebShop::demonstrate)
    }

    // Inline, so that the program which is a table pays for the continuations, and the library does not.
    #[inline]
    fn on_policy(&self) -> Option<GoOn<Self>> {
        Some(on_policy)
    }

    /// The page, a part a line.
    fn picture(&self, env: &WebShop) -> Option<Vec<String>> {
        Some(env.shop().text().split(" [SEP] ").map(str::to_owned).collect())
    }
}
