//! Scores out of what a judge writes: any text around them, no number that is none.

use super::Dimension;
use crate::chat::words::first_line;
use serde_json::{Map, Value};
use std::fmt::{Display, Formatter};

/// A text of a judge that is longer is not looked through.
const LONGEST: usize = 1 << 16;

/// How many braces are taken for the beginning of an object at most: a text of braces alone costs no time.
const BRACES: usize = 256;

/// One score and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The dimension.
    pub name: String,
    /// The score, in the dimension's range.
    pub value: f64,
    /// What the judge says why; may be empty.
    pub reasoning: String,
}

/// A score on each dimension, in the order of the judge's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores(pub Vec<Score>);

impl Scores {
    /// The score on the dimension of this name.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|score| score.name == name).map(|score| score.value)
    }

    /// The mean of all scores, SOTOPIA's overall score; 0 of none.
    pub fn mean(&self) -> f64 {
        let sum: f64 = self.0.iter().map(|score| score.value).sum();
        sum / self.0.len().max(1) as f64
    }
}

/// Why a text holds no scores.
#[derive(Clone, Debug, PartialEq)]
pub enum Mistake {
    /// There is no JSON object with a dimension in it.
    NoObject,
    /// A dimension has no score.
    Missing(String),
    /// A dimension has two scores.
    Twice(String),
    /// A score is no number.
    NotANumber {
        /// The dimension.
        name: String,
        /// What stands there.
        found: String,
    },
    /// A score lies outside of its range.
    OutOfRange {
        /// The dimension.
        name: String,
        /// The score.
        found: f64,
        /// The lowest that there is.
        low: f64,
        /// The highest.
        high: f64,
    },
}

impl Display for Mistake {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Mistake::NoObject => f.write_str("there is no whole JSON object with scores in the answer"),
            Mistake::Missing(name) => write!(f, "`{name}` has no score"),
            Mistake::Twice(name) => write!(f, "`{name}` is scored twice"),
            Mistake::NotANumber { name, found } => write!(f, "the score of `{name}` is {found}, no number"),
            Mistake::OutOfRange { name, found, low, high } => {
                write!(f, "the score of `{name}` is {found}, not from {low} to {high}")
            }
        }
    }
}

/// Mistakes on one line.
pub(super) fn listed(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>().join("; ")
}

/// The scores in a text: those of the last JSON object that has one of the dimensions, itself or in what is nested in it. Each
/// is an object with `score`, or the bare number; a number may be a text, `"7"` or `"7/10"`. Names are told apart by their
/// letters and digits alone. All that is wrong is named at once.
pub(super) fn read(text: &str, dimensions: &[Dimension]) -> Result<Scores, Vec<Mistake>> {
    let objects = if text.len() > LONGEST { Vec::new() } else { objects(text) };
    let held = objects.iter().rev().find_map(|object| holding(object, dimensions));
    let Some(held) = held else { return Err(vec![Mistake::NoObject]) };
    let read: Vec<Result<Score, Mistake>> =
        dimensions.iter().map(|dimension| score(held, dimension)).collect();
    if read.iter().all(Result::is_ok) {
        return Ok(Scores(read.into_iter().flatten().collect()));
    }
    Err(read.into_iter().filter_map(Result::err).collect())
}

/// The JSON objects that stand in a text one after the other, the outermost.
fn objects(text: &str) -> Vec<Map<String, Value>> {
    let (mut objects, mut rest) = (Vec::new(), text);
    for _ in 0..BRACES {
        let Some(start) = rest.find('{') else { break };
        rest = &rest[start..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Map<String, Value>>();
        let end = match values.next() {
            Some(Ok(object)) => {
                objects.push(object);
                values.byte_offset()
            }
            _ => 1,
        };
        rest = &rest[end..];
    }
    objects
}

/// The object that has a dimension among its keys: this one, or the first such in it.
fn holding<'a>(object: &'a Map<String, Value>, dimensions: &[Dimension]) -> Option<&'a Map<String, Value>> {
    let known = |key: &String| dimensions.iter().any(|dimension| alike(key, &dimension.name));
    if object.keys().any(known) {
        return Some(object);
    }
    object.values().filter_map(Value::as_object).find_map(|inner| holding(inner, dimensions))
}

fn alike(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(one) == letters(other)
}

/// The score on one dimension.
fn score(held: &Map<String, Value>, dimension: &Dimension) -> Result<Score, Mistake> {
    let Dimension { name, low, high, .. } = dimension;
    let mut entries = held.iter().filter(|(key, _)| alike(key, name)).map(|(_, value)| value);
    let entry = entries.next().ok_or_else(|| Mistake::Missing(name.clone()))?;
    if entries.next().is_some() {
        return Err(Mistake::Twice(name.clone()));
    }
    let field = |key: &str| {
        let fields = entry.as_object()?.iter();
        fields.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    };
    let said = if entry.is_object() { field("score") } else { Some(entry) };
    let said = said.filter(|said| !said.is_null()).ok_or_else(|| Mistake::Missing(name.clone()))?;
    let value = number(said, *high).filter(|value| value.is_finite()).ok_or_else(|| Mistake::NotANumber {
        name: name.clone(),
        found: first_line(&said.to_string(), 40),
    })?;
    if !(*low..=*high).contains(&value) {
        return Err(Mistake::OutOfRange { name: name.clone(), found: value, low: *low, high: *high });
    }
    let reasoning = field("reasoning").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    // A zero has no sign here.
    Ok(Score { name: name.clone(), value: value + 0.0, reasoning })
}

/// A number, or a text that is one; `7/10` where 10 is the highest.
fn number(said: &Value, high: f64) -> Option<f64> {
    let text = match said {
        Value::Number(number) => return number.as_f64(),
        Value::String(text) => text.trim(),
        _ => return None,
    };
    match text.split_once('/') {
        Some((score, of)) => score.trim().parse().ok().filter(|_| of.trim().parse() == Ok(high)),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Vec<Dimension> {
        vec![Dimension::new("goal", 0.0, 10.0, "g"), Dimension::new("social_rules", -10.0, 0.0, "s")]
    }

    fn values(text: &str) -> Vec<f64> {
        let scores = read(text, &two()).unwrap_or_else(|mistakes| panic!("{text}: {}", listed(&mistakes)));
        scores.0.iter().map(|score| score.value).collect()
    }

    fn wrong(text: &str) -> String {
        listed(&read(text, &two()).expect_err(text))
    }

    #[test]
    fn scores_are_found_in_any_text_around_them() {
        let plain =
            r#"{"goal": {"reasoning": " she got {most} of it ", "score": 7}, "social_rules": {"score": -1}}"#;
        assert_eq!(values(plain), [7.0, -1.0]);
        let scores = read(plain, &two()).expect("scores");
        assert_eq!(scores.0[0].reasoning, "she got {most} of it");
        assert_eq!((scores.value("goal"), scores.value("secret"), scores.mean()), (Some(7.0), None, 3.0));
        assert_eq!(
            values(&format!("Sure! Here {{it}} is:\n```json\n{plain}\n```\nAnything else?")),
            [7.0, -1.0]
        );
        assert_eq!(values(&format!("{{\"scores\": {plain}, \"overall\": 3}}")), [7.0, -1.0]);
        assert_eq!(values(r#"{"Goal": "7", "Social Rules": {"Score": "-2.5"}}"#), [7.0, -2.5]);
        assert_eq!(values(r#"{"goal": " 7 / 10 ", "social-rules": "-0"}"#), [7.0, 0.0]);
        // A draft comes before what is meant.
        assert_eq!(
            values(r#"{"goal": 1, "social_rules": -9} no: {"goal": 2, "social_rules": 0}"#),
            [2.0, 0.0]
        );
    }

    #[test]
    fn what_is_no_score_is_refused_all_at_once() {
        let none = "there is no whole JSON object with scores in the answer";
        for text in ["", "7", "goal: 7", "[1]", r#"{"aim": 7}"#, r#"{"goal": NaN, "social_rules": 0}"#] {
            assert_eq!(wrong(text), none, "{text}");
        }
        assert_eq!(wrong(r#"{"goal": {"score": 7}, "social_rules": {"score""#), none, "cut off");
        assert_eq!(
            wrong(r#"{"goal": {"score": 11}}"#),
            "the score of `goal` is 11, not from 0 to 10; `social_rules` has no score"
        );
        assert_eq!(
            wrong(r#"{"goal": {"score": "NaN"}, "social_rules": [0]}"#),
            "the score of `goal` is \"NaN\", no number; the score of `social_rules` is [0], no number"
        );
        assert_eq!(
            wrong(r#"{"goal": "inf", "social_rules": {"score": null}}"#),
            "the score of `goal` is \"inf\", no number; `social_rules` has no score"
        );
        assert_eq!(
            wrong(r#"{"goal": "7/5", "Goal ": 7, "social_rules": "high"}"#),
            "`goal` is scored twice; the score of `social_rules` is \"high\", no number"
        );
        assert_eq!(
            wrong(r#"{"goal": "7/5", "social_rules": 0}"#),
            "the score of `goal` is \"7/5\", no number"
        );
        assert_eq!(wrong(r#"{"goal": true, "social_rules": 0}"#), "the score of `goal` is true, no number");
    }

    #[test]
    fn a_text_that_never_closes_costs_no_time() {
        for text in ["{".repeat(LONGEST), r#"{"a":"#.repeat(LONGEST / 5), "[{".repeat(1 << 19)] {
            assert_eq!(read(&text, &two()), Err(vec![Mistake::NoObject]));
        }
    }

    #[test]
    fn the_seven_are_those_of_sotopia() {
        let seven = Dimension::social();
        let low: Vec<f64> = seven.iter().map(|dimension| dimension.low).collect();
        let high: Vec<f64> = seven.iter().map(|dimension| dimension.high).collect();
        assert_eq!(low, [0.0, -5.0, 0.0, -10.0, -10.0, -5.0, 0.0]);
        assert_eq!(high, [10.0, 5.0, 10.0, 0.0, 0.0, 5.0, 10.0]);
    }
}
