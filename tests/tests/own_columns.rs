//! Columns of a reader's own: from an environment through the sampler and a trainer, and from a log.

use dfdx::prelude::Cpu;
use istar::batch::Scope;
use istar::credit::Credit;
use istar::env::sokoban::{LevelSpec, Levels, Planned, Room, Scene, Split};
use istar::env::{Provides, Transition};
use istar::logged::{Logged, assign};
use istar::need::demand::{Or, only};
use istar::need::{Column, Own};
use istar::objective;
use istar::objective::{Objective, Signal, demand_of, explain, kind, level};
use istar::policy::PixelPolicy;
use istar::rollout::{Sampling, sample};
use istar::trainer::{Settings, Trainer};

/// Per token, the token plus a half.
struct Said;
impl Column for Said {
    const NAME: &'static str = "said";
    type Level = level::Token;
}
impl Provides<Said> for Planned {
    fn provide(&self, tokens: &[u32], _: &Transition) -> Vec<f64> {
        tokens.iter().map(|token| f64::from(*token) + 0.5).collect()
    }
}

/// Per step, what it brought and how many tokens it took, so both are known when it is written.
struct Brought;
impl Column for Brought {
    const NAME: &'static str = "brought";
    type Level = level::Step;
}
impl Provides<Brought> for Planned {
    fn provide(&self, tokens: &[u32], moved: &Transition) -> f64 {
        moved.reward + 100.0 * tokens.len() as f64
    }
}

/// Per trajectory, what is said after its last step.
struct Solved;
impl Column for Solved {
    const NAME: &'static str = "solved";
    type Level = level::Traj;
}
impl Provides<Solved> for Planned {
    fn provide(&self, _: &[u32], moved: &Transition) -> f64 {
        f64::from(u8::from(moved.success))
    }
}

/// A signal that is a column.
macro_rules! signals {
    ($($name:ident: $column:ident $level:ident;)*) => {$(
        struct $name;
        impl Signal for $name {
            type Level = level::$level;
            type Kind = kind::Reward;
            type Needs = Own<$column>;
            fn eval(cx: &Credit<'_>) -> Vec<f64> {
                cx.own::<$column>().to_vec()
            }
            fn show(_: &Scope<'_>) -> String {
                stringify!($name).to_owned()
            }
        }
    )*};
}
signals! {
    ByToken: Said Token;
    ByStep: Brought Step;
    Again: Brought Step;
    ByTraj: Solved Traj;
}

/// A token's id as its reward: the tokens taken are a column too.
struct Ids;
impl Signal for Ids {
    type Level = level::Token;
    type Kind = kind::Reward;
    type Needs = Or<only::Tokens, Own<Said>>;
    fn eval(cx: &Credit<'_>) -> Vec<f64> {
        cx.batch.token.expect("demanded").iter().map(|token| f64::from(*token)).collect()
    }
    fn show(_: &Scope<'_>) -> String {
        "Ids".to_owned()
    }
}

objective! { Read = rl(adv = norm(ByTraj) + norm(ByStep) + norm(Again) + norm(ByToken) + norm(Ids)) }

type Net = PixelPolicy<Scene, Cpu, usize>;

fn levels() -> Vec<Room> {
    let levels = Levels::new(LevelSpec { size: 6, boxes: 2, depth: 30 }).expect("in range");
    levels.draw(Split::Train, 3, 3).expect("there are many")
}

fn net() -> Net {
    PixelPolicy::with_actions(&Cpu::default(), (6, 6), 8, Planned::tokens(2), 7)
}

#[test]
fn what_an_environment_says_after_a_step_is_what_signals_read() {
    let sampling = Sampling { per_group: 4, ..Sampling::default() };
    let rollout =
        sample::<Read, _, _, Cpu>(&Planned::new(8), &levels(), &net(), &sampling, (5, "rollout", 0), None)
            .expect("none is lost");
    let batch = &rollout.batch;
    let cx = Credit { batch: batch.columns(), at: Scope::new(&[], &[]) };
    let ids: Vec<f64> = batch.token.iter().map(|token| f64::from(*token)).collect();
    assert_eq!(Ids::eval(&cx), ids);
    assert_eq!(ByToken::eval(&cx), ids.iter().map(|id| id + 0.5).collect::<Vec<_>>());
    let lengths: Vec<usize> =
        (0..batch.layout.steps()).map(|step| batch.layout.tokens_of(step).len()).collect();
    assert!(lengths.contains(&2) && lengths.contains(&3), "steps of both lengths: {lengths:?}");
    let brought: Vec<f64> =
        rollout.rewards.iter().zip(&lengths).map(|(reward, n)| reward + 100.0 * *n as f64).collect();
    assert_eq!(ByStep::eval(&cx), brought);
    assert_eq!(ByTraj::eval(&cx), batch.success);
    assert_eq!(demand_of::<Read>().own.columns().len(), 3, "one that two signals read is held once");
}

#[test]
fn a_trainer_learns_from_them_and_explain_names_them() {
    let settings = Settings { minibatch: 16, ..Settings::default() };
    let mut trainer =
        Trainer::<Read, Net, Cpu>::new(Read, net(), settings, 5).expect("no number to be wrong");
    let before = trainer.export();
    for _ in 0..2 {
        let metrics = trainer.iterate(&Planned::new(8), &levels()).expect("finite");
        assert!(metrics.values().all(|value| value.is_finite()), "{metrics:?}");
    }
    assert!(trainer.export() != before, "the policy moved");
    for name in [Said::NAME, Brought::NAME, Solved::NAME] {
        assert!(explain::<Read>().contains(name), "{}", explain::<Read>());
    }
}

objective! { FromLog = rl(adv = ByTraj + ByStep + ByToken) }

/// A batch of one trajectory of two steps; `step` is put into its second step.
fn log(step: &str) -> Result<Logged, istar::logged::LoggedError> {
    let token = |said: f64| format!(r#"{{"old": -0.5, "logp": -0.5, "columns": {{"said": {said}}}}}"#);
    let text = format!(
        r#"{{"groups": [{{"trajectories": [{{"outcome": 1, "success": true, "columns": {{"solved": 1000}}, "steps": [
            {{"columns": {{"brought": 10}}, "tokens": [{}, {}]}}, {{{step} "tokens": [{}]}}]}}]}}]}}"#,
        token(1.0),
        token(2.0),
        token(3.0)
    );
    Logged::read(text.as_bytes())
}

#[test]
fn a_log_brings_them_under_their_names() {
    let batch = log(r#""columns": {"brought": 20},"#).expect("it reads");
    let credit = assign(&FromLog, &batch).expect("all is there");
    assert_eq!(credit.advantage.expect("there is one"), [1011.0, 1012.0, 1023.0]);

    let error = assign(&FromLog, &log("").expect("it reads")).expect_err("a step lacks it").to_string();
    for part in ["brought", "step 1", FromLog::NAME] {
        assert!(error.contains(part), "{error} lacks {part}");
    }
    let error = log(r#""columns": {"brought": "much"},"#).expect_err("no number").to_string();
    assert!(error.contains("columns") && error.contains("step 1"), "{error}");
}

objective! {
    ByName = rl(adv = column(solved, traj, reward) + column(brought, step, reward) + column(said, token, reward))
}
objective! { Distilled = rl(adv = 0.5 * traj + 0.5 * log_ratio(column(said), old)) }

/// Types of one name and level are one column, as they are one field of a log.
#[test]
fn a_line_names_them() {
    assert_eq!(demand_of::<ByName>().own, demand_of::<FromLog>().own);
    let batch = log(r#""columns": {"brought": 20},"#).expect("it reads");
    let credit = assign(&ByName, &batch).expect("all is there");
    assert_eq!(credit.advantage.expect("there is one"), [1011.0, 1012.0, 1023.0]);
    let credit = assign(&Distilled, &batch).expect("all is there");
    assert_eq!(credit.advantage.expect("there is one"), [0.75, 1.25, 1.75]);
    let error = assign(&ByName, &log("").expect("it reads")).expect_err("a step lacks it").to_string();
    assert!(error.contains("brought") && error.contains("step 1"), "{error}");
}
