"""OpenRLHF: advantage estimators, policy, critic and preference losses, divergences, length penalties.

Its packages import deepspeed, ray and vLLM when they are opened. The modules that are called here need none of the three, so they are
opened by themselves, with empty modules in the place of what is only named.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import logging
import sys
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

import istar.torch
import rows
import torch
import trl_pairs
from items import Item, advantage, critic, loss, none, slopes

PACKAGE = "openrlhf"
CLIP = "clip = (0.2, 0.28)"
RL = f"rl(adv = outcome, {CLIP}"
GAE = "gae(place(outcome, at = token), 0.9, 0.95)"
EVEN = dict(lone=False)
# Discounts and sums run over tokens of observations too.
WHOLE = dict(lone=False, turns=False)
WHOLE_WHY = "rows without observations: OpenRLHF discounts over their tokens too"


def items() -> list[Item]:
    return [*estimators(), *policy_losses(), *corrections(), *divergences(), *penalties(), *others()]


def folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None:
        raise ImportError(f"{PACKAGE} is not installed")
    return Path(found.origin).parent


def missing(found: list[Item]) -> list[str]:
    """Choices of the training program's arguments that no item names."""
    names = " ".join(item.name for item in found)
    tree = ast.parse((folder() / "cli" / "train_ppo_ray.py").read_text())
    asked = ("algo.", "actor.policy_loss_type", "actor.loss_agg_mode")
    choices = []
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)):
            continue
        option = str(call.args[0].value).removeprefix("--")
        if option.startswith(asked):
            of = [word.value for word in call.keywords if word.arg == "choices"]
            choices += [(option.rsplit(".", 1)[1], choice) for choice in (ast.literal_eval(of[0]) if of else ())]
    return [f"{option} = {choice}" for option, choice in choices if f"{option} = {choice}" not in names and choice != "off"]


@cache
def opened() -> dict[str, ModuleType]:
    """The modules that are called, by their last name, opened with empty modules for what is only named."""
    from transformers import AutoTokenizer  # noqa: F401  (it asks whether deepspeed is there)

    stubs = {name: ModuleType(name) for name in ("deepspeed", "ray") if importlib.util.find_spec(name) is None}
    for name in ("models", "trainer", "trainer.ppo_utils", "trainer.ray", "utils"):
        package = stubs[f"{PACKAGE}.{name}"] = ModuleType(f"{PACKAGE}.{name}")
        package.__path__ = [str(folder() / name.replace(".", "/"))]
    launcher = stubs[f"{PACKAGE}.trainer.ray.launcher"] = ModuleType("launcher")
    launcher.RayActorGroup = object
    sys.modules.update(stubs)
    names = ("models.loss", "models.utils", "trainer.ppo_utils.experience_maker")
    found = {name.rsplit(".", 1)[1]: importlib.import_module(f"{PACKAGE}.{name}") for name in names}
    for name in stubs:
        del sys.modules[name]
    logging.getLogger(PACKAGE).setLevel(logging.WARNING)
    return found


def estimator(name, *, gamma=1.0, kl=0.0, whiten=True, **reward):
    """`compute_advantages_and_returns` of groups of four rows."""

    def theirs(r):
        maker = opened()["experience_maker"].RemoteExperienceMaker
        made = object.__new__(maker)
        of = SimpleNamespace(estimator=name, gamma=gamma, lambd=0.95, no_std_norm=not whiten)
        made.args = SimpleNamespace(
            algo=SimpleNamespace(advantage=of), rollout=SimpleNamespace(n_samples_per_prompt=4, max_new_tokens=16),
            reward=SimpleNamespace(clip_range=None, **reward),
        )  # fmt: skip
        made.strategy, made.advantage_estimator, made.kl_ctl = SimpleNamespace(args=made.args), name, SimpleNamespace(value=kl)
        of_rows = SimpleNamespace(
            index=list(range(len(r.mask))), rewards=r.score.clone(), action_mask=r.mask, values=r.value, info={},
            kl=opened()["utils"].compute_approx_kl(r.old, r.ref).double(),
            response_length=r.mask.sum(1), truncated=r.extra[0] > 0,
        )  # fmt: skip
        return made.compute_advantages_and_returns([of_rows])[0].advantages

    return theirs


def whitened(signal):
    """OpenRLHF divides by the number of tokens, and adds nothing to the spread."""
    return f"rl(adv = norm({signal}, within = batch, count = token, ddof = 0, eps = 0))"


def estimators() -> list[Item]:
    name = "estimator = {}".format
    run = "to_go(place(outcome, at = token), {})".format
    return [
        advantage(name("gae"), f"{whitened(GAE)} + critic(0.5, per = token)", estimator("gae", gamma=0.9), WHOLE_WHY, **WHOLE),
        advantage(name("reinforce"), whitened(run(0.9)), estimator("reinforce", gamma=0.9), WHOLE_WHY, **WHOLE),
        advantage(name("reinforce (no_std_norm)"), f"rl(adv = norm({run(0.9)}, within = batch, count = token, scale = none))",
                  estimator("reinforce", gamma=0.9, whiten=False), WHOLE_WHY, **WHOLE),
        advantage(name("rloo"), "rl(adv = loo)", estimator("rloo"), **EVEN),
        advantage(name("reinforce_baseline"), whitened("traj(scale = none)"), estimator("reinforce_baseline"), **EVEN),
        advantage(name("group_norm"), "rl(adv = traj(eps = 1e-9))", estimator("group_norm"), **EVEN),
        advantage(name("dr_grpo"), "rl(adv = traj(scale = none))", estimator("dr_grpo"), **EVEN),
        advantage(name("flash_reinforce"), "rl(adv = traj(within = batch, scale = none))", estimator("flash_reinforce"), **EVEN),
        advantage("kl in the reward (reinforce)", whitened("to_go(place(outcome, at = token) - 0.1 * divergence(old, init, estimator = k1), 0.9)"),
                  estimator("reinforce", gamma=0.9, kl=0.1), WHOLE_WHY, **WHOLE),
    ]  # fmt: skip


def policy(**options):
    def theirs(r, logp):
        given = dict(clip_eps_low=0.2, clip_eps_high=0.28) | options
        return opened()["loss"].PolicyLoss(**given)(logp, r.old, r.adv, r.mask, r.sampler)[0]

    return theirs


def supervised(**options):
    def theirs(r, logp):
        return opened()["loss"].SFTLoss(**options)(logp, r.mask)

    return theirs


def one_advantage(r):
    r.adv = r.row_adv


def demonstrations(r):
    r.score = torch.ones_like(r.score)


def policy_losses() -> list[Item]:
    mean = "reduce = mean(traj)"
    likelihood = dict(why="the outcome of demonstrations is 1", change=demonstrations, given=False)
    return [
        loss("policy_loss_type = ppo, loss_agg_mode = token-mean", f"{RL})", policy(), empty=True),
        loss("policy_loss_type = ppo, loss_agg_mode = seq-mean-token-mean", f"{RL}, {mean})", policy(token_level_loss=False), empty=True),
        loss("policy_loss_type = ppo (dual_clip)", f"{RL}, dual = 3)", policy(dual_clip=3.0)),
        loss("policy_loss_type = gspo", f"{RL}, ratio = mean(traj), {mean})", policy(policy_loss_type="gspo"), "one advantage a row", change=one_advantage),
        loss("SFTLoss", "rl(adv = outcome, shape = logp)", supervised(), **likelihood),
        loss("SFTLoss (token_level_loss = False)", f"rl(adv = outcome, shape = logp, {mean})", supervised(token_level_loss=False), **likelihood),
    ]


def corrections() -> list[Item]:
    ratio = "log_ratio(old, sampler)"
    token = f"exp({ratio})"

    def at(level, mode, weight, low, high):
        options = dict(is_correction_level=level, is_correction_mode=mode, is_correction_threshold=[low, high])
        name = f"is_correction_level = {level}, is_correction_mode = {mode}, is_correction_gating = ratio"
        return loss(name, f"{RL}, weight = {weight})", policy(**options))

    probability = "reads the probability of the token that was taken; signals read log-ratios"
    return [
        at("token", "mask", f"{token} * keep({token}, 0.8, 1.2)", 0.8, 1.2),
        at("seq", "mask", f"{token} * keep(exp(mean({ratio}, per = traj)), 0.95, 1.05)", 0.95, 1.05),
        at("token", "clip", f"clip({token}, 0.8, 1.2)", 0.8, 1.2),
        none("is_correction_gating = binary_kl", probability),
        none("is_correction_gating = tv", probability),
    ]


def penalty(name, unbiased=False):
    def theirs(r, logp):
        utils = opened()["utils"]
        found = utils.compute_approx_kl(logp, r.ref, kl_estimator=name, unbiased_gradient=unbiased)
        return 0.1 * utils.masked_mean(found.double(), r.mask)

    return theirs


def divergences() -> list[Item]:
    names = ("k1", "k2", "k3")
    return [
        *(loss(f"estimator = {name} (kl)", f"kl(0.1, estimator = {name})", penalty(name)) for name in names),
        *(loss(f"estimator = {name} (kl, unbiased_gradient, first update)", f"kl(0.1, estimator = {name}, gradient = k2)", penalty(name, True))
          for name in names),
        none("unbiased_gradient after the first update", "weighs the gradient by the present policy's ratio, held at 10"),
        none("AdaptiveKLController", "a state from iteration to iteration"),
    ]  # fmt: skip


def penalties() -> list[Item]:
    over = "clip(0.8333333333333334 - 0.08333333333333333 * length(per = traj, of = token), -0.5, 0)"
    return [
        advantage("overlong_buffer_len", f"rl(adv = norm(outcome + {over}, scale = none))",
                  estimator("dr_grpo", overlong_buffer_len=6, overlong_penalty_factor=0.5), "10 to 16 tokens, factor 0.5", **EVEN),
        advantage("stop_properly_penalty_coef (0 to 1)", "rl(adv = norm(outcome * (1 - 0.75 * column(truncated, traj, weight)), scale = none))",
                  estimator("dr_grpo", stop_properly_penalty_coef=0.25), columns=lambda r: {"truncated": (r.extra[0] > 0).double()}, **EVEN),
        none("stop_properly_penalty_coef (below 0)", "sets a reward to a number; a sum of a column that has it says the same"),
    ]  # fmt: skip


def value_loss(r, vpred):
    maker = opened()["experience_maker"].RemoteExperienceMaker
    _, returns = maker.get_advantages_and_returns(None, r.value, r.rewards, r.mask, 0.9, 0.95)
    return opened()["loss"].ValueLoss(clip_eps=0.5)(vpred, r.value, returns, r.mask)


def pair(**options):
    def measure(ours, seed):
        r = trl_pairs.pairs(seed)
        b = rows.batch(r)

        def theirs(x):
            of, ref = ((y * r.mask).sum(1) for y in (x, r.ref))
            return opened()["loss"].DPOLoss(0.3, **options)(of[::2], of[1::2], ref[::2], ref[1::2])[0]

        return slopes(theirs, lambda x: istar.torch.loss(ours, b, x), r.logp)

    return measure


def others() -> list[Item]:
    dpo = "dpo(0.3, pairs = success{})".format
    score = "a reward model's score of a whole text"
    return [
        critic("ValueLoss (clip_eps)", f"rl(adv = {GAE}) + critic(0.5, per = token)", value_loss, WHOLE_WHY, **WHOLE),
        Item("DPOLoss", dpo(""), "", pair()),
        Item("DPOLoss (ipo)", dpo(", link = ipo"), "", pair(ipo=True)),
        Item("DPOLoss (label_smoothing)", dpo(", link = sigmoid(smooth = 0.1)"), "", pair(label_smoothing=0.1)),
        none("PairWiseLoss", score),
        none("LogExpLoss", score),
        none("dynamic filtering", "draws prompts until the batch is full; `groups = mixed` leaves groups out"),
    ]
