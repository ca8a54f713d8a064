"""slime: rewards by group, advantage estimators, policy and value losses, divergences, off-policy corrections.

It is no package of an index, so a checkout is called, see `checkouts.py` and `slime_source.py`. Losses are those of its training step, on
logits over two words that have the rows' log-probabilities.
"""

from __future__ import annotations

import ast

import checkouts
import slime_source
import torch
from items import Item, advantage, critic, loss, none

PACKAGE = slime_source.PACKAGE
MEAN = "reduce = mean(traj)"
RL = "rl(adv = outcome, clip = (0.2, 0.28)"
GAE = "gae(place(outcome, at = token){}, 0.9, 0.95)"
KL = "0.1 * divergence(old, init, estimator = k1)"
EVEN = dict(lone=False)
# Discounts and sums run over tokens of observations too.
WHOLE = dict(lone=False, turns=False)
WHOLE_WHY = "rows without observations: slime discounts over their tokens too"


def version() -> str:
    return checkouts.version(PACKAGE)


def items() -> list[Item]:
    return [*estimators(), *policy_losses(), *corrections(), *divergences(), *others()]


def missing(found: list[Item]) -> list[str]:
    """Choices of the program's arguments that no item names."""
    there = {item.name.split(" (")[0] for item in found}
    tree = ast.parse((checkouts.folder(PACKAGE) / "slime/utils/arguments.py").read_text())
    names = set()
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
            option = str(call.args[0].value).removeprefix("--").replace("-", "_")
            choices = [ast.literal_eval(word.value) for word in call.keywords if word.arg == "choices"]
            if choices and option in ("advantage_estimator", "kl_loss_type", "loss_type"):
                names |= {f"{option} = {choice}" for choice in choices[0]}
    return sorted(names - there)


def estimator(name, teacher=False, **options):
    def theirs(r):
        more = {"teacher_log_probs": [row[:end] for row, end in zip(r.ref, slime_source.lengths(r))]} if teacher else {}
        return slime_source.advantages(slime_source.arguments(advantage_estimator=name, **options), r, **more)

    return theirs


def estimators() -> list[Item]:
    name = "advantage_estimator = {}".format
    centred = "traj(scale = none)"
    return [
        advantage(name("grpo"), "rl(adv = traj)", estimator("grpo"), **EVEN),
        advantage(name("grpo (disable_grpo_std_normalization)"), f"rl(adv = {centred})", estimator("grpo", grpo_std_normalization=False), **EVEN),
        advantage(name("grpo (disable_rewards_normalization)"), "rl(adv = outcome)", estimator("grpo", rewards_normalization=False)),
        advantage(name("gspo"), "rl(adv = traj)", estimator("gspo"), **EVEN),
        advantage(name("cispo"), "rl(adv = traj)", estimator("cispo"), **EVEN),
        advantage(name("ppo"), f"rl(adv = {GAE.format('')}) + critic(0.5, per = token)", estimator("ppo"), WHOLE_WHY, **WHOLE),
        advantage(name("ppo (kl_coef)"), f"rl(adv = {GAE.format(f' - {KL}')}) + critic(0.5, per = token)", estimator("ppo", kl_coef=0.1), WHOLE_WHY, **WHOLE),
        advantage(name("ppo (with observations)"), f"rl(adv = {GAE.format('')}) + critic(0.5, per = token)", estimator("ppo"),
                  "slime reads values on tokens of observations, and lets the sum run over them", lone=False, differs=True),
        advantage(name("reinforce_plus_plus"), "rl(adv = to_go(place(outcome, at = token), 0.9))", estimator("reinforce_plus_plus"), WHOLE_WHY, **WHOLE),
        advantage(name("reinforce_plus_plus (kl_coef)"), f"rl(adv = to_go(place(outcome, at = token) - {KL}, 0.9))",
                  estimator("reinforce_plus_plus", kl_coef=0.1), WHOLE_WHY, **WHOLE),
        advantage(name("reinforce_plus_plus (with observations)"), "rl(adv = to_go(place(outcome, at = token), 0.9))", estimator("reinforce_plus_plus"),
                  "slime discounts over tokens of observations", lone=False, differs=True),
        advantage(name("reinforce_plus_plus_baseline"), f"rl(adv = {centred})", estimator("reinforce_plus_plus_baseline"), **EVEN),
        advantage(name("reinforce_plus_plus_baseline (kl_coef)"), f"rl(adv = {centred} - {KL})",
                  estimator("reinforce_plus_plus_baseline", kl_coef=0.1), **EVEN),
        advantage(name("reinforce_plus_plus_baseline (normalize_advantages)"), f"rl(adv = whiten({centred}))",
                  estimator("reinforce_plus_plus_baseline", normalize_advantages=True), **EVEN),
        advantage("use_opd", f"rl(adv = traj - {KL})", estimator("grpo", teacher=True, use_opd=True, opd_kl_coef=0.1), "the teacher is `init`", **EVEN),
    ]  # fmt: skip


def logits(logp: torch.Tensor, ends: list[int]) -> torch.Tensor:
    """(1, total, 2): the first word has the rows' log-probabilities, and a row's last token predicts nothing."""
    rows = [torch.stack([row[:end], torch.log1p(-row[:end].exp())], dim=-1) for row, end in zip(logp, ends)]
    return torch.cat([torch.cat([row, torch.zeros(1, 2)]) for row in rows])[None].float()


def trained(r, outputs, **options):
    """The loss of a training step with one micro-batch, as megatron divides it."""
    args = slime_source.arguments(**options)
    data = slime_source.rollout_data(args, r)
    data["advantages"] = [row[:end] for row, end in zip(r.adv, data["response_lengths"])]
    data["returns"] = [row[:end] for row, end in zip(r.ret, data["response_lengths"])]
    value, count, _ = slime_source.opened().loss.loss_function(args, data, 1, len(r.mask), outputs(data["response_lengths"]))
    return value / count


def policy(**options):
    return lambda r, logp: trained(r, lambda ends: logits(logp, ends), **options)


def one_advantage(r):
    r.adv = r.row_adv


def demonstrations(r):
    r.score = torch.ones_like(r.score)


def first_update(r):
    """Of the divergence alone."""
    r.logp, r.adv = r.old.clone(), torch.zeros_like(r.adv)


def of_two_words(r):
    r.entropy = -(r.logp.exp() * r.logp + (1 - r.logp.exp()) * torch.log1p(-r.logp.exp()))


def policy_losses() -> list[Item]:
    likelihood = dict(why="the outcome of demonstrations is 1", change=demonstrations, given=False)
    return [
        loss("loss_type = policy_loss", f"{RL}, {MEAN}, empty = count)", policy(), empty=True),
        loss("loss_type = policy_loss (calculate_per_token_loss)", f"{RL})", policy(calculate_per_token_loss=True)),
        loss("loss_type = policy_loss (eps_clip_c)", f"{RL}, dual = 3, {MEAN})", policy(eps_clip_c=3.0)),
        loss("loss_type = policy_loss (gspo)", f"{RL}, ratio = mean(traj), {MEAN})", policy(advantage_estimator="gspo"),
             "one advantage a row", change=one_advantage),
        loss("loss_type = policy_loss (cispo)", f"{RL}, shape = cispo, {MEAN})", policy(advantage_estimator="cispo")),
        loss("loss_type = policy_loss (entropy_coef)", f"{RL}, {MEAN}) + entropy(0.01, {MEAN})", policy(entropy_coef=0.01),
             "the value; its gradient goes through the whole distribution", only="loss", change=of_two_words),
        loss("loss_type = sft_loss", f"rl(adv = outcome, shape = logp, {MEAN})", policy(loss_type="sft_loss"), **likelihood),
        none("loss_type = custom_loss", "a function of the user's on logits"),
        none("use_opsm", "drops rows whose present policy has moved too far; a `weight` is a constant of the batch"),
    ]  # fmt: skip


def corrections() -> list[Item]:
    ratio = "exp(log_ratio(old, sampler))"
    icepop = "slime.backends.megatron_utils.loss.icepop_function"
    return [
        loss("use_tis", f"{RL}, weight = clip({ratio}, 0.8, 1.2), {MEAN})", policy(use_tis=True)),
        loss("use_tis (icepop_function)", f"{RL}, weight = {ratio} * keep({ratio}, 0.8, 1.2), {MEAN})",
             policy(use_tis=True, custom_tis_function_path=icepop)),
    ]  # fmt: skip


def penalty(name, **options):
    return policy(use_kl_loss=True, kl_loss_coef=0.1, kl_loss_type=name, **options)


def divergences() -> list[Item]:
    def at(name, estimator):
        return loss(f"kl_loss_type = {name}", f"{RL}, {MEAN}) + kl(0.1, estimator = {estimator}, {MEAN})", penalty(name))

    return [
        at("k1", "k1"),
        at("k2", "k2"),
        at("k3", "k3"),
        at("low_var_kl", "k3"),
        loss("use_unbiased_kl (low_var_kl, first update)", f"kl(0.1, estimator = k3, gradient = k2, {MEAN})",
             penalty("low_var_kl", use_unbiased_kl=True), change=first_update),
        none("use_unbiased_kl (later)", "weighs each token's divergence by the present policy's ratio, and differentiates both"),
    ]  # fmt: skip


def value_loss(r, vpred):
    def outputs(ends):
        return torch.cat([torch.cat([row[:end], torch.zeros(1)]) for row, end in zip(vpred, ends)])[None, :, None].float()

    r.ret = slime_source.opened().ppo_utils.vanilla_gae(r.rewards * r.mask, r.value * r.mask, 0.9, 0.95)[1]
    return trained(r, outputs, loss_type="value_loss")


def others() -> list[Item]:
    return [
        critic("value_clip", f"rl(adv = {GAE.format('')}) + critic(1, per = token, {MEAN})", value_loss, WHOLE_WHY, **WHOLE),
        none("dynamic_sampling_filter_path", "draws prompts until the batch is full; `groups = mixed` leaves groups out"),
    ]
