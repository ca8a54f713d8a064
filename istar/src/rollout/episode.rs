//! One episode under way, and what is written down of it.

use super::draw::draw;
use super::record::{ChecklistBit, RoleBit, SegmentBit};
use crate::batch::Role;
use crate::env::{Env, Offers, OffersChecklist, OffersRoles, OffersSegments, Transition};
use crate::need::bit::Bit;
use crate::objective::Objective;
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

    /// Draws a token from log-probabilities, and acts if it completes the step.
    pub(super) fn draw<O: Objective>(&mut self, observation: u32, logp: &[f32], temperature: f64)
    where
        E: Offers<O>,
    {
        let token = draw(&mut self.random, logp, temperature);
        if let Some(role) = OffersRoles::<RoleBit<O>>::role_of(&self.env, &self.token[self.begun..]) {
            self.note(role, token, E::switch_token(), logp);
        }
        self.observation.push(observation);
        self.token.push(token as u32);
        self.old.push(f64::from(logp[token]));
        self.ahead = self.env.next(&self.token[self.begun..]);
        if self.ahead.is_none() {
            self.act::<O>();
        }
    }

    /// Writes down what a token is for, and what it decides.
    fn note(&mut self, role: Role, token: usize, switch: Option<u32>, logp: &[f32]) {
        if self.token.len() == self.begun {
            self.switch.push(0.0);
            self.p_switch.push(0.0);
        }
        self.role.push(role);
        if let (Role::Switch, Some(switch), Some(said), Some(p)) =
            (role, switch, self.switch.last_mut(), self.p_switch.last_mut())
        {
            *said = f64::from(u8::from(token == switch as usize));
            *p = f64::from(logp[switch as usize]).exp();
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
