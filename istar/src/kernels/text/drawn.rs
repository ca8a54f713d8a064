//! A token drawn from logits.

use super::chosen::{most_of, probability, whole_of};
use super::norm::{dot, sum};
use crate::kernels::core::tile::wide;

/// What was drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) token: usize,
    /// Of the distribution, in nats.
    pub(crate) entropy: f32,
}

wide! {
    /// Turns the logits of a row into log-probabilities, and draws a token from `p^(1 / temperature)`, normalised: the one at which the
    /// sum of those before it passes the fraction `uniform` of the whole. A temperature of 0 takes the most probable.
    pub(crate) fn draw_from<'a>(row: &'a mut [f32], uniform: f64, temperature: f64, drawn: &'a mut Drawn) {
        let mut p = vec![0.0; row.len()];
        let whole = whole_of(row, &mut p);
        for (p, l) in p.iter_mut().zip(row.iter_mut()) {
            *l -= whole;
            *p = probability(*l);
        }
        // What has no probability has no entropy, and a logarithm that is finite.
        drawn.entropy = -dot(&p, row);
        drawn.token = if temperature == 0.0 {
            let most = most_of(row);
            row.iter().position(|l| *l == most).unwrap_or_default()
        } else {
            if temperature != 1.0 {
                let (most, cold) = (most_of(row), 1.0 / temperature as f32);
                for (p, l) in p.iter_mut().zip(row.iter()) {
                    *p = probability((*l - most) * cold);
                }
            }
            place(&p, uniform)
        };
    }
}

/// Where the sum of the weights before passes a fraction of the whole; the last place with a weight if rounding lets none pass it.
/// Weights are summed block by block, so that only one block is gone through.
#[inline(always)]
fn place(weights: &[f32], fraction: f64) -> usize {
    const BLOCK: usize = 64;
    let mut whole = 0.0;
    for block in weights.chunks(BLOCK) {
        whole += f64::from(sum(block, |weight| weight));
    }
    let mut left = fraction * whole;
    let mut last = 0;
    for (number, block) in weights.chunks(BLOCK).enumerate() {
        let of_block = f64::from(sum(block, |weight| weight));
        if left >= of_block {
            left -= of_block;
            last = block.iter().rposition(|weight| *weight > 0.0).map_or(last, |at| number * BLOCK + at);
            continue;
        }
        for (at, weight) in block.iter().enumerate() {
            left -= f64::from(*weight);
            last = if *weight > 0.0 { number * BLOCK + at } else { last };
            if left < 0.0 {
                break;
            }
        }
        return last;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{draw, entropy};

    #[test]
    fn it_draws_as_the_reference_does() {
        let logits: Vec<f32> =
            (0..203).map(|i| if i % 7 == 3 { -1e30 } else { 4.0 * (i as f32 * 1.7).sin() }).collect();
        for temperature in [0.0, 0.4, 1.0, 2.0] {
            for number in 0..50 {
                let (uniform, mut row) = (f64::from(number) / 50.0, logits.clone());
                let mut drawn = Drawn::default();
                draw_from(&mut row, uniform, temperature, &mut drawn);
                assert_eq!(drawn.token, draw(&row, uniform, temperature), "{uniform} at {temperature}");
                assert!((f64::from(drawn.entropy) - entropy(&row)).abs() < 1e-5);
                let whole: f64 = row.iter().map(|l| f64::from(*l).exp()).sum();
                assert!((whole - 1.0).abs() < 1e-5, "log-probabilities of {whole} in all");
            }
        }
    }

    #[test]
    fn what_has_no_probability_is_never_drawn() {
        let mut drawn = Drawn::default();
        for uniform in [0.0, 0.999_999_999_999] {
            draw_from(&mut [-1e30, 0.0, -1e30], uniform, 1.0, &mut drawn);
            assert_eq!(drawn.token, 1);
        }
    }
}
