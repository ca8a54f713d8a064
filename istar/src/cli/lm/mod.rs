//! The job `lm`: what a language model thinks of a text, and how it would go on.

use super::Error;
use super::device::Device;
#[cfg(feature = "cuda")]
use crate::kernels::Backend;
use crate::kernels::{Place, Text, set_threads};
use crate::policy::draw;
use crate::policy::gpt::{Decoder, Gpt, read};
use crate::seed::stream;
use crate::tokenizer::Tokenizer;
use clap::Parser;
use dfdx::prelude::Cpu;
#[cfg(feature = "cuda")]
use dfdx::prelude::Cuda;
use rand_chacha::rand_core::Rng;
use std::io::Write;
use std::path::PathBuf;

/// Shows what a language model thinks of a text, or continues it.
#[derive(Debug, Parser)]
#[command(name = "lm", version, max_term_width = 100)]
pub struct Arguments {
    /// Weights of a network of Llama's kind: of llama2.c, safetensors with config.json beside it, or GGUF
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Its tokenizer: tokenizer.bin of llama2.c, tokenizer.json, or a GGUF file; without it, the one in the weights' own file
    #[arg(long, value_name = "FILE")]
    tokenizer: Option<PathBuf>,
    /// The text
    #[arg(long, value_name = "TEXT")]
    text: String,
    /// Print one JSON object: the text's tokens, and for each of them a logit per token that could follow it
    #[arg(long)]
    logits: bool,
    /// Continue by so many tokens at most
    #[arg(long, value_name = "N", default_value_t = 64, conflicts_with = "logits")]
    tokens: usize,
    /// Draw from the probabilities to the power of 1 / T; 0 takes the most probable
    #[arg(long, value_name = "T", default_value_t = 0.0, conflicts_with = "logits")]
    temperature: f64,
    /// Seed of what is drawn
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "logits")]
    seed: u64,
    /// Threads of the kernels
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = super::at_least_one::<u64>)]
    threads: u64,
    /// Where logits are computed; a text is continued on the processor
    #[arg(long, value_enum, default_value = "cpu")]
    device: Device,
}

/// Runs the job.
///
/// # Errors
/// Files that cannot be read or do not go together, a text that is too long, a temperature below 0.
pub fn job(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Error> {
    let Arguments { weights, temperature, .. } = arguments;
    if !(temperature.is_finite() && *temperature >= 0.0) {
        return Err(format!("--temperature {temperature}: a number from 0 is wanted").into());
    }
    set_threads(arguments.threads as usize);
    let place = arguments.device.place()?;
    if place != Place::Cpu && !arguments.logits {
        eprintln!(
            "remark: a text is continued word by word, which the processor does; the device computes --logits"
        );
    }
    let tokenizer = Tokenizer::read(arguments.tokenizer.as_ref().unwrap_or(weights))?;
    let net: Gpt<Cpu> = read::read(weights, &Cpu::default())?;
    let config = *net.config();
    if tokenizer.vocabulary() > config.vocabulary {
        let (tokens, known) = (tokenizer.vocabulary(), config.vocabulary);
        return Err(format!(
            "the tokenizer has {tokens} tokens, the network {known}; they do not go together"
        )
        .into());
    }
    let tokens = tokenizer.encode(&arguments.text)?;
    if tokens.is_empty() {
        return Err(
            "--text is empty, and this tokenizer puts nothing in front of a text; say something".into()
        );
    }
    if let Some(token) = tokens.iter().find(|token| **token as usize >= config.vocabulary) {
        let known = config.vocabulary;
        return Err(format!(
            "the tokenizer has a token {token}, the network {known}; they do not go together"
        )
        .into());
    }
    if tokens.len() > config.context {
        let (found, most) = (tokens.len(), config.context);
        return Err(format!("--text has {found} tokens; the network reads {most} at most").into());
    }
    match place {
        Place::Cpu if arguments.logits => print(&net, &tokens, out),
        #[cfg(feature = "cuda")]
        Place::Cuda if arguments.logits => print(&net.to(&Cuda::here()), &tokens, out),
        _ => {
            let all = go_on(&mut net.decoder(), &tokenizer, tokens, config.context, arguments);
            Ok(writeln!(out, "{}", tokenizer.decode(&all)?)?)
        }
    }
}

/// `{"tokens": [..], "logits": [[..], ..]}`, a row per token.
fn print<D: Text>(net: &Gpt<D>, tokens: &[u32], out: &mut dyn Write) -> Result<(), Error> {
    write!(out, "{{\"tokens\": {}, \"logits\": [", serde_json::to_string(tokens)?)?;
    let mut first = true;
    for rows in net.logits_of(tokens) {
        for row in rows.chunks_exact(net.config().vocabulary) {
            let comma = if std::mem::take(&mut first) { "" } else { ", " };
            write!(out, "{comma}{}", serde_json::to_string(row)?)?;
        }
    }
    Ok(writeln!(out, "]}}")?)
}

/// Tokens and what follows them, up to the end of the text, of the context, or of what is asked for.
fn go_on(
    decoder: &mut Decoder,
    tokenizer: &Tokenizer,
    mut tokens: Vec<u32>,
    context: usize,
    arguments: &Arguments,
) -> Vec<u32> {
    let mut random = stream(arguments.seed, "lm", 0);
    let most = context.min(tokens.len().saturating_add(arguments.tokens));
    let mut end = decoder.read(&[(None, &tokens)])[0];
    while tokens.len() < most {
        let logits = decoder.logits(&[end]);
        let uniform = f64::from(random.next_u32()) / (f64::from(u32::MAX) + 1.0);
        let token = draw(&logits, uniform, arguments.temperature) as u32;
        if tokenizer.ends(token) {
            break;
        }
        tokens.push(token);
        if tokens.len() < most {
            end = decoder.read(&[(Some(end), &[token])])[0];
        }
    }
    tokens
}
