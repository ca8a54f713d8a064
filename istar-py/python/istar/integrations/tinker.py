"""Tinker: advantages of groups of trajectories, and a loss for `forward_backward_custom`."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
import torch

from .. import Batch, Line
from .. import torch as istar_torch


def compute_advantages(line: Line) -> Any:
    """A function of the cookbook's signature: groups of trajectories in, a tensor with an entry a trajectory for each group out.

    A group has ``get_total_rewards()``.
    """

    def advantages(trajectory_groups: Sequence[Any]) -> list[torch.Tensor]:
        rewards = [np.asarray(group.get_total_rewards(), dtype=np.float64) for group in trajectory_groups]
        if not rewards:
            return []
        sizes, outcome = [len(group) for group in rewards], np.concatenate(rewards)
        uid = np.repeat(np.arange(len(sizes)), sizes)
        batch = Batch.from_padded(np.ones((len(outcome), 1), dtype=bool), uid, outcome=outcome, step="row")
        found = torch.as_tensor(np.asarray(line.credit(batch).advantages)[:, 0], dtype=torch.float32)
        return list(torch.split(found, sizes))

    return advantages


def loss_fn(
    line: Line,
    *,
    uid: Sequence[Any],
    outcome: Sequence[float],
    old: Sequence[torch.Tensor],
    step: str = "run",
    **fields: Any,
) -> Any:
    """A loss for ``training_client.forward_backward_custom(data, loss_fn)``, of the whole line on the whole batch.

    Parameters
    ----------
    uid, outcome : one entry a datum
        Its group and its return.
    old : one tensor a datum
        The sampler's log-probabilities, as long as the datum's targets.
    **fields
        Further fields, as for `Batch.from_padded`; those of tokens as one tensor a datum.

    A datum's ``weights`` are its mask; it holds nothing else that a line could read, so the rest is given here.
    """

    def loss(data: Sequence[Any], logprobs: Sequence[torch.Tensor]) -> tuple[torch.Tensor, dict[str, float]]:
        def tensor(value: Any) -> torch.Tensor:
            return value.to_torch() if hasattr(value, "to_torch") else torch.as_tensor(value)

        def padded(rows: Sequence[Any]) -> torch.Tensor:
            return torch.nn.utils.rnn.pad_sequence([tensor(row).flatten() for row in rows], batch_first=True)

        mask = padded([tensor(datum.loss_fn_inputs["weights"]) > 0 for datum in data])
        more = {
            name: padded(value) if isinstance(value[0], torch.Tensor) and value[0].dim() == 1 else value
            for name, value in fields.items()
        }
        batch = Batch.from_padded(
            mask, np.asarray(uid), step=step, outcome=np.asarray(outcome, dtype=np.float64), old=padded(old), **more
        )
        said: list[Any] = []
        found = istar_torch.loss(line, batch, padded(logprobs), said=said)
        metrics = {**said[0].terms, **said[0].metrics}
        return found, {name: value for name, value in metrics.items() if value is not None}

    return loss
