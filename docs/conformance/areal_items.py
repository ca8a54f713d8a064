"""AReaL: reward normalisation, actor and critic losses, rejection sampling, divergences."""

from __future__ import annotations

import istar.torch
import rows
import torch
import trl_pairs
from items import Item, advantage, critic, loss, none, slopes

PACKAGE = "areal"
CLIP = "clip = (0.2, 0.28)"
RL = f"rl(adv = outcome, {CLIP}"
EVEN = dict(lone=False)


def items() -> list[Item]:
    return [*normalisation(), *policy_losses(), *rejection(), *others()]


def missing(found: list[Item]) -> list[str]:
    """Choices of AReaL's configurations that no item names."""
    from dataclasses import fields

    from areal.api.cli_args import NormConfig, RejectionSamplingConfig

    names = " ".join(item.name for item in found)
    choices = [
        f"{config.name} = {choice}"
        for kind in (NormConfig, RejectionSamplingConfig)
        for config in fields(kind)
        for choice in config.metadata.get("choices", ())
        if config.name != "agg"
    ]
    return [choice for choice in choices if choice not in names]


def normalised(**options):
    def theirs(r):
        from areal.api.cli_args import NormConfig
        from areal.utils.data import Normalization

        found = Normalization(NormConfig(group_size=4, **options))(r.score.float())
        return found[:, None].expand_as(r.mask)

    return theirs


def normalisation() -> list[Item]:
    eps = "eps = 1e-5"

    def at(mean, std, signal, why="", **more):
        rest = "".join(f", {key} = {value}" for key, value in more.items())
        name = f"norm:mean_level = {mean}, std_level = {std}{rest}"
        levels = [None if level == "None" else level for level in (mean, std)]
        return advantage(name, f"rl(adv = {signal})", normalised(mean_level=levels[0], std_level=levels[1], **more), why, **EVEN)

    return [
        at("batch", "batch", f"traj(within = batch, {eps})"),
        at("group", "group", f"traj({eps})"),
        at("group", "group", f"traj({eps}, ddof = 0)", std_unbiased=False),
        at("group", "group", f"norm(loo, {eps})", mean_leave1out=True),
        at("group", "batch", f"norm(traj(scale = none), within = batch, center = none, {eps})", "the spread is that about the groups' means"),
        none("norm:mean_level = batch, std_level = group", "the spread of a group about the mean of the batch"),
        at("group", "None", "traj(scale = none)"),
        at("group", "None", "loo", mean_leave1out=True),
        at("batch", "None", "traj(within = batch, scale = none)"),
        at("None", "None", "outcome"),
        none("norm:mean_level = None, std_level = batch", "the root mean square of rewards that were not centred"),
    ]


def policy(**options):
    rejected = options.pop("rejection_sampling", None)

    def theirs(r, logp):
        from areal.api.cli_args import RejectionSamplingConfig
        from areal.utils.functional import ppo_actor_loss_fn

        given = RejectionSamplingConfig(**rejected) if rejected else None
        return ppo_actor_loss_fn(
            logprobs=logp, proximal_logprobs=r.old, old_logprobs=r.sampler, advantages=r.adv, loss_mask=r.mask.bool(),
            **{"eps_clip": 0.2, "eps_clip_higher": 0.28, **options}, rejection_sampling=given,
        )[0]  # fmt: skip

    return theirs


def sapo(level):
    def theirs(r, logp):
        from areal.utils.functional import sapo_loss_fn

        return sapo_loss_fn(logp, r.old, r.adv, 1.0, 1.05, r.mask.bool(), importance_sampling_level=level)[0]

    return theirs


def one_advantage(r):
    r.adv = r.row_adv


def policy_losses() -> list[Item]:
    shape = "shape = sapo(positive = 1, negative = 1.05)"
    row = dict(change=one_advantage, why="one advantage a row")
    return [
        loss("loss:ppo", "rl(adv = outcome, clip = 0.2)", policy(eps_clip_higher=None)),
        loss("loss:ppo (eps_clip_higher)", f"{RL})", policy()),
        loss("loss:ppo (c_clip)", f"{RL}, dual = 3)", policy(c_clip=3.0)),
        loss("loss:ppo (importance_sampling_level = sequence)", f"{RL}, ratio = mean(traj))", policy(importance_sampling_level="sequence"), **row),
        loss("loss:sapo", f"rl(adv = outcome, {shape})", sapo("token")),
        loss("loss:sapo (importance_sampling_level = sequence)", f"rl(adv = outcome, {shape}, ratio = mean(traj))", sapo("sequence"), **row),
    ]  # fmt: skip


def rejection() -> list[Item]:
    ratio = "log_ratio(old, sampler)"
    of = {
        "ratio": (ratio, 0.8, 1.2),
        "kl_k1": (ratio, -0.2, 0.15),
        "kl_k2": ("divergence(old, sampler, estimator = k2)", None, 0.02),
        "kl_k3": ("divergence(old, sampler, estimator = k3)", None, 0.02),
    }
    token = f"exp({ratio})"
    even = f"exp(mean({ratio}, per = traj))"

    def at(weight, **config):
        name = ", ".join(f"{key} = {value}" for key, value in config.items() if key in ("level", "action", "metric", "agg"))
        return loss(f"rejection:{name}", f"{RL}, weight = {weight})", policy(rejection_sampling=config))

    made = []
    for metric, (x, lower, upper) in of.items():
        bounds = dict(lower=lower, upper=upper)
        gate = "keep({}, " + f"{-1 if lower is None else lower}, {upper})"
        inner = token if metric == "ratio" else x
        made.append(at(f"{token} * {gate.format(inner)}", level="token", action="mask", metric=metric, **bounds))
        for agg in ("sum", "mean", "max"):
            whole = f"{agg}({x}, per = traj)"
            whole = f"exp({whole})" if metric == "ratio" else whole
            # Bounds that some rows pass and some do not.
            if metric == "ratio":
                bounds = dict(lower=0.95, upper=1.05) if agg == "mean" else dict(lower=0.5, upper=1.6)
            elif metric == "kl_k1":
                wide = 0.25 if agg == "mean" else 3
                bounds = dict(lower=wide * lower, upper=wide * upper)
            else:
                bounds = dict(lower=None, upper=upper * {"sum": 5, "mean": 1, "max": 8}[agg])
            gate = f"keep({whole}, {-1 if bounds['lower'] is None else bounds['lower']}, {bounds['upper']})"
            weight = even if metric == "ratio" else token
            made.append(at(f"{weight} * {gate}", level="sequence", action="mask", metric=metric, agg=agg, **bounds))
    return [
        *made,
        at(f"clip({token}, 0.8, 1.2)", level="token", action="clamp", metric="ratio", lower=0.8, upper=1.2),
        at(f"clip({even}, 0.95, 1.05)", level="sequence", action="clamp", metric="ratio", agg="mean", lower=0.95, upper=1.05),
    ]


def penalty(name):
    def theirs(r, logp):
        from areal.utils.data import KLEstimator

        found = KLEstimator(name)(logp, r.ref).double()
        return 0.1 * (found * r.mask).sum() / r.mask.sum()

    return theirs


def value_loss(r, vpred):
    from areal.utils.functional import ppo_critic_loss_fn
    from verl.trainer.ppo.core_algos import compute_gae_advantage_return

    _, returns = compute_gae_advantage_return(r.rewards, r.value, r.mask, 0.9, 0.95)
    return ppo_critic_loss_fn(vpred.float(), r.value.float(), returns.float(), 0.5, r.mask.bool())[0]


def pair(kind, over):
    def measure(ours, seed):
        from areal.utils.functional import dpo_preference_loss

        r = trl_pairs.pairs(seed)
        b = rows.batch(r)

        def theirs(x):
            score = ((x - r.ref) * r.mask).sum(1) / (r.mask.sum(1) if over else 1)
            return dpo_preference_loss(score[::2] - score[1::2], beta=0.3, loss_type=kind).mean()

        return slopes(theirs, lambda x: istar.torch.loss(ours, b, x), r.logp)

    return measure


def overlong(r):
    from areal.api.cli_args import NormConfig
    from areal.utils.data import Normalization
    from areal.utils.functional import reward_overlong_penalty

    data = dict(rewards=r.score.float(), input_ids=torch.zeros_like(r.mask), loss_mask=r.mask)
    found = reward_overlong_penalty(data, 10, 0.5, 16)["rewards"]
    return Normalization(NormConfig(mean_level="group", std_level=None, group_size=4))(found)[:, None].expand_as(r.mask)


def others() -> list[Item]:
    gae = "gae(place(outcome, at = token), 0.9, 0.95)"
    long = "minimum(0.3 - 0.05 * length(per = traj, of = token), 0)"
    return [
        *(loss(f"kl:{name}", f"kl(0.1, estimator = {name})", penalty(name)) for name in ("k1", "k2", "k3")),
        critic("critic:mse", f"rl(adv = {gae}) + critic(0.5, per = token)", value_loss, "returns are those of `gae`"),
        none("critic:huber", "another loss of the difference"),
        Item("dpo:sigmoid", "dpo(0.3, pairs = success)", "", pair("sigmoid", False)),
        Item("dpo:ipo", "dpo(0.3, pairs = success, over = token, link = ipo)", "", pair("ipo", True)),
        advantage("reward:overlong_penalty", f"rl(adv = norm(outcome + {long}, scale = none))", overlong, "10 of 16 tokens, factor 0.5", **EVEN),
    ]  # fmt: skip
