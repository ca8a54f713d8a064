//! Small rollouts in every format that the credit door reads, and mutations of them.

use istar::logged::{FieldNames, Logged, advantage, assign, formats, write};
use istar::recipes::Grpo;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::sync::Arc;

/// Rows as JSON Lines.
pub fn lines(rows: &[Value]) -> Vec<u8> {
    rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes()
}

/// Two prompts with two answers each, as verl dumps them.
pub fn dump() -> Vec<u8> {
    let row = |input: &str, output: &str, score: f64| json!({"input": input, "output": output, "gts": "x", "score": score, "step": 7, "acc": score > 0.5});
    lines(&[row("a", "1", 1.0), row("b", "2", 0.5), row("a", "3", 0.0), row("b", "4", 0.5)])
}

/// Two trajectories of two rows each, as verl-agent holds them; the last row only fills the batch.
pub fn agent() -> Vec<Value> {
    let row = |traj: &str, state: &str, outcome: f64, reward: f64, valid: bool| {
        json!({"uid": "q", "traj_uid": traj, "anchor_obs": state, "is_action_valid": valid,
            "episode_rewards": outcome, "rewards": reward, "response_mask": [1, 0, 1],
            "old_log_probs": [-0.5, 0.0, -0.75], "log_prob": [-0.5, null, -0.5], "ref_log_prob": [-0.25, 0.0, -0.5]})
    };
    let mut rows = vec![
        row("u", "s", 0.75, 0.0, false),
        row("v", "s", 0.0, 0.0, true),
        row("u", "t", 0.75, 1.0, true),
        row("v", "w", 0.0, 0.0, true),
        row("v", "w", 0.0, 0.0, true),
    ];
    rows[4]["active_masks"] = json!(false);
    rows
}

/// Sequences as prime-rl exports them.
pub fn exports() -> Vec<Value> {
    let row = |group: u8, reward: f64| {
        json!({"step": 3, "sample_id": null, "group_id": group, "token_ids": [5, 6, 7, 8, 9],
            "loss_mask": [false, true, true, false, true], "rewards": [reward, reward, reward, reward, reward],
            "inference_logprobs": [0.0, -0.5, -0.25, 0.0, -1.0], "trainer_logprobs": [-9.0, -0.5, -0.5, -3.0, -1.0],
            "entropy": [0.5, 0.5, 0.5, 0.5, 0.5], "rl_weights": null})
    };
    vec![row(0, 1.0), row(0, 0.0), row(1, 0.25), row(1, 0.75)]
}

/// An answer with three choices, as a server returns it, and rewards beside them.
pub fn answer() -> Vec<Value> {
    let choice = |index: u8, reward: f64| {
        json!({"index": index, "reward": reward, "message": {"role": "assistant", "content": "hi there"},
            "logprobs": {"content": [{"token": "hi", "logprob": -0.25, "bytes": [104, 105], "top_logprobs": []},
                {"token": " there", "logprob": -0.5, "bytes": null, "top_logprobs": []}]}})
    };
    vec![json!({"id": "x", "choices": [choice(0, 1.0), choice(1, 0.0), choice(2, 1.0)]})]
}

/// Completions as TRL logs them.
pub fn completions() -> Vec<Value> {
    let row = |completion: &str, accuracy: Option<f64>, form: f64| {
        json!({"step": 3, "prompt": [{"role": "user", "content": "hi"}],
            "completion": [{"role": "assistant", "content": completion}], "accuracy_reward": accuracy,
            "format_reward": form, "advantage": 9.0})
    };
    vec![row("a", Some(1.0), 0.5), row("b", Some(0.0), 0.25), row("c", None, 0.25), row("d", Some(1.0), 0.0)]
}

/// Rows of verl-agent in the columns of a table.
pub fn csv() -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let keys = ["uid", "traj_uid", "episode_rewards", "response_mask", "old_log_probs", "log_prob"];
    csv.write_record(keys).expect("into memory");
    for row in agent().iter().take(4) {
        let cell = |key: &&str| row[*key].as_str().map_or_else(|| row[*key].to_string(), str::to_owned);
        csv.write_record(keys.iter().map(cell)).expect("into memory");
    }
    csv.into_inner().expect("into memory")
}

/// The same, and two row groups, as a file of Parquet.
pub fn parquet() -> Vec<u8> {
    let schema =
        "message rows { required binary uid (UTF8); required binary traj_uid (UTF8); required int64 count;
        required double episode_rewards;
        optional group old_log_probs (LIST) { repeated group list { required double element; } }
        optional group log_prob (LIST) { repeated group list { required double element; } } }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(WriterProperties::default()))
        .expect("into memory");
    for (traj, outcome) in [("u", 1.0), ("v", 0.0)] {
        let mut group = writer.next_row_group().expect("into memory");
        for text in ["q", traj] {
            let mut column = group.next_column().expect("into memory").expect("a column");
            let texts = [ByteArray::from(text), ByteArray::from(text)];
            column.typed::<ByteArrayType>().write_batch(&texts, None, None).expect("into memory");
            column.close().expect("into memory");
        }
        let mut column = group.next_column().expect("into memory").expect("a column");
        column.typed::<Int64Type>().write_batch(&[1 << 60, -1], None, None).expect("into memory");
        column.close().expect("into memory");
        let mut column = group.next_column().expect("into memory").expect("a column");
        column.typed::<DoubleType>().write_batch(&[outcome; 2], None, None).expect("into memory");
        column.close().expect("into memory");
        for _ in 0..2 {
            let mut column = group.next_column().expect("into memory").expect("a column");
            let (values, defined, repeated) = ([-0.5, -0.25, -0.75], [2, 2, 2], [0, 1, 0]);
            column
                .typed::<DoubleType>()
                .write_batch(&values, Some(&defined), Some(&repeated))
                .expect("into memory");
            column.close().expect("into memory");
        }
        group.close().expect("into memory");
    }
    writer.into_inner().expect("into memory")
}

/// Two groups of two trajectories in the nesting of the door's own.
pub fn nested() -> Vec<u8> {
    let step = |state: &str, old: f64| {
        json!({"state": state, "reward": 0.5, "valid": true, "text": "a room", "tokens": [
            {"old": old, "logp": old + 0.125, "ref": old - 0.25, "prm": old, "value": 0.5, "text": "go"},
            {"old": old - 1.0, "logp": old - 1.25, "ref": old - 1.0, "prm": old - 1.5, "value": 0.25, "text": "on"}]})
    };
    let traj = |outcome: f64| json!({"outcome": outcome, "success": outcome > 0.0, "done": true, "steps": [step("a", -0.5), step("b", -0.75)]});
    let group = json!({"prompt": "p", "trajectories": [traj(1.0), traj(0.0)]});
    json!({"groups": [group, group]}).to_string().into_bytes()
}

/// A file in each format, with the format's name; the first is the door's own.
pub fn files() -> Vec<(Vec<u8>, Option<&'static str>)> {
    vec![
        (nested(), None),
        (dump(), Some("verl-rollout")),
        (lines(&agent()), Some("verl-agent")),
        (csv(), Some("verl-agent")),
        (parquet(), Some("verl-agent")),
        (lines(&exports()), Some("prime-rl")),
        (lines(&answer()), Some("openai")),
        (lines(&completions()), Some("trl")),
    ]
}

/// What becomes of a file: the result as text, or what is wrong.
///
/// # Errors
/// A line that names it.
pub fn credited(file: &[u8], format: Option<&str>) -> Result<String, String> {
    let mut out = Vec::new();
    match format {
        None => {
            let batch = Logged::read(file).map_err(|error| error.to_string())?;
            let credit = assign(&Grpo, &batch).map_err(|error| error.to_string())?;
            write(&mut out, &batch, &credit).map_err(|error| error.to_string())?;
        }
        Some(name) => {
            let names = FieldNames::default();
            let rows =
                formats::read(file, formats::find(name)?, None, &names).map_err(|error| error.to_string())?;
            let credit = advantage(&Grpo, rows.batch()).map_err(|error| error.to_string())?;
            rows.write(&mut out, &credit).map_err(|error| error.to_string())?;
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// How often mutated files were credited, and how often refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fates {
    /// A result without null.
    pub credited: u64,
    /// One line.
    pub refused: u64,
}

/// So many mutations of every file, each of which is credited or refused.
///
/// # Panics
/// When one is neither: a panic of the door, an error of several lines, a number that is none.
pub fn mutate(count: u64, seed: u64) -> Fates {
    let (files, mut fates) = (files(), Fates::default());
    for number in 0..count {
        for (file, format) in &files {
            let mut random = ChaCha8Rng::seed_from_u64(seed.wrapping_add(number));
            match credited(&mutated(file, &mut random), *format) {
                Ok(result) => {
                    let null = if format.is_none() { "null" } else { "istar_advantage\":null" };
                    assert!(!result.contains(null), "seed {seed}, {number}, {format:?}: {result}");
                    fates.credited += 1;
                }
                Err(error) => {
                    assert!(!error.contains('\n'), "seed {seed}, {number}, {format:?}: {error}");
                    fates.refused += 1;
                }
            }
        }
    }
    fates
}

/// The file with bytes taken away, put in, doubled or turned.
pub fn mutated(file: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"null", b"NaN", b"1e999", b"[]", b"{}", b"\"", b",", b"-1e9", b"\\ud83d", b"\xff", b"0", b"]",
        b"true",
    ];
    let mut file = file.to_vec();
    for _ in 0..random.random_range(1..3) {
        let at = random.random_range(0..file.len().max(1)).min(file.len());
        let end = (at + random.random_range(0..6)).min(file.len());
        match random.random_range(0..4) {
            0 => _ = file.drain(at..end),
            1 => {
                let piece = PIECES[random.random_range(0..PIECES.len())];
                file.splice(at..end, piece.iter().copied());
            }
            2 => {
                let part = file[at..end].to_vec();
                file.splice(at..at, part);
            }
            _ => {
                if let Some(byte) = file.get_mut(at) {
                    *byte ^= 1 << random.random_range(0..8);
                }
            }
        }
    }
    file
}
