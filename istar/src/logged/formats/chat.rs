//! Chats with log-probabilities: the choices of a server's answer, or the messages of a conversation.
//!
//! An answer is a group, and each choice a trajectory of one step; a conversation is a trajectory, and each message of the
//! assistant that has `logprobs` a step. Rewards stand beside the messages, or in a choice.

use super::nest::{Part, Piece, Sample, Slot};
use super::{Reading, Step};
use crate::logged::schema::Field;
use serde_json::{Map, Value};

type Row = Map<String, Value>;

/// The samples of an answer or a conversation.
pub(super) fn samples(reading: &Reading<'_>, number: usize, row: &Row) -> Result<Vec<Sample>, String> {
    if let Some(choices) = row.get("choices") {
        return answer(reading, number, (row, choices), Vec::new());
    }
    if let Some(choices) = row.get("response").and_then(|response| response.get("choices")) {
        return answer(reading, number, (row, choices), vec![Part::Key("response")]);
    }
    let list = ["messages", "completion"].into_iter().find_map(|key| Some((key, row.get(key)?.as_array()?)));
    let Some((key, messages)) = list else { return Err("it has neither `choices` nor `messages`".into()) };
    let mut sample = Sample {
        row: number,
        group: reading.group(row).unwrap_or_else(|| start(number, messages)),
        traj: None,
        fields: reading.of_traj(row)?,
        steps: Vec::new(),
        slots: Vec::new(),
    };
    for (place, message) in messages.iter().enumerate() {
        let logprobs = message.get("logprobs").filter(|logprobs| !logprobs.is_null());
        if let (Some(logprobs), Some("assistant")) = (logprobs, message.get("role").and_then(Value::as_str)) {
            let at = vec![Part::Key(key), Part::Index(place)];
            said(&mut sample, reading.step, logprobs, at)
                .map_err(|problem| format!("message {place}: {problem}"))?;
        }
    }
    match sample.steps.is_empty() {
        true => Err("no message of the assistant has `logprobs`: ask the server for them".into()),
        false => Ok(vec![sample]),
    }
}

/// What comes before the first word of the assistant: conversations that begin alike are a group.
fn start(number: usize, messages: &[Value]) -> String {
    let before = messages
        .iter()
        .take_while(|message| message.get("role").and_then(Value::as_str) != Some("assistant"));
    let before: Vec<String> = before.map(Value::to_string).collect();
    if before.is_empty() { format!("row {number}") } else { before.join("\n") }
}

fn answer(
    reading: &Reading<'_>,
    number: usize,
    (row, choices): (&Row, &Value),
    before: Vec<Part>,
) -> Result<Vec<Sample>, String> {
    let choices = choices.as_array().ok_or("`choices` is no list")?;
    let group = reading.group(row).unwrap_or_else(|| format!("row {number}"));
    let sample = |(place, choice): (usize, &Value)| {
        let of = |problem: String| format!("choice {place}: {problem}");
        let own = choice.as_object().ok_or_else(|| of("it is no object".into()))?;
        let mut fields = reading.of_traj(own).map_err(of)?;
        for (field, value) in reading.of_traj(row).map_err(of)? {
            if !fields.iter().any(|(known, _)| *known == field) {
                fields.push((field, value));
            }
        }
        let (steps, slots) = (Vec::new(), Vec::new());
        let mut sample = Sample { row: number, group: group.clone(), traj: None, fields, steps, slots };
        let at = [&before[..], &[Part::Key("choices"), Part::Index(place)]].concat();
        let logprobs = own.get("logprobs").filter(|logprobs| !logprobs.is_null());
        let logprobs = logprobs.ok_or_else(|| of("`logprobs` is missing: ask the server for them".into()))?;
        said(&mut sample, reading.step, logprobs, at).map_err(of)?;
        Ok(sample)
    };
    choices.iter().enumerate().map(sample).collect()
}

/// Adds what was said with these log-probabilities: `{"content": [{"token", "logprob"}]}`, the list alone, or as completions have
/// it, `{"tokens": [], "token_logprobs": []}`.
fn said(sample: &mut Sample, step: Step, logprobs: &Value, path: Vec<Part>) -> Result<(), String> {
    let list = |key: &str| logprobs.get(key).and_then(Value::as_array);
    let (numbers, words): (Vec<&Value>, Vec<&Value>) =
        match (list("content").or(logprobs.as_array()), list("token_logprobs")) {
            (Some(content), _) => content.iter().map(|token| (&token["logprob"], &token["token"])).unzip(),
            (None, Some(numbers)) => {
                let words = list("tokens").filter(|words| words.len() == numbers.len());
                let words = words.ok_or("`tokens` and `token_logprobs` differ in length")?;
                (numbers.iter().collect(), words.iter().collect())
            }
            _ => return Err("`logprobs` has neither `content` nor `token_logprobs`".into()),
        };
    let number = |(place, x): (usize, &&Value)| {
        x.as_f64()
            .ok_or_else(|| format!("the log-probability of token {place} is {x}, expected a finite number"))
    };
    let old: Vec<f64> = numbers.iter().enumerate().map(number).collect::<Result<_, _>>()?;
    let slot = sample.slots.len();
    sample.slots.push(Slot { path, length: Some(old.len()) });
    let width = if step == Step::Token { 1 } else { old.len().max(1) };
    for start in (0..old.len().max(1)).step_by(width) {
        let part = start..(start + width).min(old.len());
        sample.steps.push(Piece {
            fields: Vec::new(),
            places: part.clone().map(|place| (slot, place)).collect(),
            numbers: vec![(Field::old, old[part.clone()].to_vec())],
            words: Some(words[part].iter().map(|word| super::rows::shown(word)).collect()),
        });
    }
    Ok(())
}
