//! Ranges of numbers, in the words that messages at compile time and at run time share.

/// What a number of an objective may be. NaN and infinities are in no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Any finite number.
    Finite,
    /// Above 0.
    Positive,
    /// 0 or above.
    NonNegative,
    /// 0 to 1, both included.
    Unit,
    /// Above 0, at most 1.
    Rate,
    /// Above 1.
    AboveOne,
    /// 0 or above, below one half.
    Doubt,
    /// Above 0, below one half.
    SomeDoubt,
    /// 1, 2, 3, ...
    Count,
    /// 0, 1, 2, ...
    Whole,
}

impl Range {
    /// Whether the number is in the range.
    pub fn holds(self, x: f64) -> bool {
        x.is_finite()
            && match self {
                Range::Finite => true,
                Range::Positive => x > 0.0,
                Range::NonNegative => x >= 0.0,
                Range::Unit => (0.0..=1.0).contains(&x),
                Range::Rate => x > 0.0 && x <= 1.0,
                Range::AboveOne => x > 1.0,
                Range::Doubt => (0.0..0.5).contains(&x),
                Range::SomeDoubt => x > 0.0 && x < 0.5,
                Range::Count => x >= 1.0 && x.fract() == 0.0,
                Range::Whole => x >= 0.0 && x.fract() == 0.0,
            }
    }

    /// The range as it follows "must be".
    pub fn words(self) -> &'static str {
        match self {
            Range::Finite => "a finite number",
            Range::Positive => "above 0",
            Range::NonNegative => "0 or above",
            Range::Unit => "in [0, 1]",
            Range::Rate => "above 0 and at most 1",
            Range::AboveOne => "above 1",
            Range::Doubt => "0 or above and below 0.5",
            Range::SomeDoubt => "above 0 and below 0.5",
            Range::Count => "a whole number, 1 or above",
            Range::Whole => "a whole number, 0 or above",
        }
    }
}
