//! The forms of the surrogate that are no clip: each token's loss and its slope, as numbers.
//!
//! Where the ratio or part of it is a constant, the gradient of a token's loss is a number times that of its log-probability. So the
//! slope is computed here, in `f64`, and the graph is `slope · log π` and what is missing to the value.

/// The form of a policy loss; `r` is the ratio of the policy to the one that produced the batch, `A` the advantage, `lo` and
/// `hi` the numbers of `clip`. `[..]` is a constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// `max(-r A, -clip(r) A)` (PPO, arXiv 1707.06347).
    Clip,
    /// `-A log π`: no ratio at all (REINFORCE; GPG, arXiv 2504.02546).
    LogProb,
    /// `-[clip(r)] A log π` (CISPO, arXiv 2506.13585).
    Cispo,
    /// `-4/τ σ(τ (r - 1)) A`, with one temperature where `A > 0` and another elsewhere (SAPO, arXiv 2511.20347).
    Sapo {
        /// `τ` where `A > 0`.
        positive: f64,
        /// `τ` elsewhere.
        negative: f64,
    },
    /// `-r A`, where each token's log-ratio is held between `-lo` and `hi` on the side to which its advantage pulls, before
    /// the ratio is taken over its unit (GMPO, arXiv 2507.20673, with the mean over a trajectory).
    GeometricMean,
    /// `-[min(r, most)] A log π`, and 0 where the probability of the token has already moved by more than `hi` up (`lo` down) to where the
    /// advantage pulls (DPPO with binary total variation, arXiv 2602.04879).
    TotalVariation {
        /// The ratio goes no higher.
        most: f64,
    },
    /// The same with the divergence `KL(old, π)` of "this token or another" instead of the difference of probabilities.
    BinaryKl {
        /// The ratio goes no higher.
        most: f64,
    },
    /// `-[r^k exp(l - l r)] A log π`, one pair `(k, l)` where `A ≥ 0` and another elsewhere (VESPO, with the sum over a trajectory).
    Gamma {
        /// `(k, l)` where `A ≥ 0`.
        positive: (f64, f64),
        /// `(k, l)` elsewhere.
        negative: (f64, f64),
    },
}

/// What a form sees of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub advantage: f64,
    /// Its log-probability under the policy, in nats.
    pub logp: f64,
    /// Its log-probability under the policy that produced the batch, in nats.
    pub old: f64,
    /// The log-ratio of its unit.
    pub log_ratio: f64,
}

/// The loss of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bent {
    pub loss: f64,
    /// Its derivative by the log-ratio of the unit.
    pub by_ratio: f64,
    /// Its derivative by the token's own log-probability, the ratio held.
    pub by_own: f64,
    /// The bounds of `clip` decide.
    pub cut: bool,
}

impl Shape {
    /// Whether it has a use for the bounds of `clip`.
    pub fn has_bounds(self) -> bool {
        !matches!(self, Shape::LogProb | Shape::Sapo { .. } | Shape::Gamma { .. })
    }

    /// The token's log-ratio as it enters the ratio of its unit.
    pub(super) fn held(self, clip: Option<(f64, f64)>, advantage: f64, log_ratio: f64) -> f64 {
        match (self, clip) {
            (Shape::GeometricMean, Some((_, hi))) if advantage > 0.0 => log_ratio.min(hi),
            (Shape::GeometricMean, Some((lo, _))) if advantage < 0.0 => log_ratio.max(-lo),
            _ => log_ratio,
        }
    }

    /// The loss of a token.
    pub(super) fn bend(self, clip: Option<(f64, f64)>, token: Seen) -> Bent {
        let Seen { advantage, logp, old, log_ratio } = token;
        let ratio = log_ratio.exp();
        // minus `weight · A · log π`, the weight a constant
        let weighted = |weight: f64, cut: bool| Bent {
            loss: -weight * advantage * logp,
            by_ratio: 0.0,
            by_own: -weight * advantage,
            cut,
        };
        let through = |loss: f64, by_ratio: f64| Bent { loss, by_ratio, by_own: 0.0, cut: false };
        // whether the token has moved as far as it may, to where the advantage pulls
        let gone = |up: f64, down: f64| {
            clip.is_some_and(|(lo, hi)| if advantage > 0.0 { up > hi } else { down > lo })
        };
        match self {
            Shape::LogProb => weighted(1.0, false),
            Shape::Cispo => {
                let bounded = clip.map_or(ratio, |(lo, hi)| ratio.clamp(1.0 - lo, 1.0 + hi));
                weighted(bounded, bounded != ratio)
            }
            Shape::TotalVariation { most } => {
                let moved = logp.exp() - old.exp();
                let gone = gone(moved, -moved);
                weighted(if gone { 0.0 } else { ratio.min(most) }, gone)
            }
            Shape::BinaryKl { most } => {
                let (p, q) = (logp.exp(), old.exp());
                let kl = q * (old - logp) + (1.0 - q) * ((1.0 - q + 1e-8) / (1.0 - p + 1e-8)).ln();
                let gone = gone(if p > q { kl } else { 0.0 }, if p < q { kl } else { 0.0 });
                weighted(if gone { 0.0 } else { ratio.min(most) }, gone)
            }
            Shape::Gamma { positive, negative } => {
                let (power, rate) = if advantage >= 0.0 { positive } else { negative };
                weighted((rate + power * log_ratio - rate * ratio).exp(), false)
            }
            Shape::Sapo { positive, negative } => {
                let heat = if advantage > 0.0 { positive } else { negative };
                let gate = 1.0 / (1.0 + (-heat * (ratio - 1.0)).exp());
                through(-advantage * gate * 4.0 / heat, -advantage * 4.0 * gate * (1.0 - gate) * ratio)
            }
            Shape::Clip | Shape::GeometricMean => through(-advantage * ratio, -advantage * ratio),
        }
    }
}
