"""prime-rl: a line as custom advantage function, as custom loss, and as credit on traces.

The configuration names a function of a module of your own: ``advantage = istar.integrations.prime_rl.advantage(line)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import Batch, BatchError, Line
from . import _rows


def assign(line: Line, traces: list[Any], *, step: str = "run") -> None:
    """Writes the line's advantages onto the traces of one group: on each node a list with an entry a trainable token.

    A trace has ``nodes``, each with a ``mask`` of its tokens, and ``reward``; a step is a node with trainable tokens unless `step`
    says "row" or "token".
    """
    groups = []
    for trace in traces:
        masks = [np.asarray(node.mask, dtype=bool) for node in trace.nodes]
        nodes = [int(mask.sum()) for mask in masks if mask.any()]
        sizes = {"run": nodes, "row": [sum(nodes)], "token": [1] * sum(nodes)}[step]
        groups.append({"outcome": float(trace.reward), "success": trace.reward > 0, "steps": [{"tokens": [{}] * n} for n in sizes]})
    found = line.credit(Batch([{"trajectories": groups}])).flat
    for trace in traces:
        for node in trace.nodes:
            count = int(np.asarray(node.mask, dtype=bool).sum())
            node.advantages = found[:count].tolist() if count else None
            found = found[count:]


def advantage(line: Line) -> Any:
    """A custom advantage function: the rollouts of one group in (``inputs.rollouts``, each with ``reward``), one number a rollout out."""

    def advantages(inputs: Any, **more: Any) -> Any:
        rewards = np.asarray([float(rollout.reward) for rollout in inputs.rollouts])
        batch = Batch.from_padded(
            np.ones((len(rewards), 1), dtype=bool), np.zeros(len(rewards), dtype=np.int64), outcome=rewards, step="row"
        )
        found = np.asarray(line.credit(batch).advantages)[:, 0].tolist()
        return _output("AdvantageOutputs", "prime_rl.orchestrator.advantage", advantages=found)

    return advantages


def loss(line: Line, *, step: str = "run") -> Any:
    """A custom loss: ``fn(inputs, **kwargs)`` of one sequence, whose advantages are known, with the line's own terms.

    `inputs` has ``trainer_logprobs``, ``inference_logprobs``, ``advantages`` and ``loss_mask``, each (T,); ``inference_logprobs`` are
    both what sampled and the line's `sampler`. The loss is a sum over the sequence's tokens, which prime-rl divides by those of the
    batch; so a line with a reduction of its own is refused.
    """
    if "reduce" in line.source:
        raise BatchError(f"`{line.source}`: prime-rl divides by the tokens of the batch, so give the line no `reduce`")

    def of_sequence(inputs: Any, **more: Any) -> Any:
        rows = [getattr(inputs, name).unsqueeze(0) for name in ("trainer_logprobs", "inference_logprobs", "advantages", "loss_mask")]
        logp, old, adv, mask = rows
        found, said = _rows.policy_loss(line, logp, old, adv, mask, step, sampler=old)
        metrics = {name.rsplit("/", 1)[-1]: torch.tensor(value) for name, value in said.metrics.items()}
        return _output("LossOutputs", "prime_rl.trainer.rl.loss", loss=found * float(mask.sum()), metrics=metrics)

    return of_sequence


def _output(name: str, module: str, **values: Any) -> Any:
    """prime-rl's own class where it is installed; else a plain object with the same fields."""
    from importlib import import_module
    from types import SimpleNamespace

    try:
        return getattr(import_module(module), name)(**values)
    except ImportError:
        return SimpleNamespace(**values)
