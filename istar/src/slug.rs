//! Names of rows as names of files.

use std::collections::BTreeSet;

/// Letters that row names like to use, spelled out.
const SPELLED: [(char, &str); 14] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('½', "half"),
    ('¼', "quarter"),
    ('+', "plus"),
    ('*', "star"),
    ('×', "times"),
];

/// A row's name in lower-case ASCII letters, digits and single hyphens: `iStar, λ ½` is `istar-lambda-half`.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut words = vec![String::new()];
    for letter in name.chars().flat_map(char::to_lowercase) {
        match SPELLED.iter().find(|(spelled, _)| *spelled == letter) {
            Some((_, word)) => words.extend([(*word).to_owned(), String::new()]),
            None if letter.is_ascii_alphanumeric() => words.last_mut().expect("never empty").push(letter),
            None => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    if words.is_empty() { "row".to_owned() } else { words.join("-") }
}

/// One slug a name, in the order given; a name whose slug is taken gets a number: `-2`, `-3`, …
#[must_use]
pub fn unique<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let free = |name: &str| {
        let plain = slug(name);
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        std::iter::once(plain.clone())
            .chain(numbered)
            .find(|candidate| taken.insert(candidate.clone()))
            .expect("numbers do not run out")
    };
    names.into_iter().map(free).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for (name, expected) in [
            ("GRPO", "grpo"),
            ("iStar, λ ½", "istar-lambda-half"),
            ("REINFORCE++", "reinforce-plus-plus"),
            ("../etc/passwd", "etc-passwd"),
            ("日本", "row"),
            ("", "row"),
        ] {
            assert_eq!(slug(name), expected, "{name}");
        }
        assert_eq!(unique(["a b", "A-B", "a b-2", "a.b"]), ["a-b", "a-b-2", "a-b-2-2", "a-b-3"]);
    }
}
