//! Shortest solutions, in which a move and a push cost one step each.
//!
//! A level of the sizes that one trains on has a few thousand states, so [`DistanceMap`] walks through all of them
//! once and then answers at once. [`shortest`] is A*, for larger rooms and single questions. [`Exact`] takes the one
//! or the other by the size of the level.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::action::Action;
use super::maze::{Maze, State, boxes, cells, player};
use super::room::{MAX_CELLS, MAX_SIDE, Room};

/// A search would need, or did need, more states than it may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the level is too hard: no answer within {0} states")]
pub struct TooHard(pub usize);

/// States that a search keeps before it gives up: about 400 MB.
const STATES: usize = 4_000_000;
/// Levels with more states than this are not mapped.
const MAPPED: usize = 1_000_000;

/// The length of the shortest solution from every state that can be reached from a level.
#[derive(Clone, Debug)]
pub struct DistanceMap {
    maze: Maze,
    distances: FxHashMap<State, u32>,
}

impl DistanceMap {
    /// Walks from `level` to every state, and back from the solved ones.
    ///
    /// # Errors
    /// The level may have more than a million states.
    pub fn of(level: &Room) -> Result<Self, TooHard> {
        if states_bound(level) > MAPPED as f64 {
            return Err(TooHard(MAPPED));
        }
        let maze = Maze::of(level);
        let start = level.key();
        let mut distances = FxHashMap::from_iter([(start, DEAD)]);
        let mut states = vec![start];
        let mut solved = Vec::new();
        let mut next = 0;
        while let Some(&state) = states.get(next) {
            next += 1;
            if maze.solved(state) {
                distances.insert(state, 0);
                solved.push(state);
                continue;
            }
            for after in (0..4).filter_map(|direction| maze.forward(state, direction)) {
                if let Entry::Vacant(entry) = distances.entry(after) {
                    entry.insert(DEAD);
                    states.push(after);
                }
            }
        }
        let mut front = solved;
        for distance in 1.. {
            let mut behind = Vec::new();
            for before in front.iter().flat_map(|&state| (0..4).flat_map(move |to| [(state, to)])) {
                for state in maze.backward(before.0, before.1).into_iter().flatten() {
                    if let Some(known @ &mut DEAD) = distances.get_mut(&state) {
                        *known = distance;
                        behind.push(state);
                    }
                }
            }
            if behind.is_empty() {
                break;
            }
            front = behind;
        }
        Ok(Self { maze, distances })
    }

    /// Steps of the shortest solution from `room`; `None` if there is none, and for a room that cannot be reached
    /// from the level.
    pub fn remaining(&self, room: &Room) -> Option<u32> {
        self.distances.get(&room.key()).copied().filter(|&distance| distance != DEAD)
    }

    /// The first move, in the order of the actions, that comes nearer to the solution; `None` if solved or hopeless.
    pub fn next_action(&self, room: &Room) -> Option<Action> {
        let wanted = self.remaining(room)?.checked_sub(1)?;
        let nearer = |direction: &usize| {
            let after = self.maze.forward(room.key(), *direction);
            after.is_some_and(|state| self.distances.get(&state) == Some(&wanted))
        };
        (0..4).find(nearer).map(|direction| Action::MOVES[direction])
    }

    /// Number of states that can be reached, dead ends included.
    pub fn states(&self) -> usize {
        self.distances.len()
    }
}

/// In [`DistanceMap`]: no solution from here.
const DEAD: u32 = u32::MAX;

/// The exact value of every state of a level, whatever the size of the level.
#[derive(Clone, Debug)]
pub struct Exact(Source);

#[derive(Clone, Debug)]
enum Source {
    Map(Box<DistanceMap>),
    /// Answers so far.
    Memo(FxHashMap<State, Option<u32>>),
}

impl Exact {
    /// Prepares answers for the states of `level`: all of them, or one by one if there are too many.
    pub fn of(level: &Room) -> Self {
        Self(
            DistanceMap::of(level)
                .map_or_else(|_| Source::Memo(FxHashMap::default()), |map| Source::Map(Box::new(map))),
        )
    }

    /// Steps of the shortest solution from `room`, which must be a state of the level; `None` for a dead end.
    ///
    /// # Errors
    /// The level is a large one and the search gives up.
    pub fn remaining(&mut self, room: &Room) -> Result<Option<u32>, TooHard> {
        let memo = match &mut self.0 {
            Source::Map(map) => return Ok(map.remaining(room)),
            Source::Memo(memo) => memo,
        };
        if let Some(answer) = memo.get(&room.key()) {
            return Ok(*answer);
        }
        let solution = shortest(room)?;
        let Some(path) = solution else {
            memo.insert(room.key(), None);
            return Ok(None);
        };
        let mut room = *room;
        for (taken, &action) in (0..).zip(&path) {
            memo.insert(room.key(), Some(path.len() as u32 - taken));
            room.act(action);
        }
        memo.insert(room.key(), Some(0));
        Ok(Some(path.len() as u32))
    }

    /// What the step from `before` to `after` was worth: by how many steps the shortest remaining solution became
    /// shorter. At best 1. A dead end counts as `budget` steps, the whole of an episode, and so does whatever is longer.
    ///
    /// # Errors
    /// The level is a large one and the search gives up.
    pub fn credit(&mut self, before: &Room, after: &Room, budget: u32) -> Result<f64, TooHard> {
        let mut cost = |room| Ok(f64::from(self.remaining(room)?.map_or(budget, |steps| steps.min(budget))));
        Ok(cost(before)? - cost(after)?)
    }
}

/// A shortest solution from `room`; `None` if there is none. A solved room has the empty one.
///
/// # Errors
/// The search gives up after four million states.
pub fn shortest(room: &Room) -> Result<Option<Vec<Action>>, TooHard> {
    let maze = Maze::of(room);
    let bound = Bound::of(&maze);
    let start = room.key();
    let Some(estimate) = bound.remaining(start) else { return Ok(None) };
    // Steps so far, and the state before. A state may be reached again by a shorter way: the estimate is never too
    // high, but pushing a box off its target can lower it by more than the step costs.
    let mut reached = FxHashMap::from_iter([(start, (0, start))]);
    // Among equal estimates the state furthest on; then by state, so that the answer does not depend on chance.
    let mut open = BinaryHeap::from([(Reverse(estimate), 0, start)]);
    while let Some((_, steps, state)) = open.pop() {
        if maze.solved(state) {
            return Ok(Some(retrace(&maze, &reached, state)));
        }
        if reached[&state].0 < steps {
            continue;
        }
        for direction in 0..4 {
            let Some(after) = maze.forward(state, direction) else { continue };
            if reached.get(&after).is_some_and(|&(known, _)| known <= steps + 1) {
                continue;
            }
            let Some(estimate) = bound.remaining(after) else { continue };
            reached.insert(after, (steps + 1, state));
            open.push((Reverse(steps + 1 + estimate), steps + 1, after));
        }
        if reached.len() > STATES {
            return Err(TooHard(STATES));
        }
    }
    Ok(None)
}

/// The actions that led to `state`.
fn retrace(maze: &Maze, reached: &FxHashMap<State, (u32, State)>, mut state: State) -> Vec<Action> {
    let mut path = Vec::new();
    while reached[&state].1 != state {
        let before = reached[&state].1;
        let direction = (0..4).find(|&direction| maze.forward(before, direction) == Some(state));
        path.push(Action::MOVES[direction.expect("each state was reached by one step from the one before")]);
        state = before;
    }
    path.reverse();
    path
}

/// A lower bound of the remaining steps: for every box the pushes to its nearest target in an empty room, and the
/// way of the player to a box that is not yet on a target.
struct Bound {
    targets: State,
    pushes: [Option<u32>; MAX_CELLS],
}

impl Bound {
    fn of(maze: &Maze) -> Self {
        let mut pushes = [None; MAX_CELLS];
        let mut queue: Vec<usize> = cells(maze.targets).collect();
        for &target in &queue {
            pushes[target] = Some(0);
        }
        let mut next = 0;
        while let Some(&cell) = queue.get(next) {
            next += 1;
            for direction in 0..4 {
                // A box that is pulled from `cell` needs a place, and the player one more behind it.
                let Some(from) = maze.step(cell, direction) else { continue };
                if maze.step(from, direction).is_some() && pushes[from].is_none() {
                    pushes[from] = pushes[cell].map(|count| count + 1);
                    queue.push(from);
                }
            }
        }
        Self { targets: maze.targets, pushes }
    }

    /// `None` if some box can never reach a target.
    fn remaining(&self, state: State) -> Option<u32> {
        let pushes = cells(boxes(state)).map(|cell| self.pushes[cell]).sum::<Option<u32>>()?;
        let at = player(state);
        let walk = cells(boxes(state) & !self.targets)
            .map(|cell| {
                (cell / MAX_SIDE).abs_diff(at / MAX_SIDE) + (cell % MAX_SIDE).abs_diff(at % MAX_SIDE) - 1
            })
            .min();
        Some(pushes + walk.unwrap_or(0) as u32)
    }
}

/// At most so many states: places of the player times places of the boxes.
fn states_bound(level: &Room) -> f64 {
    let free = level.cells().iter().filter(|&cell| cell & super::room::WALL == 0).count();
    (0..level.boxes())
        .fold(free as f64, |states, placed| states * (free - 1 - placed) as f64 / (placed + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::{LevelSpec, generate};

    fn room(text: &str) -> Room {
        text.parse().expect("a level")
    }

    #[test]
    fn lengths_of_small_levels() {
        for (text, expected) in [
            ("@$.", Some(1)),
            ("@ $.", Some(2)),
            ("*@", Some(0)),
            ("$@.", None),
            ("@$ .", Some(2)),
            ("####\n#@ #\n# $#\n#. #\n####", None),
            ("#####\n# @ #\n# $ #\n#.  #\n#####", Some(4)),
            ("######\n#@$ .#\n# $ .#\n######", Some(7)),
            (".@#$", None),
        ] {
            let level = room(text);
            let found = shortest(&level).expect("small").map(|actions| actions.len() as u32);
            assert_eq!(found, expected, "{level:?}");
            assert_eq!(DistanceMap::of(&level).expect("small").remaining(&level), expected, "{level:?}");
        }
    }

    #[test]
    fn map_and_search_agree_on_every_state() {
        for index in 0..8 {
            let level = generate(&LevelSpec { size: 6, boxes: 2, depth: 30 }, 11, index).expect("a level");
            let map = DistanceMap::of(&level).expect("small");
            let mut memo = Exact(Source::Memo(FxHashMap::default()));
            let (mut states, mut next) = (vec![level], 0);
            while let Some(&state) = states.get(next) {
                next += 1;
                let left = map.remaining(&state);
                assert_eq!(memo.remaining(&state), Ok(left), "{state:?}");
                assert_eq!(map.next_action(&state).is_some(), left.is_some_and(|left| left > 0));
                if let Some(action) = map.next_action(&state) {
                    let mut after = state;
                    after.act(action);
                    assert_eq!(map.remaining(&after), left.map(|left| left - 1));
                }
                for action in Action::MOVES.into_iter().filter(|_| !state.solved()) {
                    let mut after = state;
                    after.act(action);
                    if !states.contains(&after) {
                        states.push(after);
                    }
                }
            }
            assert_eq!(states.len(), map.states());
        }
    }

    #[test]
    fn credit_is_one_for_the_best_step_and_the_budget_for_the_worst() {
        let level = room("#######\n#     #\n# @$ .#\n#     #\n#######");
        let mut exact = Exact::of(&level);
        let credit = |exact: &mut Exact, before: &Room, action| {
            let mut after = *before;
            after.act(action);
            (exact.credit(before, &after, 15).expect("small"), after)
        };
        assert_eq!(credit(&mut exact, &level, Action::Right).0, 1.0);
        assert_eq!(credit(&mut exact, &level, Action::Left).0, -1.0);
        assert_eq!(credit(&mut exact, &level, Action::None).0, 0.0);
        let under = [Action::Down, Action::Right].iter().fold(level, |room, &action| {
            let mut next = room;
            next.act(action);
            next
        });
        let left = f64::from(exact.remaining(&under).expect("small").expect("solvable"));
        assert_eq!(
            credit(&mut exact, &under, Action::Up).0,
            left - 15.0,
            "a box at the upper wall stays there"
        );
    }

    #[test]
    fn a_large_level_is_answered_one_by_one() {
        let rows = ["##########", "#@  $  . #", "#   $  . #", "#   $  . #", "#   $  . #"];
        let level = room(&[&rows[..], &["#        #"; 4][..], &["##########"][..]].concat().join("\n"));
        assert_eq!(DistanceMap::of(&level).expect_err("too many states"), TooHard(MAPPED));
        let mut exact = Exact::of(&level);
        let left = exact.remaining(&level).expect("not too hard").expect("solvable");
        let mut after = level;
        after.act(shortest(&level).expect("not too hard").expect("solvable")[0]);
        assert_eq!(exact.credit(&level, &after, 100), Ok(1.0));
        assert_eq!(exact.remaining(&after), Ok(Some(left - 1)));
    }
}
