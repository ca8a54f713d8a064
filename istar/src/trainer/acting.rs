//! Phase B: what acts.

use super::network::Update;
use super::{BatchOf, Demonstrations, Forward, Graph, Log, Stop, Trainer, minibatch};
use crate::batch::{Part, Scope, Scored};
use crate::credit::Credit;
use crate::graph::Phase;
use crate::kernels::Backend;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective, Plan, Term};
use crate::policy::{Asked, Policy};
use crate::seed::stream;
use rand::seq::SliceRandom;
use std::fmt::Debug;

impl<O, P, D> Trainer<O, P, D>
where
    O: Objective,
    D: Backend,
    P: Policy<D> + Debug,
{
    /// Updates of the policy, mini-batch by mini-batch, and after each of them one of the critic.
    pub(super) fn policy_phase(
        &mut self,
        batch: &BatchOf<O, P::Observation, Scored>,
        at: &Scope<'_>,
        plan: &Plan,
        demonstrations: Option<&Demonstrations<P::Observation>>,
        log: &mut Log,
    ) -> Result<(), Stop> {
        if !<NeedsOf<O> as Needs>::TrainsPolicy::VALUE {
            return Ok(());
        }
        let credit = Credit { batch: batch.columns(), at: *at };
        let prepared = Graph::<O>::prepare(&credit, Phase::Policy);
        let valued = plan.critic.as_ref().map(|critic| (critic, Graph::<O>::prepare(&credit, Phase::Value)));
        let mut order = minibatch::units(&batch.layout, plan.together);
        for epoch in 0..self.settings.epochs {
            let index = self.iteration * self.settings.epochs as u64 + epoch as u64;
            order.shuffle(&mut stream(self.seed, "minibatch", index));
            for steps in minibatch::parts(&order, self.settings.minibatch) {
                let part = Part::of_steps(&batch.layout, steps);
                let asked = Asked::part(batch.history(), part.tokens.clone(), part.pick(&batch.token));
                let net = &mut self.nets.policy;
                let main = Forward::new(&net.net, &asked, <NeedsOf<O> as Needs>::PolicyEntropy::VALUE);
                let demonstration = demonstrations.map(|seen| Forward::new(&net.net, &seen.asked(), false));
                let update = Update { phase: Phase::Policy, at, part: &part };
                net.descend::<Graph<O>>(&prepared, update, main, demonstration, log)?;
                if let Some((critic, prepared)) = &valued {
                    self.update_critic(batch, &part, at, critic, prepared, log)?;
                }
            }
        }
        Ok(())
    }
}
