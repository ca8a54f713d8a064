//! Rollouts as other programs write them: rows in, a batch out, and what was found back into the rows.
//!
//! A file is read into rows whatever it is written in (JSON Lines, a list in JSON, CSV, Parquet; plain, gzip or
//! zstd), a [`Format`] says what rows mean, and a batch is made of them that remembers where each token came from.
//!
//! ```
//! use istar::logged::{FieldNames, advantage, formats};
//! use istar::recipes::Grpo;
//!
//! let dump = br#"{"input": "1 + 1", "output": "two", "score": 1.0, "step": 5}
//! {"input": "1 + 1", "output": "3", "score": 0.0, "step": 5}
//! "#;
//! let format = formats::find("verl-rollout")?;
//! let rollouts = formats::read(dump, format, None, &FieldNames::default())?;
//! let credit = advantage(&Grpo, rollouts.batch())?;
//! let mut out = Vec::new();
//! rollouts.write(&mut out, &credit)?;
//! assert!(out.starts_with(br#"{"input": "1 + 1", "output": "two", "score": 1.0, "step": 5,"istar_advantage":0.707"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chat;
mod container;
mod look;
mod nest;
mod parquet;
mod rows;
mod splice;
mod unpack;

pub use look::look;
pub use unpack::{unpack, unpacked};

use super::schema::Field;
use super::{Assigned, FieldNames, Logged, LoggedError};
use crate::suggest::hint;
use container::Rows;
use istar_lang::nearest;
use nest::{Places, Sample};
use serde_json::{Map, Value};
use std::io::{self, Write};

pub use super::step::Step;

/// How the numbers of an outcome become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// The sum of what stands under its name, of one number or of a list, one per token.
    Sum,
    /// The same number for every token.
    Same,
    /// The sum of all rewards that a row names, each a column; one that does not apply is null.
    Columns,
}

/// What a program writes.
#[derive(Debug)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a line.
    pub what: &'static str,
    /// What is a step where nobody says so.
    pub step: Step,
    /// It has no log-probabilities of the present policy: there is an advantage, and nothing else.
    pub advantage_only: bool,
    /// Keys of which the values that are equal make a group; of several lists, the first that a row has.
    group: &'static [&'static [&'static str]],
    /// Keys by which rows belong to one trajectory.
    traj: &'static [&'static str],
    /// Which tokens the policy wrote.
    mask: &'static [&'static str],
    outcome: Outcome,
    /// Names that fields have here; others are those that they have anywhere.
    names: &'static [(Field, &'static [&'static str])],
    /// What every row has, by which the format is known.
    sign: &'static [&'static str],
    samples: Reader,
}

/// What a row is read by: its samples.
type Reader = fn(&Reading<'_>, usize, &Map<String, Value>) -> Result<Vec<Sample>, String>;

/// How rows are read.
#[derive(Debug)]
struct Reading<'a> {
    format: &'static Format,
    step: Step,
    names: &'a FieldNames,
}

const MASKS: &[&str] = &["response_mask", "loss_mask", "completion_mask", "mask"];

/// The formats, from the one that is known best by its sign.
pub const FORMATS: &[Format] = &[
    Format {
        name: "verl-agent",
        what: "rows with uid, traj_uid and masks, as verl-agent and verl hold them: a row is a step",
        step: Step::Row,
        advantage_only: false,
        group: &[&["uid"]],
        traj: &["traj_uid"],
        mask: MASKS,
        outcome: Outcome::Sum,
        names: &[
            (
                Field::outcome,
                &["episode_rewards", "episode_reward", "outcome", "score", "token_level_scores"],
            ),
            (Field::reward, &["step_rewards", "step_reward", "rewards", "reward"]),
        ],
        sign: &["uid", "traj_uid"],
        samples: rows::samples,
    },
    Format {
        name: "prime-rl",
        what: "token exports of prime-rl: a sequence a row, with its mask and both log-probabilities",
        step: Step::Run,
        advantage_only: false,
        group: &[&["group_id"], &["example_id"], &["problem_id"], &["uid"]],
        traj: &[],
        mask: MASKS,
        outcome: Outcome::Same,
        names: &[(Field::outcome, &["rewards", "reward"])],
        sign: &["token_ids", "loss_mask"],
        samples: rows::samples,
    },
    Format {
        name: "openai",
        what: "chat messages or choices with `logprobs`, as servers that speak OpenAI's protocol return them",
        step: Step::Run,
        advantage_only: true,
        group: &[&["uid"], &["group_id"], &["example_id"], &["prompt"]],
        traj: &[],
        mask: &[],
        outcome: Outcome::Sum,
        names: &[(Field::outcome, &["reward", "score"])],
        sign: &["choices"],
        samples: chat::samples,
    },
    Format {
        name: "trl",
        what: "completions that TRL logs: step, prompt, completion, a column for each reward",
        step: Step::Row,
        advantage_only: true,
        group: &[&["step", "prompt"], &["prompt"]],
        traj: &[],
        mask: &[],
        outcome: Outcome::Columns,
        names: &[(Field::word, &["completion"])],
        sign: &["prompt", "completion"],
        samples: rows::samples,
    },
    Format {
        name: "verl-rollout",
        what: "verl's rollout dump: input, output, score, step",
        step: Step::Row,
        advantage_only: true,
        group: &[&["uid"], &["step", "input"], &["input"]],
        traj: &[],
        mask: &[],
        outcome: Outcome::Sum,
        names: &[(Field::word, &["output"])],
        sign: &["input", "output", "score"],
        samples: rows::samples,
    },
];

/// The format of this name.
///
/// # Errors
/// When there is none.
pub fn find(name: &str) -> Result<&'static Format, String> {
    let known = || FORMATS.iter().map(|format| format.name);
    FORMATS.iter().find(|format| format.name == name).ok_or_else(|| {
        let list: Vec<&str> = known().collect();
        format!("\"{name}\" is no format{}; known: {}", hint(nearest(name, known())), list.join(", "))
    })
}

/// Rollouts of a file: the batch that they are, and the rows that they came in.
#[derive(Debug)]
pub struct Rollouts {
    rows: Rows,
    batch: Logged,
    places: Places,
}

/// Reads a file in this format; it may be compressed.
///
/// # Errors
/// What is no row of the format, by its number from 1; what the reader of batches refuses.
pub fn read(
    file: &[u8],
    format: &'static Format,
    step: Option<Step>,
    names: &FieldNames,
) -> Result<Rollouts, LoggedError> {
    let told = |problem: String| LoggedError::Format(problem);
    let file = unpack(file).map_err(|error| told(error.to_string()))?;
    let rows = Rows::read(file).map_err(told)?;
    let reading = Reading { format, step: step.unwrap_or(format.step), names };
    let mut samples = Vec::new();
    for (number, row) in rows.rows().iter().enumerate() {
        let found = (format.samples)(&reading, number, row);
        samples.extend(found.map_err(|problem| {
            let looks = if number == 0 { looks(row, format) } else { String::new() };
            told(format!("row {}: {problem}{looks}", number + 1))
        })?);
    }
    let (batch, places) = nest::nest(samples)?;
    Ok(Rollouts { rows, batch, places })
}

/// What the row looks like, if that is another format.
fn looks(row: &Map<String, Value>, format: &Format) -> String {
    match look::of_row(|key| row.contains_key(key)) {
        Some(other) if other.name != format.name => {
            format!("; it looks like {}: try --from {}", other.what, other.name)
        }
        _ => String::new(),
    }
}

impl Rollouts {
    /// The batch.
    #[must_use]
    pub fn batch(&self) -> &Logged {
        &self.batch
    }

    /// Whether a terminal can show the rows, and a pipe take them.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.rows.is_text()
    }

    /// Writes the rows in their order and as they were, with `istar_advantage`, and where there are losses `istar_dloss_dlogp` and
    /// `istar_dloss_dprm`, added to each: a list where a row has lists, 0 where the policy wrote nothing, else a number.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write<W: Write>(&self, out: &mut W, credit: &Assigned) -> io::Result<()> {
        let columns = [
            ("istar_advantage", &credit.advantage),
            ("istar_dloss_dlogp", &credit.dloss_dlogp),
            ("istar_dloss_dprm", &credit.dloss_dprm),
        ];
        let columns: Vec<(&'static str, &[f64])> =
            columns.iter().filter_map(|(name, column)| Some((*name, column.as_deref()?))).collect();
        self.rows.write(out, &columns, &self.places)
    }
}
