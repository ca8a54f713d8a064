//! Several agents take turns in one environment.

use super::remote::RecordError;
use super::{
    Agents, Checklist, Demonstrate, Env, EnvError, ExactCredit, Restore, Roles, StateKey, StateText,
    StepReward, Subgoals, Tags, Transition,
};
use crate::batch::{Legal, Role, Turns};
use crate::seed::Streams;
use std::num::NonZeroU32;
use std::path::Path;

/// An environment in which the agents move one after the other, each one step, in a fixed round from agent 0.
///
/// Who moves is not part of the observation: the agents share a policy, and what is compared by agent is their credit. It
/// is part of the state, so the same room with another agent to move is another state.
///
/// ```
/// use istar::env::sokoban::{Room, Sokoban};
/// use istar::env::{Agents, Env, EnvError, relay::Relay};
/// use std::num::NonZeroU32;
///
/// let mut env = Relay::new(Sokoban::default(), NonZeroU32::new(2).expect("two agents"));
/// env.reset(&Room::default())?;
/// let movers: Vec<u32> = (0..4)
///     .map(|_| {
///         let mover = env.agent();
///         env.step(&[0])?;
///         Ok(mover)
///     })
///     .collect::<Result<_, EnvError>>()?;
/// assert_eq!(movers, [0, 1, 0, 1]);
/// # Ok::<(), EnvError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Relay<E> {
    inner: E,
    agents: NonZeroU32,
    mover: u32,
}

impl<E> Relay<E> {
    /// This environment, shared by so many agents.
    pub fn new(inner: E, agents: NonZeroU32) -> Self {
        Relay { inner, agents, mover: 0 }
    }

    /// The environment that they share.
    pub fn inner(&self) -> &E {
        &self.inner
    }
}

fn inner<'a, E>(envs: &'a mut [&mut Relay<E>]) -> Vec<&'a mut E> {
    envs.iter_mut().map(|env| &mut env.inner).collect()
}

impl<E: Env> Env for Relay<E> {
    type Task = E::Task;
    type Observation = E::Observation;

    fn reset(&mut self, task: &E::Task) -> Result<(), EnvError> {
        self.mover = 0;
        self.inner.reset(task)
    }

    fn observe(&self) -> E::Observation {
        self.inner.observe()
    }

    fn next(&self, so_far: &[u32]) -> Option<E::Observation> {
        self.inner.next(so_far)
    }

    fn legal(&self, so_far: &[u32]) -> Legal {
        self.inner.legal(so_far)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        self.mover = (self.mover + 1) % self.agents;
        self.inner.step(tokens)
    }

    fn reset_all(envs: &mut [&mut Self], tasks: &[&E::Task], at: Streams<'_>) -> Vec<Result<(), EnvError>> {
        envs.iter_mut().for_each(|env| env.mover = 0);
        E::reset_all(&mut inner(envs), tasks, at)
    }

    fn step_all(envs: &mut [&mut Self], tokens: &[&[u32]]) -> Vec<Result<Transition, EnvError>> {
        envs.iter_mut().for_each(|env| env.mover = (env.mover + 1) % env.agents);
        E::step_all(&mut inner(envs), tokens)
    }

    fn record(&mut self, file: &Path) -> Result<(), RecordError> {
        self.inner.record(file)
    }
}

impl<E: Env> Agents for Relay<E> {
    fn agent(&self) -> u32 {
        self.mover
    }
}

impl<E: StateKey> StateKey for Relay<E> {
    type Key = (u32, E::Key);

    fn state_key(&self) -> Self::Key {
        (self.mover, self.inner.state_key())
    }
}

impl<E: StateText> StateText for Relay<E> {
    fn state_text(&self) -> String {
        format!("{}: {}", self.mover, self.inner.state_text())
    }
}

impl<E: Checklist> Checklist for Relay<E> {
    fn checklist(&self) -> Turns {
        self.inner.checklist()
    }

    fn turn(&self) -> u32 {
        self.inner.turn()
    }

    fn satisfied(&self, turn: u32) -> Option<Vec<bool>> {
        self.inner.satisfied(turn)
    }
}

impl<E: Restore> Restore for Relay<E> {
    type State = (u32, E::State);

    fn save(&self) -> Self::State {
        (self.mover, self.inner.save())
    }

    fn restore(&mut self, (mover, state): &Self::State) {
        self.mover = *mover;
        self.inner.restore(state);
    }
}

impl<E: StepReward> StepReward for Relay<E> {}

impl<E: Subgoals> Subgoals for Relay<E> {
    fn segment(&self) -> u32 {
        self.inner.segment()
    }

    fn segment_with(&self, tokens: &[u32]) -> u32 {
        self.inner.segment_with(tokens)
    }
}

impl<E: Roles> Roles for Relay<E> {
    fn switch(&self) -> &[u32] {
        self.inner.switch()
    }

    fn role(&self, so_far: &[u32]) -> Role {
        self.inner.role(so_far)
    }
}

impl<E: Tags> Tags for Relay<E> {
    fn tag(&self) -> u32 {
        self.inner.tag()
    }
}

impl<E: Demonstrate> Demonstrate for Relay<E> {
    fn demonstrate(&self) -> Option<Vec<u32>> {
        self.inner.demonstrate()
    }
}

impl<E: ExactCredit> ExactCredit for Relay<E> {
    type Search = E::Search;

    fn search(task: &Self::Task) -> E::Search {
        E::search(task)
    }

    fn remaining(&self, search: &mut E::Search) -> Option<u32> {
        self.inner.remaining(search)
    }

    fn budget(&self) -> u32 {
        self.inner.budget()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::Sokoban;

    const NEVER: &str = "Sokoban cannot fail";

    fn relay(agents: u32) -> Relay<Sokoban> {
        let mut env = Relay::new(Sokoban::new(5), NonZeroU32::new(agents).expect("an agent"));
        env.reset(&"#####\n#@  #\n# $.#\n#####".parse().expect("a level")).expect(NEVER);
        env
    }

    #[test]
    fn turns_go_round_and_begin_anew() {
        let mut env = relay(3);
        let mut movers = Vec::new();
        while {
            movers.push(env.agent());
            !env.step(&[0]).expect(NEVER).done()
        } {}
        assert_eq!(movers, [0, 1, 2, 0, 1]);
        env.reset(&"@$.".parse().expect("a level")).expect(NEVER);
        assert_eq!(env.agent(), 0);
    }

    #[test]
    fn many_at_once_are_as_one_after_the_other() {
        let (mut one, mut many) = (relay(2), [relay(2), relay(2)]);
        let [a, b] = &mut many;
        let level = "@ $.".parse().expect("a level");
        let at = Streams { seed: 1, name: "test", index: 0 };
        assert_eq!(Relay::reset_all(&mut [a, b], &[&level, &level], at), [Ok(()), Ok(())]);
        one.reset(&level).expect(NEVER);
        for token in [3, 3] {
            let expected = one.step(&[token]);
            let found = Relay::step_all(&mut [a, b], &[&[token], &[9]]);
            assert_eq!((&found[0], one.agent(), one.observe()), (&expected, a.agent(), a.observe()));
            assert!(found[1].as_ref().is_ok_and(|moved| !moved.valid) && b.agent() == a.agent());
        }
    }

    #[test]
    fn all_else_is_the_inner_environments() {
        let (mut env, mut alone) = (relay(2), relay(2).inner().clone());
        let mut searches = ["#####\n#@  #\n# $.#\n#####".parse().expect("a level"); 2]
            .map(|level| Relay::<Sokoban>::search(&level));
        let [first, second] = &mut searches;
        for token in [3, 1, 2, 9] {
            assert_eq!(env.observe(), alone.observe());
            assert_eq!(env.demonstrate(), alone.demonstrate());
            assert_eq!(env.remaining(first), alone.remaining(second));
            assert_eq!(env.state_key(), (env.agent(), alone.state_key()));
            assert_eq!(env.state_text(), format!("{}: {}", env.agent(), alone.state_text()));
            assert_eq!(env.segment(), alone.segment());
            assert_eq!(env.satisfied(env.turn()), alone.satisfied(alone.turn()));
            assert_eq!(env.step(&[token]), Ok(alone.step(&[token])));
        }
        assert_eq!(env.budget(), 5);
    }

    #[test]
    fn a_state_knows_whose_turn_it_is() {
        let mut env = relay(2);
        env.step(&[3]).expect(NEVER);
        let (saved, agent, seen) = (env.save(), env.agent(), env.observe());
        env.step(&[1]).expect(NEVER);
        env.restore(&saved);
        assert_eq!((env.agent(), env.observe()), (agent, seen));
    }

    #[test]
    fn whose_turn_it_is_is_part_of_the_state() {
        let mut env = relay(2);
        let before = env.state_key();
        env.step(&[9]).expect(NEVER);
        assert_ne!(env.state_key(), before, "the same room, another agent");
        env.step(&[9]).expect(NEVER);
        assert_eq!(env.state_key(), before);
    }
}
