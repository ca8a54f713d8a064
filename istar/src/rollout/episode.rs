//! One episode under way, and what is written down of it.

use super::options::Sampling;
use super::record::{ChecklistBit, Record, Recorders, RoleBit};
use crate::batch::{Legal, Role};
use crate::env::{Env, Offers, OffersChecklist, OffersRoles, Transition};
use crate::need::bit::Bit;
use crate::objective::{NeedsOf, Objective};
use crate::policy::{Ask, Drawn};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// An episode.
pub(super) struct Episode<E: Env, O: Objective> {
    pub(super) env: E,
    pub(super) random: ChaCha8Rng,
    /// What the last step brought, while none was taken an episode that goes on.
    pub(super) last: Transition,
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
    /// What the present step decided: 1 for SWITCH, and how probable that was.
    decision: (f64, f64),
    pub(super) turn: Vec<u32>,
    pub(super) answer: Vec<Vec<bool>>,
    judged: bool,
    pub(super) record: Record<NeedsOf<O>>,
}

impl<E: Env + Offers<O>, O: Objective> Episode<E, O> {
    pub(super) fn new(env: &E, task: &E::Task, random: ChaCha8Rng) -> Self {
        let mut env = env.clone();
        env.reset(task);
        Episode {
            env,
            random,
            last: Transition::default(),
            ahead: None,
            observation: vec![],
            token: vec![],
            old: vec![],
            entropy: vec![],
            begun: 0,
            tokens: vec![],
            rewards: vec![],
            decision: (0.0, 0.0),
            turn: vec![],
            answer: vec![],
            judged: true,
            record: Record::default(),
        }
    }

    /// The tokens of the present step.
    pub(super) fn so_far(&self) -> &[u32] {
        &self.token[self.begun..]
    }

    /// What the policy is asked next: the token, and if that decides about the subgoal, how likely it is to switch.
    pub(super) fn ask<'a, M>(
        &mut self,
        (observation, legal): (E::Observation, Legal),
        switch: &'a [u32],
        memory: &'a mut M,
    ) -> Ask<'a, E::Observation, M> {
        let role = OffersRoles::<RoleBit<O>>::role_of(&self.env, self.so_far());
        let about = if role == Some(Role::Switch) { switch } else { &[] };
        Ask { observation, legal, uniform: self.random.random(), about, memory }
    }

    /// Says a token that was drawn, and acts if it completes the step.
    pub(super) fn say(
        &mut self,
        drawn: &Drawn,
        switch: &[u32],
        sampling: &Sampling,
        recorders: &mut Recorders<E, O>,
    ) {
        if let Some(role) = OffersRoles::<RoleBit<O>>::role_of(&self.env, self.so_far()) {
            self.note(role, drawn, switch);
        }
        self.observation.push(drawn.observation);
        self.token.push(drawn.token);
        self.old.push(f64::from(drawn.logp));
        self.entropy.push(drawn.entropy);
        self.ahead = self.env.next(self.so_far());
        if self.ahead.is_none() {
            self.act(sampling, recorders);
        }
    }

    /// Writes down what a token is for, and what it decides.
    fn note(&mut self, role: Role, drawn: &Drawn, switch: &[u32]) {
        self.record.role([role]);
        if let Some(chance) = drawn.about.first() {
            let said = f64::from(u8::from(switch.contains(&drawn.token)));
            self.decision = (said, f64::from(*chance).exp());
        }
    }

    fn act(&mut self, sampling: &Sampling, recorders: &mut Recorders<E, O>) {
        let tokens = &self.token[self.begun..];
        recorders.with(&self.env, tokens, &mut self.record);
        let turn = OffersChecklist::<ChecklistBit<O>>::present(&self.env);
        let moved = self.env.step(tokens);
        recorders.after(&self.env, tokens, &moved, &mut self.record);
        if ChecklistBit::<O>::VALUE {
            let answer = OffersChecklist::<ChecklistBit<O>>::answer(&self.env, turn);
            self.judged &= answer.is_some();
            self.turn.push(turn);
            self.answer.push(answer.unwrap_or_default());
        }
        let invalid = f64::from(u8::from(!moved.valid));
        let reward = moved.reward - sampling.invalid_penalty * invalid;
        self.rewards.push(reward);
        self.record.reward([reward]);
        self.record.invalid([invalid]);
        let (switch, p_switch) = std::mem::take(&mut self.decision);
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
