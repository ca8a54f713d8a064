//! What could follow every token of a text, on any device.

use super::Gpt;
use super::packed::Packed;
use crate::kernels::{Activation, Text};
use dfdx::prelude::*;

/// Rows of logits that are computed together.
const ROWS: usize = 64;

impl<D: Text> Gpt<D> {
    /// For each token of a text the logits of what could follow it, one for each token there is, `(tokens, vocabulary)`: some rows at a time, row by
    /// row. The text is read at once, as in training; what is decoded word by word keeps what it has read, see [`Gpt::decoder`].
    ///
    /// # Panics
    /// When the text has more tokens than the context, or one that is not of the vocabulary.
    pub fn logits_of<'a>(&'a self, tokens: &[u32]) -> impl Iterator<Item = Vec<f32>> + 'a {
        let (found, most) = (tokens.len(), self.config().context);
        assert!(found <= most, "a text of {found} tokens; the network reads {most} at most");
        let all: Vec<u32> = (0..tokens.len() as u32).collect();
        let text = Packed {
            tokens: tokens.to_vec(),
            positions: all.clone(),
            lengths: vec![tokens.len()],
            places: all.clone(),
            legal: Vec::new(),
            at: Vec::new(),
        };
        let hidden = self.hidden(&text, NoneTape);
        let vocabulary = self.vocabulary();
        let nothing = hidden.device().zeros_like(&(vocabulary.shape().0,));
        (0..all.len()).step_by(ROWS).map(move |first| {
            let rows = D::embed(hidden.clone(), &all[first..all.len().min(first + ROWS)]);
            D::linear(rows, vocabulary, &nothing, Activation::Identity).as_vec()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::assert_close;
    use crate::policy::gpt::{Config, Slot};

    #[test]
    fn a_text_is_read_at_once_as_it_is_word_by_word() {
        let net = Gpt::new(&Cpu::default(), Config::llama(11, 80), 3).expect("sizes that go together");
        let tokens: Vec<u32> = (0..70).map(|i| i * 7 % 11).collect();
        let at_once: Vec<f32> = net.logits_of(&tokens).flatten().collect();
        let (mut decoder, mut end) = (net.decoder(), None);
        let mut read = |token: &u32| -> Slot {
            let at = decoder.read(&[(end, &[*token])])[0];
            end = Some(at);
            at
        };
        let ends: Vec<Slot> = tokens.iter().map(&mut read).collect();
        assert_close("logits", &at_once, &decoder.logits(&ends), 1e-4);
    }
}
