//! What a decoder is made of.

use std::fmt;

/// What stands in front of each half of a block, and in front of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normed {
    /// By the root mean square, times a gain (Zhang & Sennrich, NeurIPS 2019).
    RootMeanSquare,
    /// By mean and standard deviation, times a gain, plus a bias (Ba et al., 2016).
    MeanAndDeviation,
}

/// The second half of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// `down · (silu(gate · x) ⊙ (up · x))` (Shazeer, "GLU Variants Improve Transformer", 2020).
    SwiGlu,
    /// `down · gelu(up · x)`, with the tangent's form of gelu.
    Gelu,
}

/// How the network knows where a token stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Positions {
    /// Queries and keys are rotated by angles that grow with the position (Su et al., "RoFormer", 2021): element `i` and
    /// element `i + head / 2` of a head by `position · base^(-2i / head)`.
    Rotary {
        /// The base of the angles.
        base: f64,
    },
    /// A learned vector per position is added to the embedding.
    Learned,
}

/// The sizes and the kinds of a decoder-only transformer with its norms in front. Affine maps have no bias.
///
/// ```
/// use istar::policy::gpt::Config;
///
/// let small = Config { width: 32, heads: 4, kv_heads: 2, ..Config::llama(64, 100) };
/// assert!(small.check().is_ok());
/// let odd = Config { heads: 5, ..small };
/// assert_eq!(odd.check().unwrap_err().to_string(), "5 heads do not divide a width of 32");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// How many tokens there are.
    pub vocabulary: usize,
    /// The most tokens in a sequence.
    pub context: usize,
    /// Numbers per token between the blocks.
    pub width: usize,
    /// Numbers per token inside of the second half of a block.
    pub hidden: usize,
    /// How many blocks there are.
    pub layers: usize,
    /// Heads of the queries.
    pub heads: usize,
    /// Heads of keys and values, each shared by `heads / kv_heads` heads of the queries (Ainslie et al., "GQA", 2023).
    pub kv_heads: usize,
    /// The norms.
    pub normed: Normed,
    /// Added to the mean square or the variance.
    pub eps: f32,
    /// The second half of a block.
    pub feed: Feed,
    /// How the network knows where a token stands.
    pub positions: Positions,
    /// Whether the embedding is the output layer too (Press & Wolf, 2017).
    pub tied: bool,
}

/// Sizes that fit no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(String);

impl Config {
    /// A small network of Llama's kind for so many tokens and sequences no longer than `context`.
    pub fn llama(vocabulary: usize, context: usize) -> Self {
        Config {
            vocabulary,
            context,
            width: 64,
            hidden: 192,
            layers: 2,
            heads: 4,
            kv_heads: 2,
            normed: Normed::RootMeanSquare,
            eps: 1e-5,
            feed: Feed::SwiGlu,
            positions: Positions::Rotary { base: 10_000.0 },
            tied: true,
        }
    }

    /// A small network of GPT-2's kind, without biases in its affine maps.
    pub fn gpt(vocabulary: usize, context: usize) -> Self {
        Config {
            hidden: 256,
            kv_heads: 4,
            normed: Normed::MeanAndDeviation,
            feed: Feed::Gelu,
            positions: Positions::Learned,
            ..Config::llama(vocabulary, context)
        }
    }

    /// Numbers per head.
    pub fn head(&self) -> usize {
        self.width / self.heads
    }

    /// Numbers per token among the keys, and among the values.
    pub fn kv_width(&self) -> usize {
        self.kv_heads * self.head()
    }

    /// Whether the sizes go together.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self) -> Result<(), Unfit> {
        let Config { width, heads, kv_heads, .. } = *self;
        let sizes = [
            ("vocabulary", self.vocabulary),
            ("context", self.context),
            ("width", width),
            ("hidden", self.hidden),
            ("layers", self.layers),
            ("heads", heads),
            ("kv_heads", kv_heads),
        ];
        // Far above what there is, and far below what overflows.
        const MOST: usize = 1 << 24;
        let unfit = |text: String| Err(Unfit(text));
        if let Some((name, size)) = sizes.into_iter().find(|(_, size)| !(1..=MOST).contains(size)) {
            return unfit(format!("{name} is {size}; 1 to {MOST} are possible"));
        }
        if width % heads != 0 {
            return unfit(format!("{heads} heads do not divide a width of {width}"));
        }
        if heads % kv_heads != 0 {
            return unfit(format!(
                "{kv_heads} heads of keys and values do not divide {heads} heads of queries"
            ));
        }
        if let Positions::Rotary { base } = self.positions {
            if !self.head().is_multiple_of(2) {
                return unfit(format!("a head of {} numbers has no pairs to rotate", self.head()));
            }
            if !(base.is_finite() && base > 0.0) {
                return unfit(format!("{base} is no base of angles"));
            }
        }
        match self.eps.is_finite() && self.eps >= 0.0 {
            true => Ok(()),
            false => unfit(format!("eps is {}; a small number from 0 is wanted", self.eps)),
        }
    }

    /// The name of every parameter, as Hugging Face's Llama has them, with its sizes, in the order of the network. A
    /// learned position and a bias of a norm, which Llama has not, are named alike.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let (width, hidden, kv) = (self.width, self.hidden, self.kv_width());
        let mut all = vec![("model.embed_tokens.weight".to_owned(), vec![self.vocabulary, width])];
        if self.positions == Positions::Learned {
            all.push(("model.embed_positions.weight".to_owned(), vec![self.context, width]));
        }
        let norm = |all: &mut Vec<(String, Vec<usize>)>, name: String| {
            all.push((format!("{name}.weight"), vec![width]));
            if self.normed == Normed::MeanAndDeviation {
                all.push((format!("{name}.bias"), vec![width]));
            }
        };
        for layer in 0..self.layers {
            let at = format!("model.layers.{layer}");
            norm(&mut all, format!("{at}.input_layernorm"));
            let maps = [("q", width, width), ("k", kv, width), ("v", kv, width), ("o", width, width)];
            let map = |(name, to, from)| (format!("{at}.self_attn.{name}_proj.weight"), vec![to, from]);
            all.extend(maps.map(map));
            norm(&mut all, format!("{at}.post_attention_layernorm"));
            let maps = [("gate", hidden, width), ("up", hidden, width), ("down", width, hidden)];
            let maps = maps.into_iter().filter(|(name, ..)| self.feed == Feed::SwiGlu || *name != "gate");
            all.extend(maps.map(|(name, to, from)| (format!("{at}.mlp.{name}_proj.weight"), vec![to, from])));
        }
        norm(&mut all, "model.norm".to_owned());
        if !self.tied {
            all.push(("lm_head.weight".to_owned(), vec![self.vocabulary, width]));
        }
        all
    }
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Config { vocabulary, context, width, hidden, layers, heads, kv_heads, .. } = self;
        write!(
            f,
            "{layers} blocks of width {width} and {hidden}, {heads} heads, {kv_heads} of keys and values, "
        )?;
        write!(f, "{vocabulary} tokens, sequences up to {context}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_do_not_go_together_are_named() {
        let good = Config::llama(10, 20);
        let text = |config: Config| config.check().expect_err("unfit").to_string();
        assert_eq!(text(Config { layers: 0, ..good }), "layers is 0; 1 to 16777216 are possible");
        assert_eq!(
            text(Config { kv_heads: 3, ..good }),
            "3 heads of keys and values do not divide 4 heads of queries"
        );
        assert_eq!(text(Config { width: 12, ..good }), "a head of 3 numbers has no pairs to rotate");
        assert_eq!(text(Config { eps: f32::NAN, ..good }), "eps is NaN; a small number from 0 is wanted");
        let base = Positions::Rotary { base: 0.0 };
        assert_eq!(text(Config { positions: base, ..good }), "0 is no base of angles");
        assert_eq!(Config::gpt(10, 20).check(), Ok(()));
    }

    #[test]
    fn kinds_have_the_tensors_that_they_need() {
        let names = |config: Config| config.tensors().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let llama = names(Config { layers: 1, tied: false, ..Config::llama(10, 20) });
        assert_eq!(llama.len(), 12);
        assert_eq!(llama[11], "lm_head.weight");
        let gpt = names(Config { layers: 1, ..Config::gpt(10, 20) });
        assert_eq!(gpt.len(), 14);
        assert!(gpt.contains(&"model.norm.bias".to_owned()) && !gpt.iter().any(|name| name.contains("gate")));
    }
}
