//! Random streams: each is a function of a seed, a name and an index, and of nothing else. None keeps state between
//! uses, so that a resumed run draws what the uninterrupted one would have drawn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The stream of random numbers that belongs to (seed, name, index): a child of the seed that no other name or index
/// shares. The numbers are those of ChaCha8 under a key of the three, so they mean the same in every release.
pub fn stream(seed: u64, name: &str, index: u64) -> ChaCha8Rng {
    let name = fnv1a(name.as_bytes());
    let mut key = [0; 32];
    for (place, word) in key.chunks_exact_mut(8).zip([seed, name, index]) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// The streams of one batch of episodes: a stream for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams<'a> {
    /// The seed.
    pub seed: u64,
    /// What the batch is for.
    pub name: &'a str,
    /// Which of that name: the training iteration.
    pub index: u64,
}

impl Streams<'_> {
    /// The stream of the episode of this number.
    pub fn of(&self, episode: usize) -> ChaCha8Rng {
        stream(self.seed, self.name, self.index * (1 << 32) + episode as u64)
    }
}

/// The 64-bit FNV-1a hash: the same in every release, which the hashes of hash maps do not promise.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::Rng;

    #[test]
    fn streams_differ_in_each_of_their_three_names() {
        let first = |seed, name, index| stream(seed, name, index).next_u64();
        let all = [first(1, "a", 0), first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)];
        assert_eq!(first(1, "a", 0), all[0]);
        assert!((1..4).all(|i| !all[..i].contains(&all[i])), "{all:?}");
    }
}
