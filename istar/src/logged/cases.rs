//! Reference cases: which line of the language gives the numbers of a file that says `case` and `params`.
//!
//! The names are those under which released code and papers were evaluated; `docs/src/reference-cases.md` lists them. A term that
//! only carries what another one reads, or whose loss is not asked for, stands with weight 0.

use super::hiper::*;
use super::{Document, Given, LoggedError, ValueLoss};
use crate::objective;
use crate::objective::{AnyObjective, Objective};
use serde_json::{Value, json};

/// A row of the table: what leads to a line, and the line.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The name.
    pub name: &'static str,
    /// What `params` must say: names, and values as JSON.
    pub choices: &'static [(&'static str, &'static str)],
    /// The numbers of the line: those of `params` of the same name, or what stands behind `=`.
    pub numbers: &'static [&'static str],
    /// The line.
    pub line: &'static str,
}

/// Numbers and choices of a case.
struct Params<'a>(&'a Document);

impl Params<'_> {
    /// Choices that released code offers and that every line here has made.
    fn fixed(&self) -> Result<(), LoggedError> {
        let made = [
            ("eps", json!(1e-6)),
            ("std_ddof", json!(1)),
            ("assign_high_to_subgoal", json!(true)),
            ("assign_term_to_switch", json!(true)),
        ];
        for (key, made) in made {
            let other = |found: &&Value| {
                **found != made && (made.as_f64().is_none() || found.as_f64() != made.as_f64())
            };
            if let Some(found) = self.0.params.get(key).filter(other) {
                return Err(LoggedError::Case(format!(
                    "params: `{key}` is {found}, and the lines of the reference cases have {made}: give `logged::assign` a line of your own"
                )));
            }
        }
        Ok(())
    }

    /// A number of the file, or one that the batch decides.
    fn number(&self, name: &str) -> Result<f64, LoggedError> {
        let layout = self.0.batch.layout();
        if name == "norm_len" {
            let longest = (0..layout.steps()).map(|step| layout.tokens_of(step).len()).max();
            return Ok(longest.unwrap_or(0) as f64);
        }
        self.0.params.get(name).and_then(Value::as_f64).ok_or_else(|| {
            let found = self.0.params.get(name).map_or("missing".to_owned(), |found| format!("{found}"));
            let case = self.0.case.as_deref().unwrap_or_default();
            LoggedError::Case(format!("params: `{name}` is {found}, and the case `{case}` needs a number"))
        })
    }
}

/// Rows: case, choices that the file must have made, the objective and its parameters (`name`; `name("key")` where the
/// file's word is one of the language; `name = x` where the case says it), the line.
macro_rules! cases {
    ($($case:literal $(($choice:ident == $is:literal))* $name:ident [$($param:ident $(($key:literal))? $(= $fixed:literal)?),*] = {$($line:tt)*})*
     by hand: $($more:literal $(($choose:ident == $value:literal))* $path:ident [$($number:ident $(($word:literal))?),*])*) => {
        // A case may read heads of a critic whose training it does not ask for.
        #[allow(deprecated)]
        mod lines {
            use super::{Given, objective};
            $(objective! { pub $name<$($param),*> = $($line)* })*
        }

        /// Every row.
        pub const TABLE: &[Case] = &[
            $(Case {
                name: $case,
                choices: &[$((stringify!($choice), stringify!($is))),*],
                numbers: &[$(concat!(stringify!($param) $(, " = params.", $key)? $(, " = ", $fixed)?)),*],
                line: <lines::$name as Objective>::SOURCE,
            },)*
            $(Case {
                name: $more,
                choices: &[$((stringify!($choose), stringify!($value))),*],
                numbers: &[$(concat!(stringify!($number) $(, " = params.", $word)?)),*],
                line: <$path as Objective>::SOURCE,
            },)*
        ];

        /// The objective of a file's case, with the file's numbers.
        ///
        /// # Errors
        /// No case, one that is not known, or parameters that it has no line for.
        // Inline, so that a program without reference files does not wait for the code of every line.
        #[inline]
        pub fn of(document: &Document) -> Result<Box<dyn AnyObjective>, LoggedError> {
            let Some(case) = document.case.as_deref() else {
                return Err(LoggedError::Case("the file says no `case`: name a recipe instead".into()));
            };
            let params = Params(document);
            params.fixed()?;
            $(
                if case == $case $(&& document.params.get(stringify!($choice)) == Some(&json!($is)))* {
                    let values: &[f64] = &[$(cases!(@number params, $param $($key)? $(= $fixed)?)),*];
                    return Ok(Box::new(lines::$name::from_values(values)));
                }
            )*
            $(
                if case == $more $(&& document.params.get(stringify!($choose)) == Some(&json!($value)))* {
                    let values: &[f64] = &[$(cases!(@number params, $number $($word)?)),*];
                    return Ok(Box::new($path::from_values(values)));
                }
            )*
            Err(unknown(case))
        }
    };
    (@number $params:ident, $param:ident = $fixed:literal) => { $fixed };
    (@number $params:ident, $param:ident) => { $params.number(stringify!($param))? };
    (@number $params:ident, $param:ident $key:literal) => { $params.number($key)? };
}

/// Every case once, in the order of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    TABLE.iter().map(|row| row.name).filter(move |name| std::mem::replace(&mut last, name) != *name)
}

fn unknown(case: &str) -> LoggedError {
    LoggedError::Case(if names().any(|name| name == case) {
        format!("params: the case `{case}` has no line for these choices")
    } else {
        format!("the case `{case}` is not known; known are {}", names().collect::<Vec<_>>().join(", "))
    })
}

cases! {
"grpo_traj" GrpoTraj [invalid_penalty] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, count = first(traj), min = 1))
}
"grpo_crossstep" GrpoCrossstep [invalid_penalty] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, count = step, min = 1))
}
"dr_grpo_traj" DrGrpoTraj [invalid_penalty] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, scale = none, count = first(traj), min = 1))
}
"dr_grpo_crossstep" DrGrpoCrossstep [invalid_penalty] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, scale = none, count = step, min = 1))
}
"rloo_traj" RlooTraj [invalid_penalty] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, center = loo, scale = none, count = first(traj), min = 1))
}
"rloo_crossstep" RlooCrossstep [invalid_penalty] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, center = loo, scale = none, count = step, min = 1))
}
"rfpp_step_rows" RfppStepRows [invalid_penalty, kl_coef, gamma] = {
    rl(adv = whiten(to_go(
        place(outcome - invalid_penalty * invalid, per = step, at = token) - kl_coef * log_ratio(old, init),
        gamma, within = step)))
}
"rfpp_traj_rows" RfppTrajRows [kl_coef, gamma] = {
    rl(adv = whiten(to_go(place(reward, per = step, at = token) - kl_coef * log_ratio(old, init), gamma)))
}
"rfpp_baseline_traj" RfppBaselineTraj [invalid_penalty] = {
    rl(adv = whiten(norm(outcome - invalid_penalty * invalid, scale = none, count = first(traj), min = 1)))
}
"rfpp_baseline_crossstep" RfppBaselineCrossstep [invalid_penalty] = {
    rl(adv = whiten(norm(outcome - invalid_penalty * invalid, scale = none, count = step, min = 1)))
}
"gigpo_mean_norm_traj" GigpoMeanNormTraj [invalid_penalty, step_advantage_w, gamma] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, scale = none, count = first(traj), min = 1)
        + step_advantage_w * anchor(gamma))
}
"gigpo_mean_norm_crossstep" GigpoMeanNormCrossstep [invalid_penalty, step_advantage_w, gamma] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, scale = none, count = step, min = 1)
        + step_advantage_w * anchor(gamma))
}
"gigpo_mean_std_norm_traj" GigpoMeanStdNormTraj [invalid_penalty, step_advantage_w, gamma] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, count = first(traj), min = 1)
        + step_advantage_w * anchor(gamma, scale = std))
}
"gigpo_mean_std_norm_crossstep" GigpoMeanStdNormCrossstep [invalid_penalty, step_advantage_w, gamma] = {
    rl(adv = norm(outcome - invalid_penalty * invalid, count = step, min = 1)
        + step_advantage_w * anchor(gamma, scale = std))
}

"istar_paper_grpo" IstarPaperGrpo [beta, alpha] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, read = before) + rl(adv = traj + alpha * step)
}
"istar_paper_rloo" IstarPaperRloo [beta, alpha] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
        + rl(adv = loo + alpha * step(center = loo, scale = none))
}
"istar_paper_dpo" IstarPaperDpo [beta] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success)
}
"istar_paper_policy" (backbone == "grpo") IstarPaperPolicyGrpo [beta, alpha, c("clip")] = {
    0 * dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
        + rl(adv = traj + alpha * step, clip = c, ratio = sum(step), reduce = mean(step))
}
"istar_paper_policy" (backbone == "rloo") IstarPaperPolicyRloo [beta, alpha, c("clip")] = {
    0 * dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
        + rl(adv = loo + alpha * step(center = loo, scale = none), clip = c, ratio = sum(step), reduce = mean(step))
}
"istar_code_rloo" (istar_norm == "batch_norm") IstarCodeRloo [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid, center = loo, scale = none, count = first(traj), min = 1)
            + step_advantage_w * norm(bound(sum(implicit, per = step), within = step),
                center = loo, scale = none, count = first(traj), min = 1))
}
"istar_code_rloo" (istar_norm == "none") IstarCodeRlooBare [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid, center = loo, scale = none, count = first(traj), min = 1)
            + step_advantage_w * norm(sum(implicit, per = step),
                center = loo, scale = none, count = first(traj), min = 1))
}
"istar_code_rloo_process_only" (istar_norm == "batch_norm") IstarCodeProcessOnly [beta] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(bound(sum(implicit, per = step), within = step),
            center = loo, scale = none, count = first(traj), min = 1))
}
"istar_code_rloo_process_only" (istar_norm == "none") IstarCodeProcessOnlyBare [beta] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(sum(implicit, per = step), center = loo, scale = none, count = first(traj), min = 1))
}
"istar_code_merged" (istar_norm == "batch_norm") IstarCodeMerged [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid
                + step_advantage_w * bound(sum(implicit, per = step), within = step),
            center = loo, scale = none, count = first(traj), min = 1))
}
"istar_code_merged" (istar_norm == "none") IstarCodeMergedBare [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid + step_advantage_w * sum(implicit, per = step),
            center = loo, scale = none, count = first(traj), min = 1))
}
"istar_code_grpo_mean_norm" (istar_norm == "batch_norm")
IstarCodeMeanNorm [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid, scale = none, count = first(traj), min = 1)
            + step_advantage_w * norm(bound(sum(implicit, per = step), within = step),
                scale = none, count = first(traj), min = 1))
}
"istar_code_grpo_mean_norm" (istar_norm == "none")
IstarCodeMeanNormBare [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid, scale = none, count = first(traj), min = 1)
            + step_advantage_w * norm(sum(implicit, per = step), scale = none, count = first(traj), min = 1))
}
"istar_code_grpo_mean_std_norm" (istar_norm == "batch_norm")
IstarCodeMeanStdNorm [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid, count = first(traj), min = 1)
            + step_advantage_w * norm(bound(sum(implicit, per = step), within = step),
                count = first(traj), min = 1))
}
"istar_code_grpo_mean_std_norm" (istar_norm == "none")
IstarCodeMeanStdNormBare [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = norm(outcome - invalid_penalty * invalid, count = first(traj), min = 1)
            + step_advantage_w * norm(sum(implicit, per = step), count = first(traj), min = 1))
}
"istar_code_rfpp_baseline" (istar_norm == "batch_norm")
IstarCodeRfppBaseline [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = whiten(norm(outcome - invalid_penalty * invalid, scale = none, count = first(traj), min = 1))
            + step_advantage_w * whiten(norm(bound(sum(implicit, per = step), within = step),
                scale = none, count = first(traj), min = 1)))
}
"istar_code_rfpp_baseline" (istar_norm == "none")
IstarCodeRfppBaselineBare [beta, invalid_penalty, step_advantage_w] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
        + rl(adv = whiten(norm(outcome - invalid_penalty * invalid, scale = none, count = first(traj), min = 1))
            + step_advantage_w * whiten(norm(sum(implicit, per = step),
                scale = none, count = first(traj), min = 1)))
}
"istar_code_dpo" IstarCodeDpo [beta] = {
    dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean)
}

"ppo_clip_token_mean" PpoClipTokenMean [clip_low, clip_high, dual_clip_c] = {
    rl(adv = Given, clip = (clip_low, clip_high), dual = dual_clip_c)
}
"ppo_clip_seq_mean_token_sum" PpoClipSum [clip_low, clip_high, dual_clip_c] = {
    rl(adv = Given, clip = (clip_low, clip_high), dual = dual_clip_c, reduce = sum(step))
}
"ppo_clip_seq_mean_token_mean" PpoClipMean [clip_low, clip_high, dual_clip_c] = {
    rl(adv = Given, clip = (clip_low, clip_high), dual = dual_clip_c, reduce = mean(step))
}
"ppo_clip_seq_mean_token_sum_norm" PpoClipNorm [clip_low, clip_high, dual_clip_c, norm_len] = {
    rl(adv = Given, clip = (clip_low, clip_high), dual = dual_clip_c, reduce = constant(norm_len))
}
"gspo" GspoGiven [clip_low, clip_high] = {
    rl(adv = Given, clip = (clip_low, clip_high), ratio = mean(step), reduce = mean(step))
}
"kl_k1" KlK1 [] = { kl(1, ref = init, estimator = k1) }
"kl_k2" KlK2 [] = { kl(1, ref = init, estimator = k2) }
"kl_k3" KlK3 [] = { kl(1, ref = init) }
"kl_abs" KlAbs [] = { kl(1, ref = init, estimator = abs) }

"gae_step_rows" GaeStepRows [invalid_penalty, gamma, lam] = {
    rl(adv = whiten(gae(place(outcome - invalid_penalty * invalid, per = step, at = token), gamma, lam, within = step)))
        + critic(0.5, per = token)
}
"gae_traj_rows" GaeTrajRows [gamma, lam] = {
    rl(adv = whiten(gae(place(reward, per = step, at = token), gamma, lam))) + critic(0.5, per = token)
}
"istar_code_ce" IstarCodeCe [beta] = {
    ce_prm(beta, net = separate, ref = old, per = step)
}
"prime" (reference == "ref") PrimeInit [beta, reward_dpo_coef, reward_gt_coef, zero = 0.0] = {
    ce_prm(beta, net = separate)
        + zero * rl(adv = whiten(
            reward_dpo_coef * to_go(norm(implicit, center = loo, scale = none, count = mean(traj)))
                + reward_gt_coef * norm(success, center = loo, scale = none)))
}
"prime" (reference == "old") PrimeOld [beta, reward_dpo_coef, reward_gt_coef, zero = 0.0] = {
    ce_prm(beta, net = separate, ref = old)
        + zero * rl(adv = whiten(
            reward_dpo_coef * to_go(norm(implicit, center = loo, scale = none, count = mean(traj)))
                + reward_gt_coef * norm(success, center = loo, scale = none)))
}
"prime_recipe" (reference == "ref") PrimeRecipeInit [beta, reward_dpo_coef, reward_gt_coef, zero = 0.0] = {
    ce_prm(beta, net = separate)
        + zero * rl(adv = whiten(
            reward_dpo_coef * to_go(norm(bound(implicit - place(last(implicit, per = traj), at = token)),
                center = loo, scale = none, count = mean(traj)))
                + reward_gt_coef * norm(success, center = loo, scale = none)))
}
"prime_recipe" (reference == "old") PrimeRecipeOld [beta, reward_dpo_coef, reward_gt_coef, zero = 0.0] = {
    ce_prm(beta, net = separate, ref = old)
        + zero * rl(adv = whiten(
            reward_dpo_coef * to_go(norm(bound(implicit - place(last(implicit, per = traj), at = token)),
                center = loo, scale = none, count = mean(traj)))
                + reward_gt_coef * norm(success, center = loo, scale = none)))
}
"dpo_trajectory" DpoTrajectory [beta] = { dpo(beta, ref = init, pairs = success) }
"dmpo" DmpoSuccess [beta, gamma] = { dpo(beta, ref = init, pairs = success, weight = dmpo(gamma)) }
"dar" DarClipped [beta, alpha, c("weight_clip")] = {
    dar(beta, alpha, adv = norm(norm(outcome, scale = none), within = batch, eps = 1e-8), clip = c)
}

"cm2_trajectory" (norm_by_std == true) Cm2Trajectory [] = {
    rl(adv = norm(judged * sum(checklist(deps = false, weigh = traj), per = traj), min = 1))
}
"cm2_trajectory" (norm_by_std == false) Cm2TrajectoryCentred [] = {
    rl(adv = norm(judged * sum(checklist(deps = false, weigh = traj), per = traj), scale = none, min = 1))
}
"cm2_turn" (norm_by_std == true) Cm2Turn [] = {
    rl(adv = norm(sum(checklist(deps = false), per = segment), within = turn, min = 5, where = judged))
}
"cm2_turn" (norm_by_std == false) Cm2TurnCentred [] = {
    rl(adv = norm(sum(checklist(deps = false), per = segment), within = turn, scale = none, min = 5, where = judged))
}
"cm2_step" (divide_by_weight_sum == true) Cm2Step [min_count] = {
    rl(adv = mean(norm(checklist(form = backfill),
        within = item, scale = none, count = first(traj), min = min_count + 1, where = judged), per = step))
}
"cm2_step" (divide_by_weight_sum == false) Cm2StepSum [min_count] = {
    rl(adv = sum(norm(checklist(form = backfill),
        within = item, scale = none, count = first(traj), min = min_count + 1, where = judged), per = step))
}

"hiper_switch_paper" (norm_adv == false) HiperSwitchPaper [] = {
    rl(adv = route(switch = (switch - p_switch) * (value(high) - value(low)))) + critic(0.5, heads = (low, high))
}
"hiper_switch_paper" (norm_adv == true) HiperSwitchPaperScaled [] = {
    rl(adv = route(switch = norm((switch - p_switch) * (value(high) - value(low)),
        within = batch, ddof = 0, eps = 1e-8, where = has(switch))))
        + critic(0.5, heads = (low, high))
}

by hand:
"value_loss" ValueLoss [c("clip")]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == false) (bootstrap_truncated == false)
    (keep_penalty_mode == "fixed")
    Hae [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == false) (bootstrap_truncated == false)
    (keep_penalty_mode == "normalized")
    HaeShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == false) (bootstrap_truncated == true)
    (keep_penalty_mode == "fixed")
    HaeCut [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == false) (bootstrap_truncated == true)
    (keep_penalty_mode == "normalized")
    HaeCutShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == true) (bootstrap_truncated == false)
    (keep_penalty_mode == "fixed")
    HaeBoth [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == true) (bootstrap_truncated == false)
    (keep_penalty_mode == "normalized")
    HaeBothShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == true) (bootstrap_truncated == true)
    (keep_penalty_mode == "fixed")
    HaeBothCut [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == false) (assign_high_to_switch == true) (bootstrap_truncated == true)
    (keep_penalty_mode == "normalized")
    HaeBothCutShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == false) (bootstrap_truncated == false)
    (keep_penalty_mode == "fixed")
    HaeScaled [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == false) (bootstrap_truncated == false)
    (keep_penalty_mode == "normalized")
    HaeScaledShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == false) (bootstrap_truncated == true)
    (keep_penalty_mode == "fixed")
    HaeScaledCut [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == false) (bootstrap_truncated == true)
    (keep_penalty_mode == "normalized")
    HaeScaledCutShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == true) (bootstrap_truncated == false)
    (keep_penalty_mode == "fixed")
    HaeScaledBoth [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == true) (bootstrap_truncated == false)
    (keep_penalty_mode == "normalized")
    HaeScaledBothShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == true) (bootstrap_truncated == true)
    (keep_penalty_mode == "fixed")
    HaeScaledBothCut [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
"hiper_hae" (norm_adv == true) (assign_high_to_switch == true) (bootstrap_truncated == true)
    (keep_penalty_mode == "normalized")
    HaeScaledBothCutShared [gamma, lam_turn, lam_seg, keep_penalty, invalid_action_penalty_coef]
}
