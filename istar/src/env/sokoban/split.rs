//! Sets of levels for training, validation and test that have nothing in common.
//!
//! A level belongs to one split by a hash of its canonical form. So the sets are disjoint up to turning and
//! mirroring whatever their seeds are, and a level never changes sides.

use rustc_hash::FxHashSet;

use super::generate::{LevelError, LevelSpec, generate};
use super::room::Room;
use crate::env::Split;

/// The split that a level belongs to, the same one for all of its symmetries.
fn split_of(room: &Room) -> Split {
    let room = room.canonical();
    let mut bytes = room.cells();
    bytes.push(room.width() as u8);
    Split::of(&bytes)
}

/// A source of levels of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    spec: LevelSpec,
}

impl Levels {
    /// Levels of this kind.
    ///
    /// # Errors
    /// A number of the specification is out of its range.
    pub fn new(spec: LevelSpec) -> Result<Self, LevelError> {
        spec.check()?;
        Ok(Self { spec })
    }

    /// The kind of level.
    pub fn spec(&self) -> LevelSpec {
        self.spec
    }

    /// `n` levels of a split; a larger `n` continues the same sequence. Validation and test levels differ from
    /// each other up to symmetry.
    ///
    /// # Errors
    /// The generator finds no level of this kind, or not so many different ones.
    pub fn draw(&self, split: Split, seed: u64, n: usize) -> Result<Vec<Room>, LevelError> {
        let mut levels = Vec::with_capacity(n);
        let mut seen = FxHashSet::default();
        let mut fruitless = 0;
        for index in 0.. {
            if levels.len() == n {
                break;
            }
            let level = generate(&self.spec, seed, index)?;
            fruitless += 1;
            if split_of(&level) == split && (split == Split::Train || seen.insert(level.canonical())) {
                levels.push(level);
                fruitless = 0;
            }
            if fruitless == PATIENCE {
                return Err(LevelError::Exhausted { spec: self.spec, found: levels.len(), wanted: n });
            }
        }
        Ok(levels)
    }
}

/// Levels in a row that bring nothing new.
const PATIENCE: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_have_nothing_in_common_whatever_the_seeds() {
        let levels = Levels::new(LevelSpec { size: 6, boxes: 1, depth: 30 }).expect("a valid kind");
        let draw = |split, seed, n| levels.draw(split, seed, n).expect("enough levels");
        let canonical = |rooms: &[Room]| rooms.iter().map(Room::canonical).collect::<FxHashSet<_>>();
        let train = canonical(&draw(Split::Train, 1, 2000));
        let validation = canonical(&draw(Split::Validation, 2, 100));
        let test = canonical(&draw(Split::Test, 3, 200));
        assert_eq!((validation.len(), test.len()), (100, 200), "each level at most once");
        assert!(train.is_disjoint(&validation) && train.is_disjoint(&test) && validation.is_disjoint(&test));
    }

    #[test]
    fn a_larger_set_continues_a_smaller_one() {
        let levels = Levels::new(LevelSpec::default()).expect("a valid kind");
        for split in [Split::Train, Split::Validation, Split::Test] {
            let (few, many) = (levels.draw(split, 9, 10), levels.draw(split, 9, 30));
            assert_eq!(few.expect("levels"), many.expect("levels")[..10]);
        }
    }

    #[test]
    fn shares_are_as_stated() {
        let spec = LevelSpec { size: 7, boxes: 2, depth: 30 };
        let mut counts = [0; 3];
        let n = 3000;
        for index in 0..n {
            counts[split_of(&generate(&spec, 0, index).expect("a level")) as usize] += 1;
        }
        for (count, share) in counts.into_iter().zip([0.7, 0.1, 0.2]) {
            let error = (share * (1.0 - share) / n as f64).sqrt();
            assert!((f64::from(count) / n as f64 - share).abs() < 4.0 * error, "{counts:?}");
        }
    }

    #[test]
    fn asking_for_more_than_there_are_is_an_error() {
        let levels = Levels::new(LevelSpec { size: 5, boxes: 1, depth: 3 }).expect("a valid kind");
        let error = levels.draw(Split::Validation, 0, 100_000).expect_err("too many").to_string();
        assert!(error.contains("of 100000 different levels of size 5 with 1 boxes"), "{error}");
    }
}
