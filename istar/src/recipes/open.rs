//! Open questions about implicit PRMs, each with one objective. None is an answer: the page `open-questions.md` of the
//! book says what is known and how to read an outcome.
//!
//! All are [`IStarPaper`](super::IStarPaper) with one thing changed, so a difference has one cause. The one question
//! that takes a line of another shape is a recipe: [`HiPerIStar`](super::HiPerIStar), implicit rewards in a hierarchy.
//!
//! All need a PRM network; what else one needs is said with it. No source has an equation for any of them.

use crate::objective;

// What the implicit reward is measured against.

objective! {
    /// A reference that stands still and is renewed on schedule: a copy of the policy, `every` so many iterations.
    pub Reset<beta = 0.05, lambda = 1.0, every = 20.0> =
        dpo_prm(beta, net = separate, ref = snapshot(every = every), pairs = success, read = before)
            + rl(adv = traj + lambda * step, ratio = sum(step), reduce = mean(step))
}

objective! {
    /// A reference that stands still until the policy has drifted `drift` nats per token away from it.
    pub ResetOnDrift<beta = 0.05, lambda = 1.0, drift = 0.05> =
        dpo_prm(beta, net = separate, ref = snapshot(kl = drift), pairs = success, read = before)
            + rl(adv = traj + lambda * step, ratio = sum(step), reduce = mean(step))
}

// Step rewards over a hundred steps and more.

objective! {
    /// No step counts for more than `most`, whatever its log-ratio.
    pub Clipped<beta = 0.05, lambda = 1.0, most = 0.1> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = traj + lambda * norm(r), ratio = sum(step), reduce = mean(step))
        where r = clip(sum(implicit, per = step), -most, most)
}

objective! {
    /// The score of a trajectory is the mean over its steps.
    pub MeanScore<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, over = mean, read = before)
            + rl(adv = traj + lambda * step, ratio = sum(step), reduce = mean(step))
}

objective! {
    /// A pair is compared over the steps that both trajectories have: a log-ratio that is the same at every step cancels
    /// in each pair, whatever the lengths.
    pub CommonSteps<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, over = common, read = before)
            + rl(adv = traj + lambda * step, ratio = sum(step), reduce = mean(step))
}

objective! {
    /// Credit by segment: the implicit reward summed over each subgoal or turn, and compared with the other segments of
    /// the group. Needs an environment that marks subgoals or turns.
    pub Segments<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(adv = traj + lambda * norm(sum(implicit, per = segment)), ratio = sum(step), reduce = mean(step))
}

// Several agents and one outcome.

objective! {
    /// A preference between trajectories, split over the agents that acted in them: each step against the steps of the
    /// same agent. Needs an environment with several agents.
    pub PerAgent<beta = 0.05, lambda = 1.0> =
        dpo_prm(beta, net = separate, ref = old, pairs = success, read = before)
            + rl(
                adv = traj + lambda * norm(sum(implicit, per = step), within = agent),
                ratio = sum(step), reduce = mean(step))
}

literature! {
    "reference reset on schedule" = Reset,
    "reference reset on drift" = ResetOnDrift,
    "clipped step rewards" = Clipped,
    "mean over steps" = MeanScore,
    "common steps" = CommonSteps,
    "credit by segment" = Segments,
    "credit by agent" = PerAgent,
}
