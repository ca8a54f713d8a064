//! Networks over tokens against what others computed.

use clap::Parser;
use dfdx::prelude::Cpu;
use istar::cli::lm;
use istar::policy::gpt::{Gpt, read};
use istar::tokenizer::Tokenizer;
use istar_tests::shared;
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Goldens {
    tokenizer_cases: Vec<Tokens>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Tokens {
    text: String,
    tokens: Vec<u32>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    tokens: Vec<u32>,
    logits: Vec<Vec<f32>>,
    greedy_24: Vec<u32>,
    greedy_text: String,
}

fn goldens() -> Option<(Goldens, PathBuf, PathBuf)> {
    let text = std::fs::read_to_string(shared("goldens/stories260k_forward.json")?).expect("readable golden");
    let goldens = serde_json::from_str(&text).expect("goldens");
    Some((goldens, shared("data/stories260K.bin")?, shared("data/tok512.bin")?))
}

#[test]
fn texts_are_cut_as_llama2c_cuts_them() {
    let Some((goldens, _, tokenizer)) = goldens() else { return };
    let tokenizer = Tokenizer::read(&tokenizer).expect("a tokenizer");
    let cases = goldens.cases.into_iter().map(|case| Tokens { text: case.text, tokens: case.tokens });
    for Tokens { text, tokens } in goldens.tokenizer_cases.into_iter().chain(cases) {
        assert_eq!(tokenizer.encode(&text), Ok(tokens.clone()), "{text}");
        assert_eq!(tokenizer.decode(&tokens), Ok(text));
    }
    assert_eq!(tokenizer.vocabulary(), 512);
}

#[test]
fn stories_are_continued_as_they_should_be() {
    let Some((goldens, weights, _)) = goldens() else { return };
    let net: Gpt<Cpu> = read::read(&weights, &Cpu::default()).expect("a network");
    assert_eq!(net.size(), 260_032);
    for case in &goldens.cases {
        let mut decoder = net.decoder();
        let mut at = None;
        for (token, expected) in case.tokens.iter().zip(&case.logits) {
            let end = decoder.read(&[(at, &[*token])]);
            at = Some(end[0]);
            let found = decoder.logits(&end);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-4, "{}: {found} against {expected}", case.text);
            }
        }
        let mut found = Vec::new();
        for _ in 0..case.greedy_24.len() {
            let logits = decoder.logits(&[at.expect("an end")]);
            let best = (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).expect("a token");
            found.push(best as u32);
            at = Some(decoder.read(&[(at, &[best as u32])])[0]);
        }
        assert_eq!(found, case.greedy_24, "{}", case.text);
    }
}

fn run(arguments: &[&str]) -> Result<String, String> {
    let arguments = lm::Arguments::try_parse_from([&["lm"], arguments].concat());
    let mut out = Vec::new();
    lm::job(&arguments.map_err(|error| error.to_string())?, &mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).expect("results are text"))
}

#[test]
fn the_job_prints_logits_and_goes_on() {
    let Some((goldens, weights, tokenizer)) = goldens() else { return };
    let files = [weights.to_str().expect("a readable name"), tokenizer.to_str().expect("a readable name")];
    let with = |rest: &[&str]| run(&[&["--weights", files[0], "--tokenizer", files[1]], rest].concat());
    for case in &goldens.cases {
        let found: Value =
            serde_json::from_str(&with(&["--text", &case.text, "--logits"]).expect("logits")).expect("JSON");
        assert_eq!(found["tokens"], serde_json::json!(case.tokens));
        let rows = found["logits"].as_array().expect("rows");
        assert_eq!(rows.len(), case.logits.len());
        for (row, expected) in rows.iter().zip(&case.logits) {
            let row: Vec<f32> = serde_json::from_value(row.clone()).expect("numbers");
            assert_eq!(row.len(), expected.len());
            assert!(row.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-4));
        }
    }
    let case = &goldens.cases[0];
    let text = with(&["--text", &case.text, "--tokens", "24"]).expect("a story");
    assert_eq!(text.trim_end_matches('\n'), case.greedy_text);
    assert_ne!(
        with(&["--text", "Once", "--temperature", "1"]),
        with(&["--text", "Once", "--temperature", "1", "--seed", "1"])
    );

    let long = "a ".repeat(600);
    let error = with(&["--text", &long]).expect_err("too long");
    assert!(error.ends_with("the network reads 512 at most"), "{error}");
    let error =
        run(&["--weights", files[1], "--tokenizer", files[1], "--text", "x"]).expect_err("no weights");
    assert!(error.contains("it begins as no file of llama2.c does"), "{error}");
    let error = run(&["--weights", files[0], "--text", "x"]).expect_err("no tokenizer");
    assert!(error.starts_with(&format!("{}: it is cut short: piece 2", files[0])), "{error}");
    let error = with(&["--text", "x", "--temperature=-1"]).expect_err("too cold");
    assert_eq!(error, "--temperature -1: a number from 0 is wanted");
}
