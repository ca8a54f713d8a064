//! One episode under way, and what is written down of it.

use super::decision::Decision;
use super::options::Sampling;
use super::record::{Record, Recorders};
use crate::batch::{Legal, Role};
use crate::env::{Env, EnvError, OffersAll, OffersChecklist, OffersRoles, Transition};
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::policy::{Ask, Drawn};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// An episode.
pub(super) struct Episode<E: Env, N: Needs> {
    pub(super) env: E,
    pub(super) random: ChaCha8Rng,
    /// What the last step brought, while none was taken an episode that goes on.
    pub(super) last: Transition,
    /// Why nothing will come of it.
    pub(super) lost: Option<EnvError>,
    /// What the next token is drawn under, where a step has begun.
    pub(super) ahead: Option<E::Observation>,
    pub(super) observation: Vec<u32>,
    pub(super) token: Vec<u32>,
    pub(super) old: Vec<f64>,
    pub(super) entropy: Vec<f64>,
    /// Tokens before the present step, and of each step that is taken.
    pub(super) begun: usize,
    pub(super) tokens: Vec<usize>,
    /// Of each step that is taken, less the penalty.
    pub(super) rewards: Vec<f64>,
    /// What the present step has decided so far, if it decides.
    decision: Option<Decision>,
    pub(super) turn: Vec<u32>,
    pub(super) answer: Vec<Vec<bool>>,
    judged: bool,
    pub(super) record: Record<N>,
}

impl<E: Env + OffersAll<N>, N: Needs> Episode<E, N> {
    /// An episode that has begun, or could not.
    pub(super) fn new(env: E, begun: Result<(), EnvError>, random: ChaCha8Rng) -> Self {
        Episode {
            env,
            random,
            last: Transition::default(),
            lost: begun.err(),
            ahead: None,
            observation: vec![],
            token: vec![],
            old: vec![],
            entropy: vec![],
            begun: 0,
            tokens: vec![],
            rewards: vec![],
            decision: None,
            turn: vec![],
            answer: vec![],
            judged: true,
            record: Record::default(),
        }
    }

    /// No step follows.
    pub(super) fn over(&self) -> bool {
        self.lost.is_some() || self.last.done()
    }

    /// The tokens of the present step.
    pub(super) fn so_far(&self) -> &[u32] {
        &self.token[self.begun..]
    }

    fn role(&self) -> Option<Role> {
        OffersRoles::<N::Roles>::role_of(&self.env, self.so_far())
    }

    /// What the policy is asked next: the token, and where that may be the next one of SWITCH, how likely it is to be.
    pub(super) fn ask<'a, M>(
        &'a mut self,
        (observation, legal): (E::Observation, Legal),
        memory: &'a mut M,
    ) -> Ask<'a, E::Observation, M> {
        let uniform = self.random.random();
        let decides = self.role() == Some(Role::Switch);
        let switch = OffersRoles::<N::Roles>::switch_tokens(&self.env);
        let about = if decides { Decision::next(self.decision.as_ref(), switch) } else { &[] };
        Ask { observation, legal, uniform, about, memory }
    }

    /// Says a token that was drawn.
    pub(super) fn say(&mut self, drawn: &Drawn) {
        if let Some(role) = self.role() {
            self.record.role([role]);
            if role == Role::Switch {
                let switch = OffersRoles::<N::Roles>::switch_tokens(&self.env);
                self.decision.get_or_insert_default().say(drawn, switch);
            }
        }
        self.observation.push(drawn.observation);
        self.token.push(drawn.token);
        self.old.push(f64::from(drawn.logp));
        self.entropy.push(drawn.entropy);
        self.record.old_entropy([drawn.entropy]);
        self.ahead = self.env.next(self.so_far());
    }

    /// All tokens of a step are drawn.
    pub(super) fn is_ready(&self) -> bool {
        !self.over() && self.ahead.is_none() && !self.so_far().is_empty()
    }

    /// Writes down what is known before the step is taken.
    pub(super) fn announce(&mut self, recorders: &mut Recorders<E, N>) {
        recorders.with(&self.env, &self.token[self.begun..], &mut self.record);
        if N::Checklist::VALUE {
            self.turn.push(OffersChecklist::<N::Checklist>::present(&self.env));
        }
    }

    /// The environment, and the step that it is to take.
    pub(super) fn step(&mut self) -> (&mut E, &[u32]) {
        (&mut self.env, &self.token[self.begun..])
    }

    /// Writes down what came of the step.
    pub(super) fn moved(
        &mut self,
        moved: Result<Transition, EnvError>,
        sampling: &Sampling,
        recorders: &mut Recorders<E, N>,
    ) {
        let moved = match moved {
            Ok(moved) => moved,
            Err(error) => {
                self.lost = Some(error);
                return;
            }
        };
        let tokens = &self.token[self.begun..];
        recorders.after(&self.env, tokens, &moved, &mut self.record);
        if let Some(turn) = self.turn.last() {
            let answer = OffersChecklist::<N::Checklist>::answer(&self.env, *turn);
            self.judged &= answer.is_some();
            self.answer.push(answer.unwrap_or_default());
        }
        let invalid = f64::from(u8::from(!moved.valid));
        let reward = moved.reward - sampling.invalid_penalty * invalid;
        self.rewards.push(reward);
        self.record.reward([reward]);
        self.record.invalid([invalid]);
        let decision = self.decision.take().unwrap_or_default();
        let (switch, p_switch) = decision.as_columns(OffersRoles::<N::Roles>::switch_tokens(&self.env));
        self.record.switch([switch]);
        self.record.p_switch([p_switch]);
        self.tokens.push(tokens.len());
        self.begun = self.token.len();
        self.last = moved;
        if moved.done() {
            self.record.judged([f64::from(u8::from(self.judged))]);
        }
    }
}
