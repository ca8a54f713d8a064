"""prime-rl: a line as algorithm, as credit on the traces of a group, and as custom loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import Batch, BatchError, Line
from . import _rows


def register(line: Line, *, name: str = "grpo", step: str = "run") -> None:
    """Puts the line in the place of one of prime-rl's algorithms, whose configuration then names it: ``algo.type = "grpo"``.

    Before the orchestrator starts, in an entry point of your own: prime-rl has no path of a function for this.
    """
    from prime_rl.orchestrator.algo import ALGORITHM_CLASSES

    ALGORITHM_CLASSES[name] = algorithm(line, step=step)


def algorithm(line: Line, *, step: str = "run") -> type:
    """A class of prime-rl's algorithms, which credits the trainable traces of a group by the line."""
    from prime_rl.orchestrator.algo.base import Algorithm, iter_trainable_traces

    class Credited(Algorithm):
        async def score_group(self, episodes: list[Any]) -> None:
            assign(line, [trace for _, trace in iter_trainable_traces(episodes)], step=step)

    return Credited


def assign(line: Line, traces: list[Any], *, step: str = "run") -> None:
    """Gives the traces of one group the line's advantages by prime-rl's `assign_advantages`: one for each sampled token.

    A trace is verifiers', with ``nodes``, each with a ``mask`` of its tokens, and ``reward``; a step is a node with sampled tokens
    unless `step` says "row" or "token".
    """
    from prime_rl.orchestrator.algo.routing import assign_advantages

    if not traces:
        return
    counts = [[sum(node.mask) for node in trace.nodes if any(node.mask)] for trace in traces]
    groups = []
    for trace, nodes in zip(traces, counts):
        sizes = {"run": nodes, "row": [sum(nodes)], "token": [1] * sum(nodes)}[step]
        groups.append({"outcome": float(trace.reward), "success": trace.reward > 0, "steps": [{"tokens": [{}] * n} for n in sizes]})
    found = line.credit(Batch([{"trajectories": groups}])).flat
    for trace, nodes, values in zip(traces, counts, np.split(found, np.cumsum([sum(nodes) for nodes in counts])[:-1])):
        assign_advantages(trace, values.tolist())


def loss(line: Line, *, step: str = "run") -> Any:
    """A custom loss, ``trainer.loss.import_path``: ``fn(inputs, **kwargs)`` of one sequence, whose advantages are known.

    `inputs` are prime-rl's `LossInputs`, each (T,): ``inference_logprobs`` are both `old` and `sampler` of the line, ``ref_logprobs``,
    where they are there, its `init`. The loss is a sum over the sequence's tokens, which prime-rl divides by those of the batch; so a
    line with a reduction of its own is refused, and ``loss_weights`` that are not all 1.
    """
    if "reduce" in line.source:
        raise BatchError(f"`{line.source}`: prime-rl divides by the tokens of the batch, so give the line no `reduce`")

    def of_sequence(inputs: Any, **more: Any) -> Any:
        from prime_rl.trainer.rl.loss import LossOutputs

        mask, weights = inputs.loss_mask, inputs.loss_weights
        if weights is not None and bool((weights[mask] != 1).any()):
            raise BatchError("prime-rl has weights for the tokens (`loss_weights`), which a line does not read: it writes `weight` itself")
        if not bool(mask.any()):
            return LossOutputs(loss=inputs.trainer_logprobs.sum() * 0.0, metrics={})
        rows = [value.unsqueeze(0) for value in (inputs.trainer_logprobs, inputs.inference_logprobs, inputs.advantages, mask)]
        ref = None if inputs.ref_logprobs is None else inputs.ref_logprobs.unsqueeze(0)
        found, said = _rows.policy_loss(line, *rows, step, sampler=rows[1], ref=ref)
        metrics = {name.rsplit("/", 1)[-1]: torch.tensor(value) for name, value in said.metrics.items() if value is not None}
        return LossOutputs(loss=found * float(mask.sum()), metrics=metrics)

    return of_sequence
