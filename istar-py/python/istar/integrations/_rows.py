"""What the adapters share: tensors of (B, T) in, tensors of the same kind out."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import Batch, Credit, Line, Loss
from .. import torch as istar_torch

# What a trainer calls the fields of a batch.
NAMES = {
    "old_log_probs": "old",
    "old_per_token_logps": "old",
    "ref_log_prob": "ref",
    "ref_per_token_logps": "ref",
    "rollout_log_probs": "sampler",
    "sampling_per_token_logps": "sampler",
    "values": "value",
    "anchor_obs": "state",
    "step_rewards": "reward",
    "is_action_valid": "valid",
    "traj_uid": "traj_uid",
}


def on_cpu(value: Any) -> Any:
    """A tensor on the CPU; anything else as it is."""
    return value.detach().cpu() if isinstance(value, torch.Tensor) else value


def batch(mask: Any, uid: Any, step: str, **fields: Any) -> Batch:
    """A batch of tensors on any device; fields that are None are left out."""
    there = {name: on_cpu(value) for name, value in fields.items() if value is not None}
    return Batch.from_padded(on_cpu(mask), on_cpu(uid), step=step, **there)


def advantages(line: Line, batch: Batch, like: torch.Tensor) -> tuple[torch.Tensor, Credit]:
    """The advantage of each token as a tensor of the dtype and device of another one, and all that is known of it."""
    credit = line.credit(batch)
    return torch.as_tensor(credit.advantages).to(like), credit


def policy_loss(
    line: Line,
    logp: torch.Tensor,
    old: torch.Tensor,
    adv: torch.Tensor,
    mask: torch.Tensor,
    step: str,
    **fields: Any,
) -> tuple[torch.Tensor, Loss]:
    """The loss of rows whose advantages are known, with its gradient in `logp`."""
    mini = batch(mask, np.arange(len(mask)), step, old=old, adv=adv, **fields)
    said: list[Loss] = []
    loss = istar_torch.loss(line.given(), mini, logp, said=said)
    return loss, said[0]
