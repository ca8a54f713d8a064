//! The parameters of a decoder.

use super::config::{Config, Feed, Normed, Positions, Unfit};
use crate::kernels::{Backend, Heads};
use crate::policy::{Parameter, Parameters, fresh, init};
use dfdx::prelude::*;
use std::fmt;

pub(super) type Matrix<D> = Tensor<(usize, usize), f32, D>;
pub(super) type Vector<D> = Tensor<(usize,), f32, D>;

/// A gain, and a bias where the norm has one.
pub(super) struct Norm<D: Backend> {
    pub(super) gain: Vector<D>,
    pub(super) bias: Option<Vector<D>>,
}

/// One block: attention and an affine sandwich, each with its norm in front and added to what went in.
pub(super) struct Block<D: Backend> {
    pub(super) before_attention: Norm<D>,
    pub(super) query: Matrix<D>,
    pub(super) key: Matrix<D>,
    pub(super) value: Matrix<D>,
    pub(super) output: Matrix<D>,
    pub(super) before_feed: Norm<D>,
    pub(super) gate: Option<Matrix<D>>,
    pub(super) up: Matrix<D>,
    pub(super) down: Matrix<D>,
}

/// A decoder-only transformer with its norms in front. See [`Config`] for its kinds and sizes, and [`read`](super::read)
/// for the files that it comes from.
///
/// Matrices are `(outputs, inputs)`; the parameters have the names that Hugging Face's Llama has, so a file of them is one
/// of that library.
pub struct Gpt<D: Backend = Cpu> {
    pub(super) config: Config,
    /// `(vocabulary, width)`.
    pub(super) embedding: Matrix<D>,
    /// `(context, width)`, where positions are learned.
    pub(super) positions: Option<Matrix<D>>,
    pub(super) blocks: Vec<Block<D>>,
    pub(super) norm: Norm<D>,
    /// `(vocabulary, width)`, where it is not the embedding.
    pub(super) head: Option<Matrix<D>>,
}

impl<D: Backend> Gpt<D> {
    /// A new network. Equal seeds give equal networks, on every device. The embedding has a deviation of 0.02, as GPT-2's has, so
    /// that the first distributions are nearly uniform; maps back onto the sum of the blocks start smaller by the root of
    /// their number.
    ///
    /// # Errors
    /// When the sizes do not go together.
    pub fn new(dev: &D, config: Config, seed: u64) -> Result<Self, Unfit> {
        config.check()?;
        let onto_the_sum = 1.0 / (2.0 * config.layers as f32).sqrt();
        let host = Cpu::default();
        Self::from_tensors(dev, config, |name, sizes| {
            let number: usize = sizes.iter().product();
            if name.contains("norm") {
                return Ok(vec![if name.ends_with("bias") { 0.0 } else { 1.0 }; number]);
            }
            let inputs = sizes[1];
            let gain = match () {
                // Three times the variance is the square of the bound.
                () if name.contains("embed") || name == "lm_head.weight" => {
                    0.02 * (3.0 * inputs as f32).sqrt()
                }
                () if name.contains("o_proj") || name.contains("down_proj") => onto_the_sum,
                () => 1.0,
            };
            Ok(init::uniform(&host, (number,), inputs, gain, seed, name).as_vec())
        })
    }

    /// A network of these values: each tensor of [`Config::tensors`] is asked for by its name and its sizes, in order, and
    /// must come with so many numbers, row-major. The sizes have been checked.
    pub(super) fn from_tensors<E>(
        dev: &D,
        config: Config,
        mut values: impl FnMut(&str, &[usize]) -> Result<Vec<f32>, E>,
    ) -> Result<Self, E> {
        let mut from = From { dev, tensors: config.tensors().into_iter(), values: &mut values };
        let biased = config.normed == Normed::MeanAndDeviation;
        let embedding = from.matrix()?;
        let positions = (config.positions == Positions::Learned).then(|| from.matrix()).transpose()?;
        let mut blocks = Vec::with_capacity(config.layers);
        for _ in 0..config.layers {
            blocks.push(Block {
                before_attention: from.norm(biased)?,
                query: from.matrix()?,
                key: from.matrix()?,
                value: from.matrix()?,
                output: from.matrix()?,
                before_feed: from.norm(biased)?,
                gate: (config.feed == Feed::SwiGlu).then(|| from.matrix()).transpose()?,
                up: from.matrix()?,
                down: from.matrix()?,
            });
        }
        let norm = from.norm(biased)?;
        let head = (!config.tied).then(|| from.matrix()).transpose()?;
        Ok(Gpt { config, embedding, positions, blocks, norm, head })
    }

    /// What it is made of.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How many numbers are learned.
    pub fn size(&self) -> usize {
        self.config.tensors().iter().map(|(_, sizes)| sizes.iter().product::<usize>()).sum()
    }

    pub(super) fn heads(&self) -> Heads {
        let Config { heads, kv_heads, .. } = self.config;
        Heads { queries: heads, shared: kv_heads, size: self.config.head() }
    }

    /// The matrix from the last norm to the logits.
    pub(super) fn vocabulary(&self) -> &Matrix<D> {
        self.head.as_ref().unwrap_or(&self.embedding)
    }

    /// The same numbers on a device, as a network of its own.
    #[must_use]
    pub fn to<E: Backend>(&self, device: &E) -> Gpt<E> {
        self.map(
            |matrix| device.tensor_from_vec(matrix.as_vec(), *matrix.shape()),
            |vector| device.tensor_from_vec(vector.as_vec(), *vector.shape()),
        )
    }

    /// The same network of tensors that are made of its own.
    pub(super) fn map<E: Backend>(
        &self,
        matrix: impl Fn(&Matrix<D>) -> Matrix<E>,
        vector: impl Fn(&Vector<D>) -> Vector<E>,
    ) -> Gpt<E> {
        let norm = |norm: &Norm<D>| Norm { gain: vector(&norm.gain), bias: norm.bias.as_ref().map(&vector) };
        let block = |block: &Block<D>| Block {
            before_attention: norm(&block.before_attention),
            query: matrix(&block.query),
            key: matrix(&block.key),
            value: matrix(&block.value),
            output: matrix(&block.output),
            before_feed: norm(&block.before_feed),
            gate: block.gate.as_ref().map(&matrix),
            up: matrix(&block.up),
            down: matrix(&block.down),
        };
        Gpt {
            config: self.config,
            embedding: matrix(&self.embedding),
            positions: self.positions.as_ref().map(&matrix),
            blocks: self.blocks.iter().map(block).collect(),
            norm: norm(&self.norm),
            head: self.head.as_ref().map(&matrix),
        }
    }
}

/// Tensors that come one after the other.
struct From<'a, D, F> {
    dev: &'a D,
    tensors: std::vec::IntoIter<(String, Vec<usize>)>,
    values: &'a mut F,
}

impl<D: Backend, E, F: FnMut(&str, &[usize]) -> Result<Vec<f32>, E>> From<'_, D, F> {
    fn next(&mut self) -> Result<(Vec<f32>, Vec<usize>), E> {
        let (name, sizes) = self.tensors.next().expect("a name for every tensor");
        Ok(((self.values)(&name, &sizes)?, sizes))
    }

    fn matrix(&mut self) -> Result<Matrix<D>, E> {
        let (values, sizes) = self.next()?;
        Ok(self.dev.tensor_from_vec(values, (sizes[0], sizes[1])))
    }

    fn vector(&mut self) -> Result<Vector<D>, E> {
        let (values, sizes) = self.next()?;
        Ok(self.dev.tensor_from_vec(values, (sizes[0],)))
    }

    fn norm(&mut self, biased: bool) -> Result<Norm<D>, E> {
        Ok(Norm { gain: self.vector()?, bias: biased.then(|| self.vector()).transpose()? })
    }
}

/// Every parameter in the order of [`Config::tensors`], so that the two lists of parameters cannot disagree.
macro_rules! parameters {
    ($self:ident, $iter:ident, $as_ref:ident, $object:ty, [$($mutable:tt)?]) => {{
        let names = $self.config.tensors().into_iter().map(|(name, _)| name);
        let mut all: Vec<$object> = vec![&$($mutable)? $self.embedding];
        all.extend($self.positions.$as_ref().map(|positions| positions as $object));
        for block in $self.blocks.$iter() {
            all.push(&$($mutable)? block.before_attention.gain);
            all.extend(block.before_attention.bias.$as_ref().map(|bias| bias as $object));
            all.push(&$($mutable)? block.query);
            all.push(&$($mutable)? block.key);
            all.push(&$($mutable)? block.value);
            all.push(&$($mutable)? block.output);
            all.push(&$($mutable)? block.before_feed.gain);
            all.extend(block.before_feed.bias.$as_ref().map(|bias| bias as $object));
            all.extend(block.gate.$as_ref().map(|gate| gate as $object));
            all.push(&$($mutable)? block.up);
            all.push(&$($mutable)? block.down);
        }
        all.push(&$($mutable)? $self.norm.gain);
        all.extend($self.norm.bias.$as_ref().map(|bias| bias as $object));
        all.extend($self.head.$as_ref().map(|head| head as $object));
        names.zip(all).collect()
    }};
}

impl<D: Backend> Parameters<D> for Gpt<D> {
    fn parameters(&self) -> Vec<(String, &dyn Parameter<D>)> {
        parameters!(self, iter, as_ref, &dyn Parameter<D>, [])
    }

    fn parameters_mut(&mut self) -> Vec<(String, &mut dyn Parameter<D>)> {
        parameters!(self, iter_mut, as_mut, &mut dyn Parameter<D>, [mut])
    }
}

impl<D: Backend> Clone for Gpt<D> {
    fn clone(&self) -> Self {
        self.map(fresh, fresh)
    }
}

impl<D: Backend> fmt::Debug for Gpt<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gpt({})", self.config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_what_the_configuration_says() {
        for config in [Config::llama(11, 7), Config { tied: false, ..Config::gpt(11, 7) }] {
            let mut net = Gpt::new(&Cpu::default(), config, 3).expect("sizes that go together");
            let found: Vec<_> = net.parameters().iter().map(|(name, p)| (name.clone(), p.sizes())).collect();
            assert_eq!(found, config.tensors());
            let found: Vec<_> =
                net.parameters_mut().iter().map(|(name, p)| (name.clone(), p.sizes())).collect();
            assert_eq!(found, config.tensors());
            let numbers: usize = net.parameters().iter().map(|(_, p)| p.values().len()).sum();
            assert_eq!(net.size(), numbers);
        }
    }
}
