//! What episodes wrote down, as the columns of a batch.

use super::episode::Episode;
use super::options::{Outcome, Sampling};
use crate::batch::{Batch, Checklist, Continued, Layout, Turns};
use crate::env::{Env, Offers, OffersAgents, OffersStateKeys, OffersStateTexts, OffersTags, Recorder};
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::{Seen, unique};

pub(super) type StateBit<O> = <NeedsOf<O> as Needs>::StateKeys;
pub(super) type SegmentBit<O> = <NeedsOf<O> as Needs>::Segments;
pub(super) type RoleBit<O> = <NeedsOf<O> as Needs>::Roles;
pub(super) type AgentBit<O> = <NeedsOf<O> as Needs>::Agents;
pub(super) type TagBit<O> = <NeedsOf<O> as Needs>::Tags;
pub(super) type TextBit<O> = <NeedsOf<O> as Needs>::StateTexts;
pub(super) type ChecklistBit<O> = <NeedsOf<O> as Needs>::Checklist;
pub(super) type ContinuationBit<O> = <NeedsOf<O> as Needs>::Continuations;

/// The recorders of one group.
pub(super) struct Recorders<E: Env + Offers<O>, O: Objective> {
    state: <E as OffersStateKeys<StateBit<O>>>::Recorder,
    agent: <E as OffersAgents<AgentBit<O>>>::Recorder,
    tag: <E as OffersTags<TagBit<O>>>::Recorder,
    text: <E as OffersStateTexts<TextBit<O>>>::Recorder,
}

impl<E: Env + Offers<O>, O: Objective> Default for Recorders<E, O> {
    fn default() -> Self {
        Recorders {
            state: Default::default(),
            agent: Default::default(),
            tag: Default::default(),
            text: Default::default(),
        }
    }
}

impl<E: Env + Offers<O>, O: Objective> Clone for Recorders<E, O> {
    fn clone(&self) -> Self {
        Recorders {
            state: self.state.clone(),
            agent: self.agent.clone(),
            tag: self.tag.clone(),
            text: self.text.clone(),
        }
    }
}

impl<E: Env + Offers<O>, O: Objective> Recorders<E, O> {
    pub(super) fn look(&mut self, episode: &mut Episode<E>) {
        episode.state.extend(self.state.look(&episode.env));
        episode.agent.extend(self.agent.look(&episode.env));
        episode.tag.extend(self.tag.look(&episode.env));
        episode.text.extend(self.text.look(&episode.env));
    }
}

pub(super) fn columns<E: Env, N: Needs>(
    episodes: Vec<Episode<E>>,
    seen: Seen<E::Observation>,
    lists: Vec<Turns>,
    sampling: &Sampling,
) -> Batch<N, E::Observation> {
    fn flat<E: Env, T: Clone>(episodes: &[Episode<E>], of: impl Fn(&Episode<E>) -> &Vec<T>) -> Vec<T> {
        episodes.iter().flat_map(|e| of(e).iter().cloned()).collect()
    }
    let groups = episodes.len() / sampling.per_group.max(1);
    let layout = Layout::from_lengths(
        std::iter::repeat_n(sampling.per_group, groups),
        episodes.iter().map(|e| e.reward.len()),
        episodes.iter().flat_map(|e| e.tokens.iter().copied()),
    );
    let (finals, final_observation) = finals::<E, N>(&episodes);
    let checklist = N::Checklist::fill(|| {
        Checklist::new(&layout, lists, flat(&episodes, |e| &e.turn), &flat(&episodes, |e| &e.answer))
    });
    let flag = |holds: bool| f64::from(u8::from(holds));
    let success = |e: &Episode<E>| flag(e.last.success);
    let outcome = |e: &Episode<E>| match sampling.outcome {
        Outcome::Reward => e.reward.iter().sum(),
        Outcome::Success => success(e),
    };
    Batch {
        layout,
        observations: seen.observations,
        legal: seen.legal,
        observation: flat(&episodes, |e| &e.observation),
        token: flat(&episodes, |e| &e.token),
        old: flat(&episodes, |e| &e.old),
        outcome: episodes.iter().map(outcome).collect(),
        success: episodes.iter().map(success).collect(),
        ended: episodes.iter().map(|e| flag(e.last.ended)).collect(),
        finals,
        final_observation: N::CriticNet::fill(|| final_observation),
        reward: N::StepRewards::fill(|| flat(&episodes, |e| &e.reward)),
        invalid: N::InvalidFlags::fill(|| flat(&episodes, |e| &e.invalid)),
        state: N::StateKeys::fill(|| flat(&episodes, |e| &e.state)),
        segment: N::Segments::fill(|| flat(&episodes, |e| &e.segment)),
        agent: N::Agents::fill(|| flat(&episodes, |e| &e.agent)),
        tag: N::Tags::fill(|| flat(&episodes, |e| &e.tag)),
        checklist,
        judged: N::Checklist::fill(|| episodes.iter().map(|e| flag(e.judged)).collect()),
        text: N::StateTexts::fill(|| flat(&episodes, |e| &e.text)),
        role: N::Roles::fill(|| flat(&episodes, |e| &e.role)),
        switch: N::Roles::fill(|| flat(&episodes, |e| &e.switch)),
        p_switch: N::Roles::fill(|| flat(&episodes, |e| &e.p_switch)),
        init: N::InitRef::fill(Vec::new),
        snapshot: N::SnapshotRef::fill(Vec::new),
        ema: N::EmaRef::fill(Vec::new),
        prm: N::ReadsPrm::fill(Vec::new),
        q: N::ExplicitPrm::fill(Vec::new),
        continued: N::Continuations::fill(Continued::default),
        value: N::CriticNet::fill(Vec::new),
        final_value: N::CriticNet::fill(Vec::new),
    }
}

/// The distinct observations after the last step of the episodes that were cut off, and which of them each episode has;
/// what a critic may be asked to estimate. None where no critic is trained.
fn finals<E: Env, N: Needs>(episodes: &[Episode<E>]) -> (Vec<E::Observation>, Vec<Option<u32>>) {
    if !N::CriticNet::VALUE {
        return Default::default();
    }
    let cut_off = |e: &Episode<E>| !e.last.ended;
    let (finals, numbers) = unique(episodes.iter().filter(|e| cut_off(e)).map(|e| e.env.observe()));
    let mut numbers = numbers.into_iter();
    let of_episode = episodes.iter().map(|e| if cut_off(e) { numbers.next() } else { None });
    let of_episode = of_episode.collect();
    (finals, of_episode)
}
