//! Many rooms at once, for speed.

use super::action::Action;
use super::render::{Frame, paint, paint_cell};
use super::room::{Room, STRIDE};
use crate::env::Transition;

/// A batch of rooms of one size. An episode that is done begins anew from its level with the next step.
#[derive(Clone, Debug)]
pub struct Rooms {
    levels: Vec<Room>,
    rooms: Vec<Room>,
    steps: Vec<u32>,
    max_steps: u32,
}

/// The rooms of a batch must have the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "level {index} has {found:?} cells (height, width), level 0 has {expected:?}; the rooms of a batch have one size"
)]
pub struct MixedSizes {
    /// Which level differs.
    pub index: usize,
    /// Its height and width.
    pub found: (usize, usize),
    /// Height and width of the first level.
    pub expected: (usize, usize),
}

impl Rooms {
    /// One episode of each level.
    ///
    /// # Errors
    /// The levels have different sizes.
    pub fn new(levels: &[Room], max_steps: u32) -> Result<Self, MixedSizes> {
        let size = |room: &Room| (room.height(), room.width());
        let expected = levels.first().map_or((0, 0), size);
        if let Some(index) = levels.iter().position(|level| size(level) != expected) {
            return Err(MixedSizes { index, found: size(&levels[index]), expected });
        }
        Ok(Self { levels: levels.to_vec(), rooms: levels.to_vec(), steps: vec![0; levels.len()], max_steps })
    }

    /// The rooms as they are now.
    pub fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// One action in every room. Where the transition is [`done`](Transition::done), the room already shows its level again.
    ///
    /// # Panics
    /// If `actions` and `out` are not as many as the rooms.
    pub fn step(&mut self, actions: &[Action], out: &mut [Transition]) {
        let n = self.rooms.len();
        assert_eq!((actions.len(), out.len()), (n, n), "an action and a transition for every room");
        let rooms = self.rooms.iter_mut().zip(&self.levels).zip(&mut self.steps);
        for (((room, level), steps), (&action, out)) in rooms.zip(actions.iter().zip(out)) {
            let reward = room.act(action);
            let success = room.solved();
            *steps += 1;
            let truncated = !success && *steps >= self.max_steps;
            *out = Transition { reward, ended: success, truncated, success, valid: true, score: None };
            if out.done() {
                *room = *level;
                *steps = 0;
            }
        }
    }

    /// Bytes of the pictures of all rooms.
    pub fn bytes(&self, tile: usize) -> usize {
        self.rooms.iter().map(|room| Frame::of(room).bytes(tile)).sum()
    }

    /// Paints all rooms, one picture after the other; see [`Frame::write_rgb`].
    ///
    /// # Panics
    /// If `tile` is not 1 to 64, or `out` is not [`bytes`](Rooms::bytes) long.
    pub fn write_rgb(&self, tile: usize, out: &mut [u8]) {
        assert_eq!(out.len(), self.bytes(tile), "the buffer holds a picture of every room");
        for (room, picture) in self.rooms.iter().zip(pictures(&self.rooms, tile, out)) {
            paint(room, tile, picture);
        }
    }
}

/// A caller's buffer with the pictures of a batch, of which only the tiles that changed are painted again. It
/// borrows the buffer, so nobody else can have written there.
#[derive(Debug)]
pub struct Canvas<'a> {
    pixels: &'a mut [u8],
    painted: Vec<Room>,
    tile: usize,
}

impl<'a> Canvas<'a> {
    /// Paints all rooms of a batch into `pixels`.
    ///
    /// # Panics
    /// As [`Rooms::write_rgb`].
    pub fn new(rooms: &Rooms, tile: usize, pixels: &'a mut [u8]) -> Self {
        rooms.write_rgb(tile, pixels);
        Self { pixels, painted: rooms.rooms.clone(), tile }
    }

    /// Brings the pictures up to date.
    ///
    /// # Panics
    /// If the batch has another number or size of rooms than the one before.
    pub fn update(&mut self, rooms: &Rooms) {
        assert_eq!(rooms.bytes(self.tile), self.pixels.len(), "the batch that the canvas was made for");
        let pictures = pictures(&rooms.rooms, self.tile, self.pixels);
        for ((painted, room), picture) in self.painted.iter_mut().zip(&rooms.rooms).zip(pictures) {
            let words = painted.ringed().chunks_exact(WORD).zip(room.ringed().chunks_exact(WORD));
            for (word, _) in words.enumerate().filter(|(_, (old, new))| old != new) {
                for cell in word * WORD..(word + 1) * WORD {
                    if painted.ringed()[cell] != room.ringed()[cell] {
                        paint_cell(room, cell / STRIDE - 1, cell % STRIDE - 1, self.tile, picture);
                    }
                }
            }
            *painted = *room;
        }
    }

    /// The pictures, one after the other.
    pub fn pixels(&self) -> &[u8] {
        self.pixels
    }
}

/// Cells are compared so many at a time.
const WORD: usize = 16;

/// The part of the buffer for each room.
fn pictures<'a>(rooms: &[Room], tile: usize, out: &'a mut [u8]) -> std::slice::ChunksExactMut<'a, u8> {
    out.chunks_exact_mut(rooms.first().map_or(1, |room| Frame::of(room).bytes(tile)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::sokoban::{LevelSpec, Sokoban, generate};

    fn levels(n: u64) -> Vec<Room> {
        (0..n).map(|index| generate(&LevelSpec::default(), 4, index).expect("a level")).collect()
    }

    #[test]
    fn a_batch_does_what_single_rooms_do_and_shows_it() {
        let levels = levels(32);
        let mut rooms = Rooms::new(&levels, 15).expect("one size");
        let mut singles: Vec<Sokoban> = levels
            .iter()
            .map(|level| {
                let mut env = Sokoban::new(15);
                env.reset(level);
                env
            })
            .collect();
        let mut buffer = vec![0; rooms.bytes(8)];
        let mut whole = buffer.clone();
        let mut canvas = Canvas::new(&rooms, 8, &mut buffer);
        let mut out = vec![Transition::default(); 32];
        let mut solved = 0;
        for step in 0..200 {
            let actions: Vec<_> =
                (0..32).map(|room| Action::ALL[(step * 7 + room * 3 + step * room / 5) % 5]).collect();
            rooms.step(&actions, &mut out);
            for (((env, &action), found), level) in singles.iter_mut().zip(&actions).zip(&out).zip(&levels) {
                assert_eq!(env.act(action), *found);
                solved += usize::from(found.success);
                if found.done() {
                    env.reset(level);
                }
            }
            assert!(singles.iter().map(Sokoban::room).eq(rooms.rooms()));
            canvas.update(&rooms);
            rooms.write_rgb(8, &mut whole);
            assert!(canvas.pixels() == whole, "step {step}");
        }
        assert!(solved > 0, "some episode ends by success");
        for (room, pixels) in rooms.rooms().iter().zip(whole.chunks_exact(48 * 48 * 3)) {
            let mut single = vec![0; 48 * 48 * 3];
            Frame::of(room).write_rgb(8, &mut single);
            assert!(single == pixels);
        }
    }

    #[test]
    fn rooms_of_a_batch_have_one_size() {
        let mut levels = levels(3);
        levels[2] = Room::default();
        let error = Rooms::new(&levels, 15).expect_err("two sizes");
        assert_eq!(error, MixedSizes { index: 2, found: (1, 3), expected: (6, 6) });
        assert!(Rooms::new(&[], 15).is_ok());
    }
}
