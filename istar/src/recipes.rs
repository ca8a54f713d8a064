//! The literature on one page: one objective a line; its source and what it asks for in the doc comment.
//!
//! Equations are numbered as in the paper; "not checked" says that the number was not compared with it, or is not given.
//! Where paper and released code disagree, the comment says which of them the line is and gives the other one.
//!
//! | symbol | is |
//! |---|---|
//! | `outcome` | the scalar return of a trajectory |
//! | `traj`, `loo` | the outcome against its group: z-score, or minus the mean of the others |
//! | `step` | the implicit step reward, z-scored over all steps of the group |
//! | `anchor` | the discounted return against other visits of the same state |

use crate::objective;
use crate::objective::AnyObjective;

/// An objective of these pages with its defaults, and the title that its row and its page have.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The title.
    pub title: &'static str,
    /// The objective.
    pub objective: Box<dyn AnyObjective>,
}

macro_rules! literature {
    ($($title:literal = $name:ident,)*) => {
        /// Every recipe of this page, from top to bottom.
        // Inline, so that who takes a recipe by its type does not wait for the code of all the others.
        #[inline]
        pub fn all() -> Vec<$crate::recipes::Recipe> {
            vec![$($crate::recipes::Recipe { title: $title, objective: Box::new(<$name>::default()) }),*]
        }
    };
}

mod find;
pub mod open;

pub use find::{UnknownRecipe, find};

objective! {
    /// Group-relative policy optimisation: DeepSeekMath, arXiv 2402.03300, eq. 3 and 4 (not checked), outcome
    /// supervision, without KL. Needs outcomes alone.
    pub Grpo = rl(adv = traj)
}

objective! {
    /// REINFORCE leave-one-out: Ahmadian et al., arXiv 2402.14740, eq. 9 (not checked), in the clipped form that iStar's
    /// authors and verl run. Their code keeps the outcome of a lone trajectory, `loo(min = 1)`. Needs outcomes alone.
    pub Rloo = rl(adv = loo)
}

objective! {
    /// Proximal policy optimisation with generalised advantages: Schulman et al., arXiv 1707.06347, eq. 7 and 9, and
    /// arXiv 1506.02438, eq. 16 (not checked), in the form that language models are trained with (verl): per token,
    /// whitened over the batch, the critic a network of its own with a clipped loss. Needs outcomes alone, and a critic.
    pub Ppo<gamma = 1.0, lam = 0.95> =
        rl(adv = whiten(gae(place(outcome, at = token), gamma, lam))) + critic(0.5, per = token)
}

objective! {
    /// The implicit step reward alone, without the outcome: iStar's PRM (arXiv 2509.19199, eq. 1, 2 and 4) as the only
    /// teacher of the policy. Needs a PRM network.
    pub PrmOnly<beta = 0.05> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = step, ratio = sum(step), reduce = mean(step))
}

objective! {
    /// Group-in-group policy optimisation: Feng et al., arXiv 2505.10978, eq. 3 to 8 (not checked), with standard
    /// deviations in both halves. The paper's line without its KL; the code keeps the outcome of a lone trajectory,
    /// `min = 1`. Needs recurring states and step rewards.
    pub GiGpo<omega = 1.0, gamma = 0.95> =
        rl(adv = traj + omega * anchor(gamma, scale = std))
}

objective! {
    /// iStar as the note on it reads (no numbered equation): one network is policy and PRM, measured against the frozen
    /// initial policy; the best half of a group against the worst half; read after phase A. Needs the initial policy.
    pub IStar<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta) + rl(adv = traj + lambda * step)
}

objective! {
    /// iStar as the paper states it: Liu et al., arXiv 2509.19199, eq. 1 to 6 and algorithm 1, with GRPO as the outcome
    /// half. Needs a PRM network; its reference is the policy that produced the batch.
    pub IStarPaper<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = traj + lambda * step, ratio = sum(step), reduce = mean(step))
}

objective! {
    /// iStar as the paper runs it on WebShop and VisualSokoban: arXiv 2509.19199, as [`IStarPaper`], with leave-one-out
    /// in the place of eq. 3 and 4. Needs a PRM network.
    pub IStarPaperRloo<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = loo + lambda * step(center = loo, scale = none), ratio = sum(step), reduce = mean(step))
}

objective! {
    /// [`IStarPaper`] with the two changes that length cannot fool: the trajectory's score is the mean over its steps,
    /// and the step advantage is centred without a standard deviation, instead of eq. 2 and 4 of arXiv 2509.19199. Ours.
    /// Needs a PRM network.
    pub IStarStable<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
            + rl(adv = traj + lambda * step(scale = none), ratio = sum(step), reduce = mean(step))
}

objective! {
    /// Ablation "w/ merged rewards" of table 3 of arXiv 2509.19199: outcome and step reward are added first and
    /// normalised as one; no equation is printed. The z-score is ours, as in eq. 3 and 4: the table's backbone is RLOO,
    /// which is `norm(.., center = loo, scale = none)`. Needs a PRM network.
    pub IStarMerged<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = norm(outcome + lambda * sum(implicit, per = step)), ratio = sum(step), reduce = mean(step))
}

objective! {
    /// Ablation "w/ ground-truth step rewards" of table 3 of arXiv 2509.19199: the environment's step rewards take the
    /// place of the implicit ones; no equation is printed. The z-scores are ours, as in eq. 3 and 4: the table's
    /// backbone is RLOO, `loo + lambda * norm(reward, center = loo, scale = none)`. Needs step rewards; no PRM.
    pub IStarEnvReward<lambda = 1.0> =
        rl(adv = traj + lambda * norm(reward), ratio = sum(step), reduce = mean(step))
}

objective! {
    /// iStar (arXiv 2509.19199) as its released code runs, not its equations: Tongyi-ConvAI/Qwen-Character at
    /// 1de87a220bc0, folder CharacterRL-iStar. The log-ratio is detached before the preference loss, so the PRM is
    /// carried and read and never trained (weight 0); step rewards are divided by the largest one, and both baselines
    /// count the first row of each trajectory. Without the sharding of pairs and of the largest reward by device. Needs
    /// a PRM network.
    pub IStarReleased<beta = 0.05, lambda = 1.0> =
        0 * dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
            + rl(
                adv = norm(outcome - 0.1 * invalid, center = loo, scale = none, count = first(traj), min = 1)
                    + lambda * norm(bound(sum(implicit, per = step), within = step), center = loo, scale = none, count = first(traj), min = 1),
                dual = 3)
            + entropy(0.001)
}

objective! {
    /// Ablation "w/ token-level process rewards" of table 3 of arXiv 2509.19199: the implicit reward of each token in
    /// the place of the step's; no equation is printed. The ratio is then one per token. The z-scores are ours, as in
    /// eq. 3 and 4: the table's backbone is RLOO, `loo + lambda * token(center = loo, scale = none)`. Needs a PRM
    /// network.
    pub IStarToken<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = traj + lambda * token, reduce = mean(step))
}

objective! {
    /// GRPO without what biases it: Liu et al., arXiv 2503.20783: no standard deviation, and a loss divided by a
    /// constant instead of a length (equation not checked). `max_tokens` is that constant, in tokens of a mini-batch. The
    /// paper's line; released agent code counts one row of each trajectory (`count = first(traj), min = 1`) or every row
    /// (`count = step`). Needs outcomes alone.
    pub DrGrpo<max_tokens = 512.0> = rl(adv = traj(scale = none), reduce = constant(max_tokens))
}

objective! {
    /// REINFORCE++: Hu et al., arXiv 2501.03262: the outcome on the last token, a penalty for leaving the initial policy
    /// on every token, summed to go and whitened over the batch (equations not checked). One row is the trajectory;
    /// where released agent code takes every step for a row, `place(outcome, per = step, at = token)` and
    /// `to_go(.., within = step)`. `eta` is the penalty. Needs the initial policy.
    pub ReinforcePlusPlus<eta = 0.001, gamma = 1.0> =
        rl(adv = whiten(to_go(place(outcome, at = token) - eta * log_ratio(old, init), gamma)))
}

objective! {
    /// REINFORCE++ with a group baseline, arXiv 2501.03262: the outcome against its group's mean, whitened over the
    /// tokens of the batch. Released code counts the first row of each trajectory, `count = first(traj), min = 1`, or
    /// every row, `count = step`; with one outcome a trajectory the first is this line but for lone trajectories.
    /// Equation not checked. Needs outcomes alone.
    pub ReinforcePlusPlusBaseline = rl(adv = whiten(traj(scale = none)))
}

objective! {
    /// Group sequence policy optimisation: Zheng et al., arXiv 2507.18071: one ratio for a sequence, the geometric mean
    /// of its tokens'; here a sequence is a step. Equation not checked. Needs outcomes alone.
    pub Gspo = rl(adv = traj, clip = (0.0003, 0.0004), ratio = mean(step), reduce = mean(step))
}

objective! {
    /// DAPO: Yu et al., arXiv 2503.14476: a higher upper clip, the mean over tokens, no divergence, and no groups of
    /// equal outcomes. They are left out of the loss, not sampled again; without the shaping of overlong answers.
    /// Equations not checked. Needs outcomes alone.
    pub Dapo = rl(adv = traj, clip = (0.2, 0.28), groups = mixed)
}

objective! {
    /// GiGPO without standard deviations: Feng et al., arXiv 2505.10978, the variant "w/o std" (`mean_norm`, the
    /// released default; F = 1 in both halves, equation not checked). Needs recurring states and step rewards.
    pub GiGpoCentred<omega = 1.0, gamma = 0.95> =
        rl(adv = traj(scale = none) + omega * anchor(gamma))
}

objective! {
    /// PRIME: Cui et al., arXiv 2502.01456: a PRM taught by outcome labels, its token rewards and the label each against
    /// the rest of their group, summed to go, whitened (equations not checked). The code's line: its leave-one-out keeps
    /// the trajectory's own mean in the baseline and rescales; the paper's is [`PrimePaper`]. Needs a PRM network and
    /// the initial policy.
    pub Prime<beta = 0.05, process = 5.0, verified = 5.0> =
        ce_prm(beta, net = separate)
            + rl(adv = whiten(
                process * to_go(norm(implicit, center = loo, scale = none, count = mean(traj)))
                    + verified * norm(success, center = loo, scale = none)))
}

objective! {
    /// PRIME with the paper's leave-one-out: Cui et al., arXiv 2502.01456 (equation not checked): each token reward
    /// against the token means of the other trajectories, exactly. Label and rewards weigh the same, as in [`Prime`].
    /// Needs a PRM network and the initial policy.
    pub PrimePaper<beta = 0.05> =
        ce_prm(beta, net = separate)
            + rl(adv = whiten(
                to_go(implicit - m + norm(m, center = loo, scale = none)) + norm(success, center = loo, scale = none)))
        where m = mean(implicit, per = traj)
}

objective! {
    /// [`Prime`] as verl's `recipe/prime` runs it, code alone: no reward on the last token of a trajectory, and token
    /// rewards divided by the batch's largest return, so that `beta` cancels in the advantage. Needs a PRM network and
    /// the initial policy.
    pub PrimeRecipe<beta = 0.05, process = 5.0, verified = 5.0> =
        ce_prm(beta, net = separate)
            + rl(adv = whiten(
                process * to_go(norm(r, center = loo, scale = none, count = mean(traj)))
                    + verified * norm(success, center = loo, scale = none)))
        where r = bound(implicit - place(last(implicit, per = traj), at = token))
}

objective! {
    /// Exploration-based trajectory optimisation: Song et al., arXiv 2403.02502: successes against failures of one task,
    /// measured against the policy that explored (equation not checked). Its imitation phase is the warm start. Needs
    /// outcomes alone.
    pub Eto<beta = 0.1> = dpo(beta, ref = old, pairs = success)
}

objective! {
    /// Direct multi-turn preference optimisation: Shi et al., arXiv 2406.14868, eq. 16: [`Eto`]'s preference with steps
    /// that weigh less the later they come, normalised by length. Needs the initial policy.
    pub Dmpo<beta = 0.1, gamma = 0.9> = dpo(beta, pairs = success, weight = dmpo(gamma))
}

objective! {
    /// Dual-regularised advantage regression, with reference resets: arXiv 2602.11523, proposition 4.1: weighted
    /// log-likelihood towards `init^alpha · old^(1-alpha)`, whose second half is the policy of this very batch. Needs
    /// the initial policy.
    pub Dar<beta = 0.05, alpha = 0.1> =
        dar(beta, alpha, adv = norm(traj(scale = none), within = batch, eps = 1e-8))
}

objective! {
    /// GiGPO with states that are alike in one anchor group, as the released code can group them: descriptions of states
    /// with a difflib ratio of at least `alike` against the first of their group (Feng et al., arXiv 2505.10978; an
    /// option of the code with default 0.95, in no equation of the paper). Needs descriptions of states and step
    /// rewards.
    pub GiGpoSimilar<omega = 1.0, gamma = 0.95, alike = 0.95> =
        rl(adv = traj + omega * anchor(gamma, within = state(similar = alike), scale = std))
}

objective! {
    /// CM2, credit by trajectory: arXiv 2602.12268, eq. 4 and 5, as the released code computes them: the share of the
    /// checklist that was satisfied at any step, against the group, without standard deviation. In the paper items wait
    /// for their dependencies (eq. 2) and a lone trajectory has no advantage: without `deps = false` and `min = 1`.
    /// Needs a checklist.
    pub Cm2Traj =
        rl(adv = norm(judged * sum(checklist(deps = false, weigh = traj), per = traj), scale = none, min = 1))
}

objective! {
    /// CM2, credit by turn: arXiv 2602.12268, eq. 6 and 7, as the released code computes them: what a turn satisfied of
    /// its checklist, against the same turn of the group's other trajectories; fewer than 5 of them give 0. The paper's
    /// line is without `deps = false` and `min = 5`. Needs a checklist and turns.
    pub Cm2Turn =
        rl(adv = norm(sum(checklist(deps = false), per = segment), within = turn, scale = none, min = 5, where = judged))
}

objective! {
    /// CM2, credit by step: arXiv 2602.12268, eq. 3 and 8 to 10, as the released code computes them: each open item,
    /// whether the turn gets it done, against the share of trajectories that did. The paper's line is without `min = 5`,
    /// and with the spread of eq. 9 without `scale = none`. Needs a checklist.
    pub Cm2Step =
        rl(adv = mean(
            norm(checklist(form = backfill), within = item, scale = none, count = first(traj), min = 5, where = judged),
            per = step
        ))
}

objective! {
    /// Hierarchical policy with hierarchical advantages, HiPER: arXiv 2602.16165, as its released code runs
    /// (core_hae.py; the paper's line is [`HiPerPaper`], equations not checked): moves are credited inside their
    /// segment, subgoals from segment to segment, decisions by the return inside the segment against a head of their
    /// own; keeping a subgoal costs something. Needs a critic with three heads, segments, roles, step rewards, the
    /// initial policy.
    pub HiPer<gamma = 1.0, lam_turn = 1.0, lam_seg = 0.95, keep_penalty = 0.3> =
        rl(
            adv = route(
                action = norm(
                    gae(r, gamma, lam_turn, value = value(low), within = segment, next = value(high)),
                    within = batch, ddof = 0, eps = 1e-8, where = has(action),
                ),
                subgoal = place(
                    norm(
                        gae(r, gamma, lam_seg, value = value(high), per = segment),
                        within = batch, ddof = 0, eps = 1e-8, where = first(has(subgoal), per = segment),
                    ),
                    on = first, per = segment,
                ),
                switch = norm(
                    gae(r, gamma, 1, value = value(term), within = segment, next = value(high)),
                    within = batch, ddof = 0, eps = 1e-8, where = has(switch),
                ),
            )
        ) + kl(0.01, ref = init) + critic(0.5, heads = (low, high, term))
        where r = reward - 0.1 * invalid - keep_penalty * (1 - switch) * place(1, on = all)
}

objective! {
    /// HiPER as the paper states it: arXiv 2602.16165 (equations not checked). A decision is credited by how much more
    /// the policy switched than expected, times what a new subgoal is worth over the old one. Needs a critic with two
    /// heads, segments, roles, step rewards, the initial policy.
    pub HiPerPaper<gamma = 1.0, lam_turn = 1.0, lam_seg = 0.95> =
        rl(
            adv = route(
                action = norm(
                    gae(reward, gamma, lam_turn, value = value(low), within = segment, next = value(high)),
                    within = batch, ddof = 0, eps = 1e-8, where = has(action),
                ),
                subgoal = place(
                    norm(
                        gae(reward, gamma, lam_seg, value = value(high), per = segment),
                        within = batch, ddof = 0, eps = 1e-8, where = first(has(subgoal), per = segment),
                    ),
                    on = first, per = segment,
                ),
                switch = norm(
                    (switch - p_switch) * (value(high) - value(low)),
                    within = batch, ddof = 0, eps = 1e-8, where = has(switch),
                ),
            )
        ) + kl(0.01, ref = init) + critic(0.5, heads = (low, high))
}

objective! {
    /// Implicit step rewards in HiPER's hierarchy, without a critic: the decision and the move of a step are credited by
    /// its own implicit reward, a subgoal by that of the whole segment that pursues it, each beside the outcome. Ours.
    /// Needs a PRM network, segments and roles.
    pub HiPerIStar<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(
                adv = route(
                    action = traj + lambda * step,
                    subgoal = traj + lambda * place(norm(sum(implicit, per = segment)), on = first, per = segment),
                    switch = traj + lambda * step,
                )
            )
}

objective! {
    /// AgentPRM with Monte Carlo labels: Choudhury, arXiv 2502.10325, stages 1 and 2 (equation not checked): a label is
    /// the mean, over a step's own trajectory and fresh continuations, of the discounted return to go of a success: the
    /// paper's discount. Its third stage, online DPO on pairs of actions at one state, is not a term here: the policy
    /// takes the progress of the PRM's readings beside the outcome. With `mc_prm(0, gamma)` labels come from the visits
    /// of the batch alone. Needs an explicit PRM network, and an environment that can go back.
    pub AgentPrmMc<rollouts = 4, gamma = 0.95, lambda = 1.0> =
        mc_prm(rollouts, gamma) + rl(adv = traj + lambda * diff(q))
}

objective! {
    /// [`AgentPrmMc`] with the discount of the released code (sanjibanc/agent_prm at e4714717): success and failure are
    /// 1 and -1, discounted from the start of the episode. Such labels say nothing along a trajectory, so readings are
    /// compared at one state. The code's labels are of visits alone, `mc_prm(0, gamma, target = absolute)`. Needs an
    /// explicit PRM network, recurring states, and an environment that can go back.
    pub AgentPrmMcReleased<rollouts = 4, gamma = 0.95, lambda = 1.0> =
        mc_prm(rollouts, gamma, target = absolute) + rl(adv = traj + lambda * norm(q, within = state, scale = none))
}

objective! {
    /// AgentPRM, "promise and progress": Xi et al., arXiv 2511.08325: labels by temporal differences, and progress
    /// beside the outcome as the advantage (equations not checked, no code was read). `gamma` and `lam` are ours. Needs
    /// an explicit PRM network, outcomes alone.
    pub AgentPrm<gamma = 0.95, lam = 0.95, progress = 1.0, lambda = 1.0> =
        td_prm(gamma, lam, progress = progress) + rl(adv = traj + lambda * diff(q))
}

objective! {
    /// VinePPO: Kazemnejad et al., arXiv 2410.01679 (equation not checked): the advantage of a step is its reward and
    /// the change of the state's Monte Carlo value, the mean return of fresh continuations; no critic. The paper's
    /// divergence from the initial policy is left out. Needs step rewards, and an environment that can go back.
    pub VinePpo<rollouts = 9> = rl(adv = gae(reward, 1, 0, value = mc(rollouts)))
}

objective! {
    /// Clipped importance weights on the policy gradient: MiniMax-M1, arXiv 2506.13585: no token loses its gradient, its
    /// ratio is held at `1 + hi` as a constant (equation not checked; `hi` is TRL's default). Needs outcomes alone.
    pub Cispo<hi = 4.0> = rl(adv = traj, clip = (1, hi), shape = cispo)
}

objective! {
    /// Soft adaptive policy optimisation: arXiv 2511.20347: a gate that closes smoothly as the ratio leaves 1, faster where
    /// the advantage is negative (equation not checked; temperatures are TRL's defaults). Needs outcomes alone.
    pub Sapo<positive = 1.0, negative = 1.05> =
        rl(adv = traj, shape = sapo(positive, negative), reduce = mean(traj))
}

objective! {
    /// Geometric-mean policy optimisation: arXiv 2507.20673: one ratio a trajectory, the geometric mean of its tokens',
    /// each held before the mean (equation not checked). Needs outcomes alone.
    pub Gmpo<reach = 0.4> =
        rl(adv = traj, clip = reach, ratio = mean(traj), reduce = mean(traj), shape = gmpo)
}

objective! {
    /// [`Gspo`] with the whole trajectory as the sequence, as verl and TRL take it for answers of one turn: arXiv
    /// 2507.18071. Needs outcomes alone.
    pub GspoTrajectory = rl(adv = traj, clip = (0.0003, 0.0004), ratio = mean(traj), reduce = mean(traj))
}

objective! {
    /// Maximum likelihood by reinforcement, MaxRL: arXiv 2602.02710: the outcome over its group's mean, minus 1, so that
    /// rare successes weigh more (equation not checked). Needs outcomes alone, not negative.
    pub MaxRl = rl(adv = traj(scale = mean))
}

objective! {
    /// [`Grpo`] corrected for a sampling engine that is not quite the policy: each token's loss times the truncated ratio
    /// `min(old / sampler, most)` (TIS, as verl, TRL and slime have it). Where the sampler is our own, the ratio is 1 and
    /// this is GRPO. Needs what the sampler reported.
    pub GrpoTis<most = 2.0> = rl(adv = traj, weight = clip(exp(log_ratio(old, sampler)), 0, most))
}

objective! {
    /// GRPO as verl-agent runs it by default, code alone: every step is a row, rows are counted in mean and spread, an
    /// unparsable action costs 0.1 of its own row, and a lone row keeps its value. Needs flags for invalid actions.
    pub GrpoRows = rl(adv = norm(outcome - 0.1 * invalid, count = step, min = 1))
}

objective! {
    /// Generalised advantages over a grouped value, GAGPO: arXiv 2605.13217, from its abstract alone: the estimate of a
    /// state is the mean return of the group's visits to it, and no critic is trained. Needs recurring states and step
    /// rewards.
    pub Gagpo<gamma = 0.95, lam = 0.95> =
        rl(adv = gae(reward, gamma, lam, value = pool(to_go(reward, gamma), within = state)))
}

objective! {
    /// G²PO: arXiv 2606.22995, after its released code (Nala-YN/G2PO; read, not run): beside the outcome, what the state
    /// that a step led to is worth among the steps taken in the same state, and by how much it is worth more than the state
    /// before, among all steps of the group. A value is the mean return of the group's visits; after the last step it is
    /// the outcome. Needs recurring states.
    pub G2po<omega = 1.0, gamma = 0.95> =
        rl(adv = traj + omega * (norm(after, within = state) + norm(after - before)))
        where before = pool(to_go(place(outcome), gamma), within = state),
            after = next(before, last = outcome)
}

objective! {
    /// HGPO, groups in groups: arXiv 2602.22817, after its released code (verl-agent's recipe, as our sheet of it has it; read, not
    /// run): the return of a step against the visits of its state, of its state after the same state, and after the same two, with
    /// weights that grow with what agrees; a group of one visit has no say. Needs recurring states and step rewards.
    pub Hgpo<second = 2.0, third = 3.0, gamma = 0.95> =
        rl(adv = (norm(r, within = state, ddof = 0)
                + second * norm(r, within = state(history = 1), ddof = 0)
                + third * norm(r, within = state(history = 2), ddof = 0))
            / (keep(pool(r, stat = count, within = state), 2, 1e9)
                + second * keep(pool(r, stat = count, within = state(history = 1)), 2, 1e9)
                + third * keep(pool(r, stat = count, within = state(history = 2)), 2, 1e9)))
        where r = to_go(reward, gamma)
}

objective! {
    /// Rewards normalised one by one, GDPO: arXiv 2601.05242 (equation not checked): each named reward against its group, then
    /// their sum against the batch, so that a reward with little spread is not drowned by one with much. The names are
    /// examples. Needs a log, or an environment, that has a number per trajectory under each of them.
    pub Gdpo<second = 1.0> = rl(adv = whiten(norm(outcome(correct)) + second * norm(outcome(format))))
}

objective! {
    /// [`Grpo`] mixed with self-distillation: SDPO, arXiv 2601.20802 (equation not checked), as TRL's issue 7291 asks for it:
    /// beside the outcome, by how much the policy itself finds each token likelier once it has read the feedback. Needs
    /// those log-probabilities under the name `feedback`.
    pub GrpoSdpo<lambda = 0.5> = rl(adv = lambda * traj + (1 - lambda) * log_ratio(column(feedback), old))
}

/// The table of recipes: `recipes!(then ..)` calls the macro `then` with the rows, `"title" = Type`.
macro_rules! recipes {
    ($then:ident $($more:tt)*) => {
        $then! {
            $($more)*
            "GRPO" = Grpo,
            "RLOO" = Rloo,
            "PPO" = Ppo,
            "PRM only" = PrmOnly,
            "GiGPO" = GiGpo,
            "iStar (note)" = IStar,
            "iStar (paper, GRPO)" = IStarPaper,
            "iStar (paper, RLOO)" = IStarPaperRloo,
            "iStar stable" = IStarStable,
            "iStar merged rewards" = IStarMerged,
            "iStar env step rewards" = IStarEnvReward,
            "iStar (released code)" = IStarReleased,
            "iStar token level" = IStarToken,
            "Dr. GRPO" = DrGrpo,
            "REINFORCE++" = ReinforcePlusPlus,
            "REINFORCE++ baseline" = ReinforcePlusPlusBaseline,
            "GSPO" = Gspo,
            "DAPO" = Dapo,
            "GiGPO centred" = GiGpoCentred,
            "PRIME" = Prime,
            "PRIME (paper)" = PrimePaper,
            "PRIME (released recipe)" = PrimeRecipe,
            "ETO" = Eto,
            "DMPO" = Dmpo,
            "DAR" = Dar,
            "GiGPO, states alike" = GiGpoSimilar,
            "CM2, by trajectory" = Cm2Traj,
            "CM2, by turn" = Cm2Turn,
            "CM2, by step" = Cm2Step,
            "HiPER (released)" = HiPer,
            "HiPER (paper)" = HiPerPaper,
            "HiPER with implicit rewards" = HiPerIStar,
            "AgentPRM-MC" = AgentPrmMc,
            "AgentPRM-MC (released)" = AgentPrmMcReleased,
            "AgentPRM" = AgentPrm,
            "VinePPO" = VinePpo,
            "CISPO" = Cispo,
            "SAPO" = Sapo,
            "GMPO" = Gmpo,
            "GSPO, by trajectory" = GspoTrajectory,
            "MaxRL" = MaxRl,
            "GRPO with TIS" = GrpoTis,
            "GRPO, rows (verl-agent)" = GrpoRows,
            "GAGPO" = Gagpo,
            "G2PO" = G2po,
            "HGPO" = Hgpo,
            "GDPO" = Gdpo,
            "GRPO with SDPO" = GrpoSdpo,
        }
    };
}
pub(crate) use recipes;
recipes!(literature);
