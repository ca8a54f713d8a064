//! Goals for training, validation and test, of products that have nothing in common.

use super::catalogue::Catalogue;
use super::goal::Goal;
use crate::env::Split;
use crate::seed::stream;
use rand::seq::SliceRandom;

impl Catalogue {
    /// All goals of a split, in the order of the catalogue.
    pub fn goals_of(&self, split: Split) -> Vec<&Goal> {
        self.goals().iter().filter(|goal| Split::of(goal.asin.as_bytes()) == split).collect()
    }

    /// At most `n` goals of a split, one of each product before the second of any: there are products with hundreds. A larger
    /// `n` continues the same sequence.
    pub fn draw(&self, split: Split, seed: u64, n: usize) -> Vec<&Goal> {
        let all = self.goals_of(split);
        let mut products: Vec<Vec<&Goal>> =
            all.chunk_by(|a, b| a.asin == b.asin).map(<[_]>::to_vec).collect();
        for goals in &mut products {
            let name = format!("goals {}", goals[0].asin);
            goals.shuffle(&mut stream(seed, &name, 0));
        }
        products.shuffle(&mut stream(seed, "products", 0));
        let rounds = products.iter().map(Vec::len).max().unwrap_or(0);
        let in_turn =
            (0..rounds).flat_map(|round| products.iter().filter_map(move |goals| goals.get(round).copied()));
        in_turn.take(n).collect()
    }
}
