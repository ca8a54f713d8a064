"""rLLM: a line as an estimator, which sees the rewards of whole trajectories alone.

`register("istar", line)`; then ``rllm.algorithm.adv_estimator=istar``. rLLM hands an estimator one number a trajectory, so the line
may read `outcome` and `success`; credit per step is precomputed there: `steps` gives it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import Batch, Line


def register(name: str, line: Line) -> None:
    """Puts a line into rLLM's registry.

    In ``adv_estimator`` rLLM reads each name that it does not know as ``other``, so the line stands under that one too; the one
    registered last counts there. In ``traj_group_adv_estimator_map``, by role, each has its name.
    """
    from rllm.trainer.algorithms.advantage import register_rllm_adv_estimator

    for key in (name, "other"):
        register_rllm_adv_estimator(key)(estimator(line))


def estimator(line: Line) -> Any:
    """The line as a function of rLLM's signature: advantages and returns, an array for each group, as the rewards come."""

    def estimate(
        rewards: list[np.ndarray], algorithm_config: Any = None, **more: Any
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        sizes = [len(group) for group in rewards]
        outcome = np.concatenate([np.asarray(group, dtype=np.float64) for group in rewards]) if sizes else np.zeros(0)
        uid = np.repeat(np.arange(len(sizes)), sizes)
        batch = Batch.from_padded(np.ones((len(outcome), 1), dtype=bool), uid, outcome=outcome, step="row")
        found = np.asarray(line.credit(batch).advantages)[:, 0]
        by_group = np.split(found, np.cumsum(sizes)[:-1]) if sizes else []
        return by_group, [group.copy() for group in by_group]

    return estimate


def steps(line: Line, groups: list[list[dict[str, Any]]]) -> list[list[list[float]]]:
    """The advantage of each step, for rLLM's precomputed advantages.

    Parameters
    ----------
    groups : list of list of dict
        Trajectories by group: ``{"outcome": 1.0, "success": True, "steps": [{"reward": 0.1, "state": "s1"}]}``, fields as in a
        nested batch, tokens left out.

    Returns
    -------
    list of list of list of float
        Group, trajectory, step.
    """
    rows = [
        {"trajectories": [{**traj, "steps": [{**step, "tokens": [{}]} for step in traj["steps"]]} for traj in group]}
        for group in groups
    ]
    found = line.credit(Batch({"groups": rows})).advantages
    return [[[step[0] for step in traj] for traj in group] for group in found]
