"""SkyRL: advantage estimators, policy losses, reductions, divergences, off-policy correction."""

from __future__ import annotations

from types import SimpleNamespace

from items import Item, advantage, critic, loss, none

PACKAGE = "skyrl"
CLIP = "clip = (0.2, 0.28)"
RL = f"rl(adv = outcome, {CLIP}"


def items() -> list[Item]:
    return [*estimators(), *policy_losses(), *reductions(), *corrections(), *others()]


def missing(found: list[Item]) -> list[str]:
    """Names in SkyRL's registries that have no item here."""
    from skyrl.backends.skyrl_train.utils import ppo_utils

    there = {item.name.split(" ")[0] for item in found}
    names = [f"adv:{name.value}" for name in ppo_utils.AdvantageEstimator]
    names += [f"loss:{name.value}" for name in ppo_utils.PolicyLossType]
    return sorted(set(names) - there)


def config(**more):
    from skyrl.backends.skyrl_train.utils.ppo_utils import AlgorithmConfig

    made = AlgorithmConfig(eps_clip_low=0.2, eps_clip_high=0.28)
    for path, value in more.items():
        *inner, name = path.split("__")
        at = made
        for part in inner:
            at = getattr(at, part)
        setattr(at, name, value)
    return made


def estimator(name, values=None, **more):
    def theirs(r):
        from skyrl.backends.skyrl_train.utils.ppo_utils import compute_advantages_and_returns

        given = r.value * r.mask if name == "gae" else None
        return compute_advantages_and_returns(
            r.rewards.clone(), r.mask.double(), r.uid, name, config(), values=given, gamma=0.9, lambd=0.95, **more
        )[0]

    return theirs


def estimators() -> list[Item]:
    gae = "rl(adv = whiten(gae(place(outcome, at = token), 0.9, 0.95))) + critic(0.5, per = token)"
    return [
        advantage("adv:gae", gae, estimator("gae"), "rows without observations: SkyRL reads values on tokens of observations too", turns=False),
        advantage("adv:gae (with observations)", gae, estimator("gae"), "SkyRL reads values on tokens of observations, and lets the sum run over them", differs=True),
        advantage("adv:grpo", "rl(adv = traj(min = 1))", estimator("grpo")),
        advantage("adv:grpo (grpo_norm_by_std = False)", "rl(adv = traj(scale = none, min = 1))", estimator("grpo", grpo_norm_by_std=False)),
        advantage("adv:rloo", "rl(adv = loo)", estimator("rloo")),
        advantage("adv:reinforce++", "rl(adv = whiten(to_go(place(outcome, at = token), 0.9, within = step)))", estimator("reinforce++"), "the return begins anew after each observation", step="run"),
        advantage("adv:maxrl", "rl(adv = traj(scale = mean, min = 1))", estimator("maxrl")),
    ]  # fmt: skip


def policy(name, reduction="token_mean", *, options=None, sampler=False, scaled=True):
    """SkyRL's loss after what its trainer does beforehand: advantages are divided, so that a sum is the reduction."""

    def theirs(r, logp):
        from skyrl.backends.skyrl_train.utils import ppo_utils

        where = [(i, i + 4) for i in range(0, 24, 4)] + [(24, 25)]
        adv = r.adv
        if scaled:
            adv = ppo_utils.apply_loss_reduction_to_advantages_minibatch(adv, r.mask, reduction, 1, 20, where)
        given = config(policy_loss_type=name, loss_reduction=reduction, **(options or {}))
        return ppo_utils.PolicyLossRegistry.get(name)(
            log_probs=logp, old_log_probs=r.old, advantages=adv, config=given, loss_mask=r.mask.double(),
            rollout_logprobs=r.sampler if sampler else None,
        )[0]  # fmt: skip

    return theirs


def one_advantage(r):
    r.adv = r.row_adv


def demonstrations(r):
    r.score[:] = 1


def policy_losses() -> list[Item]:
    mean = "reduce = mean(traj), empty = count"
    dppo = {"dppo__delta_low": 0.2, "dppo__delta_high": 0.28}
    value = "the gradient; the value is -r A, here -[r] A log π"
    return [
        loss("loss:regular", f"{RL})", policy("regular")),
        loss("loss:dual_clip", f"{RL}, dual = 3)", policy("dual_clip", options={"clip_ratio_c": 3.0})),
        loss("loss:gspo", f"{RL}, ratio = mean(traj), {mean})", policy("gspo", "sequence_mean"), empty=True),
        loss("loss:cispo", f"{RL}, shape = cispo)", policy("cispo", options={"cispo__cispo_eps_clip_low": 0.2, "cispo__cispo_eps_clip_high": 0.28})),
        none("loss:rollout_is", "a gate by the present policy, on both sides of 1; a weight of `rl` is a constant of the batch"),
        none("loss:clip_cov", "which tokens count is drawn among those of the mini-batch whose covariance lies between two bounds"),
        none("loss:kl_cov", "which tokens are punished is the top k of the mini-batch by covariance"),
        loss("loss:sapo", f"rl(adv = outcome, shape = sapo(positive = 1, negative = 1.05), {mean})", policy("sapo", "sequence_mean", options={"sapo__tau_pos": 1.0, "sapo__tau_neg": 1.05}), empty=True),
        loss("loss:cross_entropy", "rl(adv = outcome, shape = logp, reduce = constant(1))", policy("cross_entropy"), "the outcome of demonstrations is 1", change=demonstrations, given=False),
        loss("loss:importance_sampling", "rl(adv = outcome, clip = none, reduce = constant(1))", policy("importance_sampling", scaled=False)),
        loss("loss:dppo (binary_tv)", f"{RL}, shape = dppo_tv(most = 1e9))", policy("dppo", options={"dppo__dppo_type": "binary_tv", **dppo}), value, only="gradient"),
        loss("loss:dppo (binary_kl)", f"{RL}, shape = dppo_kl(most = 1e9))", policy("dppo", options={"dppo__dppo_type": "binary_kl", **dppo}), value, only="gradient"),
    ]  # fmt: skip


def reductions() -> list[Item]:
    return [
        loss("reduce:token_mean", f"{RL})", policy("regular"), empty=True),
        none("reduce:token_mean_legacy", "depends on how a mini-batch is dealt into micro-batches"),
        loss("reduce:sequence_mean", f"{RL}, reduce = mean(traj), empty = count)", policy("regular", "sequence_mean"), empty=True),
        loss("reduce:seq_mean_token_sum_norm", f"0.05 * {RL}, reduce = sum(traj), empty = count)", policy("regular", "seq_mean_token_sum_norm"), "1 / max_seq_len is a number of the line", empty=True),
        loss("reduce:prompt_mean", f"{RL}, reduce = prompt)", policy("regular", "prompt_mean"), empty=True),
    ]  # fmt: skip


def corrections() -> list[Item]:
    token = "exp(log_ratio(old, sampler))"
    row, geometric = (f"exp({level}(log_ratio(old, sampler), per = traj))" for level in ("sum", "mean"))
    outlier = f"min(keep({token}, 0.6, 1.7), per = traj)"

    def at(name, weight, **options):
        given = {f"off_policy_correction__{key}": value for key, value in options.items()}
        return loss(f"correction:{name}", f"{RL}, weight = {weight})", policy("regular", options=given, sampler=True))

    return [
        at("tis_ratio_type = token", f"minimum({token}, 1.1)", tis_ratio_type="token", token_tis_ratio_clip_high=1.1),
        at("tis_ratio_type = sequence", f"minimum({row}, 1.1)", tis_ratio_type="sequence", sequence_tis_ratio_clip_high=1.1),
        at("sequence_mask_metric = product", f"keep({row}, 0.5, 2)", sequence_mask_metric="product", product_mask_low=0.5, product_mask_high=2.0),
        at("sequence_mask_metric = geometric", f"keep({geometric}, 0.95, 1.05)", sequence_mask_metric="geometric", geo_mask_low=0.95, geo_mask_high=1.05),
        at("outlier_token_is_threshold", outlier, outlier_token_is_threshold_low=0.6, outlier_token_is_threshold_high=1.7),
        at("token_mask_is_threshold", f"keep({token}, 0.8, 1.2)", token_mask_is_threshold_low=0.8, token_mask_is_threshold_high=1.2),
    ]  # fmt: skip


def penalty(name):
    def theirs(r, logp):
        from skyrl.backends.skyrl_train.utils.ppo_utils import compute_approx_kl

        # The mean that SkyRL's worker takes of it under `sequence_mean`.
        kl = compute_approx_kl(logp, r.ref, r.mask, name)
        return 0.1 * (kl.sum(1) / r.mask.sum(1)).mean()

    return theirs


def kept(r, logp):
    """The regular loss of the rows that SkyRL keeps."""
    from skyrl.train.utils.trainer_utils import zero_variance_filter

    rows = zero_variance_filter(r.score.tolist(), list(r.uid))
    part = SimpleNamespace(adv=r.adv[rows], mask=r.mask[rows], old=r.old[rows], sampler=None)
    return policy("regular")(part, logp[rows])


def value_loss(r, vpred):
    from skyrl.backends.skyrl_train.utils import ppo_utils

    _, returns = ppo_utils.compute_gae_advantage_return(r.rewards, r.value * r.mask, r.mask.double(), 0.9, 0.95)
    return ppo_utils.ppo_critic_loss(vpred, r.value, returns, config(value_clip=0.5), r.mask)[0]


def others() -> list[Item]:
    gae = "gae(place(outcome, at = token), 0.9, 0.95)"
    return [
        *(loss(f"kl:{name}", f"kl(0.1, estimator = {name}, reduce = mean(traj))", penalty(name)) for name in ("k1", "k2", "k3", "abs")),
        loss("zero_variance_filter", f"{RL}, groups = mixed)", kept, "groups of two rows or more", lone=False),
        loss("zero_variance_filter (a group of one)", f"{RL}, groups = mixed)", kept, "SkyRL keeps a row that is alone; here its outcomes are equal", differs=True),
        none("dynamic_sampling:replace", "draws rows of other groups in the place of those without a signal"),
        Item("use_kl_in_reward", "rl(adv = norm(outcome - 0.1 * sum(divergence(old, init), per = traj), min = 1))", "a method of the trainer, which asks for a cluster"),
        none("kl_ctrl:adaptive", "a state from iteration to iteration"),
        critic("critic:ppo_critic_loss", f"rl(adv = {gae}) + critic(0.5, per = token, reduce = mean(traj))", value_loss, "rows without observations", turns=False),
    ]  # fmt: skip
