use super::*;
use crate::batch::{Batch, Legal};
use crate::env::sokoban::{LevelSpec, Levels, Room, Sokoban, Split};
use crate::env::{Env, EnvError, Offers, Restore, StateKey, StepReward, Transition};
use crate::kernels::set_threads;
use crate::need::bit::Bit;
use crate::need::demand::Needs;
use crate::objective::{NeedsOf, Objective};
use crate::policy::PixelPolicy;
use crate::recipes::{GiGpo, Grpo, IStarPaper, Ppo, VinePpo};
use crate::trainer::{IterateError, Settings, Trainer};
use dfdx::prelude::Cpu;

type Frame = <Sokoban as Env>::Observation;
type Net = PixelPolicy<Frame, Cpu>;

/// A Sokoban that goes away in one of so many states, after a step or at the beginning.
#[derive(Clone, Debug, Default)]
struct Flaky {
    inner: Sokoban,
    one_in: u128,
}

impl Flaky {
    fn new(max_steps: u32, one_in: u128) -> Self {
        Flaky { inner: Sokoban::new(max_steps), one_in }
    }

    fn fails(&self) -> Result<(), EnvError> {
        let steps = self.inner.steps();
        // The parts of a key that tell states of one level apart are spread over all of its digits.
        let lot = self.inner.state_key() % 1_000_003 + u128::from(steps);
        match lot.is_multiple_of(self.one_in) {
            true => Err(EnvError::new(format!("gone after {steps} steps"))),
            false => Ok(()),
        }
    }
}

impl Env for Flaky {
    type Task = Room;
    type Observation = Frame;
    fn reset(&mut self, task: &Room) -> Result<(), EnvError> {
        self.inner.reset(task);
        self.fails()
    }
    fn observe(&self) -> Frame {
        self.inner.observe()
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let moved = self.inner.step(tokens);
        self.fails().map(|()| moved)
    }
}
impl StepReward for Flaky {}
impl StateKey for Flaky {
    type Key = u128;
    fn state_key(&self) -> u128 {
        self.inner.state_key()
    }
}
impl Restore for Flaky {
    type State = <Sokoban as Restore>::State;
    fn save(&self) -> Self::State {
        self.inner.save()
    }
    fn restore(&mut self, state: &Self::State) {
        self.inner.restore(state);
    }
}

const SAMPLING: Sampling =
    Sampling { per_group: 4, outcome: Outcome::Reward, invalid_penalty: 0.0, temperature: 1.0 };

fn tasks() -> Vec<Room> {
    let levels = Levels::new(LevelSpec { size: 6, boxes: 1, depth: 30 }).expect("in range");
    levels.draw(Split::Train, 3, 12).expect("there are many")
}

fn net() -> Net {
    PixelPolicy::new(&Cpu::default(), (6, 6), 8, 5)
}

fn rollout<O, E>(env: &E, rollouts: usize) -> Result<Rollout<NeedsOf<O>, Frame>, SampleError>
where
    O: Objective,
    E: Env<Task = Room, Observation = Frame> + Offers<O>,
{
    sample_and_continue::<O, E, _, Cpu>(env, &tasks(), &net(), &SAMPLING, (9, "test", 2), rollouts, None)
}

fn column<B: Bit, T: Clone + std::fmt::Debug>(slot: &B::Slot<Vec<T>>) -> &[T] {
    B::get(slot).expect("demanded")
}

#[test]
fn a_batch_without_its_lost_episodes_is_what_it_would_have_been() {
    let whole = rollout::<GiGpo, _>(&Sokoban::new(6), 0).expect("Sokoban cannot fail");
    assert_eq!((whole.lost.is_none(), whole.episode.len()), (true, 48));
    let flaky = Flaky::new(6, 7);
    let found = rollout::<GiGpo, _>(&flaky, 0).expect("some are left");

    let sizes: Vec<usize> = (0..12).map(|group| found.batch.layout.trajs_of(group).len()).collect();
    assert_eq!(found.batch.layout.groups(), 12, "a task keeps its group");
    assert!(sizes.contains(&0) && sizes.iter().any(|n| (1..4).contains(n)), "{sizes:?}");
    assert_eq!(found.lost.episodes as usize, 48 - sizes.iter().sum::<usize>());
    let reason = found.lost.reason.as_ref().expect("some are lost");
    assert!(reason.reason().starts_with("gone after "), "{reason}");
    assert!(found.lost.steps > 0 && found.episode.is_sorted());

    type N = NeedsOf<GiGpo>;
    let state = |batch: &Batch<N, Frame>, step| column::<<N as Needs>::StateKeys, u32>(&batch.state)[step];
    let (ours, theirs) = (&found.batch, &whole.batch);
    let mut kept = Vec::new();
    for (traj, episode) in found.episode.iter().enumerate() {
        let (here, there) = (ours.layout.steps_of(traj), theirs.layout.steps_of(*episode));
        assert_eq!(here.len(), there.len());
        assert_eq!(found.rewards[here.clone()], whole.rewards[there.clone()]);
        assert_eq!(ours.layout.group_of_traj()[traj], theirs.layout.group_of_traj()[*episode]);
        assert_eq!(
            (ours.outcome[traj], ours.ended[traj]),
            (theirs.outcome[*episode], theirs.ended[*episode])
        );
        for (here, there) in here.zip(there) {
            // one token a step
            assert_eq!((ours.token[here], ours.old[here]), (theirs.token[there], theirs.old[there]));
            let seen = |batch: &Batch<N, Frame>, i: usize| batch.observations[batch.observation[i] as usize];
            assert!(seen(ours, here) == seen(theirs, there));
            kept.push((ours.layout.group_of_traj()[traj], state(ours, here), state(theirs, there)));
        }
    }
    for (group, ours, theirs) in &kept {
        for (_, our, their) in kept.iter().filter(|(other, ..)| other == group) {
            assert_eq!(our == ours, their == theirs, "equal states stay equal");
        }
    }
    let distinct = |batch: &Batch<N, Frame>| {
        let mut numbers = batch.observation.clone();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len()
    };
    assert_eq!(distinct(ours), ours.observations.len(), "nothing is kept that only a lost episode saw");
    assert!(ours.observations.len() < theirs.observations.len());
}

#[test]
fn threads_do_not_show_in_what_is_lost() {
    let run = |threads| {
        set_threads(threads);
        let found = rollout::<VinePpo, _>(&Flaky::new(3, 61), 2);
        set_threads(1);
        let Rollout { batch, episode, lost, .. } = found.expect("some are left");
        (batch.token, batch.old, batch.layout, episode, lost)
    };
    assert!(run(1) == run(3));
}

/// A Sokoban in which nothing may be said in some states, and which goes on in others.
#[derive(Clone, Debug)]
struct Mute(Flaky);

impl Env for Mute {
    type Task = Room;
    type Observation = Frame;
    fn reset(&mut self, task: &Room) -> Result<(), EnvError> {
        self.0.inner.reset(task);
        Ok(())
    }
    fn observe(&self) -> Frame {
        self.0.observe()
    }
    fn legal(&self, _so_far: &[u32]) -> Legal {
        // Tokens that the policy does not have help nobody.
        if self.0.fails().is_err() { Legal::from(100..200) } else { Legal::ALL }
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        Ok(self.0.inner.step(tokens))
    }
}
impl StepReward for Mute {}
impl Restore for Mute {
    type State = <Flaky as Restore>::State;
    fn save(&self) -> Self::State {
        self.0.save()
    }
    fn restore(&mut self, state: &Self::State) {
        self.0.restore(state);
    }
}

#[test]
fn where_nothing_is_legal_the_episode_is_lost_and_says_so() {
    let mute = Mute(Flaky::new(6, 61));
    let found = rollout::<Grpo, _>(&mute, 0).expect("some are left");
    let reason = found.lost.reason.clone().expect("some are lost");
    let text = reason.reason();
    assert!(
        text.starts_with("step ") && text.contains(": none of the policy's 4 tokens is legal;"),
        "{text}"
    );
    // An episode that fails where another has nothing to say is lost with it, but for those that end there.
    let failed = rollout::<Grpo, _>(&mute.0, 0).expect("some are left");
    assert!(failed.episode.iter().all(|episode| found.episode.contains(episode)));
    assert_eq!(found.lost.episodes as usize + found.episode.len(), 48);
    // So it is in continuations.
    let alone = rollout::<VinePpo, _>(&mute, 0).expect("some are left");
    let found = rollout::<VinePpo, _>(&mute, 2).expect("some are left");
    assert!(found.lost.episodes > alone.lost.episodes);
    assert!(found.episode.iter().all(|episode| alone.episode.contains(episode)));
}

#[test]
fn a_continuation_that_fails_takes_its_episode_with_it() {
    let flaky = Flaky::new(3, 61);
    let alone = rollout::<VinePpo, _>(&flaky, 0).expect("some are left");
    let found = rollout::<VinePpo, _>(&flaky, 1).expect("some are left");
    assert!(found.episode.iter().all(|episode| alone.episode.contains(episode)));
    assert!(found.lost.episodes > alone.lost.episodes && found.lost.steps > alone.lost.steps);
    // Those that are left have as many continuations as they would have had.
    let steps = found.batch.layout.steps();
    assert_eq!(found.batch.continued.before(steps - 1).end, steps);
    let env_steps = |rollouts| {
        let found = rollout::<VinePpo, _>(&Sokoban::new(3), rollouts).expect("Sokoban cannot fail");
        found.rewards.len() as u64 + found.batch.continued.env_steps()
    };
    let all = found.rewards.len() as u64 + found.batch.continued.env_steps() + found.lost.steps;
    assert!(found.lost.steps > 0 && all < env_steps(1), "no step is counted twice");
}

/// Two iterations on batches that have lost episodes.
fn trains<O: Objective + Default>()
where
    Flaky: Offers<O>,
{
    let settings = Settings { sampling: SAMPLING, minibatch: 32, ..Settings::default() };
    let mut trainer =
        Trainer::<O, Net, Cpu>::new(O::default(), net(), settings, 9).expect("defaults are in range");
    for _ in 0..2 {
        let metrics = trainer.iterate(&Flaky::new(6, 7), &tasks()).expect(O::NAME);
        assert!(metrics.values().all(|value| value.is_finite()), "{}: {metrics:?}", O::NAME);
        assert_eq!(metrics["charts/lost_episodes"], trainer.lost.episodes as f64);
        assert!(trainer.lost.episodes > 0);
    }
}

#[test]
fn groups_of_few_or_none_are_learnt_from() {
    trains::<Grpo>();
    trains::<GiGpo>();
    trains::<IStarPaper>();
    trains::<Ppo>();
}

#[test]
fn a_batch_of_lost_episodes_is_none_and_changes_nothing() {
    let flaky = Flaky::new(6, 1);
    let mut trainer = Trainer::<Grpo, Net, Cpu>::new(Grpo, net(), Settings::default(), 9).expect("in range");
    let before = trainer.export();
    let error = trainer.iterate(&flaky, &tasks()).expect_err("nothing is left");
    assert_eq!(
        error.to_string(),
        "all 96 episodes of batch 0 of \"rollout\" were lost; the first one: gone after 0 steps"
    );
    assert!(matches!(error, IterateError::Sample(SampleError::AllLost { .. })));
    assert!(trainer.export() == before);
    let none = sample::<Grpo, _, _, Cpu>(&flaky, &[], &net(), &SAMPLING, (9, "test", 2), None);
    assert_eq!(none.expect("no task, nothing lost").batch.layout.groups(), 0);
}

/// A Sokoban that says at the end how many steps it took, if it was solved.
#[derive(Clone)]
struct Scored(Sokoban, bool);
impl Env for Scored {
    type Task = Room;
    type Observation = Frame;
    fn reset(&mut self, task: &Room) -> Result<(), EnvError> {
        self.0.reset(task);
        Ok(())
    }
    fn observe(&self) -> Frame {
        self.0.observe()
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let moved = self.0.step(tokens);
        let score = (moved.success || self.1).then(|| f64::from(self.0.steps()) / 8.0);
        Ok(Transition { score, ..moved })
    }
}

#[test]
fn an_outcome_may_be_what_the_environment_says() {
    let sampling = Sampling { outcome: Outcome::Score, ..SAMPLING };
    let run = |env| sample::<Grpo, _, _, Cpu>(&env, &tasks(), &net(), &sampling, (9, "test", 2), None);
    let batch = run(Scored(Sokoban::new(6), true)).expect("it always says so").batch;
    for traj in 0..batch.layout.trajs() {
        assert_eq!(batch.outcome[traj], batch.layout.steps_of(traj).len() as f64 / 8.0);
    }
    let error = run(Scored(Sokoban::new(6), false)).expect_err("some are not solved").to_string();
    assert!(
        error.starts_with("the outcome is to be the score that the environment states, and episode "),
        "{error}"
    );
    assert!(error.contains("choose the outcome reward or success"), "{error}");
}
