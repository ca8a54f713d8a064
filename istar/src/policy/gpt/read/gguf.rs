//! Networks of Llama's kind in files of llama.cpp.

use super::{apart, checked, is_turned};
use crate::file::Refused;
use crate::gguf::Gguf;
use crate::kernels::Backend;
use crate::policy::gpt::{Config, Gpt, Positions};
use std::path::Path;

pub(super) fn read<D: Backend>(file: &Path, bytes: Vec<u8>, dev: &D) -> Result<Gpt<D>, Refused> {
    let gguf = Gguf::from_bytes(bytes, file)?;
    let config = checked(file, config(&gguf)?)?;
    Gpt::from_tensors(dev, config, |name, sizes| {
        let values = gguf.array(&theirs(name), sizes)?;
        Ok(if is_turned(name) { apart(&values, sizes[1], config.head()) } else { values })
    })
}

fn config(gguf: &Gguf) -> Result<Config, Refused> {
    match gguf.text("general.architecture")? {
        Some("llama") => {}
        other => {
            let other = other.map_or("not said".to_owned(), |other| format!("{other:?}"));
            return Err(gguf.refused(format!("its architecture is {other}; \"llama\" is read")));
        }
    }
    let number = |key: &str| {
        let key = format!("llama.{key}");
        let missing = || gguf.refused(format!("`{key}` is not said"));
        gguf.number(&key)?.ok_or_else(missing).map(|number| usize::try_from(number).unwrap_or(usize::MAX))
    };
    let vocabulary = gguf.sizes("token_embd.weight").and_then(|sizes| sizes.first()).copied();
    let vocabulary =
        vocabulary.ok_or_else(|| gguf.refused("there is no array `token_embd.weight`".into()))?;
    let heads = number("attention.head_count")?;
    let kv_heads = match gguf.value("llama.attention.head_count_kv") {
        Some(_) => number("attention.head_count_kv")?,
        None => heads,
    };
    let eps = gguf.float("llama.attention.layer_norm_rms_epsilon")?;
    let eps =
        eps.ok_or_else(|| gguf.refused("`llama.attention.layer_norm_rms_epsilon` is not said".into()))?;
    let base = gguf.float("llama.rope.freq_base")?.unwrap_or(10_000.0);
    let config = Config {
        width: number("embedding_length")?,
        hidden: number("feed_forward_length")?,
        layers: number("block_count")?,
        heads,
        kv_heads,
        eps: eps as f32,
        positions: Positions::Rotary { base },
        tied: gguf.sizes("output.weight").is_none(),
        ..Config::llama(vocabulary, number("context_length")?)
    };
    let scaling = gguf.text("llama.rope.scaling.type")?.filter(|kind| *kind != "none");
    if let Some(scaling) = scaling {
        return Err(gguf.refused(format!("its positions are scaled ({scaling}), which is not built here")));
    }
    let kinds = ["rope_freqs.weight", "blk.0.attn_q.bias", "blk.0.ffn_gate_inp.weight"];
    if let Some(kind) = kinds.into_iter().find(|kind| gguf.sizes(kind).is_some()) {
        return Err(gguf.refused(format!("it has an array `{kind}`, which is not built here")));
    }
    let turned = gguf.number("llama.rope.dimension_count")?.unwrap_or(0) as usize;
    if turned != 0 && config.heads != 0 && turned != config.head() {
        return Err(
            gguf.refused(format!("{turned} of {} numbers of a head are turned; all must be", config.head()))
        );
    }
    Ok(config)
}

/// The name of a parameter there.
pub(super) fn theirs(name: &str) -> String {
    let pairs = [
        ("model.embed_tokens", "token_embd"),
        ("model.layers.", "blk."),
        ("model.norm", "output_norm"),
        ("lm_head", "output"),
        ("input_layernorm", "attn_norm"),
        ("post_attention_layernorm", "ffn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.o_proj", "attn_output"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];
    pairs.into_iter().fold(name.to_owned(), |name, (here, there)| name.replace(here, there))
}
