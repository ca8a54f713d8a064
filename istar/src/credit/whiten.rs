//! Whitening over the tokens of a batch, as REINFORCE++ does (arXiv 2501.03262).

use super::moments::Moments;

/// `(x - mean) / sqrt(var + 1e-8)` with the statistics of all tokens, `tokens[i]` of them carrying `x[i]`; the variance
/// is the unbiased one. Fewer than two tokens give 0.
pub fn whiten(mut x: Vec<f64>, tokens: &[u32]) -> Vec<f64> {
    let entries = x.iter().zip(tokens).map(|(x, tokens)| (0, *x, f64::from(*tokens)));
    let all = Moments::of(entries, 1)[0];
    let unit = all.unit;
    let factor =
        if all.n < 2.0 { 0.0 } else { 1.0 / (all.squares / (all.n - 1.0) + 1e-8 / unit / unit).sqrt() };
    x.iter_mut().for_each(|x| *x = (*x / unit - all.mean) * factor);
    x
}

#[cfg(test)]
mod tests {
    use super::whiten;

    #[test]
    fn a_number_counts_once_for_each_token() {
        let repeated = whiten(vec![1.0, 1.0, 1.0, 4.0], &[1; 4]);
        let counted = whiten(vec![1.0, 4.0, 2.0], &[3, 1, 0]);
        assert_eq!((counted[0], counted[1]), (repeated[0], repeated[3]));
    }

    #[test]
    fn squares_may_overflow() {
        let far = whiten(vec![1e200, 1e200, -1e200], &[1; 3]);
        let near = whiten(vec![1e8, 1e8, -1e8], &[1; 3]);
        assert!(near.iter().zip(&far).all(|(a, b)| (a - b).abs() < 1e-12), "{far:?}");
    }

    #[test]
    fn fewer_than_two_tokens_give_0() {
        assert_eq!(whiten(vec![5.0, 7.0], &[1, 0]), [0.0, 0.0]);
        assert_eq!(whiten(vec![5.0], &[0]), [0.0]);
    }

    #[test]
    fn equal_numbers_give_0() {
        assert_eq!(whiten(vec![0.1; 3], &[1; 3]), [0.0; 3]);
    }
}
