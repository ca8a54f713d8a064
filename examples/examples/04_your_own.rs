//! A signal and a loss term from outside of the crate, in a table: `cargo run --release --example 04_your_own`.
//! A capitalised name in a line is a Rust type in scope: the macro does not know it, the trait system checks it.

#![expect(clippy::print_stdout, reason = "an example talks")]

use dfdx::prelude::{Axis, Device, Dtype, MeanTo, OwnedTape, Rank0};
use istar::batch::Scope;
use istar::credit::Credit;
use istar::graph::{Pass, Phase, Rank0Loss, number};
use istar::need::demand::{Nothing, only};
use istar::objective::scalar::Scalar;
use istar::objective::{Signal, Term, explain, kind, level};
use istar::recipes::Grpo;
use istar::table::Table;
use istar::worlds::{Preset, SokobanWorld};
use istar::{ablations, objective};
use std::error::Error;
use std::marker::PhantomData;
use std::num::NonZeroUsize;

/// `Surprise`: minus the log-probability that the sampling policy gave to the token taken, nats.
pub struct Surprise;

impl Signal for Surprise {
    type Level = level::Token;
    type Kind = kind::Reward; // increments: they may be summed to go
    type Needs = Nothing; // a signal that reads a column beyond outcomes and rollout log-probabilities names it here
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        cx.batch.old.iter().map(|logp| -logp).collect()
    }
    fn show(_: &Scope<'_>) -> String {
        "Surprise".to_owned()
    }
}

/// `Near(coef)`: `coef` times the token mean of the squared log-ratio to the sampling policy; trains the policy.
pub struct Near<Coef>(PhantomData<Coef>);

impl<Coef: Scalar> Term for Near<Coef> {
    type Needs = only::TrainsPolicy;
    type Prepared = Vec<f64>; // once per batch: the column that every mini-batch picks from
    fn prepare(cx: &Credit<'_>, _: Phase) -> Vec<f64> {
        cx.batch.old.to_vec()
    }
    fn loss<E: Dtype, D: Device<E>>(old: &Vec<f64>, pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        // The networks ran already: a term starts a tape of its own at their output.
        let gap = pass.logp.retaped::<OwnedTape<E, D>>() - pass.pick(old);
        let loss = gap.square().mean::<Rank0, Axis<0>>() * number::<E>(Coef::value(&pass.at));
        pass.log("losses/near", &loss);
        Some(loss)
    }
    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        let coef = Coef::value(at);
        if coef.is_nan() || coef < 0.0 {
            problems.push(format!("the coefficient of `Near` must be 0 or above, found {coef}"));
        }
    }
    fn show(at: &Scope<'_>, lines: &mut Vec<String>) {
        lines.push(format!("Near({})", Coef::show(at)));
    }
}

objective! {
    /// Outcome, a bonus for surprising steps, and a leash.
    pub Curious<bonus = 0.1, leash = 0.5> =
        rl(adv = traj + bonus * norm(sum(Surprise, per = step))) + Near(leash)
}

ablations! {
    /// Is it the bonus or the leash?
    pub Curiosity {
        "GRPO" = Grpo,
        "curious" = Curious,
        "no leash" = rl(adv = traj + 0.1 * norm(sum(Surprise, per = step))),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", explain::<Curious>());
    let (world, schedule) = SokobanWorld::one_box(Preset::Smoke);
    let works = Table::new(world, schedule)?.works::<Curiosity>()?;
    let dir = std::env::temp_dir().join(format!("istar-curious-{}", std::process::id()));
    for cell in works.run(&dir, NonZeroUsize::MIN, &|_| {})?.cells {
        println!(
            "{:10}{:.0} % of the test levels after three iterations",
            cell.row,
            100.0 * cell.last[0].success
        );
    }
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}
