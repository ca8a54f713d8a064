//! Which tokens may be said.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The tokens that may be said at some point of an episode. Equal sets are equal values, however they were made.
///
/// ```
/// use istar::batch::Legal;
///
/// assert_eq!(Legal::from(4..6), [5, 4].into_iter().collect());
/// let some: Legal = [9, 2, 2, 30_000].into_iter().collect();
/// assert!(some.contains(9) && !some.contains(3));
/// assert_eq!(some.below(100).collect::<Vec<_>>(), [2, 9]);
/// assert!(Legal::ALL.covers(100) && !Legal::from(0..6).covers(7));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Legal(Set);

/// The smallest of the forms that a set has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum Set {
    All,
    Range(u32, u32),
    /// In order, each once, with a gap.
    List(Arc<[u32]>),
    /// Bit `i` of word `w` is token `64 w + i`; the last word has one.
    Bits(Arc<[u64]>),
}

impl Legal {
    /// Every token.
    pub const ALL: Legal = Legal(Set::All);

    /// Whether a token is legal.
    pub fn contains(&self, token: u32) -> bool {
        match &self.0 {
            Set::All => true,
            Set::Range(start, end) => (*start..*end).contains(&token),
            Set::List(tokens) => tokens.binary_search(&token).is_ok(),
            Set::Bits(words) => {
                words.get(token as usize / 64).is_some_and(|word| word >> (token % 64) & 1 == 1)
            }
        }
    }

    /// The legal ones among the first `tokens` tokens, in order.
    pub fn below(&self, tokens: usize) -> impl Iterator<Item = u32> + '_ {
        let end = u32::try_from(tokens).unwrap_or(u32::MAX);
        let (range, list) = match &self.0 {
            Set::All => (0..end, &[][..]),
            Set::Range(start, stop) => (*start..(*stop).min(end), &[][..]),
            Set::Bits(words) => (0..end.min(64 * words.len() as u32), &[][..]),
            Set::List(tokens) => (0..0, &tokens[..tokens.partition_point(|token| *token < end)]),
        };
        range.filter(|token| self.contains(*token)).chain(list.iter().copied())
    }

    /// The one legal token, if there is no other.
    pub fn only(&self) -> Option<u32> {
        match &self.0 {
            // Whatever it was made from, a set of one is this.
            Set::Range(start, end) if end.checked_sub(*start) == Some(1) => Some(*start),
            _ => None,
        }
    }

    /// Whether each of the first `tokens` tokens is legal.
    pub fn covers(&self, tokens: usize) -> bool {
        match &self.0 {
            Set::All => true,
            Set::Range(start, end) => tokens == 0 || *start == 0 && *end as usize >= tokens,
            _ => self.below(tokens).count() == tokens,
        }
    }
}

impl Default for Legal {
    fn default() -> Self {
        Legal::ALL
    }
}

impl From<Range<u32>> for Legal {
    fn from(range: Range<u32>) -> Self {
        if range.is_empty() { Legal(Set::Range(0, 0)) } else { Legal(Set::Range(range.start, range.end)) }
    }
}

impl FromIterator<u32> for Legal {
    fn from_iter<I: IntoIterator<Item = u32>>(tokens: I) -> Self {
        let mut tokens: Vec<u32> = tokens.into_iter().collect();
        tokens.sort_unstable();
        tokens.dedup();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Legal::from(0..0) };
        if (last - first) as usize + 1 == tokens.len() && *last < u32::MAX {
            return Legal::from(*first..last + 1);
        }
        let words = *last as usize / 64 + 1;
        if 2 * words > tokens.len() {
            return Legal(Set::List(tokens.into()));
        }
        let mut bits = vec![0u64; words];
        tokens.iter().for_each(|token| bits[*token as usize / 64] |= 1 << (token % 64));
        Legal(Set::Bits(bits.into()))
    }
}

impl fmt::Display for Legal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Set::All => write!(f, "every token"),
            Set::Range(start, end) if start == end => write!(f, "no token"),
            Set::Range(start, end) => write!(f, "tokens {start} to {}", end - 1),
            _ => {
                let mut tokens = self.below(u32::MAX as usize);
                let few: Vec<String> = tokens.by_ref().take(8).map(|token| token.to_string()).collect();
                write!(f, "tokens {}{}", few.join(", "), if tokens.next().is_some() { ", .." } else { "" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::hash::BuildHasher;

    #[test]
    fn sets_say_what_they_are() {
        let show = |tokens: &[u32]| tokens.iter().copied().collect::<Legal>().to_string();
        assert_eq!(show(&[]), "no token");
        assert_eq!(show(&[6, 5, 4]), "tokens 4 to 6");
        assert_eq!(show(&[7, 9]), "tokens 7, 9");
        assert_eq!(show(&(0..20).step_by(2).collect::<Vec<_>>()), "tokens 0, 2, 4, 6, 8, 10, 12, 14, ..");
        assert_eq!(Legal::default().to_string(), "every token");
    }

    proptest! {
        #[test]
        fn a_set_is_what_it_holds(tokens in prop_oneof![prop::collection::vec(0..300u32, 0..3), prop::collection::vec(0..300u32, 0..120)], end in 0..320usize) {
            let legal: Legal = tokens.iter().copied().collect();
            let set: BTreeSet<u32> = tokens.iter().copied().collect();
            for token in 0..320 {
                prop_assert_eq!(legal.contains(token), set.contains(&token));
            }
            let below: Vec<u32> = set.iter().copied().filter(|token| (*token as usize) < end).collect();
            prop_assert_eq!(legal.covers(end), below.len() == end);
            let mut all = set.iter().copied();
            let only = all.next().filter(|_| all.next().is_none());
            prop_assert_eq!(legal.only(), only);
            prop_assert_eq!(legal.below(end).collect::<Vec<_>>(), below);
            let again: Legal = set.into_iter().rev().collect();
            let hash = |legal: &Legal| rustc_hash::FxBuildHasher.hash_one(legal);
            prop_assert!(again == legal && hash(&again) == hash(&legal));
        }
    }
}
