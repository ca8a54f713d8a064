//! HiPER's line as its released code has it (arXiv 2602.16165), with each of its four switches off and on.

use super::given::SharedKeep;
use crate::objective;

/// A row: the name; whether levels are normalised (`scaled`) and subgoals credit the decision too (`both`); the penalty for
/// keeping a subgoal; where a cut-off episode bootstraps, low and high.
macro_rules! hiper {
    ($($name:ident $form:ident [$($keep:tt)*] [$($low:tt)*] [$($high:tt)*];)*) => {
        $(hiper!(@$form $name [$($keep)*]
            [gae(r, gamma, lam_turn, value = value(low), within = segment, next = value(high) $($low)*)]
            [gae(r, gamma, 1, value = value(term), within = segment, next = value(high) $($high)*)]
            [gae(r, gamma, lam_seg, value = value(high), per = segment $($high)*)]);)*
    };
    (@plain $name:ident $keep:tt [$($low:tt)*] [$($term:tt)*] [$($high:tt)*]) => {
        hiper!(@item $name $keep [$($low)*] [place($($high)*, on = first, per = segment)] [$($term)*]);
    };
    (@both $name:ident $keep:tt [$($low:tt)*] [$($term:tt)*] [$($high:tt)*]) => {
        hiper!(@item $name $keep [$($low)*] [place($($high)*, on = first, per = segment)]
            [$($term)* + place($($high)*, on = first, per = segment)]);
    };
    (@scaled $name:ident $keep:tt [$($low:tt)*] [$($term:tt)*] [$($high:tt)*]) => {
        hiper!(@item $name $keep
            [norm($($low)*, within = batch, ddof = 0, eps = 1e-8, where = has(action))]
            [place(
                norm($($high)*, within = batch, ddof = 0, eps = 1e-8, where = first(has(subgoal), per = segment)),
                on = first, per = segment)]
            [norm($($term)*, within = batch, ddof = 0, eps = 1e-8, where = has(switch))]);
    };
    (@scaled_both $name:ident $keep:tt [$($low:tt)*] [$($term:tt)*] [$($high:tt)*]) => {
        hiper!(@item $name $keep
            [norm($($low)*, within = batch, ddof = 0, eps = 1e-8, where = has(action))]
            [place(
                norm($($high)*, within = batch, ddof = 0, eps = 1e-8,
                    where = first(has(subgoal, switch), per = segment)),
                on = first, per = segment)]
            [norm($($term)*, within = batch, ddof = 0, eps = 1e-8, where = has(switch))
                + place(
                    norm($($high)*, within = batch, ddof = 0, eps = 1e-8,
                        where = first(has(subgoal, switch), per = segment)),
                    on = first, per = segment)]);
    };
    (@item $name:ident [$($keep:tt)*] [$($action:tt)*] [$($subgoal:tt)*] [$($switch:tt)*]) => {
        objective! {
            /// HiPER's released code under one choice of its switches. Reference files give `keep_penalty` as a negative
            /// number, so it is added.
            pub $name<gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef> =
                rl(adv = route(action = $($action)*, subgoal = $($subgoal)*, switch = $($switch)*))
                    + critic(0.5, heads = (low, high, term))
                where r = reward - invalid_action_penalty_coef * invalid + keep_penalty * $($keep)*
        }
    };
}

hiper! {
    Hae plain [(1 - switch)] [] [];
    HaeShared plain [SharedKeep] [] [];
    HaeCut plain [(1 - switch)] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
    HaeCutShared plain [SharedKeep] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
    HaeBoth both [(1 - switch)] [] [];
    HaeBothShared both [SharedKeep] [] [];
    HaeBothCut both [(1 - switch)] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
    HaeBothCutShared both [SharedKeep] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
    HaeScaled scaled [(1 - switch)] [] [];
    HaeScaledShared scaled [SharedKeep] [] [];
    HaeScaledCut scaled [(1 - switch)] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
    HaeScaledCutShared scaled [SharedKeep] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
    HaeScaledBoth scaled_both [(1 - switch)] [] [];
    HaeScaledBothShared scaled_both [SharedKeep] [] [];
    HaeScaledBothCut scaled_both [(1 - switch)] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
    HaeScaledBothCutShared scaled_both [SharedKeep] [, cut = last(value(low), per = traj)] [, cut = first(value(high), per = segment)];
}
