//! A signal of the reader's own reads a column that the environment does not write.

use istar::batch::Scope;
use istar::credit::Credit;
use istar::env::Offers;
use istar::env::sokoban::Sokoban;
use istar::need::{Column, Own};
use istar::objective;
use istar::objective::{Objective, Signal, kind, level};

struct Placed;
impl Column for Placed {
    const NAME: &'static str = "placed";
    type Level = level::Step;
}

struct Order;
impl Signal for Order {
    type Level = level::Step;
    type Kind = kind::Reward;
    type Needs = Own<Placed>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        cx.own::<Placed>().to_vec()
    }
    fn show(_: &Scope<'_>) -> String {
        "Order".to_owned()
    }
}

objective! { Tidy = rl(adv = norm(Order)) }

fn train<O: Objective, E: Offers<O>>() {}

fn main() {
    train::<Tidy, Sokoban>();
}
