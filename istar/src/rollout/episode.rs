//! One episode under way, and what is written down of it.

use super::record::{ChecklistBit, RoleBit, SegmentBit};
use crate::batch::{Legal, Role};
use crate::env::{Env, Offers, OffersChecklist, OffersRoles, OffersSegments, Transition};
use crate::need::bit::Bit;
use crate::objective::Objective;
use crate::policy::{Ask, Drawn};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// An episode.
pub(super) struct Episode<E: Env> {
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
    pub(super) reward: Vec<f64>,
    pub(super) invalid: Vec<f64>,
    pub(super) state: Vec<u32>,
    pub(super) segment: Vec<u32>,
    pub(super) agent: Vec<u32>,
    pub(super) tag: Vec<u32>,
    pub(super) text: Vec<String>,
    pub(super) turn: Vec<u32>,
    pub(super) answer: Vec<Vec<bool>>,
    pub(super) judged: bool,
    pub(super) role: Vec<Role>,
    pub(super) switch: Vec<f64>,
    pub(super) p_switch: Vec<f64>,
}

impl<E: Env> Episode<E> {
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
            reward: vec![],
            invalid: vec![],
            state: vec![],
            segment: vec![],
            agent: vec![],
            tag: vec![],
            text: vec![],
            turn: vec![],
            answer: vec![],
            judged: true,
            role: vec![],
            switch: vec![],
            p_switch: vec![],
        }
    }

    /// The tokens of the present step.
    pub(super) fn so_far(&self) -> &[u32] {
        &self.token[self.begun..]
    }

    /// What the next token is drawn under, and which may be.
    pub(super) fn look(&self) -> (E::Observation, Legal) {
        let observation = self.ahead.clone().unwrap_or_else(|| self.env.observe());
        (observation, self.env.legal(self.so_far()))
    }

    /// What the policy is asked next: the token, and if that decides about the subgoal, how likely it is to switch.
    pub(super) fn ask<'a, O: Objective, M>(
        &mut self,
        (observation, legal): (E::Observation, Legal),
        switch: &'a [u32],
        memory: &'a mut M,
    ) -> Ask<'a, E::Observation, M>
    where
        E: Offers<O>,
    {
        let role = OffersRoles::<RoleBit<O>>::role_of(&self.env, self.so_far());
        let about = if role == Some(Role::Switch) { switch } else { &[] };
        Ask { observation, legal, uniform: self.random.random(), about, memory }
    }

    /// Says a token that was drawn, and acts if it completes the step.
    pub(super) fn say<O: Objective>(&mut self, drawn: &Drawn, switch: &[u32])
    where
        E: Offers<O>,
    {
        if let Some(role) = OffersRoles::<RoleBit<O>>::role_of(&self.env, self.so_far()) {
            self.note(role, drawn, switch);
        }
        self.observation.push(drawn.observation);
        self.token.push(drawn.token);
        self.old.push(f64::from(drawn.logp));
        self.entropy.push(drawn.entropy);
        self.ahead = self.env.next(self.so_far());
        if self.ahead.is_none() {
            self.act::<O>();
        }
    }

    /// Writes down what a token is for, and what it decides.
    fn note(&mut self, role: Role, drawn: &Drawn, switch: &[u32]) {
        if self.token.len() == self.begun {
            self.switch.push(0.0);
            self.p_switch.push(0.0);
        }
        self.role.push(role);
        if let (Some(chance), Some(said), Some(p)) =
            (drawn.about.first(), self.switch.last_mut(), self.p_switch.last_mut())
        {
            *said = f64::from(u8::from(switch.contains(&drawn.token)));
            *p = f64::from(*chance).exp();
        }
    }

    fn act<O: Objective>(&mut self)
    where
        E: Offers<O>,
    {
        let tokens = &self.token[self.begun..];
        self.segment.extend(OffersSegments::<SegmentBit<O>>::segment_of(&self.env, tokens));
        let turn = OffersChecklist::<ChecklistBit<O>>::present(&self.env);
        let moved = self.env.step(tokens);
        if ChecklistBit::<O>::VALUE {
            let answer = OffersChecklist::<ChecklistBit<O>>::answer(&self.env, turn);
            self.judged &= answer.is_some();
            self.turn.push(turn);
            self.answer.push(answer.unwrap_or_default());
        }
        self.tokens.push(tokens.len());
        self.begun = self.token.len();
        self.reward.push(moved.reward);
        self.invalid.push(f64::from(u8::from(!moved.valid)));
        self.last = moved;
    }
}
