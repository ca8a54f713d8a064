//! What a judge scores.

/// A dimension with its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// Its name, the key of its score.
    pub name: String,
    /// The lowest score.
    pub low: f64,
    /// The highest score.
    pub high: f64,
    /// What the judge is told that it means.
    pub about: String,
}

impl Dimension {
    /// A dimension from `low` to `high`.
    pub fn new(name: &str, low: f64, high: f64, about: &str) -> Self {
        Dimension { name: name.to_owned(), low, high, about: about.to_owned() }
    }

    /// The seven of SOTOPIA with their ranges (X. Zhou et al., arXiv 2310.11667), in words of our own.
    pub fn social() -> Vec<Self> {
        [
            ("believability", 0.0, 10.0, "how well they talk as this person would, from start to end"),
            ("relationship", -5.0, 5.0, "what became of the tie between the two: below 0 it was harmed"),
            ("knowledge", 0.0, 10.0, "how much they found out that was new to them and matters"),
            ("secret", -10.0, 0.0, "what they gave away that they had to keep to themselves: 0 if nothing"),
            ("social_rules", -10.0, 0.0, "what they did against law or good manners: 0 if nothing"),
            ("financial_and_material_benefits", -5.0, 5.0, "what they gained in money and things, or lost"),
            ("goal", 0.0, 10.0, "how far they got what they wanted: 10 is all of it"),
        ]
        .map(|(name, low, high, about)| Dimension::new(name, low, high, about))
        .into()
    }
}
