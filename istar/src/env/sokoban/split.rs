//! Sets of levels for training, validation and test that have nothing in common.
//!
//! A level belongs to one split by a hash of its canonical form. So the sets are disjoint up to turning and
//! mirroring whatever their seeds are, and a level never changes sides.

use rustc_hash::FxHashSet;

use super::generate::{LevelError, LevelSpec, generate};
use super::room::Room;

/// What a set of levels is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Split {
    /// 70 % of the levels. They come as often as the generator makes them, repetitions included.
    Train,
    /// 10 % of the levels, each at most once.
    Validation,
    /// 20 % of the levels, each at most once.
    Test,
}

impl Split {
    /// The split that a level belongs to, the same one for all of its symmetries.
    pub fn of(room: &Room) -> Self {
        let room = room.canonical();
        let mut bytes = room.cells();
        bytes.push(room.width() as u8);
        match fnv1a(&bytes) % 100 {
            0..70 => Self::Train,
            70..80 => Self::Validation,
            _ => Self::Test,
        }
    }
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
            if Split::of(&level) == split && (split == Split::Train || seen.insert(level.canonical())) {
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

/// The 64-bit FNV-1a hash: it stays the same in every release, which the hashes of hash maps do not promise.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
