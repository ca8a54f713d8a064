//! Sokoban with a plan: each step decides to keep or to switch its subgoal, names one, and moves.

use super::render::Frame;
use super::room::{BOX, Room, TARGET};
use super::solve::{Exact, shortest};
use super::{Action, Sokoban};
use crate::batch::{Legal, Role};
use crate::env::{
    Demonstrate, Env, EnvError, ExactCredit, Roles, StateKey, StepReward, Subgoals, Transition,
};
use crate::policy::Pixels;
use serde::{Deserialize, Serialize};

/// A [`Sokoban`] whose steps are made of two or three tokens: [`KEEP`](Planned::KEEP) or [`SWITCH`](Planned::SWITCH);
/// if it switches, the target to fill next; a move. The target is marked in the picture from then on.
///
/// | token | is |
/// |---|---|
/// | 0, 1, 2, 3 | a move: up, down, left, right |
/// | 4, 5 | keep, switch |
/// | 6 + k | target k of the room, in reading order |
///
/// An episode's first step names a target whatever it decides, since there is none to keep; it begins a segment, and so
/// does each step that switches. Tokens that are no such step do nothing, are not [`valid`](Transition::valid), and cost
/// a step. Rewards and ends are Sokoban's.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    world: Sokoban,
    goal: Option<u32>,
    /// Segments begun in this episode.
    begun: u32,
}

impl Planned {
    /// The decision to go on with the subgoal.
    pub const KEEP: u32 = 4;
    /// The decision to name another, or the same anew.
    pub const SWITCH: u32 = 5;
    /// The first target; target k is `GOAL + k`.
    pub const GOAL: u32 = 6;

    /// An environment whose episodes end after `max_steps` steps at the latest.
    pub fn new(max_steps: u32) -> Self {
        Planned { world: Sokoban::new(max_steps), goal: None, begun: 0 }
    }

    /// Tokens of a policy for rooms of so many boxes.
    pub const fn tokens(boxes: usize) -> usize {
        Planned::GOAL as usize + boxes
    }

    /// The room under the plan.
    pub fn world(&self) -> &Sokoban {
        &self.world
    }

    /// The present subgoal: the target to fill next, counted in reading order from 0.
    pub fn goal(&self) -> Option<u32> {
        self.goal
    }

    /// [`Env::reset`], which here cannot fail.
    pub fn reset(&mut self, task: &Room) {
        self.world.reset(task);
        self.goal = None;
        self.begun = 0;
    }

    /// [`Env::step`], which here cannot fail.
    pub fn step(&mut self, tokens: &[u32]) -> Transition {
        let Some((goal, action)) = self.read(tokens) else { return self.world.step(&[]) };
        if self.begins(tokens) {
            self.begun += 1;
            self.goal = Some(goal);
        }
        self.world.act(action)
    }

    /// Whether a step that starts so begins a segment.
    fn begins(&self, tokens: &[u32]) -> bool {
        self.goal.is_none() || tokens.first() == Some(&Planned::SWITCH)
    }

    /// The subgoal and the move of a whole step.
    fn read(&self, tokens: &[u32]) -> Option<(u32, Action)> {
        let (goal, action) = match (tokens, self.begins(tokens)) {
            ([Planned::KEEP | Planned::SWITCH, goal, action], true) => {
                (goal.checked_sub(Planned::GOAL)?, action)
            }
            ([Planned::KEEP, action], false) => (self.goal?, action),
            _ => return None,
        };
        let known = (goal as usize) < self.world.room().boxes();
        Some((goal, Action::from_token(*action)?)).filter(|_| known)
    }

    fn scene(&self, so_far: &[u32]) -> Scene {
        let named =
            so_far.get(1).filter(|_| self.begins(so_far)).and_then(|goal| goal.checked_sub(Planned::GOAL));
        Scene { room: *self.world.room(), goal: named.or(self.goal) }
    }
}

/// What a token of [`Planned`] is drawn under: the room, and the subgoal marked in it. Which part of a step comes next shows
/// in what is legal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scene {
    room: Room,
    goal: Option<u32>,
}

impl Scene {
    /// A room with its subgoal marked, before a step.
    pub fn of(room: Room, goal: Option<u32>) -> Self {
        Scene { room, goal }
    }
}

impl Env for Planned {
    type Task = Room;
    type Observation = Scene;

    fn reset(&mut self, task: &Room) -> Result<(), EnvError> {
        self.reset(task);
        Ok(())
    }

    fn observe(&self) -> Scene {
        self.scene(&[])
    }

    fn next(&self, so_far: &[u32]) -> Option<Scene> {
        let parts = if self.begins(so_far) { 3 } else { 2 };
        (so_far.len() < parts).then(|| self.scene(so_far))
    }

    fn legal(&self, so_far: &[u32]) -> Legal {
        match self.role(so_far) {
            Role::Switch => Planned::KEEP..Planned::GOAL,
            Role::Subgoal => Planned::GOAL..Planned::GOAL + self.world.room().boxes() as u32,
            Role::Action | Role::Other => 0..Planned::KEEP,
        }
        .into()
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Transition, EnvError> {
        Ok(self.step(tokens))
    }
}

impl Subgoals for Planned {
    fn segment(&self) -> u32 {
        self.begun.saturating_sub(1)
    }

    fn segment_with(&self, tokens: &[u32]) -> u32 {
        if self.begins(tokens) && self.read(tokens).is_some() { self.begun } else { self.segment() }
    }
}

impl Roles for Planned {
    fn switch(&self) -> &[u32] {
        &[Planned::SWITCH]
    }

    fn role(&self, so_far: &[u32]) -> Role {
        match so_far.len() {
            0 => Role::Switch,
            1 if self.begins(so_far) => Role::Subgoal,
            _ => Role::Action,
        }
    }
}

impl StateKey for Planned {
    /// The room, and the subgoal that is pursued in it.
    type Key = (u128, Option<u32>);

    fn state_key(&self) -> Self::Key {
        (self.world.state_key(), self.goal)
    }
}

impl StepReward for Planned {}

impl Demonstrate for Planned {
    /// The first move of a shortest solution, towards the target that it fills next: kept if it is the subgoal already.
    fn demonstrate(&self) -> Option<Vec<u32>> {
        let solution = shortest(self.world.room()).ok()??;
        let action = solution.first()?.token()?;
        let goal = next_filled(self.world.room(), &solution)?;
        Some(match self.goal == Some(goal) {
            true => vec![Planned::KEEP, action],
            false => vec![Planned::SWITCH, Planned::GOAL + goal, action],
        })
    }
}

impl ExactCredit for Planned {
    type Search = Exact;

    fn search(task: &Room) -> Exact {
        Sokoban::search(task)
    }

    fn remaining(&self, search: &mut Exact) -> Option<u32> {
        self.world.remaining(search)
    }

    fn budget(&self) -> u32 {
        self.world.budget()
    }
}

/// Rows and columns of the targets, in reading order.
fn targets(room: &Room) -> impl Iterator<Item = (usize, usize)> {
    let cells = (0..room.height()).flat_map(|row| (0..room.width()).map(move |column| (row, column)));
    cells.filter(|(row, column)| room.at(*row, *column) & TARGET != 0)
}

/// The target that these moves are the first to bring a box to.
fn next_filled(room: &Room, moves: &[Action]) -> Option<u32> {
    let mut room = *room;
    moves.iter().find_map(|action| {
        let before = room;
        room.act(*action);
        let filled = |(row, column): (usize, usize)| {
            before.at(row, column) & BOX == 0 && room.at(row, column) & BOX != 0
        };
        targets(&room).position(filled).map(|target| target as u32)
    })
}

/// The frame around the subgoal: a colour that no tile has.
const MARK: [u8; 3] = [214, 64, 214];

impl Pixels for Scene {
    fn cells(&self) -> (usize, usize) {
        (self.room.height(), self.room.width())
    }

    fn write_rgb(&self, tile: usize, out: &mut [u8]) {
        Frame::of(&self.room).write_rgb(tile, out);
        let Some((row, column)) = self.goal.and_then(|goal| targets(&self.room).nth(goal as usize)) else {
            return;
        };
        let (line, width) = (self.room.width() * tile, (tile / 8).max(1));
        let rim = |at: usize| at < width || at >= tile - width;
        for (y, x) in
            (0..tile).flat_map(|y| (0..tile).map(move |x| (y, x))).filter(|(y, x)| rim(*y) || rim(*x))
        {
            let pixel = (row * tile + y) * line + column * tile + x;
            out[pixel * 3..][..3].copy_from_slice(&MARK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::{LevelSpec, generate};

    const ROOM: &str = "#.   #\n# $$ #\n#  @.#";
    const K: u32 = Planned::KEEP;
    const S: u32 = Planned::SWITCH;

    fn at(text: &str) -> Planned {
        let mut env = Planned::default();
        env.reset(&text.parse().expect("a level"));
        env
    }

    /// Roles and legal tokens on the way through a step.
    fn way(env: &Planned, tokens: &[u32]) -> Vec<(Role, Legal)> {
        let goes_on = |said: &usize| *said == 0 || env.next(&tokens[..*said]).is_some();
        let part = |said| (env.role(&tokens[..said]), env.legal(&tokens[..said]));
        (0..=tokens.len()).take_while(goes_on).map(part).collect()
    }

    #[test]
    fn a_step_is_a_decision_a_subgoal_and_a_move() {
        let mut env = at(ROOM);
        let part = |role, tokens: std::ops::Range<u32>| (role, Legal::from(tokens));
        let whole = [part(Role::Switch, 4..6), part(Role::Subgoal, 6..8), part(Role::Action, 0..4)];
        assert_eq!(way(&env, &[S, 7, 0]), whole);
        assert_eq!(way(&env, &[K, 7, 0]), whole, "there is nothing to keep yet");
        assert!(env.step(&[K, 7, 0]).valid);
        assert_eq!(way(&env, &[K, 0]), [part(Role::Switch, 4..6), part(Role::Action, 0..4)]);
        assert_eq!(way(&env, &[S, 6, 0]), whole);
        assert_eq!(env.goal(), Some(1));
    }

    #[test]
    fn segments_begin_with_the_first_step_and_with_every_switch() {
        let mut env = at(ROOM);
        let steps: [&[u32]; 6] = [&[K, 6, 2], &[K, 3], &[S, 6, 2], &[K, 3], &[S, 7, 2], &[K, 2]];
        let labels = steps.map(|tokens| {
            let label = env.segment_with(tokens);
            env.step(tokens);
            assert_eq!(env.segment(), label);
            label
        });
        assert_eq!(labels, [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn tokens_that_are_no_step_cost_one_and_change_nothing() {
        let mut env = at(ROOM);
        let wrong: [&[u32]; 7] = [&[], &[0], &[K, 0], &[S, 8, 0], &[S, 5, 0], &[S, 6, 4], &[S, 6, 0, 0]];
        for tokens in wrong {
            let before = (env.state_key(), env.segment_with(tokens));
            assert!(!env.step(tokens).valid, "{tokens:?}");
            assert_eq!((env.state_key(), env.segment()), before);
        }
        assert_eq!((env.world().steps(), env.goal()), (7, None));
    }

    #[test]
    fn the_subgoal_shows_in_the_picture_and_nothing_else_does() {
        let mut env = at(ROOM);
        let picture = |scene: &Scene| {
            let mut pixels = vec![0; 3 * 6 * 64 * 3];
            scene.write_rgb(8, &mut pixels);
            pixels
        };
        let before = env.observe();
        let mut plain = vec![0; 3 * 6 * 64 * 3];
        Frame::of(env.world().room()).write_rgb(8, &mut plain);
        assert_eq!(picture(&before), plain);
        let chosen = env.next(&[S, 7]).expect("a move comes");
        let marked = picture(&chosen);
        let changed: Vec<usize> =
            (0..marked.len() / 3).filter(|i| marked[i * 3..][..3] != plain[i * 3..][..3]).collect();
        // Target 1 stands in row 2, column 4; the rim of a tile of 8 has 28 pixels.
        assert_eq!(changed.len(), 28);
        assert!(changed.iter().all(|i| (i / 48 / 8, i % 48 / 8) == (2, 4)));
        env.step(&[S, 7, 0]);
        assert_eq!(env.observe().goal, Some(1), "it stays marked");
    }

    #[test]
    fn demonstrations_solve_rooms_by_steps_that_are_valid() {
        for index in 0..20 {
            let level = generate(&LevelSpec { boxes: 2, ..LevelSpec::default() }, 3, index).expect("a level");
            let mut env = Planned::new(200);
            env.reset(&level);
            let mut end = Transition::default();
            while let Some(tokens) = env.demonstrate() {
                end = env.step(&tokens);
                assert!(end.valid, "{tokens:?}");
            }
            assert!(end.success);
            assert!((1..=2 * 2).contains(&env.begun), "{} segments for two boxes", env.begun);
        }
    }
}
