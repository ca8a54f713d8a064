"""slime: a line as ``--custom-advantage-function-path``.

A module of your own holds it: ``advantage = istar.integrations.slime.advantage(line)`` and ``--custom-advantage-function-path
my_module.advantage``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import BatchError, Line
from . import _rows


def advantage(line: Line, *, step: str = "run", uid: str | None = None, fields: dict[str, str] | None = None) -> Any:
    """A function of slime's signature: ``fn(args, rollout_data) -> None``, which sets ``advantages`` and ``returns``.

    Parameters
    ----------
    uid : str, optional
        The key of `rollout_data` with the group of each sample. Without it each ``args.n_samples_per_prompt`` samples that follow
        one another are a group.
    fields : dict, optional
        Further fields by their keys in `rollout_data`: ``{"reward": "turn_rewards", "state": "states"}``, a list for each sample.

    ``rewards`` are taken as outcomes, so let slime leave them as they are: ``--disable-rewards-normalization``.
    """

    def assign(args: Any, rollout_data: dict[str, Any]) -> None:
        masks = [torch.as_tensor(mask).flatten() for mask in rollout_data["loss_masks"]]
        groups = rollout_data[uid] if uid is not None else _groups(len(masks), args)
        columns = {"old": "rollout_log_probs" if getattr(args, "use_rollout_logprobs", False) else "log_probs"}
        columns |= {"ref": "ref_log_probs", "sampler": "rollout_log_probs", "value": "values"}
        padded = {name: _padded(rollout_data.get(key), masks) for name, key in columns.items()}
        more = {name: rollout_data[key] for name, key in (fields or {}).items()}
        batch = _rows.batch(
            _padded(masks, masks),
            np.asarray(groups),
            step,
            outcome=np.asarray([float(reward) for reward in rollout_data["rewards"]]),
            **padded,
            **more,
        )
        found, _ = _rows.advantages(line, batch, torch.zeros(0))
        rows = [row[: len(mask)].to(mask.device) for row, mask in zip(found, masks)]
        rollout_data["advantages"] = rows
        rollout_data["returns"] = [row.clone() for row in rows]

    return assign


def _groups(samples: int, args: Any) -> np.ndarray:
    size = int(args.n_samples_per_prompt)
    if samples % size:
        raise BatchError(
            f"{samples} samples are no whole groups of {size}: give `uid`, the key of `rollout_data` with each sample's group"
        )
    return np.arange(samples) // size


def _padded(rows: Any, masks: list[torch.Tensor]) -> torch.Tensor | None:
    """Rows of different lengths as one tensor, 0 behind their ends; None if there are none, or a row is none."""
    if rows is None or any(row is None for row in rows):
        return None
    rows = [torch.as_tensor(row).detach().cpu().flatten() for row in rows]
    for number, (row, mask) in enumerate(zip(rows, masks)):
        if len(row) != len(mask):
            raise BatchError(f"sample {number} has {len(row)} entries, and its loss mask {len(mask)}")
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
