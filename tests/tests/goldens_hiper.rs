//! HiPER's hierarchical advantages against its released code, and the switch advantage against the paper's formula.

use istar::batch::{Columns, LevelId, Scope};
use istar::credit::{Credit, broadcast};
use istar::objective::head::{Name, Target};
use istar::objective::level::{self, Level};
use istar::objective::scalar::{Dec, Hp};
use istar::objective::signal::*;
use istar::objective::{Signal, center, count, on, role, scale, within};
use istar_tests::golden::Golden;

/// The numbers of a case by position.
const NAMES: [&str; 5] = ["gamma", "lam_turn", "lam_seg", "keep_penalty", "invalid_action_penalty_coef"];
type Gamma = Hp<0>;
type LamTurn = Hp<1>;
type LamSeg = Hp<2>;
type Keep = Hp<3>;
type Penalty = Hp<4>;
type One = Dec<1, 0>;
type Zero = Constant<Dec<0, 0>>;

struct Low;
struct High;
struct Term;
impl Name for Low {
    fn name<'a>(_: &Scope<'a>) -> &'a str {
        "low"
    }
}
impl Name for High {
    fn name<'a>(_: &Scope<'a>) -> &'a str {
        "high"
    }
}
impl Name for Term {
    fn name<'a>(_: &Scope<'a>) -> &'a str {
        "term"
    }
}
type ValueLow = Value<0, Low>;
type ValueHigh = Value<1, High>;
type ValueTerm = Value<2, Term>;

/// `1 - switch`
type Kept = Sub<Constant<One>, Switch>;
/// `keep_penalty_mode = normalized`: shared by all steps, paid by those that keep.
type Shared = Mul<Kept, Place<Constant<One>, on::All>>;
/// The shaped reward.
type Shaped<K> = Add<Sub<Reward, Scale<Penalty, Invalid>>, Scale<Keep, K>>;

type Inner<R, Lam, V, Cut> = Gae<R, Gamma, Lam, V, count::Own, level::Segment, ValueHigh, Cut>;
type LowOf<R, Cut> = Inner<R, LamTurn, ValueLow, Cut>;
type TermOf<R, Cut> = Inner<R, One, ValueTerm, Cut>;
type HighOf<R, Cut> = Gae<R, Gamma, LamSeg, ValueHigh, level::Segment, level::Traj, Zero, Cut>;
/// `cut` of the lower level as released: the value of the last step itself, not of what it led to.
type CutLow = LastPer<ValueLow, level::Traj>;
/// `cut` of the upper levels: the value of the last segment's first step.
type CutHigh = FirstPer<ValueHigh, level::Segment>;

/// Each level over the steps that carry it: population spread, over the batch.
type Scaled<X, W> =
    Norm<X, within::Batch, center::Mean, scale::Std, count::Own, W, Dec<2, 0>, Dec<0, 0>, Dec<1, 8>>;
type OnFirst<X> = Place<X, on::First, level::Segment>;

fn columns(golden: &Golden) -> Columns<'_> {
    Columns { value: Some(&golden.heads), ..golden.columns() }
}

fn holds<S: Signal>(golden: &Golden, key: &str, level: LevelId) {
    let params = NAMES.map(|name| golden.number(name));
    let at = Scope::new(&params, &NAMES);
    let cx = Credit { batch: columns(golden), at };
    let found = broadcast(&cx.batch, S::eval(&cx), <S::Level as Level>::id(&cx.at), level);
    golden.compare(key, &found, 1e-9, 1e-9);
}

/// What the head of this advantage is trained towards; 0 where it is trained towards nothing.
fn target<T: Target>(golden: &Golden, key: &str) {
    let params = NAMES.map(|name| golden.number(name));
    let at = Scope::new(&params, &NAMES);
    let cx = Credit { batch: columns(golden), at };
    let found: Vec<f64> =
        T::target(&cx, LevelId::Step).into_iter().map(|target| target.unwrap_or(0.0)).collect();
    golden.compare(key, &found, 1e-9, 1e-9);
}

/// One released case: `lo`, `up` and `term` are the advantages of the levels as they go to their tokens.
macro_rules! levels {
    ($golden:ident, both = $both:literal, $low:ty, $high:ty, $term:ty) => {{
        type High_ = OnFirst<$high>;
        holds::<Route<$low>>($golden, "advantage_low", LevelId::Token);
        holds::<Route<LeftOut, LeftOut, $term>>($golden, "advantage_switch", LevelId::Token);
        if $both {
            holds::<Route<LeftOut, High_, High_>>($golden, "advantage_high", LevelId::Token);
            holds::<Route<$low, High_, Add<$term, High_>>>($golden, "advantage", LevelId::Token);
        } else {
            holds::<Route<LeftOut, High_>>($golden, "advantage_high", LevelId::Token);
            holds::<Route<$low, High_, $term>>($golden, "advantage", LevelId::Token);
        }
    }};
}

macro_rules! case {
    ($golden:ident, $reward:ty, $cut_low:ty, $cut_high:ty) => {{
        type L = LowOf<$reward, $cut_low>;
        type H = HighOf<$reward, $cut_high>;
        type T = TermOf<$reward, $cut_high>;
        type First<X> = FirstPer<X, level::Segment>;
        target::<L>($golden, "return_low");
        target::<H>($golden, "return_high");
        target::<T>($golden, "return_switch");
        type SL = Scaled<L, Has<role::Action>>;
        type ST = Scaled<T, Has<role::Switch>>;
        match (truth($golden, "norm_adv"), truth($golden, "assign_high_to_switch")) {
            (false, false) => levels!($golden, both = false, L, H, T),
            (false, true) => levels!($golden, both = true, L, H, T),
            (true, false) => levels!($golden, both = false, SL, Scaled<H, First<Has<role::Subgoal>>>, ST),
            (true, true) => {
                levels!($golden, both = true, SL, Scaled<H, First<Has<role::Subgoal, role::Switch>>>, ST)
            }
        }
    }};
}

fn truth(golden: &Golden, name: &str) -> bool {
    golden.params[name].as_bool().expect("a choice of yes or no")
}

/// Under `normalized` the released code spares a trajectory of one step that keeps: the line charges it. Gives the charge
/// back beforehand, and says how many trajectories had it.
fn give_back(golden: &mut Golden) -> usize {
    let keep = golden.number("keep_penalty");
    let mut count = 0;
    for traj in 0..golden.layout.trajs() {
        let steps = golden.layout.steps_of(traj);
        if steps.len() == 1 && golden.switch[steps.start] == 0.0 {
            golden.reward[steps.start] -= keep;
            count += 1;
        }
    }
    count
}

#[test]
fn released_levels() {
    let mut spared = 0;
    let files = Golden::all("hiper_hae");
    let there = !files.is_empty();
    for mut golden in files {
        let shared = golden.text("keep_penalty_mode") == "normalized";
        if shared {
            spared += give_back(&mut golden);
        }
        let golden = &golden;
        match (shared, truth(golden, "bootstrap_truncated")) {
            (false, false) => case!(golden, Shaped<Kept>, Zero, Zero),
            (false, true) => case!(golden, Shaped<Kept>, CutLow, CutHigh),
            (true, false) => case!(golden, Shaped<Shared>, Zero, Zero),
            (true, true) => case!(golden, Shaped<Shared>, CutLow, CutHigh),
        }
    }
    assert_eq!(spared, usize::from(there), "one trajectory of one file");
}

#[test]
fn the_papers_switch_advantage() {
    /// `(switch - p_switch) * (value(high) - value(low))`
    type Gain = Mul<Sub<Switch, PSwitch>, Sub<ValueHigh, ValueLow>>;
    fn check<S: Signal<Kind: istar::objective::kind::AsAdvantage>>(golden: &Golden)
    where
        level::Join<S::Level, level::Token>: level::Proper,
    {
        holds::<S>(golden, "switch_advantage", LevelId::Step);
        holds::<Route<LeftOut, LeftOut, S>>(golden, "advantage", LevelId::Token);
    }
    for golden in &Golden::all("hiper_switch_paper") {
        match truth(golden, "norm_adv") {
            false => check::<Gain>(golden),
            true => check::<Scaled<Gain, Has<role::Switch>>>(golden),
        }
    }
}
