//! A policy that remembers: it draws by the memory of an episode, is asked about whole trajectories, in parts between
//! them, and learns what no policy can that sees the present observation alone.

use dfdx::prelude::*;
use istar::batch::Legal;
use istar::env::{Env, EnvError, Restore, StepReward, Transition};
use istar::objective::Objective;
use istar::policy::{
    Ask, Asked, Categorical, Chunk, Drawn, Model, Outputs, Parameter, Parameters, Place, Policy, Readout,
    Seen, Session, draw, entropy, fresh, init, masked,
};
use istar::recipes::{Grpo, IStarStable, Ppo, VinePpo};
use istar::rollout::{Rollout, Sampling, sample_and_continue};
use istar::trainer::{Settings, Trainer};

/// Words 1 to 3, and nothing, which is 0.
const WORDS: usize = 4;
/// What may be said: 0 to 2 are the words, 3 is silence.
const TOKENS: usize = 4;
const INPUTS: usize = WORDS + TOKENS;
const STEPS: u32 = 3;

/// A word is shown, then nothing more. After three steps of two tokens the last token must be the word.
#[derive(Clone, Default)]
struct Echo {
    word: u8,
    steps: u32,
}

impl Env for Echo {
    type Task = u8;
    type Observation = u8;
    fn reset(&mut self, task: &u8) -> Result<(), EnvError> {
        *self = Echo { word: *task, steps: 0 };
        Ok(())
    }
    fn observe(&self) -> u8 {
        if self.steps == 0 { self.word } else { 0 }
    }
    fn next(&self, said: &[u32]) -> Option<u8> {
        (said.len() == 1).then_some(0)
    }
    fn legal(&self, said: &[u32]) -> Legal {
        // Nobody ends a step in silence.
        if said.is_empty() { Legal::ALL } else { Legal::from(0..3) }
    }
    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        self.steps += 1;
        let ended = self.steps == STEPS;
        let success = ended && tokens[1] + 1 == u32::from(self.word);
        let reward = f64::from(u8::from(success));
        Ok(Transition { reward, ended, success, valid: true, ..Transition::default() })
    }
}
impl StepReward for Echo {}
impl Restore for Echo {
    type State = Echo;
    fn save(&self) -> Echo {
        self.clone()
    }
    fn restore(&mut self, state: &Echo) {
        *self = state.clone();
    }
}

/// How often each word was seen, and each token said.
type Counts = [f32; INPUTS];

/// One hidden layer over what was seen and said so far. Its chunk is in trajectories.
#[derive(Debug)]
struct Bag {
    hidden: Tensor<(Const<32>, Const<INPUTS>), f32, Cpu>,
    head: Tensor<(usize, Const<32>), f32, Cpu>,
    chunk: usize,
}

impl Clone for Bag {
    fn clone(&self) -> Self {
        Bag { hidden: fresh(&self.hidden), head: fresh(&self.head), ..*self }
    }
}

impl Bag {
    fn new(chunk: usize) -> Self {
        let dev = Cpu::default();
        let hidden = init::uniform(&dev, Default::default(), INPUTS, 1.0, 7, "hidden");
        Bag { hidden, head: dev.zeros_like(&(0, Const)), chunk }.with_outputs(TOKENS, 7)
    }

    fn forward<T: Tape<f32, Cpu>>(&self, counts: &[Counts], tape: T) -> Tensor<(usize, usize), f32, Cpu, T> {
        let x = Cpu::default().tensor_from_vec(counts.concat(), (counts.len(), Const::<INPUTS>));
        let hidden = x.put_tape(tape).matmul(self.hidden.clone().permute()).tanh();
        hidden.matmul(self.head.clone().permute())
    }

    /// A row for each row of the question: trajectories are followed from their first tokens on.
    fn rows(asked: &Asked<'_, u8>) -> Vec<Counts> {
        let history = asked.history;
        let layout = history.layout;
        let mut at = vec![[0.0; INPUTS]; history.token.len()];
        let mut after = vec![[0.0; INPUTS]; layout.trajs()];
        for (traj, after) in after.iter_mut().enumerate() {
            let mut counts = [0.0; INPUTS];
            for token in layout.steps_of(traj).flat_map(|step| layout.tokens_of(step)) {
                counts[history.observations[history.observation[token] as usize] as usize] += 1.0;
                at[token] = counts;
                counts[WORDS + history.token[token] as usize] += 1.0;
            }
            if let Some(Some(last)) = history.last.get(traj) {
                counts[history.finals[*last as usize] as usize] += 1.0;
            }
            *after = counts;
        }
        let of = match asked.place {
            Place::Token => at,
            Place::End => after,
        };
        asked.rows.iter().map(|row| of[*row as usize]).collect()
    }

    /// The question with a row of the network's for each of its rows.
    fn by_row<'a>(asked: &Asked<'a, u8>) -> Asked<'a, u8> {
        Asked { at: (0..asked.rows.len() as u32).collect(), ..asked.clone() }
    }

    fn with_outputs(&self, outputs: usize, seed: u64) -> Self {
        let head = init::uniform(&Cpu::default(), (outputs, Const), 32, 0.1, seed, "head");
        Bag { head, ..self.clone() }
    }
}

impl Parameters<Cpu> for Bag {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<Cpu>)> {
        vec![("hidden".into(), &self.hidden), ("head".into(), &self.head)]
    }
    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<Cpu>)> {
        vec![("hidden".into(), &mut self.hidden), ("head".into(), &mut self.head)]
    }
}

/// As a policy: what is not legal has probability 0.
impl Model<Cpu> for Bag {
    type Observation = u8;
    fn read<T: Tape<f32, Cpu>>(&self, asked: &Asked<'_, u8>, entropy: bool, tape: T) -> Readout<Cpu, T> {
        let legal: Vec<&Legal> = asked.legal().collect();
        let legal: Vec<Legal> = asked.at.iter().map(|at| legal[*at as usize].clone()).collect();
        let logits = masked(self.forward(&Self::rows(asked), tape), legal.iter());
        Readout::of_logits(logits, &Self::by_row(asked), 1.0, entropy)
    }
    fn chunk(&self) -> usize {
        self.chunk
    }
    fn chunks<'a>(&self, asked: &Asked<'a, u8>) -> Vec<Chunk<'a, u8>> {
        asked.by_trajectory(self.chunk)
    }
}

/// As numbers.
#[derive(Clone, Debug)]
struct Value(Bag);

impl Parameters<Cpu> for Value {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<Cpu>)> {
        self.0.parameters()
    }
    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<Cpu>)> {
        self.0.parameters_mut()
    }
}

impl Model<Cpu> for Value {
    type Observation = u8;
    fn read<T: Tape<f32, Cpu>>(&self, asked: &Asked<'_, u8>, _: bool, tape: T) -> Readout<Cpu, T> {
        Readout::of_outputs(self.0.forward(&Bag::rows(asked), tape), &Bag::by_row(asked))
    }
    fn chunk(&self) -> usize {
        self.0.chunk
    }
    fn chunks<'a>(&self, asked: &Asked<'a, u8>) -> Vec<Chunk<'a, u8>> {
        asked.by_trajectory(self.0.chunk)
    }
}

impl Policy<Cpu> for Bag {
    type Estimator = Value;
    fn session(&self) -> impl Session<u8> {
        Remembering { bag: self, seen: Seen::default() }
    }
    fn actions(&self) -> usize {
        TOKENS
    }
    fn estimator(&self, outputs: usize, seed: u64) -> Value {
        Value(self.with_outputs(outputs, seed))
    }
}

/// The memory of an episode is what was seen and said in it.
struct Remembering<'a> {
    bag: &'a Bag,
    seen: Seen<u8>,
}

impl Session<u8> for Remembering<'_> {
    type Memory = Counts;
    fn draw(&mut self, asks: Vec<Ask<'_, u8, Counts>>, temperature: f64) -> Vec<Drawn> {
        let one = |ask: Ask<'_, u8, Counts>| {
            ask.memory[ask.observation as usize] += 1.0;
            let logits = masked(self.bag.forward(&[*ask.memory], NoneTape), [&ask.legal].into_iter());
            let logp = logits.log_softmax::<Axis<1>>().as_vec();
            let token = draw(&logp, ask.uniform, temperature);
            ask.memory[WORDS + token] += 1.0;
            self.seen.observations.push(ask.observation);
            self.seen.legal.push(ask.legal);
            Drawn {
                observation: self.seen.len() as u32 - 1,
                token: token as u32,
                logp: logp[token],
                entropy: entropy(&logp),
                about: ask.about.iter().map(|token| logp[*token as usize]).collect(),
            }
        };
        asks.into_iter().map(one).collect()
    }
    fn seen(&self) -> &Seen<u8> {
        &self.seen
    }
    fn finish(self) -> Seen<u8> {
        self.seen
    }
}

const TASKS: [u8; 6] = [1, 2, 3, 1, 2, 3];

fn settings() -> Settings {
    let sampling = Sampling { per_group: 16, ..Sampling::default() };
    let mut settings = Settings { sampling, minibatch: 32, ..Settings::default() };
    settings.policy.lr = 0.02;
    settings
}

fn train<O, P>(policy: P, iterations: usize) -> Trainer<O, P, Cpu>
where
    O: Objective + Default,
    P: Policy<Cpu, Observation = u8> + std::fmt::Debug,
    Echo: istar::env::Offers<O>,
{
    let mut trainer = Trainer::new(O::default(), policy, settings(), 3).expect("defaults are in range");
    for _ in 0..iterations {
        let metrics = trainer.iterate(&Echo::default(), &TASKS).expect("finite");
        assert!(metrics.values().all(|value| value.is_finite()), "{metrics:?}");
    }
    trainer
}

fn rollout<O: Objective, P: Policy<Cpu, Observation = u8>>(
    policy: &P,
    rollouts: usize,
) -> Rollout<istar::objective::NeedsOf<O>, u8>
where
    Echo: istar::env::Offers<O>,
{
    let at = (9, "test", 0);
    let sampling = settings().sampling;
    sample_and_continue::<O, _, _, Cpu>(&Echo::default(), &TASKS, policy, &sampling, at, rollouts, None)
        .expect("none is lost")
}

fn mean(numbers: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = numbers.len();
    numbers.sum::<f64>() / n as f64
}

fn values(net: &impl Parameters<Cpu>) -> Vec<f32> {
    net.parameters().iter().flat_map(|(_, parameter)| parameter.values()).collect()
}

fn assert_close(a: &[f32], b: &[f32], tolerance: f32) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= tolerance, "{a} against {b}");
    }
}

#[test]
fn what_was_drawn_by_memory_is_read_again_from_the_history() {
    let bag = Bag::new(1000);
    let batch = rollout::<Grpo, _>(&bag, 0).batch;
    let asked = Asked::all(batch.history());
    let read = bag.read(&asked, false, NoneTape).logp.as_vec();
    let old: Vec<f32> = batch.old.iter().map(|logp| *logp as f32).collect();
    assert_close(&read, &old, 1e-5);
    // In parts of five trajectories.
    let parts = Bag { chunk: 5, ..bag }.chunks(&asked);
    assert_eq!(parts.len(), (TASKS.len() * 16_usize).div_ceil(5));
    let bag = Bag::new(5);
    for part in parts {
        let rows = part.rows.iter().map(|row| read[*row as usize]).collect::<Vec<_>>();
        assert_close(&bag.read(&part.asked, false, NoneTape).logp.as_vec(), &rows, 1e-6);
    }
}

#[test]
fn gradients_do_not_depend_on_the_parts() {
    let whole = train::<Grpo, _>(Bag::new(1000), 2);
    let parts = train::<Grpo, _>(Bag::new(3), 2);
    assert_close(&values(&whole.nets.policy.net), &values(&parts.nets.policy.net), 1e-4);
}

/// The same network over the present observation alone.
#[derive(Clone, Debug)]
struct Forgetful(Bag);

impl Parameters<Cpu> for Forgetful {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<Cpu>)> {
        self.0.parameters()
    }
    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<Cpu>)> {
        self.0.parameters_mut()
    }
}

impl Outputs<Cpu> for Forgetful {
    type Observation = u8;
    fn outputs<'a, T: Tape<f32, Cpu>>(
        &self,
        observations: impl ExactSizeIterator<Item = &'a u8>,
        tape: T,
    ) -> Tensor<(usize, usize), f32, Cpu, T> {
        let count = |word: &u8| std::array::from_fn(|i| f32::from(u8::from(i == usize::from(*word))));
        self.0.forward(&observations.map(count).collect::<Vec<Counts>>(), tape)
    }
    fn size(&self) -> usize {
        self.0.actions()
    }
    fn with_outputs(&self, outputs: usize, seed: u64) -> Self {
        Forgetful(self.0.with_outputs(outputs, seed))
    }
}

#[test]
fn memory_learns_what_the_observation_does_not_say() {
    let success = |batch: &[f64]| mean(batch.iter().copied());
    let remembers = train::<Grpo, _>(Bag::new(1000), 30);
    let forgets = train::<Grpo, _>(Categorical(Forgetful(Bag::new(1000))), 30);
    let found = [
        success(&rollout::<Grpo, _>(&remembers.nets.policy.net, 0).batch.success),
        success(&rollout::<Grpo, _>(&forgets.nets.policy.net, 0).batch.success),
    ];
    assert!(found[0] > 0.9 && found[1] < 0.6, "{found:?}");

    // A continuation goes on from what its episode remembered: from the last step it could not know the word otherwise.
    let found = rollout::<VinePpo, _>(&remembers.nets.policy.net, 2).batch;
    let last = (0..found.layout.trajs()).flat_map(|traj| {
        let step = found.layout.steps_of(traj).end - 1;
        found.continued.before(step).map(|i| found.continued.success(i)).collect::<Vec<_>>()
    });
    let last: Vec<f64> = last.collect();
    assert_eq!(last.len(), 2 * TASKS.len() * 16);
    assert!(mean(last.into_iter()) > 0.9);
}

#[test]
fn every_kind_of_network_is_asked_by_trajectory() {
    for chunk in [4, 1000] {
        let critic = train::<Ppo, _>(Bag::new(chunk), 2);
        assert_ne!(values(&critic.nets.policy.net), values(&Bag::new(chunk)));
        train::<IStarStable, _>(Bag::new(chunk), 2);
        train::<VinePpo, _>(Bag::new(chunk), 1);
    }
}
