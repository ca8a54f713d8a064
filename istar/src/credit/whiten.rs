//! Whitening over the tokens of a batch, as REINFORCE++ does (arXiv 2501.03262).

use super::moments::Moments;

/// `(x - mean) / sqrt(var + 1e-8)` with the statistics of all tokens, `tokens[i]` of them carrying `x[i]`; the variance
/// is the unbiased one. Fewer than two tokens give 0.
pub fn whiten(mut x: Vec<f64>, tokens: &[u32]) -> Vec<f64> {
    let entries = x.iter().zip(tokens).map(|(x, tokens)| (0, *x, f64::from(*tokens)));
    let all = Moments::of(entries, 1)[0];
    let factor = if all.n < 2.0 { 0.0 } else { 1.0 / (all.squares / (all.n - 1.0) + 1e-8).sqrt() };
    x.iter_mut().for_each(|x| *x = (*x - all.mean) * factor);
    x
}
