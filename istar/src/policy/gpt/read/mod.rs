//! Networks out of files of others: llama2.c, safetensors with a `config.json` beside it, and GGUF. Written they are as
//! safetensors, by [`write()`].

mod gguf;
mod llama2c;
mod safetensors;

use super::{Config, Gpt};
use crate::file::Refused;
use crate::kernels::Backend;
use std::path::Path;

/// Reads a network of Llama's kind. What the file is shows by how it begins.
///
/// Quantised numbers are decoded, so that all of them can be trained.
///
/// # Errors
/// When the file cannot be read, is damaged, or holds a network that cannot be built here; the message says which of its
/// parts is in the way.
pub fn read<D: Backend>(file: &Path, dev: &D) -> Result<Gpt<D>, Refused> {
    let bytes = crate::file::read(file)?;
    if bytes.starts_with(crate::gguf::MAGIC) {
        return gguf::read(file, bytes, dev);
    }
    // The length of a header of less than 4 GiB, and the header; there llama2.c has a size that is not 0.
    match bytes.get(4..9) {
        Some([0, 0, 0, 0, b'{']) => safetensors::read(file, &bytes, dev),
        _ => llama2c::read(file, &bytes, dev),
    }
}

pub use self::safetensors::write;

/// A configuration that goes together, or what is wrong with it.
fn checked(file: &Path, config: Config) -> Result<Config, Refused> {
    config.check().map(|()| config).map_err(|unfit| Refused::new(file, unfit.to_string()))
}

/// Rows of queries or keys in which the pairs that are turned together are neighbours, in the order in which they are half
/// a head apart.
fn apart(rows: &[f32], width: usize, head: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(rows.len());
    for rows in rows.chunks_exact(head * width) {
        for second in 0..2 {
            for pair in 0..head / 2 {
                out.extend_from_slice(&rows[(2 * pair + second) * width..][..width]);
            }
        }
    }
    out
}

/// Whether a parameter's rows are turned.
fn is_turned(name: &str) -> bool {
    name.ends_with("q_proj.weight") || name.ends_with("k_proj.weight")
}

#[cfg(test)]
mod tests;
