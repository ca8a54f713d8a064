//! A room and the rules by which it changes.

use super::action::Action;

/// Longest side of a room, in cells.
pub const MAX_SIDE: usize = 10;
/// Cells that a room may have; searches number them `row * MAX_SIDE + column`.
pub const MAX_CELLS: usize = MAX_SIDE * MAX_SIDE;

/// One cell, as a set of flags. Seven of the sixteen combinations occur.
pub type Cell = u8;
/// Nothing enters here.
pub const WALL: Cell = 1;
/// A box belongs here.
pub const TARGET: Cell = 2;
/// A box is here.
pub const BOX: Cell = 4;
/// The player is here.
pub const PLAYER: Cell = 8;

/// Every action costs this much, also doing nothing and walking into a wall.
pub const STEP_REWARD: f64 = -0.1;
/// Given when the number of boxes on targets grows, taken when it falls.
pub const BOX_REWARD: f64 = 1.0;
/// Given with every action after which all boxes are on targets.
pub const SOLVED_REWARD: f64 = 10.0;

/// Cells are kept with a ring of walls around the largest room, so that no step can leave the array.
pub(super) const STRIDE: usize = MAX_SIDE + 2;
pub(super) const RINGED: usize = STRIDE * STRIDE;

/// A room at one moment: walls, targets, boxes and the player. Everything outside of it counts as wall.
///
/// Two rooms are equal exactly when their pictures are. The rules and rewards are those of
/// [gym-sokoban](https://github.com/mpSchrader/gym-sokoban) 0.0.6 with its first five actions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Room {
    cells: [Cell; RINGED],
    height: u8,
    width: u8,
    player: u8,
    boxes: u8,
    placed: u8,
}

/// Why a set of cells is not a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    /// The room has no cells, or more than fit.
    #[error("a room of {height} x {width} cells: both sides must be 1 to {MAX_SIDE}")]
    Size {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// There must be exactly one player.
    #[error("the room has {0} players (`@` or `+`); it needs exactly one")]
    Players(usize),
    /// There is nothing to do.
    #[error("the room has no box (`$` or `*`)")]
    NoBox,
    /// Every box needs its target.
    #[error(
        "the room has {boxes} boxes (`$`, `*`) but {targets} targets (`.`, `*`, `+`); they must be equal in number"
    )]
    Unbalanced {
        /// Number of boxes.
        boxes: usize,
        /// Number of targets.
        targets: usize,
    },
}

impl Room {
    /// A room of `height` rows and `width` columns from its cells, row by row.
    ///
    /// # Errors
    /// A side of 0 or above [`MAX_SIDE`], not exactly one player, no box, or boxes unequal to targets in number.
    ///
    /// # Panics
    /// If `cells` does not hold `height * width` cells.
    pub fn new(height: usize, width: usize, cells: &[Cell]) -> Result<Self, RoomError> {
        if !(1..=MAX_SIDE).contains(&height) || !(1..=MAX_SIDE).contains(&width) {
            return Err(RoomError::Size { height, width });
        }
        assert_eq!(cells.len(), height * width, "one cell for every place of the room");
        let count = |flag| cells.iter().filter(|&cell| cell & flag != 0).count();
        let (players, boxes, targets) = (count(PLAYER), count(BOX), count(TARGET));
        if players != 1 {
            return Err(RoomError::Players(players));
        }
        if boxes == 0 {
            return Err(RoomError::NoBox);
        }
        if boxes != targets {
            return Err(RoomError::Unbalanced { boxes, targets });
        }
        let mut ringed = [WALL; RINGED];
        for (row, line) in cells.chunks_exact(width).enumerate() {
            ringed[ring(row, 0)..][..width].copy_from_slice(line);
        }
        let player = ringed.iter().position(|cell| cell & PLAYER != 0).expect("counted above");
        let placed = cells.iter().filter(|&cell| cell & (BOX | TARGET) == BOX | TARGET).count();
        Ok(Self {
            cells: ringed,
            height: height as u8,
            width: width as u8,
            player: player as u8,
            boxes: boxes as u8,
            placed: placed as u8,
        })
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.height.into()
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.width.into()
    }

    /// Number of boxes, which is also the number of targets.
    pub fn boxes(&self) -> usize {
        self.boxes.into()
    }

    /// Number of boxes that are on targets.
    pub fn placed(&self) -> usize {
        self.placed.into()
    }

    /// All boxes are on targets.
    pub fn solved(&self) -> bool {
        self.placed == self.boxes
    }

    /// The cell at `row` and `column`, both from 0; outside of the room there is wall.
    pub fn at(&self, row: usize, column: usize) -> Cell {
        if row < self.height() && column < self.width() { self.cells[ring(row, column)] } else { WALL }
    }

    /// The cells of one row, from left to right.
    pub fn row(&self, row: usize) -> &[Cell] {
        assert!(row < self.height(), "row {row} of a room of {} rows", self.height);
        &self.cells[ring(row, 0)..][..self.width()]
    }

    /// All cells, row by row: `height * width` of them.
    pub fn cells(&self) -> Vec<Cell> {
        (0..self.height()).flat_map(|row| self.row(row).iter().copied()).collect()
    }

    /// What moves, in one number: bit `row * MAX_SIDE + column` for every box, the player's place above bit 100.
    /// Two states of one level are equal exactly when their keys are.
    pub fn key(&self) -> u128 {
        let mut boxes = 0;
        for row in 0..self.height() {
            for (column, cell) in self.row(row).iter().enumerate() {
                boxes |= u128::from(cell & BOX != 0) << (row * MAX_SIDE + column);
            }
        }
        let (row, column) = (self.player() / STRIDE - 1, self.player() % STRIDE - 1);
        boxes | ((row * MAX_SIDE + column) as u128) << MAX_CELLS
    }

    /// Acts and returns the reward: [`STEP_REWARD`], plus or minus [`BOX_REWARD`] if the number of boxes on
    /// targets grew or fell, plus [`SOLVED_REWARD`] if all of them are there.
    #[inline]
    pub fn act(&mut self, action: Action) -> f64 {
        let before = self.placed;
        self.shift(action);
        REWARDS[usize::from(self.solved())][usize::from(1 + self.placed - before)]
    }

    /// Moves and pushes without branches: which way a step turns out is not for a processor to guess.
    #[inline]
    fn shift(&mut self, action: Action) {
        let offset = OFFSETS[action as usize];
        let here = self.player();
        let next = here.wrapping_add_signed(offset);
        let push = self.cells[next] / BOX % 2;
        // The cell that must be free: the next one, or with a box on it the one after.
        let beyond = next.wrapping_add_signed(offset * push as isize);
        let free = u8::from(self.cells[beyond] & (WALL | BOX) == 0);
        self.cells[here] ^= PLAYER * free;
        self.cells[next] ^= (PLAYER * free) | (BOX * (free & push));
        self.cells[beyond] ^= BOX * (free & push);
        self.player = here.wrapping_add_signed(offset * free as isize) as u8;
        let pushed = TARGET * (free & push);
        self.placed += (self.cells[beyond] & pushed) / TARGET;
        self.placed -= (self.cells[next] & pushed) / TARGET;
    }

    #[inline]
    fn player(&self) -> usize {
        self.player.into()
    }

    /// The cells with their ring, for those who look for what changed.
    pub(super) fn ringed(&self) -> &[Cell; RINGED] {
        &self.cells
    }
}

impl Default for Room {
    /// The smallest level there is, `@$.`: one push to the right.
    fn default() -> Self {
        Self::new(1, 3, &[PLAYER, BOX, TARGET]).expect("one player, one box, one target")
    }
}

/// Index of a cell among the ringed ones.
#[inline]
pub(super) const fn ring(row: usize, column: usize) -> usize {
    (row + 1) * STRIDE + column + 1
}

/// By [`Action`].
const OFFSETS: [isize; 5] = [0, -(STRIDE as isize), STRIDE as isize, -1, 1];

/// By solved, then by one plus the change of boxes on targets; summed in the order in which gym-sokoban does, for
/// the same last bit.
const REWARDS: [[f64; 3]; 2] = [
    [STEP_REWARD - BOX_REWARD, STEP_REWARD, STEP_REWARD + BOX_REWARD],
    [
        STEP_REWARD - BOX_REWARD + SOLVED_REWARD,
        STEP_REWARD + SOLVED_REWARD,
        STEP_REWARD + BOX_REWARD + SOLVED_REWARD,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn room(text: &str) -> Room {
        text.parse().expect("a level")
    }

    #[test]
    fn every_kind_of_step() {
        use Action::{Left, None, Right};
        for (before, action, after, reward) in [
            ("#@ $.#", Right, "# @$.#", -0.1),
            ("#@ $.#", Left, "#@ $.#", -0.1),
            ("#@ $.#", None, "#@ $.#", -0.1),
            ("@$.", Left, "@$.", -0.1),
            (" @$. ", Right, "  @* ", 10.9),
            ("  @* $.", Right, "   +$$.", -1.1),
            ("@$  .", Right, " @$ .", -0.1),
            ("@$$ ..", Right, "@$$ ..", -0.1),
            ("@$#.", Right, "@$#.", -0.1),
            (".@$", Right, ".@$", -0.1),
            ("@.$", Right, " +$", -0.1),
            (" +$", Left, "@.$", -0.1),
            ("@$.$.", Right, " @*$.", 0.9),
            ("@*.$", Right, " +*$", -0.1),
        ] {
            let mut found = room(before);
            assert_eq!(found.act(action), reward, "{before} {action:?}");
            assert_eq!(found, room(after), "{before} {action:?}");
        }
    }

    #[test]
    fn the_number_of_placed_boxes_starts_at_that_of_the_level() {
        let mut level = room("#*@$.#");
        assert_eq!((level.placed(), level.boxes(), level.solved()), (1, 2, false));
        assert_eq!(level.act(Action::Right), 10.9);
        assert!(level.solved());
        assert_eq!(level.act(Action::None), 9.9, "solved is solved, as long as it lasts");
    }

    #[test]
    fn keys_differ_exactly_when_states_do() {
        let level = room("#######\n#@ $ .#\n#  $ .#\n#######");
        let (mut states, mut next) = (vec![level], 0);
        while let Some(&state) = states.get(next) {
            next += 1;
            for action in Action::MOVES {
                let mut after = state;
                after.act(action);
                if !states.contains(&after) {
                    states.push(after);
                }
            }
        }
        assert!(states.len() > 50);
        for (a, first) in states.iter().enumerate() {
            for second in &states[a + 1..] {
                assert_ne!(first.key(), second.key(), "{first:?}{second:?}");
            }
        }
    }

    #[test]
    fn the_largest_room_has_walls_around() {
        let mut rows = ["          "; 10];
        rows[0] = "@        .";
        rows[5] = "     $    ";
        let mut level = room(&rows.join("\n"));
        for action in [Action::Up, Action::Left] {
            let before = level;
            level.act(action);
            assert_eq!(level, before);
        }
        for _ in 0..12 {
            level.act(Action::Down);
        }
        assert_eq!(level.at(9, 0), PLAYER);
        assert_eq!(level.at(10, 0), WALL);
    }
}
