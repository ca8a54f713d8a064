//! Networks of Llama's kind as Hugging Face keeps them: one safetensors file, and `config.json` beside it.

use super::checked;
use crate::file::Refused;
use crate::gguf::{bf16, f16};
use crate::kernels::Backend;
use crate::policy::gpt::{Config, Feed, Gpt, Normed, Positions};
use crate::policy::{Parameters, weights::Arrays};
use safetensors::{Dtype, SafeTensors};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(super) fn read<D: Backend>(file: &Path, bytes: &[u8], dev: &D) -> Result<Gpt<D>, Refused> {
    let refused = |what: String| Refused::new(file, what);
    let tensors = SafeTensors::deserialize(bytes)
        .map_err(|error| refused(format!("it is not a whole safetensors file: {error}")))?;
    let beside = beside(file);
    let text = crate::file::read(&beside)?;
    let config = serde_json::from_slice(&text)
        .map_err(|error| Refused::new(&beside, error.to_string()))
        .and_then(|value| config(&beside, &value))?;
    let config = checked(&beside, config)?;
    Gpt::from_tensors(dev, config, |name, sizes| {
        let tensor = tensors.tensor(name).map_err(|_| {
            let names = tensors.names();
            let first = names.iter().min().map_or("none", |name| *name);
            refused(format!("there is no tensor `{name}` among its {}, from `{first}` on", names.len()))
        })?;
        if tensor.shape() != sizes {
            return Err(refused(format!(
                "tensor `{name}` is {:?}, but {} makes it {sizes:?}",
                tensor.shape(),
                beside.display()
            )));
        }
        let data = tensor.data();
        match tensor.dtype() {
            Dtype::F32 => Ok(data.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()),
            Dtype::F16 => Ok(data.as_chunks().0.iter().map(|bytes| f16(*bytes)).collect()),
            Dtype::BF16 => Ok(data.as_chunks().0.iter().map(|bytes| bf16(*bytes)).collect()),
            other => Err(refused(format!("tensor `{name}` is {other:?}; F32, F16 and BF16 are read"))),
        }
    })
}

/// Writes a network of Llama's kind as `file`, safetensors in 32 bits, with `config.json` beside it: Hugging Face's
/// libraries load the folder, and so does [`read`](super::read).
///
/// # Errors
/// When the network is of another kind, or the file system refuses.
pub fn write<D: Backend>(net: &Gpt<D>, file: &Path) -> Result<(), Refused> {
    let refused = |what: String| Refused::new(file, what);
    let config = net.config();
    let (Normed::RootMeanSquare, Feed::SwiGlu, Positions::Rotary { base }) =
        (config.normed, config.feed, config.positions)
    else {
        return Err(refused("only networks of Llama's kind are written so".into()));
    };
    let mut arrays = Arrays::new();
    for (name, parameter) in net.parameters() {
        arrays.insert_f32(name, parameter.sizes(), parameter.values());
    }
    arrays.save(file).map_err(|error| refused(error.to_string()))?;
    let described = json!({
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": config.width,
        "intermediate_size": config.hidden,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "vocab_size": config.vocabulary,
        "max_position_embeddings": config.context,
        "rms_norm_eps": config.eps,
        "rope_theta": base,
        "tie_word_embeddings": config.tied,
        "torch_dtype": "float32",
    });
    let beside = beside(file);
    crate::file::write(&beside, format!("{described:#}\n").as_bytes())
        .map_err(|error| Refused::new(&beside, format!("it cannot be written: {error}")))
}

fn beside(file: &Path) -> PathBuf {
    file.with_file_name("config.json")
}

fn config(file: &Path, value: &Value) -> Result<Config, Refused> {
    let refused = |what: String| Refused::new(file, what);
    let kind = value.get("model_type").and_then(Value::as_str);
    if kind != Some("llama") {
        return Err(refused(format!(
            "`model_type` is {}; \"llama\" is read",
            shown(value.get("model_type"))
        )));
    }
    let maybe = |key: &str| match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(found) => match found.as_u64() {
            Some(number) => Ok(Some(usize::try_from(number).unwrap_or(usize::MAX))),
            None => Err(refused(format!("`{key}` is {found}, but a whole number is wanted"))),
        },
    };
    let number = |key: &str| maybe(key)?.ok_or_else(|| refused(format!("`{key}` is not said")));
    // Later releases keep the base in a group of its own.
    let rope = value.get("rope_parameters").filter(|rope| !rope.is_null());
    let kind = rope.and_then(|rope| rope.get("rope_type")).and_then(Value::as_str).unwrap_or("default");
    if kind != "default" {
        return Err(refused(format!("`rope_type` is {kind:?}, which is not built here")));
    }
    let float = |key: &str, otherwise: f64| match rope.and_then(|rope| rope.get(key)).or(value.get(key)) {
        None | Some(Value::Null) => Ok(otherwise),
        Some(found) => {
            found.as_f64().ok_or_else(|| refused(format!("`{key}` is {found}, but a number is wanted")))
        }
    };
    for key in ["attention_bias", "mlp_bias"] {
        if value.get(key).is_some_and(|flag| flag != &Value::Bool(false)) {
            return Err(refused(format!("`{key}` is {}, which is not built here", shown(value.get(key)))));
        }
    }
    if value.get("rope_scaling").is_some_and(|scaling| !scaling.is_null()) {
        return Err(refused(format!(
            "`rope_scaling` is {}, which is not built here",
            shown(value.get("rope_scaling"))
        )));
    }
    let act = value.get("hidden_act").and_then(Value::as_str).unwrap_or("silu");
    if act != "silu" {
        return Err(refused(format!("`hidden_act` is {act:?}; \"silu\" is read")));
    }
    let heads = number("num_attention_heads")?;
    let config = Config {
        width: number("hidden_size")?,
        hidden: number("intermediate_size")?,
        layers: number("num_hidden_layers")?,
        heads,
        kv_heads: maybe("num_key_value_heads")?.unwrap_or(heads),
        eps: float("rms_norm_eps", 1e-6)? as f32,
        positions: Positions::Rotary { base: float("rope_theta", 10_000.0)? },
        tied: value.get("tie_word_embeddings").and_then(Value::as_bool).unwrap_or(false),
        ..Config::llama(number("vocab_size")?, number("max_position_embeddings")?)
    };
    match maybe("head_dim")? {
        Some(head) if heads == 0 || head * heads != config.width => {
            Err(refused(format!("{heads} heads of {head} numbers are not a width of {}", config.width)))
        }
        _ => Ok(config),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or("not said".to_owned(), Value::to_string)
}
