//! Who gets the credit? Four short episodes of one level, written down by hand, under three recipes.
//!
//! `cargo run --release --example 02_credit_by_hand`

#![expect(clippy::print_stdout, reason = "an example talks")]

use istar::batch::{Columns, Layout};
use istar::credit::Credit;
use istar::graph::Phase;
use istar::objective::{AnyObjective, Leaf};
use istar::recipes::{GiGpo, Grpo, IStar};

/// One episode: the state before each step, the step's reward, the PRM's log-ratio to the initial policy there.
struct Episode {
    steps: &'static [(char, f64, f64)],
    solved: bool,
}

/// From state A a box can be pushed right (to B, good) or into a corner (to X: no way back).
const EPISODES: [Episode; 4] = [
    Episode { steps: &[('A', -0.1, 0.9), ('B', 10.9, 1.2)], solved: true },
    Episode { steps: &[('A', -0.1, -0.4), ('A', -0.1, 0.8), ('B', 10.9, 1.1)], solved: true },
    Episode { steps: &[('A', -0.1, 0.7), ('B', -0.1, -0.9), ('X', -0.1, -1.0)], solved: false },
    Episode { steps: &[('A', -0.1, -1.5), ('X', -0.1, -0.9), ('X', -0.1, -1.1)], solved: false },
];

/// The advantage of every token, as the policy's loss would see it.
fn advantage(recipe: &dyn AnyObjective, batch: Columns<'_>) -> Vec<f64> {
    let numbers = recipe.numbers();
    let credit = Credit { batch, at: numbers.scope(0) };
    let found = recipe.evaluate(&credit, &Leaf::new(Phase::Policy, batch.old));
    found.advantage.expect("the recipe has a policy term")
}

/// Running totals, from 0.
fn offsets(lengths: impl Iterator<Item = usize>) -> Vec<u32> {
    let sums = lengths.scan(0, |sum, n| {
        *sum += n as u32;
        Some(*sum)
    });
    std::iter::once(0).chain(sums).collect()
}

fn main() {
    // Columns: one group of four trajectories, one token a step.
    let steps: Vec<_> = EPISODES.iter().flat_map(|e| e.steps).copied().collect();
    let layout = Layout::new(
        vec![0, EPISODES.len() as u32],
        offsets(EPISODES.iter().map(|e| e.steps.len())),
        offsets(steps.iter().map(|_| 1)),
    );
    let outcome: Vec<f64> = EPISODES.iter().map(|e| e.steps.iter().map(|s| s.1).sum()).collect();
    let success: Vec<f64> = EPISODES.iter().map(|e| f64::from(u8::from(e.solved))).collect();
    let reward: Vec<f64> = steps.iter().map(|s| s.1).collect();
    let state: Vec<u32> = steps.iter().map(|s| u32::from(s.0)).collect();
    let init = vec![0.25f64.ln(); steps.len()]; // four moves, all alike
    let prm: Vec<f64> = init.iter().zip(&steps).map(|(init, s)| init + s.2).collect();
    let batch = Columns {
        reward: Some(&reward),
        state: Some(&state),
        init: Some(&init),
        prm: Some(&prm),
        ..Columns::of_outcomes(&layout, &init, &outcome, &success)
    };

    let recipes: [&dyn AnyObjective; 3] = [&Grpo, &GiGpo::default(), &IStar::default()];
    let recipes = recipes.map(|recipe| (recipe.name(), recipe.source(), advantage(recipe, batch)));
    for (name, source, _) in &recipes {
        println!("{name:6} {source}");
    }
    println!(
        "\nepisode  outcome  state  reward  log-ratio{}",
        recipes.each_ref().map(|r| format!("{:>8}", r.0)).concat()
    );
    for (traj, outcome) in outcome.iter().enumerate() {
        for (n, step) in layout.steps_of(traj).enumerate() {
            let (state, reward, ratio) = steps[step];
            let head = if n == 0 { format!("{traj:>7}{outcome:>9.1}") } else { String::new() };
            let credit = recipes.each_ref().map(|r| format!("{:>+8.2}", r.2[step])).concat();
            println!("{head:16}{state:>7}{reward:>8.1}{ratio:>+11.1}{credit}");
        }
    }
    println!(
        "\nEpisode 2 did right in A and wrong in B. GRPO gives all its steps the same. GiGPO compares returns from equal\n\
         states, and the return from A was a failure: it blames the step in A as much as that of episode 3, which was the\n\
         mistake. iStar asks a PRM about every single step, and can tell them apart as well as its PRM can: here the PRM\n\
         was written down by hand, in training it has to learn that from pairs of episodes."
    );
}
