//! VisualSokoban: a small room in pixels, four moves, fifteen steps.
//!
//! | file | idea |
//! |---|---|
//! | `room` | a room at one moment, and the rules |
//! | `text` | levels as text |
//! | `generate`, `split` | levels by reverse play; sets of them that have nothing in common |
//! | `symmetry` | turning and mirroring |
//! | `solve` | shortest solutions: exact credit and demonstrations |
//! | `planned` | the same with a subgoal that each step keeps or switches |
//! | `art`, `render`, `image`, `vector` | pictures, as pixels and as files, and many rooms at once |

mod action;
mod art;
mod generate;
mod image;
mod maze;
mod plain;
mod planned;
mod render;
mod room;
mod solve;
mod split;
mod symmetry;
mod text;
mod vector;

pub use crate::env::split::Split;
pub use action::Action;
pub use generate::{LevelError, LevelSpec, generate};
pub use image::png;
pub use planned::{Planned, Scene};
pub use render::Frame;
pub use room::{
    BOX, BOX_REWARD, Cell, MAX_CELLS, MAX_SIDE, PLAYER, Room, RoomError, SOLVED_REWARD, STEP_REWARD, TARGET,
    WALL,
};
pub use solve::{DistanceMap, Exact, TooHard, shortest};
pub use split::Levels;
pub use symmetry::Symmetry;
pub use text::{TextError, parse_levels, read_levels};
pub use vector::{Canvas, MixedSizes, Rooms};

use super::{
    Checklist, Demonstrate, Env, EnvError, ExactCredit, Restore, StateKey, StateText, StepReward, Subgoals,
    Transition,
};
use crate::batch::{Item, Turns};
use crate::policy::Pixels;

/// The environment: one room and a budget of steps.
///
/// A step is one token: 0 up, 1 down, 2 left, 3 right. Anything else does nothing, is not
/// [`valid`](Transition::valid), and still costs a step. The episode ends when all boxes are on targets. When the budget is
/// used up it is cut off: the budget is no part of what the policy sees, and from the same room other episodes go on. Before the first [`reset`](Env::reset) it stands in [`Room::default`].
#[derive(Clone, Debug)]
pub struct Sokoban {
    room: Room,
    steps: u32,
    max_steps: u32,
    /// Boxes on targets when the episode began, and at most since then.
    begun: usize,
    most: usize,
}

impl Sokoban {
    /// The budget of steps that iStar uses.
    pub const MAX_STEPS: u32 = 15;

    /// An environment whose episodes end after `max_steps` steps at the latest.
    pub fn new(max_steps: u32) -> Self {
        let mut env = Self { room: Room::default(), steps: 0, max_steps, begun: 0, most: 0 };
        env.reset(&Room::default());
        env
    }

    /// The room as it is now.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Steps taken in this episode.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Acts like [`Env::step`], by action instead of token; [`Action::None`] is valid here.
    pub fn act(&mut self, action: Action) -> Transition {
        let reward = self.room.act(action);
        self.steps = self.steps.saturating_add(1);
        self.most = self.most.max(self.room.placed());
        let success = self.room.solved();
        let truncated = !success && self.steps >= self.max_steps;
        Transition { reward, ended: success, truncated, success, valid: true, score: None }
    }

    /// [`Env::reset`], which here cannot fail.
    pub fn reset(&mut self, task: &Room) {
        self.room = *task;
        self.steps = 0;
        (self.begun, self.most) = (task.placed(), task.placed());
    }

    /// [`Env::step`], which here cannot fail.
    pub fn step(&mut self, tokens: &[u32]) -> Transition {
        let action = match tokens {
            [token] => Action::from_token(*token),
            _ => None,
        };
        Transition { valid: action.is_some(), ..self.act(action.unwrap_or(Action::None)) }
    }
}

impl Default for Sokoban {
    fn default() -> Self {
        Self::new(Self::MAX_STEPS)
    }
}

impl Env for Sokoban {
    type Task = Room;
    type Observation = Frame;

    fn reset(&mut self, task: &Room) -> Result<(), EnvError> {
        self.reset(task);
        Ok(())
    }

    fn observe(&self) -> Frame {
        Frame::of(&self.room)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        Ok(self.step(tokens))
    }
}

impl StateKey for Sokoban {
    type Key = u128;

    fn state_key(&self) -> u128 {
        self.room.key()
    }
}

impl StepReward for Sokoban {}

impl Subgoals for Sokoban {
    /// Boxes brought to targets so far: a segment ends with the step that has more boxes on targets than any before
    /// it. A box that is pushed off and on again begins no segment, so there are no more of them than boxes.
    fn segment(&self) -> u32 {
        (self.most - self.begun) as u32
    }
}

impl Restore for Sokoban {
    /// The room, the steps taken, and the boxes that segments count; the budget belongs to the environment.
    type State = (Room, u32, [usize; 2]);

    fn save(&self) -> Self::State {
        (self.room, self.steps, [self.begun, self.most])
    }

    fn restore(&mut self, state: &Self::State) {
        (self.room, self.steps, [self.begun, self.most]) = *state;
    }
}

impl StateText for Sokoban {
    /// The room as rows of text, see [`parse_levels`].
    fn state_text(&self) -> String {
        self.room.to_string()
    }
}

impl Checklist for Sokoban {
    /// One turn, since nobody speaks in between. Its k-th item is that k more boxes are on targets than at the beginning;
    /// it waits for the item before it, so that the steps between one box and the next are credited with that next box
    /// alone. Items by target instead would ask for an order that the task leaves open.
    fn checklist(&self) -> Turns {
        let missing = self.room.boxes() - self.begun;
        let item = |k: usize| Item {
            weight: 1.0 / missing as f64,
            deps: k.checked_sub(1).map(|before| before as u32).into_iter().collect(),
        };
        vec![(0..missing).map(item).collect()]
    }

    fn turn(&self) -> u32 {
        0
    }

    /// The rules are the judge: it never fails.
    fn satisfied(&self, _turn: u32) -> Option<Vec<bool>> {
        let more = self.room.placed().saturating_sub(self.begun);
        Some((0..self.room.boxes() - self.begun).map(|k| k < more).collect())
    }
}

impl Demonstrate for Sokoban {
    /// The first move of a shortest solution; `None` also where the search gives
    /// up, see [`TooHard`].
    fn demonstrate(&self) -> Option<Vec<u32>> {
        let solution = shortest(&self.room).ok()??;
        solution.first().and_then(|action| action.token()).map(|token| vec![token])
    }
}

impl ExactCredit for Sokoban {
    type Search = Exact;

    fn search(task: &Room) -> Exact {
        Exact::of(task)
    }

    /// `None` also where the search gives up, see [`TooHard`].
    fn remaining(&self, search: &mut Exact) -> Option<u32> {
        search.remaining(&self.room).ok().flatten()
    }

    fn budget(&self) -> u32 {
        self.max_steps
    }
}

impl Pixels for Frame {
    fn cells(&self) -> (usize, usize) {
        (self.room().height(), self.room().width())
    }

    fn write_rgb(&self, tile: usize, out: &mut [u8]) {
        Frame::write_rgb(self, tile, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_mean_nothing_cost_a_step() {
        let mut env = Sokoban::default();
        env.reset(&"@$ .".parse().expect("a level"));
        for tokens in [&[][..], &[4], &[0, 1], &[u32::MAX]] {
            let before = env.observe();
            let expected = Transition { reward: STEP_REWARD, ..Transition::default() };
            assert_eq!(env.step(tokens), expected, "{tokens:?}");
            assert_eq!(env.observe(), before);
        }
        assert_eq!(env.steps(), 4);
        let blocked = env.step(&[0]);
        assert!(blocked.valid, "a blocked move was read");
        assert!(!env.step(&[3]).done());
        let last = env.step(&[3]);
        let solved = Transition {
            reward: 10.9,
            ended: true,
            truncated: false,
            success: true,
            valid: true,
            score: None,
        };
        assert_eq!(last, solved);
    }

    #[test]
    fn the_budget_cuts_an_episode_off() {
        let mut env = Sokoban::new(3);
        env.reset(&Room::default());
        let over = |end: Transition| (end.ended, end.truncated, end.success);
        let ends: Vec<_> = (0..3).map(|_| over(env.step(&[2]))).collect();
        assert_eq!(ends, [(false, false, false), (false, false, false), (false, true, false)]);
        env.reset(&Room::default());
        assert!(!env.step(&[2]).done(), "a new episode has a new budget");
        let mut env = Sokoban::new(1);
        env.reset(&"@$.".parse().expect("a level"));
        assert_eq!(over(env.step(&[3])), (true, false, true), "solved on the last step it ended");
    }

    #[test]
    fn a_box_on_its_target_ends_a_segment() {
        let mut env = Sokoban::default();
        // One box is on its target from the beginning, one gets there, leaves and comes back.
        env.reset(&"* @$.  #\n $   . #".parse().expect("a level"));
        let mut seen = vec![(env.segment(), env.room().placed())];
        for token in [3, 3, 1, 3, 3, 0, 2] {
            env.step(&[token]);
            seen.push((env.segment(), env.room().placed()));
        }
        assert_eq!(seen, [(0, 1), (1, 2), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 2)]);
        env.reset(&Room::default());
        assert_eq!(env.segment(), 0, "a new episode counts anew");
    }

    #[test]
    fn the_checklist_counts_boxes_beyond_those_of_the_beginning() {
        let mut env = Sokoban::default();
        env.reset(&"* @$.  #\n $   . #".parse().expect("a level"));
        let list = env.checklist();
        assert_eq!(list, [[Item { weight: 0.5, deps: vec![] }, Item { weight: 0.5, deps: vec![0] }]]);
        let mut seen = vec![env.satisfied(0)];
        for token in [3, 3] {
            env.step(&[token]);
            seen.push(env.satisfied(env.turn()));
        }
        assert_eq!(seen, [[false, false], [true, false], [false, false]].map(|now| Some(now.to_vec())));
        assert_eq!(env.checklist(), list, "it stays what it was");
        assert_eq!(env.state_text(), "*   +$ #\n $   . #");
    }

    #[test]
    fn demonstrations_solve_generated_levels() {
        for index in 0..50 {
            let level = generate(&LevelSpec::default(), 1, index).expect("a level");
            let mut env = Sokoban::new(100);
            env.reset(&level);
            let mut done = false;
            while let Some(tokens) = env.demonstrate() {
                assert!(!done);
                done = env.step(&tokens).done();
            }
            assert!(env.room().solved());
        }
        let mut env = Sokoban::default();
        env.reset(&"$@.".parse().expect("a level"));
        assert_eq!(env.demonstrate(), None, "hopeless");
    }

    proptest::proptest! {
        #[test]
        fn a_restored_state_goes_on_as_it_would_have(
            index in 0..40u64,
            before in proptest::collection::vec(0..6u32, 0..16),
            after in proptest::collection::vec(0..6u32, 0..16),
        ) {
            let mut env = Sokoban::default();
            env.reset(&generate(&LevelSpec::default(), 1, index).expect("a level"));
            let follow = |env: &mut Sokoban, tokens: &[u32]| -> Vec<(Transition, Frame, u32)> {
                tokens.iter().map(|token| (env.step(&[*token]), env.observe(), env.steps())).collect()
            };
            follow(&mut env, &before);
            let saved = env.save();
            let first = follow(&mut env, &after);
            env.restore(&saved);
            proptest::prop_assert_eq!(&follow(&mut env, &after), &first);
            // another environment of the same make, in the middle of something else
            let mut other = Sokoban::default();
            other.step(&[0]);
            other.restore(&saved);
            proptest::prop_assert_eq!(&follow(&mut other, &after), &first);
        }
    }

    #[test]
    fn equal_states_have_equal_keys_and_observations() {
        let mut env = Sokoban::default();
        env.reset(&"#####\n#@  #\n# $.#\n#####".parse().expect("a level"));
        let (key, seen) = (env.state_key(), env.observe());
        env.step(&[3]);
        assert_ne!(env.state_key(), key);
        assert_ne!(env.observe(), seen);
        env.step(&[2]);
        assert_eq!((env.state_key(), env.observe()), (key, seen));
    }
}
