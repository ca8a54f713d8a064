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
pub use judge::{Case, Judge, NoisyJudge};
pub use outcome::{Dimension, Scores, scores};
pub use partner::{Partner, Temperament, Turn};
pub use scenario::{Family, Friend, Party, Scenario};
pub use scenes::{Scenes, Task};
pub use sotopia::ScenesError;
pub use talk::{Seat, Talk};
pub use view::{Look, View};

use super::remote::{RecordError, Told};
use super::spelled::Words;
use super::{Demonstrate, Env, EnvError, Transition};
use crate::batch::Legal;
use crate::seed::Streams;
use rand::RngExt;
use std::iter;
use std::path::Path;
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
/// Whatever a simulated partner does is a function of the task and what was said. The noise of a judge is drawn for each episode, from
/// the streams of its batch ([`Env::reset_all`]) or, where an episode begins by itself, from the task. Who is
/// [outside](Partner::is_outside) of the program, as the language models of the feature `chat` are, is asked for all episodes of a batch
/// at once, and what they say is recorded where a run asks for it ([`Env::record`]).
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
    /// What partner and judges said who are outside.
    told: Told<String, String>,
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
            told: Told::default(),
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

    fn take(&mut self, act: Option<Act>) -> Result<Transition, EnvError> {
        Self::take_all(&mut [self], &[act]).remove(0)
    }

    fn speaks_for(&self, side: usize) -> bool {
        matches!(self.other, Other::Policy) || self.task.side == side
    }

    fn is_over(&self) -> bool {
        self.talk.has_ended() || self.talk.is_cut_off()
    }

    fn draw_of(&self, side: usize) -> u64 {
        self.draw.wrapping_add(side as u64)
    }

    /// Whether somebody is outside of the program.
    fn asks_outside(&self) -> bool {
        let partner = matches!(&self.other, Other::Somebody(partner) if partner.is_outside());
        partner || self.judges.iter().any(|judge| judge.is_outside())
    }

    fn begin(&mut self, task: &Task, draw: u64) {
        self.talk = Talk::new(task.scenario.clone(), Self::UTTERANCES, task.seed);
        self.task.clone_from(task);
        (self.draw, self.steps) = (draw, 0);
    }

    /// The policy speaks. Whether that can be said.
    fn say(&mut self, act: Option<Act>) -> bool {
        let act = act.filter(|act| self.seat().can(*act));
        self.talk.say(act.unwrap_or(Act::Chat));
        self.steps += 1;
        act.is_some()
    }

    /// The partner's turn, if it is.
    fn turn(&mut self) -> Option<Turn<'_>> {
        let side = self.talk.speaker();
        if self.is_over() || side == self.side() {
            return None;
        }
        let Task { temperament, seed, .. } = self.task;
        Some(Turn { seat: self.talk.seat(side), temperament, seed, told: &mut self.told })
    }

    /// Partners speak, where it is their turn. What they cannot say is small talk. Clones of an environment have one partner.
    fn answer_all(envs: &mut [&mut Self]) -> Vec<Result<(), EnvError>> {
        let Some(other) = envs.first().map(|env| env.other.clone()) else { return Vec::new() };
        let mut turns: Vec<Option<Turn<'_>>> = envs.iter_mut().map(|env| env.turn()).collect();
        let waiting: Vec<bool> = turns.iter().map(Option::is_some).collect();
        let mut turns: Vec<Turn<'_>> = turns.iter_mut().filter_map(Option::take).collect();
        let said = match &other {
            Other::Somebody(partner) => partner.answer_all(&mut turns),
            Other::Task | Other::Policy => {
                turns.iter().map(|turn| turn.temperament.answer(&turn.seat, turn.seed)).collect()
            }
        };
        let mut said = said.into_iter();
        let mut heard = |env: &mut Self| {
            let said = said.next().unwrap_or_else(|| Err(EnvError::new("the partner did not answer")))?;
            let can = env.talk.seat(env.talk.speaker()).can(said);
            env.talk.say(if can { said } else { Act::Chat });
            Ok(())
        };
        envs.iter_mut().zip(waiting).map(|(env, waiting)| if waiting { heard(env) } else { Ok(()) }).collect()
    }

    /// What the judge of each episode that is over says of the parties that the policy speaks for: of the first, then of the second.
    fn judge_all(envs: &mut [&mut Self], over: &[bool]) -> Vec<Result<Vec<Scores>, EnvError>> {
        let mut verdicts: Vec<Result<Vec<Scores>, EnvError>> = envs.iter().map(|_| Ok(Vec::new())).collect();
        let judges = envs.first().map(|env| env.judges.clone());
        let judges = judges.iter().flatten().zip([false, true]);
        for ((judge, held_out), side) in judges.flat_map(|judge| [(judge, 0), (judge, 1)]) {
            let (mut cases, mut open) = (Vec::new(), Vec::new());
            for ((env, over), verdict) in envs.iter_mut().zip(over).zip(&mut verdicts) {
                if *over && env.task.held_out == held_out && env.speaks_for(side) && verdict.is_ok() {
                    let draw = env.draw_of(side);
                    cases.push(Case { talk: &env.talk, side, draw, told: &mut env.told });
                    open.push(verdict);
                }
            }
            let silent = || Err(EnvError::new("the judge did not answer"));
            let said = judge.judge_all(&mut cases).into_iter().chain(iter::repeat_with(silent));
            for (verdict, said) in open.into_iter().zip(said) {
                match (&mut *verdict, said) {
                    (Ok(all), Ok(scores)) => all.push(scores),
                    (_, Err(error)) => *verdict = Err(error),
                    (Err(_), Ok(_)) => {}
                }
            }
        }
        verdicts
    }

    fn take_all(envs: &mut [&mut Self], acts: &[Option<Act>]) -> Vec<Result<Transition, EnvError>> {
        let valid: Vec<bool> = envs.iter_mut().zip(acts).map(|(env, act)| env.say(*act)).collect();
        let answered = Self::answer_all(envs);
        let over = envs.iter().zip(&answered).map(|(env, answered)| answered.is_ok() && env.is_over());
        let over: Vec<bool> = over.collect();
        let judged = Self::judge_all(envs, &over);
        let moved = envs.iter().zip(valid).zip(answered.into_iter().zip(judged));
        let moved = moved.map(|((env, valid), (answered, judged))| {
            answered?;
            Ok(Transition { valid, ..env.outcome(&judged?) })
        });
        moved.collect()
    }

    /// What it has come to when the judge has said this of the parties that the policy speaks for; nothing, if it goes on.
    fn outcome(&self, judged: &[Scores]) -> Transition {
        if judged.is_empty() {
            return Transition::default();
        }
        let parties = judged.len() as f64;
        let sides = [0, 1].into_iter().filter(|side| self.speaks_for(*side));
        let truth: f64 = sides.map(|side| scores(&self.talk, side).goal() / parties).sum();
        let reward: f64 = judged.iter().map(|scores| scores.goal() / parties).sum();
        let overall: f64 = judged.iter().map(|scores| scores.overall() / parties).sum();
        let [success, score] = if self.task.held_out { [truth, truth] } else { [reward, overall] };
        let success = GOAL < success;
        let (ended, truncated) = (self.talk.has_ended(), self.talk.is_cut_off());
        Transition { reward, ended, truncated, success, score: Some(score), ..Transition::default() }
    }
}

impl Env for Dialogue {
    type Task = Task;
    type Observation = View;

    fn reset(&mut self, task: &Task) -> Result<(), EnvError> {
        if self.asks_outside() {
            self.told.begin()?;
        }
        self.begin(task, task.seed);
        Self::answer_all(&mut [self]).remove(0)
    }

    fn reset_all(envs: &mut [&mut Self], tasks: &[&Task], at: Streams<'_>) -> Vec<Result<(), EnvError>> {
        let mut told: Vec<_> = envs.iter_mut().map(|env| &mut env.told).collect();
        Told::begin_all(&mut told, at);
        let name = format!("{} judged", at.name);
        let judged = Streams { name: &name, ..at };
        for (episode, (env, task)) in envs.iter_mut().zip(tasks).enumerate() {
            env.begin(task, judged.of(episode).random());
        }
        Self::answer_all(envs)
    }

    fn observe(&self) -> View {
        view::view(&self.seat())
    }

    fn legal(&self, _so_far: &[u32]) -> Legal {
        self.seat().choices().map(Act::token).collect()
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        self.take(act(tokens))
    }

    fn step_all(envs: &mut [&mut Self], tokens: &[&[u32]]) -> Vec<Result<Transition, EnvError>> {
        let acts: Vec<Option<Act>> = tokens.iter().map(|tokens| act(tokens)).collect();
        Self::take_all(envs, &acts)
    }

    fn record(&mut self, file: &Path) -> Result<(), RecordError> {
        if self.asks_outside() { self.told.record(file) } else { Ok(()) }
    }
}

/// What the tokens of a step say.
fn act(tokens: &[u32]) -> Option<Act> {
    match tokens {
        [token] => Act::of(*token),
        _ => None,
    }
}

impl Words for Dialogue {
    /// At the beginning all that the policy knows, then what the partner answered. In self-play it is what is new to the party whose
    /// turn it is, and who reads both parties' news knows what each keeps to itself.
    fn read(&self) -> String {
        self.seat().news()
    }

    /// Utterances, in the words in which they are said.
    fn sayings(&self) -> Vec<(u32, String)> {
        self.seat().sayings()
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
