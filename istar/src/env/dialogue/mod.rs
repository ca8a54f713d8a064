//! Social dialogue: two parties with private goals talk for up to twenty turns, and a judge says what came of it. SOTOPIA-like
//! (X. Zhou et al., arXiv 2310.11667), with a simulated partner and a noisy judge in the place of language models.
//!
//! | file | idea |
//! |---|---|
//! | `scenario`, `settle` | goals, private numbers, what can be settled on and what it is worth |
//! | `act`, `words` | dialogue acts as tokens, and in words |
//! | `talk` | a dialogue under way, and the seat of a party: what it knows |
//! | `partner` | who sits on the other side |
//! | `outcome` | the true scores, SOTOPIA's seven dimensions |
//! | `judge` | who scores, with leanings and noise |
//! | `scenes`, `made`, `frames`, `sotopia` | sets of scenarios: ours, or SOTOPIA's files |
//! | `view` | what a small policy looks at |
//! | `baseline` | expert, rule and chance |

mod act;
mod baseline;
mod frames;
mod judge;
mod made;
mod outcome;
mod partner;
mod scenario;
mod scenes;
mod settle;
mod sotopia;
mod talk;
mod view;
mod words;

pub use crate::env::split::Split;
pub use act::{Act, Appeal, OFFERS, TOKENS, TOPICS};
pub use baseline::{Baseline, Outcome};
pub use judge::{Judge, NoisyJudge};
pub use outcome::{Dimension, Scores, scores};
pub use partner::{Partner, Temperament};
pub use scenario::{Family, Friend, Party, Scenario};
pub use scenes::{Scenes, Task};
pub use sotopia::ScenesError;
pub use talk::{Seat, Talk};
pub use view::{Look, View};

use super::{Demonstrate, Env, EnvError, Transition};
use crate::batch::Legal;
use crate::seed::Streams;
use rand::RngExt;
use std::sync::Arc;

/// A goal above it is a success, as in iStar (arXiv 2509.19199).
pub const GOAL: f64 = 6.0;

/// Who sits on the other side.
#[derive(Clone, Debug)]
enum Other {
    /// The temperament of the task.
    Task,
    /// Somebody else, in all tasks.
    Somebody(Arc<dyn Partner>),
    /// The policy itself.
    Policy,
}

/// The environment: a dialogue whose acts are tokens.
///
/// A step is one utterance of the policy, and the partner's answer with it. What can be said is legal; what cannot counts as small talk
/// and is not [`valid`](Transition::valid). The episode ends with a settlement or when somebody goes, and is cut off when the utterances of
/// both are used up. Then a judge scores it. The reward of the last step is the goal that the judge saw, 0 to 10; the
/// [`score`](Transition::score) is the mean of the seven dimensions that it saw.
///
/// The truth stays hidden from training: in tasks of the training split the first judge rewards, and
/// [`success`](Transition::success), from which pairs and labels are made, is its goal above [`GOAL`]. In tasks that are
/// [held out](Task::held_out) the second judge rewards, and success is the true goal above it: the numbers of a table.
///
/// Whatever the partner does is a function of the task and what was said. The noise of a judge is drawn for each episode, from the
/// streams of its batch ([`Env::reset_all`]) or, where an episode begins by itself, from the task.
///
/// In [`self_play`](Dialogue::self_play) the policy speaks for both in turn. Then reward and score are the means of both parties, and
/// success is that of the mean goal.
///
/// A partner's mind is its own: states are no keys and cannot be restored, and no step but the last is rewarded. So GiGPO and Monte-Carlo
/// process rewards do not compile here, and the compiler says what does:
///
/// ```compile_fail,E0277
/// use istar::env::{Offers, dialogue::Dialogue};
/// use istar::recipes::GiGpo;
///
/// fn train<O: istar::objective::Objective, E: Offers<O>>() {}
/// train::<GiGpo, Dialogue>(); // `StateKey` is for `anchor` and `within = state`; without it use `step` with `dpo_prm`
/// ```
///
/// ```compile_fail,E0277
/// # use istar::env::{Offers, dialogue::Dialogue};
/// # use istar::recipes::AgentPrmMc;
/// # fn train<O: istar::objective::Objective, E: Offers<O>>() {}
/// train::<AgentPrmMc, Dialogue>(); // `Restore` is for `mc` and for rollouts of `mc_prm`
/// ```
///
/// ```
/// use istar::env::Env;
/// use istar::env::dialogue::{Dialogue, NoisyJudge, Scenes, Split, Temperament};
///
/// let scenes = Scenes::made(0);
/// let task = &scenes.draw(Split::Test, &[Temperament::Conceder], 0, 1)[0];
/// let mut env = Dialogue::new(&scenes, NoisyJudge::NOISE);
/// env.reset(task)?;
/// let last = loop {
///     let moved = env.act("appeal fairness")?;
///     if moved.done() {
///         break moved;
///     }
/// };
/// assert!(last.truncated && !last.success, "who only argues settles nothing");
/// println!("{}", env.seat().text());
/// # Ok::<(), istar::env::EnvError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dialogue {
    talk: Talk,
    task: Task,
    other: Other,
    judges: [Arc<dyn Judge>; 2],
    /// What the judges draw from.
    draw: u64,
    /// Steps taken in this episode.
    steps: usize,
}

impl Dialogue {
    /// Utterances of both, at most, as in SOTOPIA.
    pub const UTTERANCES: usize = 20;

    /// An environment in which a task's temperament is the partner, judged by [`NoisyJudge::training`] and [`NoisyJudge::second`] with so
    /// much noise. Before the first [`reset`](Env::reset) it stands at the beginning of the first scenario.
    ///
    /// # Panics
    /// When there is no scenario.
    #[must_use]
    pub fn new(scenes: &Scenes, noise: f64) -> Self {
        let scenario = scenes.scenarios()[0].clone();
        let temperament = Temperament::default();
        let task = Task { scenario: scenario.clone(), side: 0, temperament, seed: 0, held_out: false };
        Dialogue {
            talk: Talk::new(scenario, Self::UTTERANCES, 0),
            task,
            other: Other::Task,
            judges: [Arc::new(NoisyJudge::training(noise)), Arc::new(NoisyJudge::second(noise))],
            draw: 0,
            steps: 0,
        }
    }

    /// With this partner in all tasks.
    #[must_use]
    pub fn with_partner(self, partner: impl Partner) -> Self {
        Dialogue { other: Other::Somebody(Arc::new(partner)), ..self }
    }

    /// With the policy on both sides.
    #[must_use]
    pub fn self_play(self) -> Self {
        Dialogue { other: Other::Policy, ..self }
    }

    /// With these judges, of training tasks and of those that are held out.
    #[must_use]
    pub fn with_judges(self, training: impl Judge, second: impl Judge) -> Self {
        Dialogue { judges: [Arc::new(training), Arc::new(second)], ..self }
    }

    /// What was said.
    pub fn talk(&self) -> &Talk {
        &self.talk
    }

    /// Which party speaks for the policy now.
    #[must_use]
    pub fn side(&self) -> usize {
        match self.other {
            Other::Policy => self.talk.speaker(),
            Other::Task | Other::Somebody(_) => self.task.side,
        }
    }

    /// What the policy knows.
    #[must_use]
    pub fn seat(&self) -> Seat<'_> {
        self.talk.seat(self.side())
    }

    /// Steps taken in this episode.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Acts like [`Env::step`], by text; see [`Scenario::read`].
    ///
    /// # Errors
    /// As [`Env::step`].
    pub fn act(&mut self, text: &str) -> Result<Transition, EnvError> {
        let act = self.task.scenario.read(self.side(), text);
        self.take(act)
    }

    /// What both judges say of a party as things stand: that of training first.
    ///
    /// # Errors
    /// There is no verdict.
    pub fn verdicts(&self, side: usize) -> Result<[Scores; 2], EnvError> {
        let [training, second] = &self.judges;
        let draw = self.draw_of(side);
        Ok([training.judge(&self.talk, side, draw)?, second.judge(&self.talk, side, draw)?])
    }

    fn draw_of(&self, side: usize) -> u64 {
        self.draw.wrapping_add(side as u64)
    }

    fn begin(&mut self, task: &Task, draw: u64) -> Result<(), EnvError> {
        self.talk = Talk::new(task.scenario.clone(), Self::UTTERANCES, task.seed);
        self.task.clone_from(task);
        (self.draw, self.steps) = (draw, 0);
        self.answer()
    }

    /// The partner speaks, where it is its turn.
    fn answer(&mut self) -> Result<(), EnvError> {
        if self.talk.has_ended() || self.talk.is_cut_off() || self.talk.speaker() == self.side() {
            return Ok(());
        }
        let seat = self.talk.seat(self.talk.speaker());
        let said = match &self.other {
            Other::Policy => return Ok(()),
            Other::Task => self.task.temperament.answer(&seat, self.task.seed)?,
            Other::Somebody(partner) => partner.answer(&seat, self.task.seed)?,
        };
        let said = if seat.can(said) { said } else { Act::Chat };
        self.talk.say(said);
        Ok(())
    }

    fn take(&mut self, act: Option<Act>) -> Result<Transition, EnvError> {
        let act = act.filter(|act| self.seat().can(*act));
        let valid = act.is_some();
        self.talk.say(act.unwrap_or(Act::Chat));
        self.steps += 1;
        self.answer()?;
        let (ended, truncated) = (self.talk.has_ended(), self.talk.is_cut_off());
        let going_on = Transition { valid, ..Transition::default() };
        if !ended && !truncated {
            return Ok(going_on);
        }
        let sides = match self.other {
            Other::Policy => vec![0, 1],
            Other::Task | Other::Somebody(_) => vec![self.task.side],
        };
        let judge = &self.judges[usize::from(self.task.held_out)];
        let (mut reward, mut score, mut truth) = (0.0, 0.0, 0.0);
        for side in &sides {
            let judged = judge.judge(&self.talk, *side, self.draw_of(*side))?;
            reward += judged.goal() / sides.len() as f64;
            score += judged.overall() / sides.len() as f64;
            truth += scores(&self.talk, *side).goal() / sides.len() as f64;
        }
        let success = GOAL < if self.task.held_out { truth } else { reward };
        Ok(Transition { reward, ended, truncated, success, score: Some(score), ..going_on })
    }
}

impl Env for Dialogue {
    type Task = Task;
    type Observation = View;

    fn reset(&mut self, task: &Task) -> Result<(), EnvError> {
        self.begin(task, task.seed)
    }

    fn reset_all(envs: &mut [&mut Self], tasks: &[&Task], at: Streams<'_>) -> Vec<Result<(), EnvError>> {
        let name = format!("{} judged", at.name);
        let judged = Streams { name: &name, ..at };
        let draw = |episode| judged.of(episode).random();
        let all = envs.iter_mut().zip(tasks).enumerate();
        all.map(|(episode, (env, task))| env.begin(task, draw(episode))).collect()
    }

    fn observe(&self) -> View {
        view::view(&self.seat())
    }

    fn legal(&self, _so_far: &[u32]) -> Legal {
        self.seat().choices().map(Act::token).collect()
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        let act = match tokens {
            [token] => Act::of(*token),
            _ => None,
        };
        self.take(act)
    }
}

impl Demonstrate for Dialogue {
    /// What one would say who knows what each settlement is worth to the other, and not what the other is like.
    fn demonstrate(&self) -> Option<Vec<u32>> {
        baseline::expert(&self.seat()).map(|act| vec![act.token()])
    }
}

#[cfg(test)]
mod tests;
