//! Losses and their gradients against the released code of each method, or its paper's formula: the lines of the
//! language, as types, in `f64`.

use istar::batch::{Columns, Scope};
use istar::credit::Credit;
use istar::graph::Phase;
use istar::need::demand::Nothing;
use istar::objective::count::{Constant, Each, Mean, Sum};
use istar::objective::level::{Step, Token};
use istar::objective::reference::{Init, Old};
use istar::objective::scalar::{Dec, Hp};
use istar::objective::signal::{Add, Scale};
use istar::objective::sugar;
use istar::objective::term::option::{clip, dual, estimator, groups, net, over, pairs};
use istar::objective::term::{DpoPrm, Kl, Rl};
use istar::objective::{Evaluated, Leaf, Signal, Term, center, evaluate, kind, scale, within};
use istar_tests::golden::Golden;

/// The numbers of a case by position; a number that a case does not have is NaN and spoils what reads it.
const NAMES: [&str; 7] = ["beta", "alpha", "clip", "clip_low", "clip_high", "dual_clip_c", "norm_len"];
type Beta = Hp<0>;
type Alpha = Hp<1>;
type Clip = Hp<2>;
type Band = clip::Band<Hp<3>, Hp<4>>;
type Dual = dual::At<Hp<5>>;
type Longest = Constant<Hp<6>>;

/// What the files ask of double precision.
const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-6;

/// The advantage that a case gives per token; it comes in as the column `ema`, which no case uses.
struct Given;

impl Signal for Given {
    type Level = Token;
    type Kind = kind::Advantage;
    type Needs = Nothing;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        cx.batch.ema.expect("the case has an advantage").to_vec()
    }
    fn show(_: &Scope<'_>) -> String {
        "Given".into()
    }
}

/// Trains a term on the leaf that its phase trains; compares loss and gradient.
fn holds<T: Term>(golden: &Golden, phase: Phase, leaf: &[f64], gradient: &str) -> Evaluated {
    let mut params = NAMES.map(|name| golden.number(name));
    if golden.expect.contains_key("norm_len") {
        params[6] = golden.expected("norm_len")[0];
    }
    let batch = Columns { ema: Some(&golden.adv), ..golden.columns() };
    let cx = Credit { batch, at: Scope::new(&params, &NAMES) };
    let found = evaluate::<T>(&cx, &Leaf::new(phase, leaf));
    golden.compare("loss", &[found.loss.unwrap_or(0.0)], ABSOLUTE, RELATIVE);
    golden.compare(gradient, &found.slope, ABSOLUTE, RELATIVE);
    found
}

fn policy<T: Term>(case: &str) {
    for golden in Golden::all(case) {
        let found = holds::<T>(&golden, Phase::Policy, &golden.logp, "dloss_dlogp");
        for (key, name) in
            [("clip_fraction", "charts/clip_fraction"), ("dual_clip_fraction", "charts/dual_clip_fraction")]
        {
            // the files round these to six decimals, and leave out what is switched off
            if let (true, Some(value)) = (golden.expect.contains_key(key), found.metric(name)) {
                golden.compare(key, &[value], 1e-6, 0.0);
            }
        }
    }
}

fn preference<T: Term>(case: &str) {
    for golden in Golden::all(case) {
        let found = holds::<T>(&golden, Phase::Reward, &golden.prm, "dloss_dprm");
        let pairs = found.metric("charts/pairs").unwrap_or(0.0);
        golden.compare("pairs", &[pairs], 0.0, 0.0);
    }
}

/// `rl(adv = Given, clip = (lo, hi), dual = c, reduce = R)`
type Ppo<R> = Rl<Given, Band, Each<Token>, R, Dual>;

#[test]
fn ppo_clip() {
    policy::<Ppo<Each<Token>>>("ppo_clip_token_mean");
    policy::<Ppo<Sum<Step>>>("ppo_clip_seq_mean_token_sum");
    policy::<Ppo<Mean<Step>>>("ppo_clip_seq_mean_token_mean");
    policy::<Ppo<Longest>>("ppo_clip_seq_mean_token_sum_norm");
}

#[test]
fn gspo() {
    policy::<Rl<Given, Band, Mean<Step>, Mean<Step>>>("gspo");
}

#[test]
fn kl() {
    type One = Dec<1, 0>;
    policy::<Kl<One, Init, estimator::K1>>("kl_k1");
    policy::<Kl<One, Init, estimator::K2>>("kl_k2");
    policy::<Kl<One, Init, estimator::K3>>("kl_k3");
    policy::<Kl<One, Init, estimator::Abs>>("kl_abs");
}

#[test]
fn istar_paper_policy() {
    type Advantage<Outcome, Steps> = Add<Outcome, Scale<Alpha, Steps>>;
    type Line<Adv> = Rl<Adv, clip::Band<Clip, Clip>, Sum<Step>, Mean<Step>, dual::Off, groups::All>;
    type Grpo = Line<Advantage<sugar::Traj, sugar::Step<Beta, Old>>>;
    type Rloo = Line<Advantage<sugar::Loo, sugar::Step<Beta, Old, within::Prompt, center::Loo, scale::None>>>;
    for golden in Golden::all("istar_paper_policy") {
        match golden.text("backbone") {
            "grpo" => holds::<Grpo>(&golden, Phase::Policy, &golden.logp, "dloss_dlogp"),
            "rloo" => holds::<Rloo>(&golden, Phase::Policy, &golden.logp, "dloss_dlogp"),
            other => panic!("{}: unknown backbone {other}", golden.name),
        };
    }
}

#[test]
fn trajectory_preferences() {
    type Rolling<O> = DpoPrm<Beta, net::Separate, Old, pairs::Success, O>;
    preference::<Rolling<over::Sum>>("istar_paper_dpo");
    preference::<Rolling<over::Mean>>("istar_code_dpo");
}
