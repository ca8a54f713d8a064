"""slime: a line as ``--custom-advantage-function-path``, or as ``--custom-reward-post-process-path``.

A module of your own holds it: ``advantage = istar.integrations.slime.advantage(line)`` and ``--custom-advantage-function-path
my_module.advantage``. Each data-parallel process calls that function on the samples that were dealt to it. `rewards` is called once, on
all of them, and may give one number a sample.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import Batch, BatchError, Line
from . import _rows


def advantage(line: Line, *, step: str = "run", uid: str | None = None, fields: dict[str, str] | None = None) -> Any:
    """A function of slime's signature: ``fn(args, rollout_data) -> None``, which sets ``advantages`` and ``returns``.

    Parameters
    ----------
    uid : str, optional
        The key of `rollout_data` with the group of each sample. Without it a group is ``args.n_samples_per_prompt`` of slime's
        ``sample_indices``, and all of them have to be here; for a line that reads no groups, ``uid="sample_indices"`` does.
    fields : dict, optional
        Further fields by their keys in `rollout_data`, an entry for each sample. slime hands training a fixed list of keys, such as
        ``truncated``, ``prompt`` and ``round_number``, and none of your own.

    ``rewards`` are taken as outcomes, so let slime leave them as they are: ``--disable-rewards-normalization``.
    """

    def assign(args: Any, rollout_data: dict[str, Any]) -> None:
        masks = [torch.as_tensor(mask).flatten() for mask in rollout_data["loss_masks"]]
        groups = rollout_data[uid] if uid is not None else _groups(rollout_data, args)
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


def rewards(line: Line) -> Any:
    """A function of slime's signature: ``fn(args, samples)``, which gives the rewards as they are, and the line's advantages.

    One number a sample, which the estimators `grpo`, `gspo` and `cispo` hand to each of its tokens; so the line credits trajectories.
    """
    if line.level != "traj":
        raise BatchError(f"`{line.source}` credits by {line.level}: slime's rewards are one number a sample, so take `advantage`")

    def of_samples(args: Any, samples: list[Any]) -> tuple[list[float], list[float]]:
        outcome = [float(sample.get_reward_value(args)) for sample in samples]
        groups = _known([sample.group_index for sample in samples], "group_index")
        batch = Batch.from_padded(np.ones((len(samples), 1), dtype=bool), groups, outcome=np.asarray(outcome), step="row")
        return outcome, np.asarray(line.credit(batch).advantages)[:, 0].tolist()

    return of_samples


def _groups(rollout_data: dict[str, Any], args: Any) -> np.ndarray:
    size = int(args.n_samples_per_prompt)
    index = _known(rollout_data["sample_indices"], "index")
    groups, here = np.unique(np.unique(index) // size, return_counts=True)
    if (here != size).any():
        group, there = next((g, n) for g, n in zip(groups, here) if n != size)
        raise BatchError(
            f"{there} of the {size} samples of group {group} are in this process: give the line by `rewards`, which sees all of them, "
            "or `uid`, the key of `rollout_data` with each sample's group"
        )
    return index // size


def _known(values: Any, name: str) -> np.ndarray:
    """What says to which group a sample belongs; slime leaves it open for samples that a function of one's own has made."""
    missing = [number for number, value in enumerate(values) if value is None]
    if missing:
        raise BatchError(f"sample {missing[0]} has no `{name}`, so its group is not known: set it where the sample is made")
    return np.asarray(values)


def _padded(rows: Any, masks: list[torch.Tensor]) -> torch.Tensor | None:
    """Rows of different lengths as one tensor, 0 behind their ends; None if there are none, or a row is none."""
    if rows is None or any(row is None for row in rows):
        return None
    rows = [torch.as_tensor(row).detach().cpu().flatten() for row in rows]
    for number, (row, mask) in enumerate(zip(rows, masks)):
        if len(row) != len(mask):
            raise BatchError(f"sample {number} has {len(row)} entries, and its loss mask {len(mask)}")
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
