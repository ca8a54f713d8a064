"""prime-rl: the credit of its algorithms, and the components of its loss.

It is no package of an index, so a checkout is called, see `checkouts.py` and `prime_rl_source.py`.
"""

from __future__ import annotations

from typing import get_args

import checkouts
import prime_rl_source
import torch
from items import Item, advantage, loss, none

PACKAGE = prime_rl_source.PACKAGE
DPPO = "rl(adv = outcome, clip = (0.2, 0.2), shape = dppo_tv(most = 1000))"
DRIFT = "kl({}, ref = old, estimator = k2)"
CENTRED = "traj(scale = none)"
WEIGHTS = {"output_tokens": 0.25, "input_tokens": 0.1, "turns": 0.1}


def version() -> str:
    return checkouts.version(PACKAGE)


def items() -> list[Item]:
    return [*algorithms(), *losses()]


def missing(found: list[Item]) -> list[str]:
    """Algorithms, kinds of loss and components of one that no item names."""
    prime_rl_source.opened()
    from prime_rl.configs.algorithm import ActionLossType
    from prime_rl.configs.trainer import LossConfig
    from prime_rl.orchestrator.algo import ALGORITHM_CLASSES

    there = {item.name.split(" (")[0] for item in found}
    kinds = [config.model_fields["type"].default for config in get_args(get_args(LossConfig)[0])]
    names = {f"algo.type = {name}" for name in ALGORITHM_CLASSES} | {f"loss.type = {name}" for name in kinds}
    return sorted((names | {f"component = {name}" for name in get_args(ActionLossType)}) - there)


def algorithm(name, together=False, **options):
    def theirs(r):
        prime_rl_source.opened()
        from prime_rl.configs.algorithm import AlgoConfig
        from prime_rl.orchestrator.algo import build_algorithm
        from pydantic import TypeAdapter

        made = build_algorithm(TypeAdapter(AlgoConfig).validate_python({"type": name} | options), None)
        return prime_rl_source.advantages(r, made, together=together)

    return theirs


def counted(r) -> dict[str, torch.Tensor]:
    """Of each row the policy's tokens, the others with a prompt of one, and the turns."""
    output, turns = r.mask.sum(1), (r.mask.diff(dim=1, prepend=torch.zeros_like(r.mask[:, :1])) > 0).sum(1)
    return dict(zip(WEIGHTS, (output.double(), (r.last + 2 - output).double(), turns.double())))


def algorithms() -> list[Item]:
    name = "algo.type = {}".format
    no_advantage = "assigns no advantage; its component is a row below"
    counts = [f"{weight} * column({name}, traj, weight)" for name, weight in WEIGHTS.items()]
    shares = [f"pool(outcome) * {count} / pool({count.split(' * ')[1]}, stat = max)" for count in counts]
    penalty = dict(type="linear", **{f"num_{name}_weight": weight for name, weight in WEIGHTS.items()})
    return [
        advantage(name("grpo"), f"rl(adv = {CENTRED})", algorithm("grpo")),
        advantage(name("grpo (length_penalty)"), f"rl(adv = norm({' - '.join(['outcome', *shares])}, scale = none))",
                  algorithm("grpo", length_penalty=penalty), columns=counted),
        advantage(name("echo"), f"rl(adv = {CENTRED})", algorithm("echo"), "its tokens of observations are the component `ce`"),
        advantage(name("max_rl"), "rl(adv = traj(scale = mean, eps = 0))", algorithm("max_rl")),
        advantage(name("hierarchical_grpo"), f"rl(adv = {CENTRED})", algorithm("hierarchical_grpo", together=True, episode_agents=["agent"]),
                  "attempts at one proposed problem are a group"),
        none(name("rae"), "a baseline that moves from batch to batch"),
        *(none(name(kind), no_advantage) for kind in ("opd", "opsd", "sft")),
    ]  # fmt: skip


def component(kind="default", own="", **options):
    """The loss with a configuration of the component `rl`; or one of the two others alone."""

    def theirs(r, logp):
        prime_rl_source.opened()
        from prime_rl.configs.trainer import LossConfig
        from pydantic import TypeAdapter

        config = TypeAdapter(LossConfig).validate_python({"type": kind} | options)
        if not own:
            return prime_rl_source.loss(r, logp, config)
        alone = {"rl_weights": list(torch.zeros_like(r.old)), f"{own}_weights": list(r.mask.double())}
        return prime_rl_source.loss(r, logp, config, **alone)

    return theirs


def demonstrations(r):
    r.score = torch.ones_like(r.score)


def first_update(r):
    r.logp = r.old.clone()


def losses() -> list[Item]:
    slope = dict(only="gradient")
    value = "prime-rl's value has the ratio in the place of the log-probability; the gradient is the same"
    return [
        loss("loss.type = default", f"{DPPO} + {DRIFT.format(0.02)}", component(kl_tau=0.01), value, **slope),
        loss("loss.type = default (adv_tau)", f"0.5 * {DPPO} + {DRIFT.format(0.02)}", component(adv_tau=0.5, kl_tau=0.01), value, **slope),
        loss("loss.type = ipo", f"rl(adv = outcome, clip = (0.1, 0.1), shape = dppo_tv(most = 1000)) + {DRIFT.format(0.002)}", component("ipo"),
             "prime-rl drops tokens that have moved either way, `dppo_tv` those that their advantage pushes further", differs=True, **slope),
        none("loss.type = custom", "a function of the user's; a line is one, by `istar.integrations.prime_rl.loss`"),
        loss("component = rl", f"{DPPO} + {DRIFT.format(0.002)}", component(), value, **slope),
        loss("component = ce", "rl(adv = outcome, shape = logp)", component(own="ce"), "the outcome of demonstrations is 1",
             change=demonstrations, given=False),
        loss("component = ref_kl (first update)", "kl(1, estimator = k1, gradient = k2)", component(own="ref_kl"),
             "the teacher is `init`; prime-rl's value has no derivative of its own", change=first_update, **slope),
        none("component = ref_kl (later)", "weighs the divergence by the present policy's ratio"),
    ]  # fmt: skip
