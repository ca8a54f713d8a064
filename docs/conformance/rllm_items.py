"""rLLM: advantage estimators, distillation, the choices of its configuration, and the losses of its backends.

It is no package of an index, so a checkout is called, see `checkouts.py`. Estimators are called as its trainer calls them, on groups of
trajectories with a step for each run of the policy's tokens; losses through what it gives verl's workers.
"""

from __future__ import annotations

import ast
import asyncio
from types import SimpleNamespace

import checkouts
import istar.torch
import numpy as np
import rows
import torch
import verl_items
from items import Item, advantage, loss, none, slopes

PACKAGE = "rllm"
CLIP = "clip = (0.2, 0.28)"
RL = f"rl(adv = outcome, {CLIP}, dual = 3"
GRPO = "traj(ddof = 0, min = 1)"


def version() -> str:
    return checkouts.version(PACKAGE)


def items() -> list[Item]:
    return [*estimators(), *modes(), *distillation(), *filters(), *verl_losses(), *tinker_losses(), *others()]


def missing(found: list[Item]) -> list[str]:
    """Estimators, choices that its configurations' types name, and names of Tinker's losses, that no item has."""
    from dataclasses import fields
    from typing import get_args

    checkouts.folder(PACKAGE)
    from rllm.trainer.algorithms import config
    from rllm.trainer.algorithms.advantage import RLLM_ADV_ESTIMATOR_REGISTRY

    there = {item.name.split(" (")[0] for item in found}
    names = {f"adv_estimator = {name.value}" for name in (*RLLM_ADV_ESTIMATOR_REGISTRY, *config.rLLMAdvantageEstimator)}
    kinds = (config.AlgorithmConfig, config.RejectionSamplingConfig)
    choices = [(field.name, choice) for kind in kinds for field in fields(kind) for choice in get_args(field.type)]
    # The schedule of the learning rate is no part of the objective.
    names |= {f"{name} = {choice}" for name, choice in choices if isinstance(choice, str) and name != "lr_schedule"}
    names |= {f"tinker: {name}" for name in tinker_names()}
    return sorted(names - there)


def tinker_names() -> set[str]:
    source = checkouts.folder(PACKAGE) / "rllm/trainer/tinker/tinker_policy_trainer.py"
    for node in ast.parse(source.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "TINKER_KNOWN_LOSSES":
            return ast.literal_eval(node.value)
    raise ValueError(f"{source} has no TINKER_KNOWN_LOSSES")


def runs(mask: torch.Tensor) -> list[list[int]]:
    """The positions of each run of a row's mask."""
    at = np.flatnonzero(mask.numpy())
    return [run.tolist() for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)]


def trajectories(r, own=None) -> list:
    """The rows as rLLM's trajectories; `own(i, positions)` is what the workflow has said of a step's tokens."""
    checkouts.folder(PACKAGE)
    from rllm.types import Step, Trajectory

    def steps(i):
        for at in runs(r.mask[i]):
            yield Step(response_ids=at, logprobs=r.old[i, at].tolist(), advantage=own(i, at) if own else None)

    return [Trajectory(reward=float(score), steps=list(steps(i))) for i, score in enumerate(r.score)]


def collected(r, made: list, config, role=lambda uid: "agent") -> torch.Tensor:
    """What rLLM leaves on the steps' tokens, (B, T)."""
    from rllm.trainer.algorithms.advantage import collect_reward_and_advantage_from_trajectory_groups
    from rllm.types import TrajectoryGroup

    groups = [
        TrajectoryGroup(trajectories=[made[i] for i in np.flatnonzero(r.uid == uid)], group_id=f"{uid}:{role(uid)}")
        for uid in dict.fromkeys(r.uid)
    ]
    collect_reward_and_advantage_from_trajectory_groups(groups, config)
    found = torch.zeros_like(r.old)
    for i, trajectory in enumerate(made):
        for step in trajectory.steps:
            found[i, step.response_ids] = torch.as_tensor(step.advantage, dtype=found.dtype)
    return found


def configured(**options):
    """A configuration of rLLM's algorithm, read as its trainer reads it."""
    from omegaconf import OmegaConf

    checkouts.folder(PACKAGE)
    from rllm.trainer.algorithms.config import AlgorithmConfig

    given = {key: options.pop(key) for key in ("stepwise_advantage_mode", "estimator_map") if key in options}
    return AlgorithmConfig.from_config(OmegaConf.create({"adv_estimator": "grpo"} | options), **given)


def estimator(name, **options):
    def theirs(r):
        return collected(r, trajectories(r), configured(adv_estimator=name, **options))

    return theirs


def estimators() -> list[Item]:
    name = "adv_estimator = {}".format
    return [
        advantage(name("grpo"), f"rl(adv = {GRPO})", estimator("grpo")),
        advantage(name("grpo (norm_adv_by_std_in_grpo = False)"), "rl(adv = traj(scale = none, min = 1))",
                  estimator("grpo", norm_adv_by_std_in_grpo=False)),
        advantage(name("reinforce"), "rl(adv = outcome)", estimator("reinforce")),
        advantage(name("reinforce_plus_plus_baseline"), "rl(adv = norm(traj(scale = none), within = batch, center = none, ddof = 0))",
                  estimator("reinforce_plus_plus_baseline")),
        advantage(name("prpo"), "rl(adv = traj(within = batch, ddof = 0))", estimator("prpo")),
        advantage(name("rloo"), "rl(adv = loo(min = 1))", estimator("rloo")),
        none(name("other"), "whatever is registered under this name; rLLM reads each name that it does not know as this one"),
    ]  # fmt: skip


def by_role(r):
    config = configured(estimator_map={"solver": "grpo", "judge": "reinforce"})
    return collected(r, trajectories(r), config, role=lambda uid: "solver" if uid in solved(r) else "judge")


def solved(r) -> list:
    """Every other group is a solver's."""
    return list(dict.fromkeys(r.uid))[::2]


def modes() -> list[Item]:
    solver = "column(solver, traj, weight)"
    return [
        advantage("estimator_map (solver: grpo, judge: reinforce)", f"rl(adv = {solver} * {GRPO} + (1 - {solver}) * outcome)", by_role,
                  "the weight is 1 for trajectories of the solver", columns=lambda r: {"solver": torch.tensor(np.isin(r.uid, solved(r))).double()}),
        advantage("stepwise_advantage_mode = broadcast", f"rl(adv = {GRPO})", estimator("grpo", stepwise_advantage_mode="broadcast")),
        advantage("stepwise_advantage_mode = per_step", f"rl(adv = {GRPO})", estimator("grpo", stepwise_advantage_mode="per_step"),
                  "rLLM reads it as broadcast, and warns"),
    ]  # fmt: skip


def taught(**options):
    """Advantages of distillation that a workflow leaves on its steps, and rLLM takes as they are."""

    def theirs(r):
        checkouts.folder(PACKAGE)
        from rllm.trainer.distill.advantage import compute_distill_reverse_kl

        def own(i, at):
            return compute_distill_reverse_kl(r.ref[i, at].tolist(), r.old[i, at].tolist(), kl_penalty_coef=0.5, **options)

        return collected(r, trajectories(r, own), configured(use_precomputed_advantage=True))

    return theirs


def distillation() -> list[Item]:
    wide, narrow = (dict(clip_min=-bound, clip_max=bound) for bound in (float("inf"), 0.1))
    kl = "divergence(old, init, estimator = k1)"
    run = dict(step="run")
    return [
        advantage("use_precomputed_advantage (reverse KL of distillation)", f"rl(adv = -0.5 * {kl})", taught(**wide), "the teacher is `init`"),
        advantage("compute_distill_reverse_kl (clip_min, clip_max)", f"rl(adv = clip(-0.5 * {kl}, -0.1, 0.1))", taught(**narrow)),
        advantage("compute_distill_reverse_kl (kl_discount_factor)", f"rl(adv = to_go(-0.5 * {kl}, 0.9, within = step))",
                  taught(kl_discount_factor=0.9, **wide), "discounted over the tokens of each step", **run),
        none("align_teacher_logprobs", "lays a teacher's log-probabilities onto the tokens of another tokenizer"),
    ]  # fmt: skip


def kept(r) -> torch.Tensor:
    """The rows that rLLM's buffer hands to training when it drops groups of equal rewards."""
    checkouts.folder(PACKAGE)
    from rllm.trainer.algorithms.config import CompactFilteringConfig, RejectionSamplingConfig, TransformConfig
    from rllm.trainer.buffer import TrajectoryGroupBuffer
    from rllm.trainer.metrics_aggregator import MetricsAggregator
    from rllm.types import Episode

    made = trajectories(r)
    coordinator = SimpleNamespace(on_group_filtered=lambda: None)
    left = []

    async def through(uid):
        at = np.flatnonzero(r.uid == uid)
        buffer = TrajectoryGroupBuffer(
            len(at), coordinator, MetricsAggregator(), configured(), TransformConfig(), CompactFilteringConfig(),
            RejectionSamplingConfig(filter_uniform_groups=True),
        )  # fmt: skip
        for i in at:
            made[i].name = "agent"
            await buffer.add_episode(uid, Episode(id=f"{uid}:{i}", trajectories=[made[i]]))
        buffer.mark_generation_complete()
        while (batch := await buffer.get()) is not None:
            left.extend(trajectory.uid for group in batch.groups for trajectory in group.trajectories)

    for uid in dict.fromkeys(r.uid):
        asyncio.run(through(uid))
    return torch.tensor([trajectory.uid in left for trajectory in made])


def uniform(ours, seed):
    r = rows.rows(seed)
    at, adv = kept(r), collected(r, trajectories(r), configured())
    b = rows.batch(r)

    def theirs(x):
        of = SimpleNamespace(mask=r.mask[at], old=r.old[at], adv=adv[at])
        return in_verl()(of, x[at])

    return slopes(theirs, lambda x: istar.torch.loss(ours, b, x), r.logp)


def filters() -> list[Item]:
    return [
        Item("filter_uniform_groups", f"rl(adv = traj(ddof = 0), {CLIP}, dual = 3, groups = mixed)", "of at least two trajectories", uniform),
        advantage("mode = none", f"rl(adv = {GRPO})", estimator("grpo")),
        none("mode = episode", "draws tasks until enough of them are solved by some; `groups = mixed` leaves groups out"),
        none("mode = group", "rLLM raises NotImplementedError"),
        none("compact_filtering", "leaves out episodes by how they ended, before there are groups"),
    ]


def in_verl(mode="token-mean", loss_fn=None, adv="adv", weights=None, **options):
    """The loss that rLLM gives verl's workers; `loss_fn` is that of one role's rows."""

    def theirs(r, logp):
        from tensordict import TensorDict
        from verl.utils import tensordict_utils

        checkouts.folder(PACKAGE)
        from rllm.trainer.verl.verl_backend import CustomPPOLoss

        made = object.__new__(CustomPPOLoss)
        made.config = verl_items.config(loss_agg_mode=mode, **options)
        if loss_fn:  # rLLM writes the name into it, which verl's own class refuses.
            object.__setattr__(made.config, "policy_loss", {"loss_mode": "vanilla"})
        count, length = r.mask.shape
        fields = dict(
            prompts=torch.ones(count, 1), responses=torch.ones(count, length), attention_mask=torch.ones(count, 1 + length),
            response_mask=r.mask, old_log_probs=r.old, advantages=getattr(r, adv),
        )  # fmt: skip
        fields |= {"rollout_is_weights": weights(r)} if weights else {}
        fields |= {"ref_log_prob": r.ref} if options.get("use_kl_loss") else {}
        data = TensorDict({**fields, "attention_mask": fields["attention_mask"].long()}, batch_size=count)
        said = dict(dp_size=1, batch_num_tokens=int(r.mask.sum()), global_batch_size=count)
        tensordict_utils.assign_non_tensor(data, **said, **({"policy_loss_mode_override": loss_fn} if loss_fn else {}))
        whole = torch.cat([logp, torch.zeros(count, 1)], dim=1)  # A prompt of one token stands before.
        return made({"log_probs": whole.flatten()}, data)[0]

    return theirs


def sampler_weights(level):
    """The weights that rLLM's backend lets verl compute."""

    def of(r):
        from verl.trainer.ppo.rollout_corr_helper import compute_rollout_correction_weights

        return compute_rollout_correction_weights(
            log_ratio=r.old - r.sampler, response_mask=r.mask, rollout_is=level, rollout_is_threshold=1.1
        )[0]

    return of


def verl_losses() -> list[Item]:
    mean = "reduce = mean(traj)"
    ratio = "log_ratio(old, sampler)"
    known = "names are verl's; a dict stands for verl's configuration, into which rLLM writes the name"
    return [
        loss("loss_agg_mode = token-mean", f"{RL})", in_verl()),
        loss("loss_agg_mode = seq-mean-token-sum", f"{RL}, reduce = sum(traj))", in_verl("seq-mean-token-sum")),
        loss("loss_agg_mode = seq-mean-token-mean", f"{RL}, {mean})", in_verl("seq-mean-token-mean")),
        loss("loss_fn (a role's gspo)", f"rl(adv = outcome, {CLIP}, ratio = mean(traj), {mean})", in_verl("seq-mean-token-mean", "gspo"), known),
        loss("loss_fn (a role's cispo)", f"rl(adv = outcome, {CLIP}, shape = cispo)", in_verl(loss_fn="cispo"), known),
        loss("kl_beta (verl)", f"{RL}) + kl(0.1)", in_verl(use_kl_loss=True, kl_loss_coef=0.1, kl_loss_type="low_var_kl"),
             "rLLM's own setting is the coefficient; the estimator is verl's"),
        loss("tis_mode = token", f"{RL}, weight = minimum(exp({ratio}), 1.1))", in_verl(weights=sampler_weights("token"))),
        loss("tis_mode = sequence", f"{RL}, weight = minimum(exp(sum({ratio}, per = traj)), 1.1))", in_verl(weights=sampler_weights("sequence"))),
    ]  # fmt: skip


def tinker_losses() -> list[Item]:
    sums = "reduce = constant(1)"
    name, why = "tinker: {}".format, "computed on Tinker's servers"
    return [
        Item(name("importance_sampling"), f"rl(adv = outcome, clip = none, {sums})", why),
        Item(name("ppo"), f"rl(adv = outcome, clip = 0.2, {sums})", why),
        Item(name("cispo"), f"rl(adv = outcome, clip = 0.2, shape = cispo, {sums})", why),
        none(name("dro"), f"{why}, which say no formula that could be compared"),
        Item(name("cross_entropy"), f"rl(adv = outcome, shape = logp, {sums})", f"{why}; the outcome of demonstrations is 1"),
    ]


def others() -> list[Item]:
    experts = "which experts of a model are taken"
    return [
        none("fireworks: loss_fn, kl_beta, eps_clip", "computed on Fireworks' servers"),
        none("bypass_mode", "what `old` is: the sampler's log-probabilities, or those of a pass of the policy before the update"),
        *(none(f"router_replay = {mode}", experts) for mode in ("disabled", "R2", "R3")),
    ]
