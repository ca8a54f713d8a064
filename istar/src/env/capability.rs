//! What an environment may offer beyond the reward: a trait for each capability, what is written down of it, and the table
//! of all.

use super::recorder::{Recorder, note};
use super::{Env, Transition};
use crate::batch::{Role, Turns};
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// The table of capabilities: `capabilities!(then ..)` calls the macro `then` with the rows. A row is
///
/// ```text
/// Trait for Need: OffersNeed (column: Recorder, item) "what a message says of it";
/// ```
///
/// with the [`Recorder`] of the column that the need puts into the section `Environment` of the table of columns; nothing
/// in the parentheses where the sampler or the trainer asks by hand, see [`offer`](super::offer).
macro_rules! capabilities {
    ($then:ident $($more:tt)*) => {
        $then! {
            $($more)*
            StateKey for StateKeys: OffersStateKeys (state: Label<E>, u32)
                "`StateKey` is for `anchor` and `within = state`; without it use `step` with `dpo_prm`, as `IStarStable` does";
            StepReward for StepRewards: OffersStepRewards ()
                "`StepReward` is for `reward` and `anchor`; `outcome` is there in every environment";
            Subgoals for Segments: OffersSegments (segment: NoteSegment, u32)
                "`Subgoals` is for segments and turns; without them aggregate `per = traj` or `per = step`";
            Roles for Roles: OffersRoles ()
                "`Roles` is for `switch`, `has` and `route`: steps that decide, name a subgoal and act, as in `env::sokoban::Planned`";
            Agents for Agents: OffersAgents (agent: NoteAgent, u32)
                "`Agents` is for `within = agent`; without it compare with the whole group, `within = prompt`";
            Tags for Tags: OffersTags (tag: NoteTag, u32)
                "`Tags` is for `within = tag`; without it compare with the whole group, `within = prompt`";
            StateText for StateTexts: OffersStateTexts (text: NoteText, String)
                "`StateText` is for `within = state(similar = ..)`; where states can be compared exactly, write `within = state`";
            Checklist for Checklist: OffersChecklist ()
                "`Checklist` is for `checklist` and `judged`; without a judge use `step` with `dpo_prm`, as `IStarStable` does, or `traj` alone";
            Restore for Continuations: OffersContinuations ()
                "`Restore` is for `mc` and for rollouts of `mc_prm`; `mc_prm(0, gamma)` and `td_prm` learn from whole trajectories alone";
            ExactCredit for ExactCredit: OffersExactCredit (nearer: Nearer<E>, f64)
                "`ExactCredit` is for `exact`; where no search finds the distance to success, use `step` with `dpo_prm`, as `IStarStable` does";
            Demonstrate for Demonstrations: OffersDemonstrations ()
                "`Demonstrate` is for `bc`; where no expert can be asked, remove `bc`";
        }
    };
}
pub(super) use capabilities;

/// `capability! { pub trait Name: Env { .. } }` declares a trait of the table, with the note of its row where the compiler
/// misses it by its own name: through a bound of another type, such as [`Ablation`](crate::table::Ablation). The `$` of its
/// rules is an argument.
macro_rules! notes {
    (($d:tt) $($trait:ident for $need:ident: $offers:ident ($($column:ident: $recorder:ty, $item:ty)?) $note:literal;)*) => {
        macro_rules! capability {
            $(($d(#[$d meta:meta])* pub trait $trait: Env { $d($d body:tt)* }) => {
                $d(#[$d meta])*
                #[diagnostic::on_unimplemented(note = $note)]
                pub trait $trait: Env { $d($d body)* }
            };)*
        }
    };
}
capabilities!(notes ($));

capability! {
    /// The environment can tell whether two states are the same one (GiGPO's anchor states, for instance).
    pub trait StateKey: Env {
        /// Equal exactly when the states are equal: no collisions inside a prompt group, that is, among the episodes
        /// of one task. Keys of different tasks are never compared.
        type Key: Clone + Eq + Hash + Send + Sync;

        /// The key of the state the environment is in.
        fn state_key(&self) -> Self::Key;
    }
}

/// Numbers the states of a group in the order in which they are met.
#[derive(Clone, Debug)]
pub struct Label<E: StateKey>(FxHashMap<E::Key, u32>);

impl<E: StateKey> Default for Label<E> {
    fn default() -> Self {
        Label(FxHashMap::default())
    }
}

impl<E: StateKey> Recorder<E> for Label<E> {
    type Item = u32;
    fn before(&mut self, env: &E) -> Option<u32> {
        let next = self.0.len() as u32;
        Some(*self.0.entry(env.state_key()).or_insert(next))
    }
}

capability! {
    /// The environment can describe the state that it is in, so that states that are alike can be found.
    pub trait StateText: Env {
        /// The description of the state; compared with those of other states of the same task.
        fn state_text(&self) -> String;
    }
}

note! {
    /// Writes down the description of the state.
    NoteText: StateText, state_text -> String
}

capability! {
    /// The task comes with a checklist, and a judge says at every step which items are satisfied (CM2, arXiv 2602.12268).
    ///
    /// Where the environment marks user turns, [`turn`](Checklist::turn) is their [`segment`](Subgoals::segment).
    pub trait Checklist: Env {
        /// The items of the task, turn by turn: known when the episode begins, and the same in every episode of the task. The
        /// weights of each turn sum to 1.
        fn checklist(&self) -> Turns;

        /// The present turn, from 0 and growing: the turn that the next step belongs to.
        fn turn(&self) -> u32;

        /// Which items of that turn, by position, are satisfied as things stand. Asked after each step for the turn that the
        /// step belonged to. `None` where the judge or one of its tools failed: the trajectory is not `judged`.
        fn satisfied(&self, turn: u32) -> Option<Vec<bool>>;
    }
}

capability! {
    /// [`Transition::reward`](super::Transition::reward) carries information beyond the outcome, so returns per step are worth computing.
    pub trait StepReward: Env {}
}

capability! {
    /// The environment can go back: from a saved state it goes on exactly as it would have, any number of times.
    ///
    /// Where part of the world is not in the program's hands, nothing can be restored: the partner of a social dialogue
    /// remembers what was said, so what is asked twice is not asked afresh.
    pub trait Restore: Env {
        /// All that the rest of an episode depends on.
        type State: Clone + Send + Sync;

        /// The state the environment is in.
        fn save(&self) -> Self::State;

        /// Goes back to a state that an environment made like this one has saved. From there on equal tokens give equal
        /// observations and transitions.
        fn restore(&mut self, state: &Self::State);
    }
}

capability! {
    /// The exact distance to success is at hand: what credit can be measured against, and the signal `exact`.
    pub trait ExactCredit: Env {
        /// What has been searched for one task.
        type Search: Send;

        /// Begins with a task.
        fn search(task: &Self::Task) -> Self::Search;

        /// Steps of a shortest solution from here; `None` beyond rescue.
        fn remaining(&self, search: &mut Self::Search) -> Option<u32>;

        /// The step budget of an episode: what a dead end counts as.
        fn budget(&self) -> u32;

        /// What the distance from here counts for, in steps: no more than the budget, and all of it beyond rescue.
        fn cost(&self, search: &mut Self::Search) -> f64 {
            let budget = self.budget();
            f64::from(self.remaining(search).map_or(budget, |steps| steps.min(budget)))
        }
    }
}

/// Writes down how much nearer success is after a step than the episodes of the group began.
pub struct Nearer<E: ExactCredit> {
    search: Option<E::Search>,
    began: Option<f64>,
}

impl<E: ExactCredit> Default for Nearer<E> {
    fn default() -> Self {
        Nearer { search: None, began: None }
    }
}

impl<E: ExactCredit> Recorder<E> for Nearer<E> {
    type Item = f64;
    fn begin(&mut self, task: &E::Task) {
        self.search = Some(E::search(task));
    }
    fn before(&mut self, env: &E) -> Option<f64> {
        let Nearer { search, began } = self;
        if let (Some(search), None) = (search, &began) {
            *began = Some(env.cost(search));
        }
        None
    }
    fn after(&mut self, env: &E, _tokens: &[u32], _moved: &Transition) -> Option<f64> {
        let began = self.began.expect("a step comes after its beginning");
        self.search.as_mut().map(|search| began - env.cost(search))
    }
}

capability! {
    /// The environment marks subgoals or user turns.
    pub trait Subgoals: Env {
        /// The index of the present segment in the episode, from 0 and growing.
        fn segment(&self) -> u32;

        /// The segment that a step of these tokens belongs to: another than the present one where a step may begin one.
        fn segment_with(&self, _tokens: &[u32]) -> u32 {
            self.segment()
        }
    }
}

/// Writes down the segment that a step belongs to, which its tokens may begin.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoteSegment;

impl<E: Subgoals> Recorder<E> for NoteSegment {
    type Item = u32;
    fn with(&mut self, env: &E, tokens: &[u32]) -> Option<u32> {
        Some(env.segment_with(tokens))
    }
}

capability! {
    /// A step is made of parts: the decision to keep or to switch the subgoal, the subgoal, the action.
    pub trait Roles: Env {
        /// The tokens that say SWITCH: those with which the decision of a step, which is its tokens of [`Role::Switch`], begins.
        /// A word that a tokenizer cuts in pieces has several.
        ///
        /// The policy is asked for the next of them as long as the ones before were said, and `p_switch` is the product of what it
        /// answers. That is the probability of SWITCH where one token decides, as where the first differs and the others follow
        /// of themselves; where a decision leaves the word at a later token, the tokens after it count as certain.
        fn switch(&self) -> &[u32];

        /// What the token that follows these in a step is for.
        fn role(&self, so_far: &[u32]) -> Role;
    }
}

capability! {
    /// Several agents act in turn.
    pub trait Agents: Env {
        /// Who acts now.
        fn agent(&self) -> u32;
    }
}

note! {
    /// Writes down who acts.
    NoteAgent: Agents, agent -> u32
}

capability! {
    /// Steps carry a tag, such as planning or exploring.
    pub trait Tags: Env {
        /// The tag of the present step.
        fn tag(&self) -> u32;
    }
}

note! {
    /// Writes down the tag.
    NoteTag: Tags, tag -> u32
}

capability! {
    /// The environment knows how to go on, for warm starts and as a yardstick.
    pub trait Demonstrate: Env {
        /// Tokens of an optimal next step from here; `None` when solved or hopeless.
        fn demonstrate(&self) -> Option<Vec<u32>>;
    }
}
