//! How alike two texts are, in whole percent, as the library that the reward was written with says it: `token_set_ratio` of
//! thefuzz 0.19 over the matcher of Python's `difflib`.

use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Words as sets: the best of three ratios between what both have, what the first has, and what the second has. 0 to 100;
/// 0 where a text has no word.
///
/// ```
/// use istar::env::webshop::token_set_ratio;
///
/// assert_eq!(token_set_ratio("cold wash", "wash cold"), 100);
/// assert_eq!(token_set_ratio("black", "('color', 'black 1')"), 100);
/// assert_eq!(token_set_ratio("easy carry", "easy clean"), 70);
/// ```
#[must_use]
pub fn token_set_ratio(a: &str, b: &str) -> u32 {
    let (a, b) = (plain(a), plain(b));
    let [a, b] = [&a, &b].map(|text| text.split_whitespace().collect::<BTreeSet<&str>>());
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let both = || a.intersection(&b).copied();
    let join = |words: Vec<&str>| words.join(" ");
    let first = join(both().chain(a.difference(&b).copied()).collect());
    let second = join(both().chain(b.difference(&a).copied()).collect());
    let both = join(both().collect());
    ratio(&both, &first).max(ratio(&both, &second)).max(ratio(&first, &second))
}

/// Lower case, with a space for all that is no letter, digit or underscore. The 128 characters above ASCII are left out, as the
/// library leaves them out; others stay.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|c| !('\u{80}'..='\u{FF}').contains(c));
    let kept: String = kept.map(|c| if c.is_alphanumeric() || c == '_' { c } else { ' ' }).collect();
    kept.to_lowercase()
}

/// Twice the characters that match, in percent of all; rounded to even.
fn ratio(a: &str, b: &str) -> u32 {
    if a == b {
        return 100;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let ratio = 2.0 * matching(&a, &b) as f64 / (a.len() + b.len()) as f64;
    (100.0 * ratio).round_ties_even() as u32
}

/// So many characters of the second text make the matcher pass over those that are in more than a hundredth of it.
const LONG: usize = 200;

/// Characters in the longest block that the two have in common, and in those to its left and right, and so on.
fn matching(a: &[char], b: &[char]) -> usize {
    let mut places: FxHashMap<char, Vec<usize>> = FxHashMap::default();
    b.iter().enumerate().for_each(|(j, c)| places.entry(*c).or_default().push(j));
    if b.len() >= LONG {
        places.retain(|_, places| places.len() <= b.len() / 100 + 1);
    }
    let mut total = 0;
    let mut open = vec![(0, a.len(), 0, b.len())];
    while let Some((a_start, a_end, b_start, b_end)) = open.pop() {
        let (i, j, size) = longest(a, b, &places, (a_start, a_end, b_start, b_end));
        if size > 0 {
            total += size;
            open.extend([(a_start, i, b_start, j), (i + size, a_end, j + size, b_end)]);
        }
    }
    total
}

/// The longest block, the first in `a` of those, the first in `b` of those: where it begins in both, and its length.
fn longest(
    a: &[char],
    b: &[char],
    places: &FxHashMap<char, Vec<usize>>,
    (a_start, a_end, b_start, b_end): (usize, usize, usize, usize),
) -> (usize, usize, usize) {
    let (mut i, mut j, mut size) = (a_start, b_start, 0);
    let mut ends: FxHashMap<usize, usize> = FxHashMap::default();
    for (x, c) in a.iter().enumerate().take(a_end).skip(a_start) {
        let mut next = FxHashMap::default();
        let here = places.get(c).map_or(&[][..], Vec::as_slice);
        for y in here.iter().copied().filter(|y| (b_start..b_end).contains(y)) {
            let length = 1 + y.checked_sub(1).and_then(|before| ends.get(&before)).copied().unwrap_or(0);
            next.insert(y, length);
            if length > size {
                (i, j, size) = (x + 1 - length, y + 1 - length, length);
            }
        }
        ends = next;
    }
    // What was passed over for being common still widens a block.
    while i > a_start && j > b_start && a[i - 1] == b[j - 1] {
        (i, j, size) = (i - 1, j - 1, size + 1);
    }
    while i + size < a_end && j + size < b_end && a[i + size] == b[j + size] {
        size += 1;
    }
    (i, j, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What thefuzz 0.19 says.
    #[test]
    fn short_texts_are_as_alike_as_the_library_says() {
        for (a, b, expected) in [
            ("", "x", 0),
            ("?!", "?!", 0),
            ("a b", "a b c d", 100),
            ("x-large", "xx-large", 93),
            ("café crème", "cafe creme", 89),
            ("★ star", "star", 100),
            ("a_b", "a b", 67),
            ("XL Large", "large xl", 100),
        ] {
            assert_eq!(token_set_ratio(a, b), expected, "{a:?} {b:?}");
        }
    }

    /// Above 200 characters the matcher passes over common ones.
    #[test]
    fn long_texts_are_as_alike_as_the_library_says() {
        let pick = |letters: &str, i: usize| letters[i % letters.len()..][..1].to_owned();
        let [a, b] = ["abcdefghij", "klmnopqrst"];
        let f = |i| pick(a, i).repeat(i % 3 + 1) + &pick(b, i / 10) + &pick("uvwxyz", i);
        let g = |i| pick(a, i) + &pick(b, i / 10).repeat(i % 2 + 1) + &pick("uvwxy", i);
        let text = |word: &dyn Fn(usize) -> String, from, to| {
            (from..to).map(word).collect::<Vec<String>>().join(" ")
        };
        assert_eq!(text(&f, 0, 60).len(), 299);
        assert_eq!(token_set_ratio(&text(&f, 0, 60), &text(&f, 30, 90)), 67);
        assert_eq!(token_set_ratio(&text(&f, 0, 60), &text(&g, 0, 60)), 5);
        assert_eq!(token_set_ratio(&text(&g, 0, 60), &text(&f, 0, 60)), 5);
        assert_eq!(token_set_ratio(&text(&f, 0, 70), &text(&g, 20, 90)), 4);
    }
}
