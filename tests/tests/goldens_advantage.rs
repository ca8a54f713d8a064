//! Advantages against the released code of each method, or its paper's formula: the lines of the language, as types.

use istar::batch::{LevelId, Scope};
use istar::credit::{Credit, broadcast};
use istar::objective::Signal;
use istar::objective::count::{Each, First, Mean};
use istar::objective::kind;
use istar::objective::level::{self, Join, Level, Proper};
use istar::objective::reference::{Init, Old};
use istar::objective::scalar::{Dec, Hp};
use istar::objective::signal::*;
use istar::objective::sugar::{self, Implicit};
use istar::objective::{center, on, scale, within};
use istar_tests::golden::Golden;

/// The numbers of a case by position; a number that a case does not have is NaN and spoils what reads it.
const NAMES: [&str; 8] = [
    "invalid_penalty",
    "step_advantage_w",
    "gamma",
    "beta",
    "alpha",
    "kl_coef",
    "reward_dpo_coef",
    "reward_gt_coef",
];
type Penalty = Hp<0>;
type W = Hp<1>;
type Gamma = Hp<2>;
type Beta = Hp<3>;
type Alpha = Hp<4>;
type KlCoef = Hp<5>;
type DpoCoef = Hp<6>;
type GtCoef = Hp<7>;

/// What the files ask of double precision.
const ABSOLUTE: f64 = 1e-9;
const RELATIVE: f64 = 1e-9;

/// Evaluates a signal and compares it at the level of the expected values.
fn holds<S: Signal>(golden: &Golden, key: &str, level: LevelId) {
    let params = NAMES.map(|name| golden.number(name));
    let at = Scope::new(&params, &NAMES);
    let cx = Credit { batch: golden.columns(), at };
    let found = broadcast(&cx.batch, S::eval(&cx), <S::Level as Level>::id(&cx.at), level);
    golden.compare(key, &found, ABSOLUTE, RELATIVE);
}

fn cases(name: &str, check: impl Fn(&Golden)) {
    Golden::all(name).iter().for_each(check);
}

fn advantages<S: Signal>(case: &str) {
    cases(case, |golden| holds::<S>(golden, "advantage", LevelId::Token));
}

/// `outcome - p * invalid`
type Score = Sub<Outcome, Scale<Penalty, Invalid>>;
/// `norm(x, center, scale, count, min = 1)`
type Rows<X, C, S, N> = Norm<X, within::Prompt, C, S, N, Everywhere, Dec<1, 0>>;
type FirstRow = First<level::Traj>;
type EachRow = Each<level::Step>;
type Grpo<N> = Rows<Score, center::Mean, scale::Std, N>;
type DrGrpo<N> = Rows<Score, center::Mean, scale::None, N>;
type Rloo<N> = Rows<Score, center::Loo, scale::None, N>;

#[test]
fn group_baselines() {
    advantages::<Grpo<FirstRow>>("grpo_traj");
    advantages::<Grpo<EachRow>>("grpo_crossstep");
    advantages::<DrGrpo<FirstRow>>("dr_grpo_traj");
    advantages::<DrGrpo<EachRow>>("dr_grpo_crossstep");
    advantages::<Rloo<FirstRow>>("rloo_traj");
    advantages::<Rloo<EachRow>>("rloo_crossstep");
    advantages::<Whiten<DrGrpo<FirstRow>>>("rfpp_baseline_traj");
    advantages::<Whiten<DrGrpo<EachRow>>>("rfpp_baseline_crossstep");
}

#[test]
fn gigpo() {
    fn check<Episode: Signal, Anchor: Signal>(case: &str)
    where
        Join<Episode::Level, Anchor::Level>: Proper,
    {
        cases(case, |golden| {
            holds::<Add<Episode, Scale<W, Anchor>>>(golden, "advantage", LevelId::Token);
            holds::<Episode>(golden, "episode_advantage", LevelId::Token);
            holds::<Anchor>(golden, "step_advantage", LevelId::Token);
            holds::<ToGo<Reward, Gamma>>(golden, "step_return", LevelId::Step);
        });
    }
    type Plain = sugar::Anchor<Gamma>;
    type Scaled = sugar::Anchor<Gamma, within::State, center::Mean, scale::Std>;
    check::<DrGrpo<FirstRow>, Plain>("gigpo_mean_norm_traj");
    check::<DrGrpo<EachRow>, Plain>("gigpo_mean_norm_crossstep");
    check::<Grpo<FirstRow>, Scaled>("gigpo_mean_std_norm_traj");
    check::<Grpo<EachRow>, Scaled>("gigpo_mean_std_norm_crossstep");
}

#[test]
fn reinforce_plus_plus() {
    type Penalised<X> =
        Sub<Place<X, on::Last, level::Step, level::Token>, Scale<KlCoef, LogRatio<Old, Init>>>;
    type StepRows = ToGo<Penalised<Score>, Gamma, level::Step>;
    type TrajRows = ToGo<Penalised<Reward>, Gamma>;
    cases("rfpp_step_rows", |golden| {
        holds::<StepRows>(golden, "returns", LevelId::Token);
        holds::<Whiten<StepRows>>(golden, "advantage", LevelId::Token);
    });
    cases("rfpp_traj_rows", |golden| {
        holds::<TrajRows>(golden, "returns", LevelId::Token);
        holds::<Whiten<TrajRows>>(golden, "advantage", LevelId::Token);
    });
}

#[test]
fn prime() {
    type MeanLoo<X> = Norm<X, within::Prompt, center::Loo, scale::None, Mean<level::Traj>>;
    type Verified = Norm<Success, within::Prompt, center::Loo, scale::None>;
    type Returns<X> = Add<Scale<DpoCoef, ToGo<MeanLoo<X>>>, Scale<GtCoef, Verified>>;
    type Last<X> = Place<LastPer<X, level::Traj>, on::Last, level::Traj, level::Token>;
    type Recipe<Ref> = Bound<Sub<Implicit<Beta, Ref>, Last<Implicit<Beta, Ref>>>>;

    fn check<X: Signal<Level = level::Token, Kind = kind::Reward>>(golden: &Golden) {
        holds::<X>(golden, "token_reward", LevelId::Token);
        holds::<Returns<X>>(golden, "returns", LevelId::Token);
        holds::<Whiten<Returns<X>>>(golden, "advantage", LevelId::Token);
    }
    cases("prime", |golden| match golden.text("reference") {
        "old" => check::<Implicit<Beta, Old>>(golden),
        _ => check::<Implicit<Beta, Init>>(golden),
    });
    cases("prime_recipe", |golden| match golden.text("reference") {
        "old" => check::<Recipe<Old>>(golden),
        _ => check::<Recipe<Init>>(golden),
    });
}

type StepReward = SumPer<Implicit<Beta, Old>, level::Step>;

#[test]
fn istar_paper() {
    fn check<A: Signal, B: Signal>(case: &str)
    where
        Join<A::Level, B::Level>: Proper,
    {
        cases(case, |golden| {
            holds::<StepReward>(golden, "step_reward", LevelId::Step);
            holds::<A>(golden, "outcome_advantage", LevelId::Traj);
            holds::<B>(golden, "step_advantage", LevelId::Step);
            holds::<Add<A, Scale<Alpha, B>>>(golden, "advantage", LevelId::Token);
        });
    }
    type Step = sugar::Step<Beta, Old>;
    type LooStep = sugar::Step<Beta, Old, within::Prompt, center::Loo, scale::None>;
    check::<sugar::Traj, Step>("istar_paper_grpo");
    check::<sugar::Loo, LooStep>("istar_paper_rloo");
    cases("istar_paper_policy", |golden| match golden.text("backbone") {
        "rloo" => holds::<Add<sugar::Loo, Scale<Alpha, LooStep>>>(golden, "advantage", LevelId::Token),
        _ => holds::<Add<sugar::Traj, Scale<Alpha, Step>>>(golden, "advantage", LevelId::Token),
    });
}

#[test]
fn istar_released() {
    type Bounded = Bound<StepReward, level::Step>;
    type Loo<X> = Rows<X, center::Loo, scale::None, FirstRow>;
    type Centred<X> = Rows<X, center::Mean, scale::None, FirstRow>;
    type Scaled<X> = Rows<X, center::Mean, scale::Std, FirstRow>;
    // A line of the step reward, which each file bounds or leaves.
    macro_rules! case {
        ($name:literal, |$x:ident| $line:ty) => {{
            type Line<$x> = $line;
            cases($name, |golden| match golden.text("istar_norm") {
                "none" => {
                    holds::<StepReward>(golden, "step_reward", LevelId::Step);
                    holds::<Line<StepReward>>(golden, "advantage", LevelId::Token);
                }
                _ => {
                    holds::<Bounded>(golden, "step_reward", LevelId::Step);
                    holds::<Line<Bounded>>(golden, "advantage", LevelId::Token);
                }
            });
        }};
    }
    case!("istar_code_rloo", |X| Add<Loo<Score>, Scale<W, Loo<X>>>);
    case!("istar_code_rloo_process_only", |X| Loo<X>);
    case!("istar_code_merged", |X| Loo<Add<Score, Scale<W, X>>>);
    case!("istar_code_grpo_mean_norm", |X| Add<Centred<Score>, Scale<W, Centred<X>>>);
    case!("istar_code_grpo_mean_std_norm", |X| Add<Scaled<Score>, Scale<W, Scaled<X>>>);
    case!("istar_code_rfpp_baseline", |X| Add<Whiten<Centred<Score>>, Scale<W, Whiten<Centred<X>>>>);
}
