//! Losses that are sums over a column, as values.

/// What each number of a column costs.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "cuda"), expect(dead_code, reason = "only a card reads it"))]
pub(crate) enum Cost<'a> {
    /// `max(s r, s clip(r))`, and at most `dual s` where `s` is positive; `r = exp(x)`, with `x` no further from 0 than `far`.
    Clip {
        /// Of each number, `s`.
        slope: &'a [f64],
        /// Bounds below and above, of each ratio or one pair for all.
        within: Option<(&'a [f64], &'a [f64])>,
        /// What a positive `s` is multiplied by at most.
        dual: Option<f64>,
        /// How far from 0 the exponential is taken.
        far: f64,
    },
    /// `w max((x - target)², (old + clip(x - old) - target)²)`, with a clip at ± reach.
    Squares {
        /// Of each number, `w`.
        weight: &'a [f64],
        /// What it should be.
        target: &'a [f64],
        /// What was predicted, and the reach.
        old: Option<(&'a [f64], f64)>,
    },
    /// `-w log σ(x)`.
    Surprise {
        /// Of every number, `w`.
        weight: f64,
    },
    /// `w x`.
    Weighted {
        /// Of each number, `w`.
        weight: &'a [f64],
    },
}
