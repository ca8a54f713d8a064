//! Everything a trainer is, as named arrays.

use super::{Network, Trainer};
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::weights::{Arrays, WeightsError};
use crate::policy::{Parameters, Policy};
use std::fmt::Debug;

impl<P> Network<P> {
    fn export<D: Backend>(&self, name: &str, arrays: &mut Arrays)
    where
        P: Parameters<D>,
    {
        arrays.insert_network(name, &self.net);
        self.adam.export(&format!("{name}.adam"), arrays);
    }

    fn import<D: Backend>(&mut self, name: &str, arrays: &Arrays) -> Result<(), WeightsError>
    where
        P: Parameters<D>,
    {
        arrays.read_network(name, &mut self.net)?;
        self.adam.import(&format!("{name}.adam"), arrays)
    }
}

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Parameters, optimisers, references and counters. Random streams hold no state: they are derived from the seed
    /// and the counters.
    pub fn export(&self) -> Arrays {
        let mut arrays = Arrays::new();
        self.policy.export("policy", &mut arrays);
        if let Some(prm) = <NeedsOf<O> as Needs>::PrmNet::get(&self.prm) {
            prm.export("prm", &mut arrays);
        }
        if let Some(explicit) = <NeedsOf<O> as Needs>::ExplicitPrm::get(&self.explicit) {
            explicit.export("explicit", &mut arrays);
        }
        if let Some(critic) = <NeedsOf<O> as Needs>::CriticNet::get(&self.critic) {
            critic.export("critic", &mut arrays);
        }
        let references = [
            ("init", <NeedsOf<O> as Needs>::InitRef::get(&self.init)),
            ("snapshot", <NeedsOf<O> as Needs>::SnapshotRef::get(&self.snapshot)),
            ("ema", <NeedsOf<O> as Needs>::EmaRef::get(&self.ema)),
        ];
        for (name, reference) in references {
            if let Some(reference) = reference {
                arrays.insert_network(name, reference);
            }
        }
        arrays.insert_u64("counters", vec![self.seed, self.iteration, self.env_steps]);
        arrays
    }

    /// Becomes the trainer that [`export`](Self::export) saw.
    ///
    /// # Errors
    /// When an array is missing or has another size; the trainer must not be used then.
    pub fn import(&mut self, arrays: &Arrays) -> Result<(), WeightsError> {
        self.policy.import("policy", arrays)?;
        if let Some(prm) = <NeedsOf<O> as Needs>::PrmNet::get_mut(&mut self.prm) {
            prm.import("prm", arrays)?;
        }
        if let Some(explicit) = <NeedsOf<O> as Needs>::ExplicitPrm::get_mut(&mut self.explicit) {
            explicit.import("explicit", arrays)?;
        }
        if let Some(critic) = <NeedsOf<O> as Needs>::CriticNet::get_mut(&mut self.critic) {
            critic.import("critic", arrays)?;
        }
        let references = [
            ("init", <NeedsOf<O> as Needs>::InitRef::get_mut(&mut self.init)),
            ("snapshot", <NeedsOf<O> as Needs>::SnapshotRef::get_mut(&mut self.snapshot)),
            ("ema", <NeedsOf<O> as Needs>::EmaRef::get_mut(&mut self.ema)),
        ];
        for (name, reference) in references {
            if let Some(reference) = reference {
                arrays.read_network(name, reference)?;
            }
        }
        let counters = arrays.u64("counters", 3)?;
        (self.seed, self.iteration, self.env_steps) = (counters[0], counters[1], counters[2]);
        Ok(())
    }
}
