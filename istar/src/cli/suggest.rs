//! "did you mean".

/// ` (did you mean "x"?)` for the known word nearest to the one given, or nothing if none is near: at most a third of its
/// letters, and at least one, may be inserted, deleted, replaced or swapped with a neighbour.
pub(super) fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let most = (given.chars().count() / 3).max(1);
    let near = known.into_iter().map(|word| (distance(&given.to_lowercase(), &word.to_lowercase()), word));
    let nearest = near.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance);
    nearest.map_or(String::new(), |(_, word)| format!(" (did you mean \"{word}\"?)"))
}

/// Damerau–Levenshtein distance, no letter edited twice.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                let swapped = if swapped { table[i - 2][j - 2] + 1 } else { usize::MAX };
                replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(swapped)
            };
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("beta", "bate"), 2);
        assert_eq!(distance("ab", "ba"), 1);
        let known = ["istar", "gigpo", "grpo"];
        assert_eq!(did_you_mean("GRPP", known), " (did you mean \"grpo\"?)");
        assert_eq!(did_you_mean("itsar", known), " (did you mean \"istar\"?)");
        assert_eq!(did_you_mean("reinforce", known), "");
    }
}
