//! One token from a distribution.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// An index drawn from `exp(logp / temperature)`, normalised. A temperature of 0 takes the most probable.
pub(super) fn draw(random: &mut ChaCha8Rng, logp: &[f32], temperature: f64) -> usize {
    let most =
        logp.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or((0, 0.0), |best| best);
    let u: f64 = random.random();
    if temperature == 0.0 {
        return most.0;
    }
    let weight = |l: &f32| (f64::from(*l - most.1) / temperature).exp();
    let mut left = u * logp.iter().map(weight).sum::<f64>();
    for (token, l) in logp.iter().enumerate() {
        left -= weight(l);
        if left < 0.0 {
            return token;
        }
    }
    most.0
}
