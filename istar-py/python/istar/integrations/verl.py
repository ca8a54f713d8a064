"""verl: a line as advantage estimator and as policy loss, under one name.

`register("istar", line)` before the trainer starts; then ``algorithm.adv_estimator=istar``, and
``actor_rollout_ref.actor.policy_loss.loss_mode=istar`` for the loss. What verl hands to an estimator of one's own is the rewards, the mask
and the uids; a line that reads more, such as step rewards or states, takes it from the whole batch: see `assign`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import BatchError, Line
from . import _rows

_HANDED = (
    "verl hands an estimator of one's own `token_level_rewards`, `response_mask`, `config` and `uid` alone. Call "
    "`istar.integrations.verl.assign(data, line)` on the whole DataProto instead of `compute_advantage`, with the field in "
    "`data.batch` (B, T) or in `data.non_tensor_batch` (B,)"
)


def register(name: str, line: Line, *, step: str = "run") -> None:
    """Puts a line into verl's registries of estimators and of policy losses.

    Parameters
    ----------
    name : str
        What the configuration of verl names.
    line : Line
        Its advantage is the estimator; its terms are the policy loss, with the advantages that verl keeps in the place of its own.
    step : {"run", "row", "token"}
        What a step is, see `Batch.from_padded`.
    """
    from verl.trainer.ppo.core_algos import ADV_ESTIMATOR_REGISTRY, POLICY_LOSS_REGISTRY

    ADV_ESTIMATOR_REGISTRY[name] = estimator(line, step=step)
    POLICY_LOSS_REGISTRY[name] = policy_loss(line, step=step)


def estimator(line: Line, *, step: str = "run") -> Any:
    """The line as a function of verl's signature for advantage estimators: advantages and returns, (B, T) both."""

    def estimate(
        token_level_rewards: torch.Tensor,
        response_mask: torch.Tensor,
        config: Any = None,
        index: np.ndarray | None = None,
        reward_baselines: torch.Tensor | None = None,
        batch: Any = None,
        non_tensor_batch: Any = None,
        **more: Any,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        uid = np.arange(len(response_mask)) if index is None else index
        fields = _fields(batch, non_tensor_batch, more)
        rows = _rows.batch(response_mask, uid, step, outcome=token_level_rewards, **fields)
        try:
            found, _ = _rows.advantages(line, rows, token_level_rewards)
        except BatchError as error:
            if "is missing" in str(error) and batch is None:
                raise BatchError(f"{error}. {_HANDED}") from None
            raise
        return found, found

    return estimate


def assign(data: Any, line: Line, *, step: str = "run") -> Any:
    """Sets ``advantages`` and ``returns`` of a DataProto, with all that it holds at the line's disposal; gives it back.

    `data.batch` has ``response_mask``, ``token_level_rewards`` or ``token_level_scores``, and where the line reads them
    ``old_log_probs``, ``ref_log_prob``, ``rollout_log_probs``, ``values``; `data.non_tensor_batch` has ``uid``, and where it is there
    ``traj_uid``, ``anchor_obs``, ``step_rewards``, ``is_action_valid``, or fields under istar's own names.
    """
    tensors, names = data.batch, data.non_tensor_batch
    key = "token_level_rewards" if "token_level_rewards" in tensors.keys() else "token_level_scores"
    found, returns = estimator(line, step=step)(
        tensors[key], tensors["response_mask"], index=names.get("uid"), batch=tensors, non_tensor_batch=names
    )
    tensors["advantages"], tensors["returns"] = found, returns
    return data


def policy_loss(line: Line, *, step: str = "run") -> Any:
    """The line as a function of verl's signature for policy losses: the loss, and metrics.

    The reduction is the line's own, not ``loss_agg_mode``. Where verl says how large the global batch is, a micro-batch has its
    share of it: by tokens, or by rows where the line reduces over trajectories.
    """

    def loss(
        old_log_prob: torch.Tensor,
        log_prob: torch.Tensor,
        advantages: torch.Tensor,
        response_mask: torch.Tensor,
        loss_agg_mode: str = "token-mean",
        config: Any = None,
        rollout_is_weights: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, dict[str, Any]]:
        found, said = _rows.policy_loss(line, log_prob, old_log_prob, advantages, response_mask, step)
        if rollout_is_weights is not None:
            raise BatchError(
                "verl has weights for the sampler's mismatch (`rollout_is_weights`), which a line writes itself: turn off "
                "`algorithm.rollout_correction` and give the line `weight = clip(exp(log_ratio(old, sampler)), 0, 2)`"
            )
        metrics = {f"actor/{name.rsplit('/', 1)[-1]}": value for name, value in said.metrics.items()}
        return found * _share(line, response_mask, config), metrics

    return loss


def _share(line: Line, mask: torch.Tensor, config: Any) -> float:
    """How much of the global batch this one is, times the number of processes that gradients are averaged over."""
    info = dict(getattr(config, "global_batch_info", None) or {})
    by_rows = any(f"reduce = {mode}(traj)" in line.source for mode in ("mean", "sum"))
    key, here = ("global_batch_size", len(mask)) if by_rows else ("batch_num_tokens", float(mask.sum()))
    whole = info.get(key)
    return 1.0 if whole is None else here / float(whole) * (info.get("dp_size") or 1)


def _fields(*sources: Any) -> dict[str, Any]:
    """Fields of a batch that stand under verl's names or istar's own."""
    own = ("old", "ref", "sampler", "value", "state", "reward", "valid", "success", "turn", "tag", "agent", "traj_uid", "prm")
    found: dict[str, Any] = {}
    for source in sources:
        if source is None:
            continue
        there = source.keys()
        for key, name in {**_rows.NAMES, **{name: name for name in own}}.items():
            if key in there and name not in found:
                found[name] = source[key]
    return found
