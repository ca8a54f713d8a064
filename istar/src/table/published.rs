//! What others measured elsewhere.

/// Results that papers report, to be printed beneath a table of our own and never among its rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    /// Whose numbers, of what.
    pub title: &'static str,
    /// Why they stand apart.
    pub caveat: &'static str,
    /// The heading of the numbers, with their unit.
    pub measure: &'static str,
    /// The results, those of one source together.
    pub results: &'static [PublishedResult],
}

/// One result of a paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PublishedResult {
    /// Where it is printed.
    pub source: &'static str,
    /// The method.
    pub method: &'static str,
    /// The number.
    pub mean: f64,
    /// Its spread over seeds, if one is given.
    pub spread: Option<f64>,
}

impl PublishedResult {
    /// `91.7 ± 1.2`.
    #[must_use]
    pub fn show(&self) -> String {
        self.spread.map_or(format!("{:.1}", self.mean), |spread| format!("{:.1} ± {spread:.1}", self.mean))
    }
}
