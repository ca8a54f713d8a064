//! One line, and what follows from its type: terms, demand, the size of what a trainer carries.
//!
//! `cargo run --release --example 01_one_line`

#![expect(clippy::print_stdout, reason = "an example talks")]

use dfdx::prelude::Cpu;
use istar::batch::Batch;
use istar::env::sokoban::Frame;
use istar::objective;
use istar::objective::explain;
use istar::objective::{NeedsOf, Objective, demand_of};
use istar::policy::PixelPolicy;
use istar::recipes::{GiGpo, Grpo, IStarPaper};
use istar::trainer::Trainer;

objective! {
    /// An implicit step reward, taught by preferences between trajectories, beside the outcome.
    pub Mine<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, over = mean) + rl(adv = traj + lambda * step(scale = none))
}

type Net = PixelPolicy<Frame, Cpu>;

fn sizes<O: Objective>() {
    let trainer = size_of::<Trainer<O, Net, Cpu>>();
    let batch = size_of::<Batch<NeedsOf<O>, Frame>>();
    println!(
        "{:12}{trainer:>7}{batch:>7}  {}",
        O::NAME,
        demand_of::<O>().list().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    );
}

fn main() {
    println!("{}", explain::<Mine>());

    // The numbers are fields: they can be swept, and they go to files and back by name.
    let half = Mine { lambda: 0.5, ..Mine::default() };
    let text = serde_json::to_string(&half).expect("numbers are JSON");
    println!("as JSON: {text}");
    let wrong = serde_json::from_str::<Mine>(r#"{ "lamda": 0.5 }"#);
    println!("a slip:  {}\n", wrong.expect_err("there is no such number"));

    // The same line without a name, its free numbers bound in place.
    let bound = objective!(<
        dpo_prm(beta, net = separate, ref = old, over = mean) + rl(adv = traj + lambda * step(scale = none))
    >)
    .bind([0.05, 0.5]);
    assert_eq!(bound.values(), half.values());

    println!("bytes of the structs themselves, without what they point to:");
    println!("{:12}{:>7}{:>7}  demands", "", "trainer", "batch");
    sizes::<Grpo>();
    sizes::<GiGpo>();
    sizes::<Mine>();
    sizes::<IStarPaper>();
    println!("\nwhat is not demanded has no field, no column and no forward pass");
}
