"""verl: advantage estimators, policy losses, aggregation, divergences, rollout correction. Everything is called, nothing copied."""

from __future__ import annotations

import torch
from items import Item, advantage, critic, loss, none

PACKAGE = "verl"
CLIP = "clip = (0.2, 0.28)"
# Lines of losses: the advantage of each token is given, so what it is in the line does not matter.
RL = "rl(adv = outcome, "


def items() -> list[Item]:
    return [*estimators(), *policy_losses(), *aggregation(), *divergences(), *importance(), *rejection(), *others()]


def missing(found: list[Item]) -> list[str]:
    """Names in verl's registries that have no item here."""
    from verl.trainer.ppo import core_algos, rollout_corr_helper

    there = {item.name.split(" ")[0] for item in found}
    names = [f"adv:{name}" for name in core_algos.ADV_ESTIMATOR_REGISTRY]
    names += [f"loss:{name}" for name in core_algos.POLICY_LOSS_REGISTRY]
    names += [f"reject:{name}" for name in rollout_corr_helper.SUPPORTED_ROLLOUT_RS_OPTIONS]
    return sorted(set(names) - there)


def config(**more):
    from verl.workers.config import ActorConfig, PolicyLossConfig

    policy = PolicyLossConfig(**more.pop("policy", {}))
    return ActorConfig(
        strategy="fsdp", rollout_n=1, ppo_micro_batch_size_per_gpu=1, policy_loss=policy,
        clip_ratio_low=0.2, clip_ratio_high=0.28, clip_ratio_c=more.pop("c", 3.0), **more,
    )  # fmt: skip


def estimator(name, **more):
    def theirs(r):
        from verl.trainer.config import AlgoConfig
        from verl.trainer.ppo.core_algos import get_adv_estimator_fn

        given = dict(token_level_rewards=r.rewards.clone(), response_mask=r.mask, index=r.uid, config=AlgoConfig(gamma=0.9))
        if name in ("reinforce_plus_plus", "remax", "gae"):
            del given["index"]
        if name == "gae":
            del given["config"]
        return get_adv_estimator_fn(name)(**(given | {k: v(r) if callable(v) else v for k, v in more.items()}))[0]

    return theirs


def gdpo(r):
    from verl.trainer.config import AlgoConfig
    from verl.trainer.ppo.core_algos import get_adv_estimator_fn

    return get_adv_estimator_fn("gdpo")(
        token_level_rewards=r.rewards, response_mask=r.mask, index=r.uid,
        config=AlgoConfig(gdpo_reward_keys=["answer", "format"], gdpo_reward_weights=[1.0, 0.5]),
        non_tensor_batch={"answer": r.extra[0].numpy(), "format": r.extra[1].numpy()},
        batch={"prompts": torch.zeros(len(r.mask), 1), "attention_mask": torch.ones(len(r.mask), 21, dtype=torch.int64)},
    )[0]  # fmt: skip


def estimators() -> list[Item]:
    norm_max = "pool(norm(outcome, center = none), stat = max, where = keep(pool(outcome, stat = rank), 0, 0.999))"
    return [
        advantage(
            "adv:gae", "rl(adv = whiten(gae(place(outcome, at = token), 0.9, 0.95))) + critic(0.5, per = token)",
            estimator("gae", values=lambda r: r.value, gamma=0.9, lam=0.95),
        ),
        advantage("adv:grpo", "rl(adv = traj(min = 1))", estimator("grpo")),
        advantage("adv:grpo (norm_adv_by_std_in_grpo = False)", "rl(adv = traj(scale = none, min = 1))", estimator("grpo", norm_adv_by_std_in_grpo=False)),
        advantage("adv:grpo_vectorized", "rl(adv = traj(min = 1))", estimator("grpo_vectorized")),
        advantage("adv:grpo_passk", f"rl(adv = keep(pool(outcome, stat = rank), 1, 1) * (norm(outcome, center = none) - pool({norm_max}, stat = max)))",
                  estimator("grpo_passk"), "outcomes are 0 or above; a group of one is refused by verl", lone=False),
        advantage("adv:gdpo", "rl(adv = whiten(norm(column(answer, traj, return), min = 1) + 0.5 * norm(column(format, traj, return), min = 1)))",
                  gdpo, columns=lambda r: {"answer": r.extra[0], "format": r.extra[1]}),
        advantage("adv:reinforce_plus_plus", "rl(adv = whiten(to_go(place(outcome, at = token), 0.9)))", estimator("reinforce_plus_plus")),
        advantage("adv:reinforce_plus_plus_baseline", "rl(adv = whiten(traj(scale = none, min = 1)))", estimator("reinforce_plus_plus_baseline")),
        advantage("adv:rloo", "rl(adv = loo(min = 1))", estimator("rloo")),
        advantage("adv:rloo_vectorized", "rl(adv = loo)", estimator("rloo_vectorized")),
        advantage("adv:remax", "rl(adv = outcome - column(greedy, traj, return))", estimator("remax", reward_baselines=lambda r: r.extra[0]),
                  "the reward of a row on its last token", columns=lambda r: {"greedy": r.extra[0]}),
        advantage("adv:opo", "rl(adv = traj(scale = none, count = token, min = traj(1)))", estimator("opo")),
        advantage("adv:gpg", "rl(adv = traj(scale = none, min = 1) / pool(1 - keep(outcome, 0, 0), within = batch))", estimator("gpg")),
        none("adv:optimal_token_baseline", "a quotient of two sums over the rows' t-th tokens, with the squared probabilities of all words"),
        none("adv:tir_optimal_token_baseline", "a quotient of two sums over the rows' t-th tokens, with the squared probabilities of all words"),
    ]  # fmt: skip


def policy(name, mode="token-mean", *, adv="adv", **more):
    def theirs(r, logp):
        from verl.trainer.ppo.core_algos import get_policy_loss_fn

        return get_policy_loss_fn(name)(
            old_log_prob=r.old, log_prob=logp, advantages=getattr(r, adv), response_mask=r.mask,
            loss_agg_mode=mode, config=config(**more),
        )[0]  # fmt: skip

    return theirs


def one_advantage(r):
    r.adv = r.row_adv


def policy_losses() -> list[Item]:
    mean = "reduce = mean(traj)"
    return [
        loss("loss:vanilla", f"{RL}{CLIP}, dual = 3)", policy("vanilla")),
        loss("loss:dppo_tv", f"{RL}{CLIP}, shape = dppo_tv(most = 20))", policy("dppo_tv", c=20.0)),
        loss("loss:dppo_kl", f"{RL}{CLIP}, shape = dppo_kl(most = 20))", policy("dppo_kl", c=20.0)),
        loss("loss:gspo", f"{RL}{CLIP}, ratio = mean(traj), {mean})", policy("gspo", "seq-mean-token-mean")),
        loss("loss:sapo", f"{RL}shape = sapo(positive = 1, negative = 1.05), {mean})", policy("sapo", tau_pos=1.0, tau_neg=1.05)),
        loss("loss:gpg", f"{RL}shape = logp)", policy("gpg")),
        none("loss:clip_cov", "which tokens count is drawn among those of the mini-batch whose covariance lies between two bounds"),
        none("loss:kl_cov", "which tokens are punished is the top k of the mini-batch by covariance"),
        loss("loss:geo_mean", f"{RL}{CLIP}, shape = gmpo, ratio = mean(traj), {mean}, empty = count)", policy("geo_mean"),
             "one advantage a row; rows without a token count", change=one_advantage, empty=True),
        loss("loss:dro", "rl(adv = outcome, shape = logp) + kl(0.4, ref = old, estimator = k2)", policy("dro", policy={"dro_beta": 0.4})),
        loss("loss:cispo", f"{RL}{CLIP}, shape = cispo)", policy("cispo")),
        loss("loss:bypass_mode (loss_type = ppo_clip)", f"{RL}{CLIP}, dual = 3)", policy("bypass_mode", policy={"rollout_correction": {"loss_type": "ppo_clip"}})),
        loss("loss:bypass_mode (loss_type = reinforce, token weights)", f"{RL}clip = (1, 1), shape = cispo)",
             policy("bypass_mode", policy={"rollout_correction": {"loss_type": "reinforce", "rollout_is": "token", "rollout_is_threshold": 2.0}}),
             "the weight is the present policy's: the ratio itself, held at 2"),
    ]  # fmt: skip


def aggregation() -> list[Item]:
    def norm(r, logp):
        return policy("vanilla", "seq-mean-token-sum-norm")(r, logp)

    full = f"{RL}{CLIP}, dual = 3, reduce = "
    return [
        loss("agg:token-mean", f"{full}token)", policy("vanilla", "token-mean"), empty=True),
        loss("agg:token-sum", f"{full}constant(1))", policy("vanilla", "token-sum"), empty=True),
        loss("agg:seq-mean-token-sum", f"{full}sum(traj))", policy("vanilla", "seq-mean-token-sum"), empty=True),
        loss("agg:seq-mean-token-sum-norm", f"0.05 * {full}sum(traj))", norm, "1/L is a number of the line", empty=True),
        loss("agg:seq-mean-token-mean", f"{full}mean(traj))", policy("vanilla", "seq-mean-token-mean"), empty=True),
    ]


def penalty(name, mode="token-mean"):
    def theirs(r, logp):
        from verl.trainer.ppo.core_algos import agg_loss, kl_penalty

        return 0.1 * agg_loss(kl_penalty(logp, r.ref, name), r.mask, mode)

    return theirs


def in_reward(name):
    def theirs(r):
        from verl import DataProto
        from verl.trainer.ppo.core_algos import FixedKLController, get_adv_estimator_fn
        from verl.trainer.ppo.ray_trainer import apply_kl_penalty

        tensors = dict(response_mask=r.mask, token_level_scores=r.rewards, old_log_probs=r.old, ref_log_prob=r.ref)
        data, _ = apply_kl_penalty(DataProto.from_dict(tensors=tensors), FixedKLController(0.1), name)
        return get_adv_estimator_fn("grpo")(data.batch["token_level_rewards"].clone(), r.mask, r.uid)[0]

    return theirs


def divergences() -> list[Item]:
    names = {"kl": "k1", "abs": "abs", "mse": "k2", "low_var_kl": "k3"}
    plain = [loss(f"kl:{name}", f"kl(0.1, estimator = {own})", penalty(name)) for name, own in names.items()]
    plus = [
        loss(f"kl:{name}+", f"kl(0.1, estimator = {names[name]}, gradient = k2)", penalty(f"{name}+"))
        for name in ("kl", "abs", "low_var_kl")
    ]
    of = "sum(divergence(old, init, estimator = {}), per = traj)"
    reward = [
        advantage(f"kl_in_reward:{name}", f"rl(adv = norm(outcome - 0.1 * {of.format(own)}, min = 1))", in_reward(name), "under grpo")
        for name, own in names.items()
    ]
    return [
        *plain,
        *plus,
        none("kl:full", "a row of probabilities for each token; verl raises NotImplementedError"),
        loss("kl:low_var_kl (seq-mean-token-mean)", "kl(0.1, reduce = mean(traj))", penalty("low_var_kl", "seq-mean-token-mean")),
        *reward,
    ]


def corrected(mode="token-sum", **correction):
    """vanilla with the weights, or on the tokens, that rollout correction leaves."""

    def theirs(r, logp):
        from verl.trainer.ppo.core_algos import get_policy_loss_fn
        from verl.trainer.ppo.rollout_corr_helper import compute_rollout_correction_and_rejection_mask

        weights, mask, _ = compute_rollout_correction_and_rejection_mask(
            old_log_prob=r.old, rollout_log_prob=r.sampler, response_mask=r.mask, **correction
        )
        weights = None if weights is None else weights.batch["rollout_is_weights"]
        return get_policy_loss_fn("vanilla")(
            old_log_prob=r.old, log_prob=logp, advantages=r.adv, response_mask=mask, loss_agg_mode=mode,
            config=config(), rollout_is_weights=weights,
        )[0]  # fmt: skip

    return theirs


def weighted(weight):
    return f"{RL}{CLIP}, dual = 3, reduce = constant(1), weight = {weight})"


def importance() -> list[Item]:
    token, row = "exp(log_ratio(old, sampler))", "exp(sum(log_ratio(old, sampler), per = traj))"
    made = []
    for level, own in (("token", token), ("sequence", row)):
        made += [
            loss(f"weight:{level} (truncated)", weighted(f"minimum({own}, 1.1)"), corrected(rollout_is=level, rollout_is_threshold=1.1)),
            loss(f"weight:{level} (IcePop)", weighted(f"{own} * keep({own}, 0.8, 1.2)"), corrected(rollout_is=level, rollout_is_threshold="0.8_1.2")),
            loss(f"weight:{level} (rollout_is_batch_normalize)", weighted(f"minimum({own}, 1.1) / pool(minimum({own}, 1.1), within = batch)"),
                 corrected(rollout_is=level, rollout_is_threshold=1.1, rollout_is_batch_normalize=True)),
        ]  # fmt: skip
    return made


def rejection() -> list[Item]:
    # verl's k1 is -log ratio, its k3 that of the ratio old / sampler.
    of = {"k1": "log_ratio(sampler, old)", "k2": "divergence(sampler, old, estimator = k2)", "k3": "divergence(sampler, old, estimator = k3)"}
    most = {"token": 0.02, "seq_mean": 0.02, "seq_sum": 0.25, "seq_max": 0.1}
    made = []
    for level, limit in most.items():
        for k, x in of.items():
            if level == "seq_max" and k == "k1":
                continue
            x = x if level == "token" else f"{level[4:]}({x}, per = traj)"
            if k == "k1":
                low, high, spec = -0.10536051565782628, 0.09531017980432493, "0.9_1.1"
            else:
                low, high, spec = -1, limit, str(limit)
            made.append(
                loss(f"reject:{level}_{k}", weighted(f"keep({x}, {low}, {high})"), corrected(rollout_rs=f"{level}_{k}", rollout_rs_threshold=spec), "summed over tokens")
            )  # fmt: skip
    gate = f"keep({of['k2']}, -1, 0.02)"
    return [
        *made,
        loss("reject:token_k2 (token-mean)", f"{RL}{CLIP}, dual = 3, weight = {gate})", corrected("token-mean", rollout_rs="token_k2", rollout_rs_threshold="0.02"),
             "verl leaves the rejected out of the denominator; a weight keeps it", differs=True),
    ]  # fmt: skip


def value_loss(r, vpred):
    from verl.trainer.ppo.core_algos import compute_gae_advantage_return, compute_value_loss

    _, returns = compute_gae_advantage_return(r.rewards, r.value, r.mask, 0.9, 0.95)
    return compute_value_loss(vpred, returns, r.value, r.mask, 0.5)[0]


def entropy(r, logp):
    from verl.trainer.ppo.core_algos import agg_loss

    return -0.01 * agg_loss(r.entropy, r.mask, "token-mean") + 0 * logp.sum()


def others() -> list[Item]:
    gae = "gae(place(outcome, at = token), 0.9, 0.95)"
    return [
        critic("critic:compute_value_loss", f"rl(adv = {gae}) + critic(0.5, per = token)", value_loss),
        loss("entropy:entropy_coeff", "entropy(0.01)", entropy, "the value; its gradient goes through the whole distribution", only="loss"),
        Item("filter_groups", f"{RL}{CLIP}, dual = 3, groups = mixed)", "verl filters in its replay buffer, which asks for a transfer queue"),
        none("kl_ctrl:adaptive", "a state from iteration to iteration"),
        none("pf_ppo:pow", "draws the rows of a batch anew"),
        none("pf_ppo:max_min", "draws the rows of a batch anew"),
        none("pf_ppo:max_random", "draws the rows of a batch anew"),
    ]
