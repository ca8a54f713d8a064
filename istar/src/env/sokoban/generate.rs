//! Levels by reverse play.
//!
//! The recipe is that of gym-sokoban in the variant of RAGEN, which iStar trains on: a random walk carves the
//! room, the player and the solved boxes are put at random, then the boxes are *pulled* off their targets in a
//! depth-first search, so that a solution is known to exist, and the state with the most going back and forth between
//! boxes and the largest displacement wins. At last the player often strolls away from the box.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rustc_hash::FxHashSet;

use super::maze::{Maze, State, bit, boxes, cells, has_box, player, with_player};
use super::room::{BOX, MAX_CELLS, MAX_SIDE, PLAYER, Room, TARGET, WALL};

/// What levels to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LevelSpec {
    /// Side of the square room in cells, the outer walls included: 5 to [`MAX_SIDE`].
    pub size: usize,
    /// Boxes: 1 to [`LevelSpec::MAX_BOXES`].
    pub boxes: usize,
    /// How many moves back the search looks, 3 to [`LevelSpec::MAX_DEPTH`]. Deeper is harder.
    pub depth: usize,
}

impl LevelSpec {
    /// More boxes than this leave no room to move.
    pub const MAX_BOXES: usize = 10;
    /// Limit of the search depth.
    pub const MAX_DEPTH: usize = 300;

    /// Whether levels of this kind can be made.
    ///
    /// # Errors
    /// The first number that is out of its range.
    pub fn check(&self) -> Result<(), LevelError> {
        let ranges = [
            ("size", self.size, 5, MAX_SIDE),
            ("boxes", self.boxes, 1, Self::MAX_BOXES),
            ("depth", self.depth, 3, Self::MAX_DEPTH),
        ];
        match ranges.into_iter().find(|&(_, value, low, high)| value < low || value > high) {
            Some((name, value, low, high)) => Err(LevelError::Range { name, value, low, high }),
            None => Ok(()),
        }
    }
}

impl Default for LevelSpec {
    /// iStar's setting with a second box, which tells objectives apart where one box does not.
    fn default() -> Self {
        Self { size: 6, boxes: 2, depth: 30 }
    }
}

/// Why there is no level.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LevelError {
    /// A number of the specification is out of its range.
    #[error("{name} {value} is out of range: it must be {low} to {high}")]
    Range {
        /// Which number.
        name: &'static str,
        /// The number.
        value: usize,
        /// The smallest allowed.
        low: usize,
        /// The largest allowed.
        high: usize,
    },
    /// No attempt gave a level.
    #[error("no level of size {size} with {boxes} boxes and depth {depth} was found in {ATTEMPTS} attempts; take a larger size or depth, or fewer boxes",
        size = .0.size, boxes = .0.boxes, depth = .0.depth)]
    Crowded(LevelSpec),
    /// There are not so many different levels.
    #[error("only {found} of {wanted} different levels of size {size} with {boxes} boxes were found; ask for fewer, or for a larger size",
        size = .spec.size, boxes = .spec.boxes)]
    Exhausted {
        /// The kind of level.
        spec: LevelSpec,
        /// Levels found.
        found: usize,
        /// Levels asked for.
        wanted: usize,
    },
}

/// The level that belongs to a seed and an index: always the same one.
///
/// # Errors
/// The specification is out of range or leaves too little space.
pub fn generate(spec: &LevelSpec, seed: u64, index: u64) -> Result<Room, LevelError> {
    spec.check()?;
    let mut random = Random::new(seed, index);
    (0..ATTEMPTS).find_map(|_| attempt(spec, &mut random)).ok_or(LevelError::Crowded(*spec))
}

const ATTEMPTS: usize = 1000;
/// The search gives up here and takes what it has.
const EXPLORED: usize = 300_000;
const TURN: f64 = 0.35;
const STROLL: f64 = 0.5;
/// A box one step from its target is dull, so the player strolls more often.
const STROLL_IF_NEAR: f64 = 0.8;
const STROLL_ON: f64 = 0.5;
const STROLL_STEPS: usize = 3;

/// What the walk carves around itself, rows of three cells.
const BRUSHES: [[u8; 3]; 5] = [
    [0b000, 0b111, 0b000],
    [0b010, 0b010, 0b010],
    [0b000, 0b110, 0b010],
    [0b000, 0b110, 0b110],
    [0b000, 0b011, 0b010],
];

/// One try; `None` if the room came out too small or no box could be pulled.
fn attempt(spec: &LevelSpec, random: &mut Random) -> Option<Room> {
    let floor = carve(spec.size, random);
    let mut places: Vec<usize> = cells(floor).collect();
    if places.len() <= spec.boxes + 1 {
        return None;
    }
    let start = places.remove(random.below(places.len()));
    let mut targets: Vec<usize> =
        (0..spec.boxes).map(|_| places.remove(random.below(places.len()))).collect();
    targets.sort_unstable();
    let target = targets.iter().fold(0, |bits, &cell| bits | bit(cell));
    let maze = Maze::from_cells(
        |row, column| has_box(floor, row * MAX_SIDE + column),
        |row, column| has_box(target, row * MAX_SIDE + column),
    );
    let (state, displacement) = pull_apart(&maze, with_player(target, start), spec.depth)?;
    Some(furnish(spec.size, floor, target, stroll(&maze, state, displacement, random)))
}

/// A random walk that paints floor with changing brushes: a bit for every cell of floor, the rim left as wall.
fn carve(size: usize, random: &mut Random) -> State {
    const WAYS: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
    let inner = |x: isize| x.clamp(1, size as isize - 2);
    let mut floor = 0;
    let mut way = WAYS[random.below(4)];
    let mut at = (1 + random.below(size - 1) as isize, 1 + random.below(size - 1) as isize);
    for _ in 0..17 * 2 * size / 10 {
        if random.chance(TURN) {
            way = WAYS[random.below(4)];
        }
        at = (inner(at.0 + way.0), inner(at.1 + way.1));
        let brush = BRUSHES[random.below(BRUSHES.len())];
        for (row, line) in (at.0 - 1..).zip(brush) {
            for (column, mask) in (at.1 - 1..).zip([0b100, 0b010, 0b001]) {
                if line & mask != 0 && row == inner(row) && column == inner(column) {
                    floor |= bit(row as usize * MAX_SIDE + column as usize);
                }
            }
        }
    }
    floor
}

/// The best state that the search finds and the sum of the boxes' Manhattan distances from where they came;
/// `None` if no state has all targets free.
fn pull_apart(maze: &Maze, state: State, depth: usize) -> Option<(State, usize)> {
    let mut search = Search { maze, seen: FxHashSet::default(), best: (0, state, 0) };
    let mut origins = [0; LevelSpec::MAX_BOXES];
    for (origin, cell) in origins.iter_mut().zip(cells(maze.targets)) {
        *origin = cell as u8;
    }
    search.visit(&Node { state, boxes: origins, last: None, switches: 0, moved: 0 }, depth - 1);
    let (score, state, displacement) = search.best;
    (score > 0).then_some((state, displacement))
}

struct Search<'a> {
    maze: &'a Maze,
    seen: FxHashSet<u128>,
    /// Score, state, displacement.
    best: (usize, State, usize),
}

#[derive(Clone)]
struct Node {
    state: State,
    /// Where each box is, in the order of the targets they come from.
    boxes: [u8; LevelSpec::MAX_BOXES],
    /// The box that was pulled last.
    last: Option<usize>,
    /// How often the pulled box was another than before.
    switches: usize,
    /// A bit for every box that was ever pulled. A box that is back on its target is not one that never left.
    moved: u128,
}

impl Search<'_> {
    fn visit(&mut self, node: &Node, depth: usize) {
        let key = node.state | node.moved << (MAX_CELLS + 7);
        if depth == 0 || self.seen.len() >= EXPLORED || !self.seen.insert(key) {
            return;
        }
        let covered = boxes(node.state) | bit(player(node.state));
        if covered & self.maze.targets == 0 {
            let displacement = self.displacement(node);
            let score = node.switches * displacement;
            if score > self.best.0 {
                self.best = (score, node.state, displacement);
            }
        }
        for direction in 0..4 {
            if let Some(next) = self.pull(node, direction) {
                self.visit(&next, depth - 1);
            }
        }
    }

    /// Moves the player and drags along a box that stands right behind; `None` if the way is blocked.
    fn pull(&self, node: &Node, direction: usize) -> Option<Node> {
        let here = player(node.state);
        let ahead = self.maze.step(here, direction).filter(|&cell| !has_box(node.state, cell))?;
        let mut next = node.clone();
        next.state = with_player(boxes(node.state), ahead);
        if let Some(behind) = self.maze.step(here, direction ^ 1).filter(|&cell| has_box(node.state, cell)) {
            let index = node.boxes.iter().position(|&cell| usize::from(cell) == behind);
            let index = index.expect("every box in the state is one of the boxes");
            next.state ^= bit(behind) ^ bit(here);
            next.boxes[index] = here as u8;
            next.moved |= 1 << index;
            next.switches += usize::from(node.last != Some(index));
            next.last = Some(index);
        }
        Some(next)
    }

    fn displacement(&self, node: &Node) -> usize {
        let distance = |(from, to): (usize, &u8)| {
            let to = usize::from(*to);
            (from / MAX_SIDE).abs_diff(to / MAX_SIDE) + (from % MAX_SIDE).abs_diff(to % MAX_SIDE)
        };
        cells(self.maze.targets).zip(&node.boxes).map(distance).sum()
    }
}

/// Often moves the player a few cells away, never back to where it was.
fn stroll(maze: &Maze, state: State, displacement: usize, random: &mut Random) -> State {
    if !random.chance(if displacement == 1 { STROLL_IF_NEAR } else { STROLL }) {
        return state;
    }
    let boxes = boxes(state);
    let (mut at, mut been) = (player(state), bit(player(state)));
    for step in 0..STROLL_STEPS {
        let ways = (0..4).filter_map(|direction| maze.step(at, direction));
        let ways: Vec<usize> = ways.filter(|&cell| !has_box(boxes | been, cell)).collect();
        if ways.is_empty() || step > 0 && !random.chance(STROLL_ON) {
            break;
        }
        at = ways[random.below(ways.len())];
        been |= bit(at);
    }
    with_player(boxes, at)
}

fn furnish(size: usize, floor: State, targets: State, state: State) -> Room {
    let mut room = Vec::with_capacity(size * size);
    for row in 0..size {
        for cell in (row * MAX_SIDE..).take(size) {
            let flag = |set: bool, flag| if set { flag } else { 0 };
            room.push(
                flag(!has_box(floor, cell), WALL)
                    | flag(has_box(targets, cell), TARGET)
                    | flag(has_box(state, cell), BOX)
                    | flag(player(state) == cell, PLAYER),
            );
        }
    }
    Room::new(size, size, &room).expect("one player, and a target for every box")
}

/// Random numbers of one level. The few draws are written out, because only the ChaCha stream is promised to be
/// the same in every release of its crate, not what is made of it.
struct Random(ChaCha8Rng);

impl Random {
    fn new(seed: u64, index: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&index.to_le_bytes());
        key[16..29].copy_from_slice(b"sokoban level");
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in `0..n`, up to a bias of `n / 2^32`.
    fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    fn chance(&mut self, probability: f64) -> bool {
        f64::from(self.0.next_u32()) < probability * 2f64.powi(32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PINNED: [&str; 6] = ["######", "### .#", "###  #", "#@$  #", "# $ .#", "######"];

    #[test]
    fn a_level_depends_on_seed_and_index_alone() {
        let spec = LevelSpec::default();
        let level = |seed, index| generate(&spec, seed, index).expect("a level");
        assert_eq!(level(1, 2), level(1, 2));
        assert_ne!(level(1, 2), level(2, 1));
        assert_eq!(
            level(7, 0).rows(),
            PINNED,
            "levels of a seed are part of the results that runs are compared by"
        );
    }

    #[test]
    fn levels_are_as_hard_as_those_of_istar() {
        // Mean and standard deviation of the shortest solution over 2,000 levels of the released generator.
        for (size, boxes, mean, deviation) in
            [(6, 1, 4.113, 2.2), (6, 2, 7.594, 3.577), (7, 2, 10.029, 4.306)]
        {
            let spec = LevelSpec { size, boxes, depth: 30 };
            let n = 2000u64;
            let steps = |index| {
                let level = generate(&spec, 5, index).expect("a level");
                assert_eq!((level.placed(), level.boxes(), level.height()), (0, boxes, size));
                super::super::shortest(&level).expect("small").expect("every level is solvable").len()
            };
            let found = (0..n).map(steps).sum::<usize>() as f64 / n as f64;
            // Both means are of 2000 levels.
            let error = deviation * (2.0 / n as f64).sqrt();
            assert!((found - mean).abs() < 3.5 * error, "{spec:?}: {found} for {mean}");
        }
    }

    #[test]
    fn large_rooms_with_many_boxes() {
        for (size, boxes, depth) in [(10, 4, 50), (10, 5, 100), (8, 2, 10), (5, 1, 3)] {
            let level = generate(&LevelSpec { size, boxes, depth }, 0, 0).expect("a level");
            assert_eq!((level.boxes(), level.placed()), (boxes, 0));
        }
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let error = |size, boxes, depth| {
            generate(&LevelSpec { size, boxes, depth }, 0, 0).expect_err("out of range").to_string()
        };
        assert_eq!(error(4, 1, 30), "size 4 is out of range: it must be 5 to 10");
        assert_eq!(error(6, 11, 30), "boxes 11 is out of range: it must be 1 to 10");
        assert_eq!(error(6, 1, 2), "depth 2 is out of range: it must be 3 to 300");
        assert!(error(5, 9, 30).contains("fewer boxes"));
    }
}
