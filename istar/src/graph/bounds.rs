//! How far a ratio may go.

use crate::batch::Part;
use std::borrow::Cow;

/// How far below and above 1 the ratio of a surrogate may go.
#[derive(Clone, Debug, PartialEq)]
pub enum Bounds<'a> {
    /// Anywhere.
    Open,
    /// So far, the same for each token.
    Same(f64, f64),
    /// So far, one number per token each.
    Each(Cow<'a, [f64]>, Cow<'a, [f64]>),
}

impl Bounds<'_> {
    /// Those of the tokens of a part.
    pub(super) fn pick(&self, part: &Part) -> Bounds<'static> {
        match self {
            Bounds::Open => Bounds::Open,
            Bounds::Same(lo, hi) => Bounds::Same(*lo, *hi),
            Bounds::Each(lo, hi) => Bounds::Each(part.pick(lo).into(), part.pick(hi).into()),
        }
    }

    /// Those of some tokens.
    pub(super) fn of(&self, tokens: &[usize]) -> Bounds<'static> {
        let pick = |bounds: &[f64]| tokens.iter().map(|token| bounds[*token]).collect();
        match self {
            Bounds::Open => Bounds::Open,
            Bounds::Same(lo, hi) => Bounds::Same(*lo, *hi),
            Bounds::Each(lo, hi) => Bounds::Each(pick(lo), pick(hi)),
        }
    }

    /// The ratios between which one stays: one pair for all, or one for each token.
    pub(super) fn around_one(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let around = |lo: &[f64], hi: &[f64]| {
            (lo.iter().map(|lo| 1.0 - lo).collect(), hi.iter().map(|hi| 1.0 + hi).collect())
        };
        match self {
            Bounds::Open => None,
            Bounds::Same(lo, hi) => Some(around(&[*lo], &[*hi])),
            Bounds::Each(lo, hi) => Some(around(lo, hi)),
        }
    }

    /// Those of a token.
    pub(super) fn at(&self, token: usize) -> Option<(f64, f64)> {
        match self {
            Bounds::Open => None,
            Bounds::Same(lo, hi) => Some((*lo, *hi)),
            Bounds::Each(lo, hi) => Some((lo[token], hi[token])),
        }
    }
}

impl From<Option<(f64, f64)>> for Bounds<'static> {
    fn from(numbers: Option<(f64, f64)>) -> Self {
        numbers.map_or(Bounds::Open, |(lo, hi)| Bounds::Same(lo, hi))
    }
}
