//! BM25 as Lucene computes it: the same order of hits, and the same scores to a rounding of single precision.
//!
//! ```text
//! score = Σ_t count(t, query) · idf_t · (1 − 1 / (1 + tf / (k1 · (1 − b + b · length / mean length))))
//! idf_t = ln(1 + (N − n_t + 0.5) / (n_t + 0.5))
//! ```
//!
//! The mean length is exact, the length of a document is one of 256 numbers: Lucene keeps it in a byte. (S. Robertson and
//! H. Zaragoza, The probabilistic relevance framework: BM25 and beyond, 2009.)

use super::analysis::terms;
use rustc_hash::FxHashMap;

/// The saturation of term counts, pyserini's default.
const K1: f32 = 0.9;
/// How much length counts, pyserini's default.
const B: f32 = 0.4;

/// A document that a query found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its number, from 0.
    pub document: u32,
    /// How well it fits, above 0.
    pub score: f32,
}

/// Documents that can be searched.
///
/// ```
/// use istar::env::webshop::Index;
///
/// let index = Index::of(["red shoes", "a red red hat", "blue shoes for walking"]);
/// let found: Vec<u32> = index.search("Walking the red shoe", 2).iter().map(|hit| hit.document).collect();
/// assert_eq!(found, [2, 0]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Documents with the term, and how often it is in each.
    postings: FxHashMap<String, Vec<(u32, u32)>>,
    /// Per document, `1 / (k1 · (1 − b + b · length / mean length))`.
    norms: Vec<f32>,
}

impl Index {
    /// Reads texts, the documents 0, 1, and so on.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of_terms(texts.into_iter().map(|text| terms(text).map(|term| (term, 1)).collect()))
    }

    /// Documents whose terms are known, each with how often it stands there.
    pub fn of_terms(documents: impl IntoIterator<Item = Vec<(String, u32)>>) -> Self {
        let mut postings: FxHashMap<String, Vec<(u32, u32)>> = FxHashMap::default();
        let mut lengths = Vec::new();
        for (document, terms) in (0..).zip(documents) {
            lengths.push(terms.iter().map(|(_, count)| count).sum::<u32>());
            for (term, count) in terms {
                let postings = postings.entry(term).or_default();
                match postings.last_mut() {
                    Some((last, sum)) if *last == document => *sum += count,
                    _ => postings.push((document, count)),
                }
            }
        }
        let all: u64 = lengths.iter().copied().map(u64::from).sum();
        let mean = (all as f64 / lengths.len() as f64) as f32;
        let norm = |length: u32| 1.0 / (K1 * ((1.0 - B) + B * in_a_byte(length) as f32 / mean));
        Index { postings, norms: lengths.into_iter().map(norm).collect() }
    }

    /// The best `n` documents that have a term of the query, best first; those of equal scores in their order.
    pub fn search(&self, query: &str, n: usize) -> Vec<Hit> {
        let mut wanted: Vec<(String, f32)> = Vec::new();
        for term in terms(query) {
            match wanted.iter_mut().find(|(known, _)| *known == term) {
                Some((_, times)) => *times += 1.0,
                None => wanted.push((term, 1.0)),
            }
        }
        let mut sums = vec![0.0f64; self.norms.len()];
        for (term, times) in wanted {
            let Some(postings) = self.postings.get(&term) else { continue };
            let (all, with) = (self.norms.len() as f64, postings.len() as f64);
            let weight = times * (1.0 + (all - with + 0.5) / (with + 0.5)).ln() as f32;
            for (document, count) in postings {
                let document = *document as usize;
                let score = weight - weight / (1.0 + *count as f32 * self.norms[document]);
                sums[document] += f64::from(score);
            }
        }
        let found = (0..).zip(sums).filter(|(_, sum)| *sum > 0.0);
        let mut hits: Vec<Hit> = found.map(|(document, sum)| Hit { document, score: sum as f32 }).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
        hits.truncate(n);
        hits
    }
}

/// A length as it comes back from Lucene's byte: exact below 40, above it with four significant bits.
fn in_a_byte(length: u32) -> u32 {
    const EXACT: u32 = 24;
    let above = length.saturating_sub(EXACT);
    let bits = 32 - above.leading_zeros();
    let shift = bits.saturating_sub(4);
    length.min(EXACT) + ((above >> shift) << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_keep_four_bits() {
        let found = [0, 23, 24, 39, 40, 41, 42, 55, 56, 59, 60, 107, 119, 120, 1000].map(in_a_byte);
        assert_eq!(found, [0, 23, 24, 39, 40, 40, 42, 54, 56, 56, 60, 104, 112, 120, 984]);
    }

    /// The formula, by hand, in double precision.
    #[test]
    fn a_score_is_the_formula() {
        let index = Index::of(["red shoes red", "blue hat", "red hat hat hat"]);
        let found = index.search("red hat hats", 3);
        let idf = (1.0 + 1.5 / 2.5f64).ln();
        let term =
            |count: f64, length: f64| idf * (1.0 - 1.0 / (1.0 + count / (0.9 * (0.6 + 0.4 * length / 3.0))));
        let expected =
            [(2, term(1.0, 4.0) + 2.0 * term(3.0, 4.0)), (1, 2.0 * term(1.0, 2.0)), (0, term(2.0, 3.0))];
        for (hit, (document, score)) in found.iter().zip(expected) {
            assert_eq!(hit.document, document, "{found:?}");
            assert!((f64::from(hit.score) - score).abs() < 1e-6, "{hit:?}, {score} expected");
        }
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn equals_stand_in_their_order_and_nothing_is_found_for_nothing() {
        let index = Index::of(["hat", "shoe", "hat", "hat"]);
        let found: Vec<u32> = index.search("hat", 2).iter().map(|hit| hit.document).collect();
        assert_eq!(found, [0, 2]);
        assert!(index.search("the glove", 9).is_empty() && Index::of([]).search("hat", 9).is_empty());
    }
}
