//! What does not move in a level, in the form that searches need. States are [`Room::key`]s.

use super::room::{MAX_CELLS, MAX_SIDE, Room, TARGET, WALL};

/// Where boxes and player are; see [`Room::key`].
pub(super) type State = u128;

/// Stands for "no cell" in [`Maze::next`].
pub(super) const NOWHERE: u8 = u8::MAX;

const BOXES: State = (1 << MAX_CELLS) - 1;

/// Walls and targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Maze {
    /// The cell that follows in each of the four directions, in the order of the moves.
    pub(super) next: [[u8; 4]; MAX_CELLS],
    /// A bit for every target.
    pub(super) targets: State,
}

impl Maze {
    pub(super) fn of(room: &Room) -> Self {
        let free = |row: usize, column: usize| room.at(row, column) & WALL == 0;
        Self::from_cells(free, |row, column| room.at(row, column) & TARGET != 0)
    }

    /// From what is known of each cell, by row and column. Beyond the largest room there is wall.
    pub(super) fn from_cells(
        free: impl Fn(usize, usize) -> bool,
        target: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let mut maze = Self { next: [[NOWHERE; 4]; MAX_CELLS], targets: 0 };
        for row in 0..MAX_SIDE {
            for column in 0..MAX_SIDE {
                let around = [
                    (row.wrapping_sub(1), column),
                    (row + 1, column),
                    (row, column.wrapping_sub(1)),
                    (row, column + 1),
                ];
                let cell = row * MAX_SIDE + column;
                maze.next[cell] = around.map(|(row, column)| {
                    let inside = row < MAX_SIDE && column < MAX_SIDE && free(row, column);
                    if inside { (row * MAX_SIDE + column) as u8 } else { NOWHERE }
                });
                maze.targets |= State::from(target(row, column)) << cell;
            }
        }
        maze
    }

    pub(super) fn solved(&self, state: State) -> bool {
        boxes(state) & !self.targets == 0
    }

    /// The state after a move or push in a direction; `None` if it is blocked.
    #[inline]
    pub(super) fn forward(&self, state: State, direction: usize) -> Option<State> {
        let next = self.step(player(state), direction)?;
        if !has_box(state, next) {
            return Some(with_player(boxes(state), next));
        }
        let beyond = self.step(next, direction)?;
        let moved = boxes(state) ^ bit(next) ^ bit(beyond);
        (!has_box(state, beyond)).then(|| with_player(moved, next))
    }

    /// The states (at most two) from which a move or push in a direction leads here: the player comes from the
    /// cell behind, and may have pushed the box that is now in front.
    #[inline]
    pub(super) fn backward(&self, state: State, direction: usize) -> [Option<State>; 2] {
        let here = player(state);
        let Some(behind) = self.step(here, direction ^ 1).filter(|&cell| !has_box(state, cell)) else {
            return [None; 2];
        };
        let moved = with_player(boxes(state), behind);
        let front = self.step(here, direction).filter(|&cell| has_box(state, cell));
        [Some(moved), front.map(|cell| moved ^ bit(cell) ^ bit(here))]
    }

    /// The free cell that follows in a direction. Directions come in pairs, so `direction ^ 1` is the opposite.
    #[inline]
    pub(super) fn step(&self, cell: usize, direction: usize) -> Option<usize> {
        let next = self.next[cell][direction];
        (next != NOWHERE).then_some(next.into())
    }
}

pub(super) const fn boxes(state: State) -> State {
    state & BOXES
}

pub(super) const fn player(state: State) -> usize {
    (state >> MAX_CELLS) as usize
}

pub(super) const fn bit(cell: usize) -> State {
    1 << cell
}

pub(super) const fn has_box(state: State, cell: usize) -> bool {
    state >> cell & 1 != 0
}

pub(super) const fn with_player(boxes: State, player: usize) -> State {
    boxes | (player as State) << MAX_CELLS
}

/// The cells whose bits are set.
pub(super) fn cells(mut bits: State) -> impl Iterator<Item = usize> + Clone {
    bits = boxes(bits);
    std::iter::from_fn(move || {
        let cell = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(cell)
    })
}
