//! A signal and a loss term from outside of the crate. A capitalised name in a line is a Rust type in scope: the macro
//! does not know it, the trait system checks it.
//!
//! `cargo run --release --example 04_your_own_signal`

#![expect(clippy::print_stdout, reason = "an example talks")]

use dfdx::prelude::{Axis, Cpu, Device, Dtype, MeanTo, OwnedTape, Rank0, TensorFromVec};
use istar::credit::Credit;
use istar::graph::{Part, Pass, Phase, Rank0Loss};
use istar::objective;
use istar::objective::demand::{Nothing, only};
use istar::objective::explain;
use istar::objective::scalar::{Hp, Scalar, Scope};
use istar::objective::{Signal, Term, kind, level};
use istar::rollout::{Columns, Layout};
use std::marker::PhantomData;

/// `Surprise`: minus the log-probability that the sampling policy gave to the token taken, nats.
pub struct Surprise;

impl Signal for Surprise {
    type Level = level::Token;
    // Increments: they may be summed to go, and `norm` of them stays a Reward.
    type Kind = kind::Reward;
    // The log-probabilities of the rollout are in every batch. A signal that reads a column names it here.
    type Needs = Nothing;

    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        cx.batch.old.iter().map(|logp| -logp).collect()
    }

    fn show(_: &[&str]) -> String {
        "Surprise".to_owned()
    }
}

/// `Near(coef)`: `coef` times the token mean of the squared log-ratio to the sampling policy; trains the policy.
pub struct Near<Coef>(PhantomData<Coef>);

impl<Coef: Scalar> Term for Near<Coef> {
    type Needs = only::TrainsPolicy;
    // Once per batch: the column that every mini-batch will pick from.
    type Prepared = Vec<f64>;

    fn prepare(cx: &Credit<'_>, _: Phase) -> Vec<f64> {
        cx.batch.old.to_vec()
    }

    fn loss<E: Dtype, D: Device<E>>(old: &Vec<f64>, pass: &mut Pass<'_, E, D>) -> Option<Rank0Loss<E, D>> {
        if pass.phase != Phase::Policy {
            return None;
        }
        let number = |x: f64| E::from_f64(x).expect("a float holds it");
        let old: Vec<E> = pass.part.pick(old).into_iter().map(number).collect();
        let tokens = old.len();
        let old = pass.device.tensor_from_vec(old, (tokens,));
        // The networks ran already: a term starts a tape of its own at their output.
        let ratio = pass.logp.retaped::<OwnedTape<E, D>>() - old;
        let loss = ratio.square().mean::<Rank0, Axis<0>>() * number(Coef::value(&pass.at));
        pass.metrics.push(("losses/near", loss.as_vec()[0].to_f64().expect("a float is an f64")));
        Some(loss)
    }

    fn check(at: &Scope<'_>, problems: &mut Vec<String>) {
        let coef = Coef::value(at);
        if coef.is_nan() || coef < 0.0 {
            problems.push(format!("the coefficient of `Near` must be 0 or above, found {coef}"));
        }
    }

    fn show(names: &[&str], lines: &mut Vec<String>) {
        lines.push(format!("Near({})", Coef::show(names)));
    }
}

objective! {
    /// Outcome, a bonus for surprising steps, and a leash.
    pub Curious<bonus = 0.1, leash = 0.5> =
        rl(adv = traj + bonus * norm(sum(Surprise, per = step))) + Near(leash)
}

/// What the macro writes for `leash`: hyper-parameter number 1.
type Leash = Hp<1>;

fn main() {
    println!("{}", explain::<Curious>());

    // One group: two trajectories of two and one steps, of one and two tokens.
    let layout = Layout::new(vec![0, 2], vec![0, 2, 3], vec![0, 1, 2, 4]);
    let old = [0.5f64, 0.25, 0.125, 0.5].map(f64::ln);
    let batch = Columns::of_outcomes(&layout, &old, &[1.0, 0.0], &[1.0, 0.0]);
    let at = Scope { params: &[0.1, 0.5], names: &["bonus", "leash"], iteration: 0 };
    let credit = Credit { batch, at };
    println!("surprise of the tokens, nats: {:.3?}", Surprise::eval(&credit));

    // The term on these tokens, for a policy that has moved: any numbers do for its log-probabilities.
    let device = Cpu::default();
    let part = Part::whole(&layout);
    let mut metrics = Vec::new();
    let mut pass = Pass {
        device: &device,
        phase: Phase::Policy,
        at,
        part: &part,
        logp: device.tensor_from_vec(old.map(|l| l + 0.2).to_vec(), (4,)),
        entropy: None,
        demonstration: None,
        metrics: &mut metrics,
    };
    let prepared = Near::<Leash>::prepare(&credit, Phase::Policy);
    let loss = Near::<Leash>::loss::<f64, Cpu>(&prepared, &mut pass);
    println!(
        "a policy 0.2 nats away everywhere: {:.3} = 0.5 * 0.2^2",
        loss.expect("it has tokens").as_vec()[0]
    );
    println!("logged: {metrics:?}");
}
