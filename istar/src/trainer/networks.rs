//! The networks of a trainer, one row each.

use super::critic::Estimates;
use super::references::read;
use super::{Network, Settings, critic};
use crate::batch::{Batch, References};
use crate::kernels::Backend;
use crate::need::bit::{Bit, Yes};
use crate::need::demand::Needs;
use crate::objective::Plan;
use crate::policy::weights::{Arrays, WeightsError};
use crate::policy::{Judge, Parameters, Policy};
use std::fmt::Debug;

/// A copy of the policy that no optimiser moves.
#[derive(Clone, Debug)]
pub struct Frozen<P> {
    /// The network.
    pub net: P,
}

/// What stands in a checkpoint under a name.
trait Kept<D> {
    fn export(&self, name: &str, arrays: &mut Arrays);
    fn import(&mut self, name: &str, arrays: &Arrays) -> Result<(), WeightsError>;
}

impl<P: Parameters<D>, D: Backend> Kept<D> for Network<P, D> {
    fn export(&self, name: &str, arrays: &mut Arrays) {
        arrays.insert_network(name, &self.net);
        self.adam.export(&format!("{name}.adam"), arrays);
    }

    fn import(&mut self, name: &str, arrays: &Arrays) -> Result<(), WeightsError> {
        arrays.read_network(name, &mut self.net)?;
        self.adam.import(&format!("{name}.adam"), arrays)
    }
}

impl<P: Parameters<D>, D: Backend> Kept<D> for Frozen<P> {
    fn export(&self, name: &str, arrays: &mut Arrays) {
        arrays.insert_network(name, &self.net);
    }

    fn import(&mut self, name: &str, arrays: &Arrays) -> Result<(), WeightsError> {
        arrays.read_network(name, &mut self.net)
    }
}

/// One row a network: its role, which is its name in checkpoints; what it is, [`Network`] with an optimiser or [`Frozen`]
/// without; which need it hangs on, [`Yes`] if it is always there; where it is frozen, which column of a batch it fills;
/// and how it is made from the starting policy, what the objective plans, the settings and the seed.
macro_rules! networks {
    (
        made from $start:tt;
        $($(#[doc = $doc:literal])+ $role:ident: $net:ty, $bit:ty $(, fills $column:ident)? = $make:expr;)*
    ) => {
        /// The networks of a trainer. What the objective does not demand has no size.
        #[derive(Clone, Debug)]
        pub struct Networks<N: Needs, P: Policy<D> + Debug, D: Backend> {
            $($(#[doc = $doc])+ pub $role: <$bit as Bit>::Slot<$net>,)*
        }

        impl<N: Needs, P: Policy<D> + Debug, D: Backend> Networks<N, P, D> {
            pub(super) fn new(policy: P, plan: &Plan, settings: &Settings, seed: u64) -> Self {
                let $start = (policy, plan, settings, seed);
                Networks { $($role: <$bit as Bit>::fill(|| $make),)* }
            }

            pub(super) fn export(&self, arrays: &mut Arrays) {
                $(if let Some(net) = <$bit as Bit>::get(&self.$role) {
                    net.export(stringify!($role), arrays);
                })*
            }

            pub(super) fn import(&mut self, arrays: &Arrays) -> Result<(), WeightsError> {
                $(if let Some(net) = <$bit as Bit>::get_mut(&mut self.$role) {
                    net.import(stringify!($role), arrays)?;
                })*
                Ok(())
            }

            /// What the frozen networks say of a batch, beside what the critic says.
            pub(super) fn read_frozen(
                &self,
                batch: &Batch<N, P::Observation>,
                (value, final_value): (Estimates<N>, Estimates<N>),
            ) -> References<N> {
                References {
                    $($($column: <$bit as Bit>::map(&self.$role, |frozen| read(&frozen.net, batch)),)?)*
                    value,
                    final_value,
                }
            }
        }
    };
}

networks! {
    made from (policy, plan, settings, seed);

    /// The critic and its optimiser: one output per head.
    critic: Network<P::Estimator, D>, N::CriticNet = critic::new(&policy, plan, settings, seed);
    /// The PRM and its optimiser, if it has parameters of its own.
    prm: Network<P, D>, N::PrmNet = Network::new(policy.clone(), settings.prm);
    /// The explicit PRM and its optimiser: the logit of `Q(s, a)`.
    explicit: Network<Judge<P::Estimator, D>, D>, N::ExplicitPrm =
        Network::new(Judge::new(&policy, seed), settings.prm);
    /// The policy at the beginning.
    init: Frozen<P>, N::InitRef, fills init = Frozen { net: policy.clone() };
    /// The policy at the last renewal.
    snapshot: Frozen<P>, N::SnapshotRef, fills snapshot = Frozen { net: policy.clone() };
    /// The policy's moving average.
    ema: Frozen<P>, N::EmaRef, fills ema = Frozen { net: policy.clone() };
    /// The policy and its optimiser. The others are made of it, so its row is the last.
    policy: Network<P, D>, Yes = Network::new(policy, settings.policy);
}

impl<N: Needs, P: Policy<D> + Debug, D: Backend> Networks<N, P, D> {
    /// The network that an implicit PRM's log-probabilities come from: its own, or the policy.
    pub(super) fn implicit(&self) -> &Network<P, D> {
        N::PrmNet::get(&self.prm).unwrap_or(&self.policy)
    }

    /// As [`implicit`](Self::implicit), to train it.
    pub(super) fn implicit_mut(&mut self) -> &mut Network<P, D> {
        N::PrmNet::get_mut(&mut self.prm).unwrap_or(&mut self.policy)
    }

    /// Makes the snapshot, if there is one, a copy of the policy.
    pub(super) fn renew_snapshot(&mut self) -> Option<&P> {
        let snapshot = N::SnapshotRef::get_mut(&mut self.snapshot)?;
        snapshot.net = self.policy.net.clone();
        Some(&snapshot.net)
    }
}
