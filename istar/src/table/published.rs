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
        printed(self.mean, self.spread)
    }
}

/// A number as papers print it: percentages with one decimal, points of ten with two.
pub(crate) fn printed(mean: f64, spread: Option<f64>) -> String {
    let decimals = if mean < 10.0 { 2 } else { 1 };
    match spread {
        None => format!("{mean:.decimals$}"),
        Some(spread) => format!("{mean:.decimals$} ± {spread:.decimals$}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_one_decimal_and_points_of_ten_two() {
        let shown =
            [(91.66, Some(1.2)), (7.3, None), (8.07, Some(0.08))].map(|(mean, spread)| printed(mean, spread));
        assert_eq!(shown, ["91.7 ± 1.2", "7.30", "8.07 ± 0.08"]);
    }
}
