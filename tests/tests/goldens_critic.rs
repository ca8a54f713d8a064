//! Advantages estimated with a critic, its targets and its loss, against released code: the lines of the language, as
//! types.

use istar::batch::{Columns, LevelId, Scope};
use istar::credit::Credit;
use istar::graph::Phase;
use istar::need::demand::Nothing;
use istar::objective::count::Own;
use istar::objective::head::{End, Head, One, Target};
use istar::objective::level;
use istar::objective::scalar::{Dec, Hp};
use istar::objective::signal::*;
use istar::objective::term::Critic;
use istar::objective::term::option::clip;
use istar::objective::{Leaf, Signal, evaluate, on};
use istar_tests::golden::Golden;
use serde_json::Value as Json;

/// The numbers of a case by position; a number that a case does not have is NaN and spoils what reads it.
const NAMES: [&str; 7] = ["invalid_penalty", "gamma", "lam", "clip", "lam_turn", "lam_seg", "keep_penalty"];
type Penalty = Hp<0>;
type Gamma = Hp<1>;
type Lam = Hp<2>;
type Reach = Hp<3>;

/// What the files ask of double precision.
const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-9;

type Zero = Constant<Dec<0, 0>>;
/// `place(x, per = step, at = token)`
type LastToken<X> = Place<X, on::Last, level::Step, level::Token>;
/// `value` of `critic(.., per = token)`
type TokenValue = Value<0, One, level::Token>;

/// Holds `gae`, `gae + value` and `whiten(gae)` to a file.
fn holds<X: Signal + Target>(golden: &Golden)
where
    Whiten<X>: Signal,
{
    let params = NAMES.map(|name| golden.number(name));
    let value = [golden.value.clone()];
    let batch = Columns { value: Some(&value), ..golden.columns() };
    let cx = Credit { batch, at: Scope::new(&params, &NAMES) };
    golden.compare("advantage_before_whitening", &X::eval(&cx), ABSOLUTE, RELATIVE);
    golden.compare("advantage", &Whiten::<X>::eval(&cx), ABSOLUTE, RELATIVE);
    let returns = X::target(&cx, LevelId::Token);
    let returns: Vec<f64> = returns.into_iter().map(|x| x.expect("every token has a target")).collect();
    golden.compare("returns", &returns, ABSOLUTE, RELATIVE);
}

#[test]
fn gae() {
    type StepRows =
        Gae<LastToken<Sub<Outcome, Scale<Penalty, Invalid>>>, Gamma, Lam, TokenValue, Own, level::Step>;
    type TrajRows = Gae<LastToken<Reward>, Gamma, Lam, TokenValue>;
    Golden::all("gae_step_rows").iter().for_each(holds::<StepRows>);
    Golden::all("gae_traj_rows").iter().for_each(holds::<TrajRows>);
}

/// The target that a case gives per token; it comes in as the column `ema`, which no case uses.
struct Given;

impl Target for Given {
    type Needs = Nothing;
    fn target(cx: &Credit<'_>, _: LevelId) -> Vec<Option<f64>> {
        cx.batch.ema.expect("the case has targets").iter().map(|x| Some(*x)).collect()
    }
}

#[test]
fn value_loss() {
    type Term1 = Critic<Dec<1, 0>, clip::Near<Reach>, level::Token, Head<One, Given, End>>;
    for golden in Golden::all("value_loss") {
        let params = NAMES.map(|name| golden.number(name));
        let old = [golden.value.clone()];
        let batch = Columns { value: Some(&old), ema: Some(&golden.ret), ..golden.columns() };
        let cx = Credit { batch, at: Scope::new(&params, &NAMES) };
        let found = evaluate::<Term1>(&cx, &Leaf::new(Phase::Value, &golden.vpred));
        golden.compare("loss", &[found.loss.expect("every token has a target")], ABSOLUTE, RELATIVE);
        golden.compare("dloss_dvpred", &found.slope, ABSOLUTE, RELATIVE);
        // the files round it to six decimals
        let share = found.metric("charts/critic_clip_fraction").expect("a clip");
        golden.compare("clip_fraction", &[share], 1e-6, 0.0);
    }
}

/// What HiPER's files have beside the schema that all share.
struct Hierarchy {
    segment: Vec<u32>,
    switch: Vec<f64>,
    values: [Vec<f64>; 3],
    ended: Vec<f64>,
}

impl Hierarchy {
    fn read(golden: &Golden) -> Hierarchy {
        let path =
            istar_tests::shared("goldens/credit").expect("the file has just been read").join(&golden.name);
        let text = std::fs::read_to_string(path).expect("a golden file can be read");
        let json: Json = serde_json::from_str(&text).expect("a golden file is JSON");
        let list = |json: &Json, key: &str| json[key].as_array().expect("a list").clone();
        let groups = list(&json["batch"], "groups");
        let trajs: Vec<Json> = groups.iter().flat_map(|group| list(group, "trajectories")).collect();
        // The released code spares one-step trajectories the normalised penalty for keeping a subgoal.
        let spares = golden.text("keep_penalty_mode") == "normalized";
        let (mut segment, mut switch) = (Vec::new(), Vec::new());
        let mut values = [Vec::new(), Vec::new(), Vec::new()];
        for traj in &trajs {
            let mut label = 0;
            let steps = list(traj, "steps");
            for step in &steps {
                label += u32::from(step["segment_start"].as_bool().expect("a flag"));
                segment.push(label);
                let spared = spares && steps.len() == 1;
                switch.push(f64::from(u8::from(step["switch"].as_bool().expect("a flag") || spared)));
                for (head, name) in values.iter_mut().zip(["low", "high", "term"]) {
                    head.push(step["values"][name].as_f64().expect("a number"));
                }
            }
        }
        let ended = trajs.iter().map(|traj| f64::from(u8::from(traj["done"].as_bool().expect("a flag"))));
        Hierarchy { segment, switch, values, ended: ended.collect() }
    }
}

/// The critic's targets of HiPER, which no token role and no normalisation touches.
#[test]
fn hiper_returns() {
    type Turn = Hp<4>;
    type Seg = Hp<5>;
    type Whole = Dec<1, 0>;
    type Keep = Sub<Constant<Whole>, Switch>;
    /// The switch decision of each step.
    struct Switch;
    impl Signal for Switch {
        type Level = level::Step;
        type Kind = istar::objective::kind::Weight;
        type Needs = Nothing;
        fn eval(cx: &Credit<'_>) -> Vec<f64> {
            cx.batch.switch.expect("the case has decisions").to_vec()
        }
        fn show(_: &Scope<'_>) -> String {
            "switch".into()
        }
    }
    type Share = Place<Constant<Whole>, on::All>;
    type Base = Sub<Reward, Scale<Hp<7>, Invalid>>;
    type Fixed = Add<Base, Scale<Hp<6>, Keep>>;
    type Normalised = Add<Base, Scale<Hp<6>, Mul<Keep, Share>>>;
    type Low = Value<0>;
    type High = Value<1>;
    type Term = Value<2>;
    type FirstHigh = FirstPer<High, level::Segment>;
    // The released code bootstraps from the estimate before the last action.
    type LastLow = LastPer<Low, level::Traj>;

    fn check<X: Signal<Kind = istar::objective::kind::Reward, Level = level::Step>>(golden: &Golden) {
        let more = Hierarchy::read(golden);
        let mut params: Vec<f64> = NAMES.map(|name| golden.number(name)).to_vec();
        params.push(golden.number("invalid_action_penalty_coef"));
        let batch = Columns {
            segment: Some(&more.segment),
            switch: Some(&more.switch),
            value: Some(&more.values),
            ended: Some(&more.ended),
            ..golden.columns()
        };
        let cx = Credit { batch, at: Scope::new(&params, &NAMES) };
        fn compare<T: Target>(golden: &Golden, cx: &Credit<'_>, key: &str) {
            // The released code gives 0 where a step begins no segment.
            let found: Vec<f64> =
                T::target(cx, LevelId::Step).into_iter().map(|x| x.unwrap_or(0.0)).collect();
            golden.compare(key, &found, ABSOLUTE, RELATIVE);
        }
        type Inside<X, Lam, V, Cut> = Gae<X, Gamma, Lam, V, Own, level::Segment, High, Cut>;
        type Along<X, Cut> = Gae<X, Gamma, Seg, High, level::Segment, level::Traj, Zero, Cut>;
        if golden.params["bootstrap_truncated"] == Json::Bool(true) {
            compare::<Inside<X, Turn, Low, LastLow>>(golden, &cx, "return_low");
            compare::<Along<X, FirstHigh>>(golden, &cx, "return_high");
            compare::<Inside<X, Whole, Term, FirstHigh>>(golden, &cx, "return_switch");
        } else {
            compare::<Inside<X, Turn, Low, Zero>>(golden, &cx, "return_low");
            compare::<Along<X, Zero>>(golden, &cx, "return_high");
            compare::<Inside<X, Whole, Term, Zero>>(golden, &cx, "return_switch");
        }
    }
    for golden in Golden::all("hiper_hae") {
        match golden.text("keep_penalty_mode") {
            "normalized" => check::<Normalised>(&golden),
            _ => check::<Fixed>(&golden),
        }
    }
}
