//! Small networks written as others write them, whole and damaged.

use super::*;
use crate::policy::Parameters;
use crate::policy::gpt::Positions;
use dfdx::prelude::Cpu;
use std::path::PathBuf;

fn net(tied: bool) -> Gpt<Cpu> {
    let config = Config { width: 16, hidden: 24, tied, ..Config::llama(9, 12) };
    Gpt::new(&Cpu::default(), config, 1).expect("sizes that go together")
}

/// The other way of [`apart`].
fn neighbours(rows: &[f32], width: usize, head: usize) -> Vec<f32> {
    let mut out = vec![0.0; rows.len()];
    for (row, numbers) in rows.chunks_exact(width).enumerate() {
        let (start, at) = (row / head * head, row % head);
        let place = start + 2 * (at % (head / 2)) + at / (head / 2);
        out[place * width..][..width].copy_from_slice(numbers);
    }
    out
}

/// As llama2.c has it.
fn bytes(net: &Gpt<Cpu>) -> Vec<u8> {
    let config = net.config();
    let sign = if config.tied { 1 } else { -1 };
    let sizes =
        [config.width, config.hidden, config.layers, config.heads, config.kv_heads, config.vocabulary];
    let mut sizes: Vec<i32> = sizes.iter().map(|size| *size as i32).collect();
    sizes[5] *= sign;
    sizes.push(config.context as i32);
    let mut bytes: Vec<u8> = sizes.iter().flat_map(|size| size.to_le_bytes()).collect();
    let all = net.parameters();
    let mut push = |end: &str| {
        for (name, parameter) in all.iter().filter(|(name, _)| name.contains(end)) {
            let values = match is_turned(name) {
                true => neighbours(&parameter.values(), config.width, config.head()),
                false => parameter.values(),
            };
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
    };
    let kinds = ["input_layernorm", "q_proj", "k_proj", "v_proj", "o_proj", "post_attention"];
    push("embed_tokens");
    kinds.into_iter().for_each(&mut push);
    ["gate", "down", "up", "model.norm"].into_iter().for_each(&mut push);
    let table = vec![0; 4 * config.context * config.head()];
    bytes.extend(table);
    for (_, parameter) in all.iter().filter(|(name, _)| name == "lm_head.weight") {
        bytes.extend(parameter.values().iter().flat_map(|value| value.to_le_bytes()));
    }
    bytes
}

/// As llama.cpp has it, in 32 bits; `more` is a value besides.
fn gguf_bytes(net: &Gpt<Cpu>, more: Option<(&str, &str)>) -> Vec<u8> {
    let config = net.config();
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let sizes = [
        ("block_count", config.layers),
        ("context_length", config.context),
        ("embedding_length", config.width),
        ("feed_forward_length", config.hidden),
        ("attention.head_count", config.heads),
        ("attention.head_count_kv", config.kv_heads),
    ];
    let (all, mut data) = (net.parameters(), Vec::new());
    let texts: Vec<(&str, &str)> = [("general.architecture", "llama")].into_iter().chain(more).collect();
    let mut bytes = [&b"GGUF"[..], &3u32.to_le_bytes(), &(all.len() as u64).to_le_bytes()].concat();
    bytes.extend(((sizes.len() + texts.len() + 1) as u64).to_le_bytes());
    for (key, value) in texts {
        bytes.extend([text(key), 8u32.to_le_bytes().to_vec(), text(value)].concat());
    }
    for (key, size) in sizes {
        bytes.extend([text(&format!("llama.{key}")), 4u32.to_le_bytes().to_vec()].concat());
        bytes.extend((size as u32).to_le_bytes());
    }
    bytes.extend([text("llama.attention.layer_norm_rms_epsilon"), 6u32.to_le_bytes().to_vec()].concat());
    bytes.extend(config.eps.to_le_bytes());
    for (name, parameter) in &all {
        let sizes = parameter.sizes();
        bytes.extend(text(&gguf::theirs(name)));
        bytes.extend((sizes.len() as u32).to_le_bytes());
        sizes.iter().rev().for_each(|size| bytes.extend((*size as u64).to_le_bytes()));
        bytes.extend(0u32.to_le_bytes());
        bytes.extend((data.len() as u64).to_le_bytes());
        let values = match is_turned(name) {
            true => neighbours(&parameter.values(), config.width, config.head()),
            false => parameter.values(),
        };
        data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        data.resize(data.len().next_multiple_of(32), 0);
    }
    bytes.resize(bytes.len().next_multiple_of(32), 0);
    [bytes, data].concat()
}

#[test]
fn files_of_llama_cpp_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for tied in [true, false] {
        let net = net(tied);
        let found = read(&file(&folder, &gguf_bytes(&net, None)), &Cpu::default()).expect("read");
        assert_equal(&found, &net);
    }
    let scaled = gguf_bytes(&net(true), Some(("llama.rope.scaling.type", "yarn")));
    let file = file(&folder, &scaled);
    let error = read(&file, &Cpu::default()).expect_err("refused").to_string();
    assert_eq!(
        error,
        format!("{}: its positions are scaled (yarn), which is not built here", file.display())
    );
}

fn file(folder: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    let file = folder.path().join("model");
    std::fs::write(&file, bytes).expect("written");
    file
}

fn assert_equal(a: &Gpt<Cpu>, b: &Gpt<Cpu>) {
    assert_eq!(a.config(), b.config());
    for ((name, a), (_, b)) in a.parameters().iter().zip(b.parameters()) {
        assert_eq!(a.values(), b.values(), "{name}");
    }
}

#[test]
fn files_of_llama2c_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for tied in [true, false] {
        let net = net(tied);
        let found = read(&file(&folder, &bytes(&net)), &Cpu::default()).expect("read");
        assert_equal(&found, &net);
    }
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    for tied in [true, false] {
        let mut net = net(tied);
        net.config.positions = Positions::Rotary { base: 500_000.0 };
        let file = folder.path().join("model.safetensors");
        write(&net, &file).expect("written");
        assert_equal(&read(&file, &Cpu::default()).expect("read"), &net);
    }
    let other = Gpt::new(&Cpu::default(), Config::gpt(9, 12), 0).expect("sizes that go together");
    let error = write(&other, Path::new("x.safetensors")).expect_err("refused").to_string();
    assert_eq!(error, "x.safetensors: only networks of Llama's kind are written so");
}

#[test]
fn damaged_files_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = bytes(&net(true));
    let refused = |bytes: &[u8]| {
        let file = file(&folder, bytes);
        let text = read(&file, &Cpu::default()).expect_err("refused").to_string();
        text.strip_prefix(&format!("{}: ", file.display())).expect("the file first").to_owned()
    };
    let sizes = "dim 16, hidden_dim 24, n_layers 2, n_heads 4, n_kv_heads 2, vocab_size 9, seq_len 12";
    let len = bytes.len();
    assert_eq!(
        refused(&bytes[..len - 4]),
        format!("it has {} bytes, but its sizes ({sizes}) make {len}", len - 4)
    );
    assert_eq!(
        refused(&bytes[..9]),
        "it has 9 bytes; a file of llama2.c has 28 of sizes, safetensors and GGUF begin otherwise"
    );
    let mut heads = bytes.clone();
    heads[12] = 5;
    let sizes = sizes.replace("n_heads 4", "n_heads 5");
    let expected =
        format!("it begins as no file of llama2.c does ({sizes}): 5 heads do not divide a width of 16");
    assert_eq!(refused(&heads), expected);
    let mut huge = bytes;
    huge[..28].fill(0x7f);
    assert!(refused(&huge).contains("vocabulary is 2139062143"), "{}", refused(&huge));
    assert!(
        refused(b"GGUF\x03\0\0\0").starts_with("it is cut short: the number of its arrays takes 8 bytes")
    );
}

#[test]
fn what_cannot_be_built_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("model.safetensors");
    let net = net(true);
    write(&net, &file).expect("written");
    let beside = folder.path().join("config.json");
    let text = std::fs::read_to_string(&beside).expect("there");
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        std::fs::write(&beside, text.replace(from, to)).expect("written");
        read(&file, &Cpu::default()).expect_err("refused").to_string()
    };
    let at = beside.display();
    let error = refused("\"llama\"", "\"mamba\"");
    assert_eq!(error, format!("{at}: `model_type` is \"mamba\"; \"llama\" is read"));
    let error = refused("\"torch_dtype\"", "\"rope_scaling\": {\"factor\": 8.0}, \"torch_dtype\"");
    assert_eq!(error, format!("{at}: `rope_scaling` is {{\"factor\":8.0}}, which is not built here"));
    let error = refused("\"vocab_size\": 9", "\"vocab_size\": 10");
    let tensor = "tensor `model.embed_tokens.weight` is [9, 16], but";
    assert_eq!(error, format!("{}: {tensor} {at} makes it [10, 16]", file.display()));
    let error = refused("\"num_attention_heads\": 4", "\"num_attention_heads\": 3");
    assert_eq!(error, format!("{at}: 3 heads do not divide a width of 16"));
    std::fs::remove_file(&beside).expect("removed");
    let error = read(&file, &Cpu::default()).expect_err("refused").to_string();
    assert!(error.starts_with(&format!("{at}: it cannot be read: ")), "{error}");
}
