//! Files of llama2.c: seven sizes and then all numbers, each kind of tensor for all layers together
//! (<https://github.com/karpathy/llama2.c>, `export.py`, version 0).

use super::{apart, checked, is_turned};
use crate::file::Refused;
use crate::kernels::Backend;
use crate::policy::gpt::{Config, Gpt};
use rustc_hash::FxHashMap;
use std::path::Path;

const HEADER: usize = 7 * 4;

/// The sizes of the header, in their order.
const SIZES: [&str; 7] = ["dim", "hidden_dim", "n_layers", "n_heads", "n_kv_heads", "vocab_size", "seq_len"];

pub(super) fn read<D: Backend>(file: &Path, bytes: &[u8], dev: &D) -> Result<Gpt<D>, Refused> {
    let refused = |what: String| Refused::new(file, what);
    let Some(header) = bytes.first_chunk::<HEADER>() else {
        return Err(refused(format!(
            "it has {} bytes; a file of llama2.c has {HEADER} of sizes, safetensors and GGUF begin otherwise",
            bytes.len()
        )));
    };
    let mut sizes = [0i32; 7];
    sizes
        .iter_mut()
        .zip(header.as_chunks::<4>().0)
        .for_each(|(size, bytes)| *size = i32::from_le_bytes(*bytes));
    let shown = || {
        let all: Vec<String> = SIZES.iter().zip(sizes).map(|(name, size)| format!("{name} {size}")).collect();
        all.join(", ")
    };
    let [width, hidden, layers, heads, kv_heads, vocabulary, context] = sizes;
    // A vocabulary below 0 says that the output layer is not the embedding.
    let whole = |size: i32| usize::try_from(size).unwrap_or(0);
    let config = Config {
        width: whole(width),
        hidden: whole(hidden),
        layers: whole(layers),
        heads: whole(heads),
        kv_heads: whole(kv_heads),
        tied: vocabulary > 0,
        ..Config::llama(vocabulary.unsigned_abs() as usize, whole(context))
    };
    let config = checked(file, config).map_err(|error| {
        refused(format!("it begins as no file of llama2.c does ({}): {}", shown(), error.what))
    })?;
    let places = places(&config);
    let needed = HEADER as u128 + 4 * places.numbers;
    if bytes.len() as u128 != needed {
        return Err(refused(format!(
            "it has {} bytes, but its sizes ({}) make {needed}",
            bytes.len(),
            shown()
        )));
    }
    Gpt::from_tensors(dev, config, |name, sizes| {
        let start = HEADER + 4 * places.of[name];
        let number: usize = sizes.iter().product();
        let numbers = bytes[start..][..4 * number].as_chunks().0;
        let values: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        Ok(if is_turned(name) { apart(&values, sizes[1], config.head()) } else { values })
    })
}

/// Where tensors begin, in numbers behind the header, and how many numbers there are in all.
struct Places {
    of: FxHashMap<String, usize>,
    numbers: u128,
}

fn places(config: &Config) -> Places {
    let kinds = [
        "input_layernorm",
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.o_proj",
        "post_attention_layernorm",
        "mlp.gate_proj",
        "mlp.down_proj",
        "mlp.up_proj",
    ];
    let layers = |kind: &'static str| {
        (0..config.layers).map(move |layer| format!("model.layers.{layer}.{kind}.weight"))
    };
    let first = ["model.embed_tokens.weight".to_owned()].into_iter();
    let order = first.chain(kinds.into_iter().flat_map(layers)).chain(["model.norm.weight".to_owned()]);
    let sizes: FxHashMap<String, u128> = config
        .tensors()
        .into_iter()
        .map(|(name, sizes)| (name, sizes.iter().map(|size| *size as u128).product()))
        .collect();
    let (mut of, mut numbers) = (FxHashMap::default(), 0u128);
    for name in order {
        let size = sizes[&name];
        of.insert(name, numbers as usize);
        numbers += size;
    }
    // Tables of cosines and sines that no one reads any more.
    numbers += (config.context * config.head()) as u128;
    if !config.tied {
        of.insert("lm_head.weight".to_owned(), numbers as usize);
        numbers += sizes["lm_head.weight"];
    }
    Places { of, numbers }
}
