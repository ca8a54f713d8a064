"""SkyRL: a line as advantage estimator and as policy loss, under one name.

`register("istar", line)` in the entry point, before the trainer is made; then ``trainer.algorithm.advantage_estimator=istar`` and
``trainer.algorithm.policy_loss_type=istar``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import BatchError, Line
from . import _rows


def register(name: str, line: Line, *, step: str = "run") -> None:
    """Puts a line into SkyRL's registries: of estimators, and of policy losses if it can be one, see `policy_loss`."""
    from skyrl.backends.skyrl_train.utils.ppo_utils import AdvantageEstimatorRegistry, PolicyLossRegistry

    functions = [(AdvantageEstimatorRegistry, estimator(line, step=step))]
    if line.given().terms == ["rl"] and "reduce" not in line.source:
        functions.append((PolicyLossRegistry, policy_loss(line, step=step)))
    for registry, function in functions:
        if name in registry.list_available():  # SkyRL refuses a name that is taken
            registry.unregister(name)
        registry.register(name, function)


def estimator(line: Line, *, step: str = "run") -> Any:
    """The line as a function of SkyRL's signature for estimators: advantages and returns, (B, T) both.

    In step-wise mode SkyRL hands over one trajectory-level reward a step and no step rewards, so a line that reads `reward` is
    for the other mode, whose rewards per token are summed over each step.
    """

    def estimate(
        token_level_rewards: torch.Tensor,
        response_mask: torch.Tensor,
        index: np.ndarray | None = None,
        values: torch.Tensor | None = None,
        **more: Any,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        uid = np.arange(len(response_mask)) if index is None else index
        rows = _rows.batch(
            response_mask, uid, step, outcome=token_level_rewards, reward=_steps(token_level_rewards, step), value=values
        )
        found, _ = _rows.advantages(line, rows, token_level_rewards)
        return found, found

    return estimate


def policy_loss(line: Line, *, step: str = "run") -> Any:
    """The line as a function of SkyRL's signature for policy losses: the loss, and metrics.

    SkyRL scales advantages for its ``loss_reduction`` beforehand, and every loss is a sum over tokens. So the reduction is SkyRL's, and
    the line has one `rl` with the reduction that it has by default; anything else is refused.
    """
    if line.given().terms != ["rl"] or "reduce" in line.source:
        raise BatchError(
            f"`{line.source}`: SkyRL reduces by `trainer.algorithm.loss_reduction` alone, so its policy loss is one `rl` without "
            "`reduce`; other terms have their own settings there, such as `use_kl_loss`"
        )

    def loss(
        log_probs: torch.Tensor,
        old_log_probs: torch.Tensor,
        advantages: torch.Tensor,
        config: Any = None,
        loss_mask: torch.Tensor | None = None,
        rollout_logprobs: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, dict[str, float]]:
        mask = torch.ones_like(log_probs) if loss_mask is None else loss_mask
        found, said = _rows.policy_loss(
            line, log_probs, old_log_probs, advantages, mask, step, sampler=rollout_logprobs
        )
        # The mean over tokens that a line takes, as the sum that SkyRL expects.
        return found * float(mask.sum()), {name.rsplit("/", 1)[-1]: value for name, value in said.metrics.items()}

    return loss


def _steps(rewards: torch.Tensor, step: str) -> torch.Tensor | None:
    return rewards if step != "row" else rewards.sum(dim=-1)
